"""Discord's hard edges over real HTTP and a real WebSocket: the bot goes on, and every command is answered."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.loopback.edges import Edge
from tests.loopback.process import BotProcess, running, until
from tests.loopback.server import DiscordServer, serve

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from simcord.backend.models import Channel

QUERY = [{"type": 3, "name": "query", "value": "layer normalization"}]


class World:
    """A server, one channel, and the bot in it."""

    def __init__(self, server: DiscordServer, channel: Channel, bot: BotProcess) -> None:
        self.server = server
        self.channel = channel
        self.bot = bot

    async def answers(self, within: float = 20.0) -> None:
        """Ask something and wait for the acknowledgement."""
        asked = self.server.slash(self.channel, "search", QUERY)
        await until(lambda: asked in self.server.rest.acknowledged, within, self.bot)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    server = DiscordServer(heartbeat=0.5)
    channel = server.channel(server.guild())
    async with serve(server), running(server, tmp_path / "data", LOOPBACK_SILENCE="2") as bot:
        yield World(server, channel, bot)


async def test_a_command_is_answered_and_sigterm_ends_cleanly(world: World) -> None:
    await world.answers()
    assert await world.bot.stop() == 0


async def test_a_dropped_connection_is_resumed_and_nothing_asked_meanwhile_is_lost(world: World) -> None:
    await world.server.gateway.drop()
    asked = world.server.slash(world.channel, "search", QUERY)
    await until(lambda: world.server.gateway.resumed == 1, bot=world.bot)
    await until(lambda: asked in world.server.rest.acknowledged, bot=world.bot)
    assert world.server.gateway.identified == 1


@pytest.mark.year  # discord.py takes its time before it begins a session anew
async def test_a_session_that_cannot_be_resumed_is_begun_anew(world: World) -> None:
    await world.server.gateway.drop(resumable=False)
    await until(lambda: world.server.gateway.identified == 2, within=120, bot=world.bot)
    await asyncio.sleep(1)
    await world.answers()


async def test_a_connection_that_acknowledges_no_heartbeat_is_left(world: World) -> None:
    world.server.gateway.silent = True
    await until(lambda: world.server.gateway.resumed >= 1, within=60, bot=world.bot)
    world.server.gateway.silent = False
    await world.answers()


async def test_a_request_to_reconnect_is_followed(world: World) -> None:
    await world.server.gateway.ask_reconnect()
    await until(lambda: world.server.gateway.resumed == 1, bot=world.bot)
    await world.answers()


async def test_a_guild_that_is_away_comes_back(world: World) -> None:
    guild = world.channel.guild_id
    assert guild is not None
    world.server.gateway.set_available(guild, available=False)
    await world.answers()
    world.server.gateway.set_available(guild, available=True)
    await world.answers()


@pytest.mark.parametrize(
    "edge",
    [
        Edge("POST", "/interactions/*", "status", status=500),
        Edge("POST", "/interactions/*", "status", status=503),
        Edge("POST", "/interactions/*", "drop"),
        Edge("POST", "/interactions/*", "garbage"),
        Edge("POST", "/interactions/*", "huge"),
        Edge("POST", "/interactions/*", "status", status=404, body={"code": 10062, "message": "Unknown interaction"}),
    ],
    ids=lambda edge: f"{edge.kind}{edge.status if edge.kind == 'status' else ''}",
)
async def test_an_answer_that_goes_wrong_ends_nothing(world: World, edge: Edge) -> None:
    world.server.rest.edges.add(edge)
    world.server.slash(world.channel, "search", QUERY)
    await until(lambda: edge.times == 0, bot=world.bot)
    await world.answers()


async def test_an_interaction_that_expired_costs_one_line_in_the_log(world: World) -> None:
    world.server.clock.advance(-10)
    asked = world.server.slash(world.channel, "search", QUERY)
    world.server.clock.advance(10)
    before = len(world.server.rest.heard)
    await until(lambda: len(world.server.rest.heard) > before, bot=world.bot)
    await world.answers()
    assert asked not in world.server.rest.acknowledged
    assert "Traceback" not in world.bot.text()
