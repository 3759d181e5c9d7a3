"""What `health` says of the unmodified bot in each state that is red, and that it is green again after."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import aiohttp

from bot.health import check
from tests.loopback.clock import FastClock
from tests.loopback.plans import plan
from tests.loopback.process import BotProcess, running, until
from tests.loopback.server import DiscordServer, serve
from tests.loopback.test_pages import address, healthz

if TYPE_CHECKING:
    from pathlib import Path

QUICK = {"LOOPBACK_BEAT": "0.1", "LOOPBACK_TICK": "0.2", "LOOPBACK_BACKOFF": "0.5"}
"""Seconds between heartbeats, between looks at the schedules, and between tries to connect."""
AWAY = "the bot is not running, or not yet connected to Discord"
QUERY = [{"type": 3, "name": "query", "value": "layer normalization"}]


class World:
    """A Discord, the bot's folder, and what its health is."""

    def __init__(self, data: Path, shards: int = 1) -> None:
        self.data = data
        self.server = DiscordServer()
        self.server.shards = shards
        self.channels = [
            self.server.channel(self.server.guild(f"Shard {number}", shard=number)) for number in range(shards)
        ]

    @property
    def health(self) -> str | None:
        return check(self.data / "heartbeat.json")

    async def becomes(self, said: str | None, bot: BotProcess, within: float = 20.0) -> None:
        await until(lambda: self.health == said, within, bot)


async def test_each_fault_has_its_reason_and_all_is_well_after(tmp_path: Path) -> None:
    world = World(tmp_path / "data")
    database = world.data / "colloquium.db"
    assert world.health == AWAY
    async with serve(world.server):
        async with running(world.server, world.data, **QUICK) as bot:
            await world.becomes(None, bot)
            world.server.gateway.away = {0}
            await world.server.gateway.drop()
            await world.becomes("the bot is not connected to Discord", bot)
            world.server.gateway.away = set()
            await world.becomes(None, bot)
            with closing(sqlite3.connect(database)) as other:
                other.execute("ALTER TABLE changes RENAME TO lost")
                await world.becomes("the index failed: no such table: changes", bot)
                other.execute("ALTER TABLE lost RENAME TO changes")
            await world.becomes(None, bot)
            with closing(sqlite3.connect(database, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                await world.becomes("the database cannot be written: database is locked", bot)
                other.execute("ROLLBACK")
            await world.becomes(None, bot)
        # It was killed.
        said = check(world.data / "heartbeat.json", datetime.now(UTC) + timedelta(seconds=90))
        assert said is not None
        assert said.startswith("the bot's last heartbeat was ")
        # A new process does not live on what the killed one left.
        async with running(world.server, world.data, **(QUICK | {"LOOPBACK_BEAT": "3600"})) as bot:
            await until(lambda: "not connected to Discord" in (world.health or ""), bot=bot)
            assert await bot.stop() == 0
    assert world.health == AWAY


async def test_a_database_that_was_moved_or_whose_folder_is_gone_is_red_everywhere(tmp_path: Path) -> None:
    world, kept = World(tmp_path / "data"), tmp_path / "kept.db"
    database = world.data / "colloquium.db"
    extra = QUICK | {"COLLOQUIUM_HTTP": "0"}
    async with serve(world.server), running(world.server, world.data, **extra) as bot, aiohttp.ClientSession() as web:
        page = await address(bot)
        await world.becomes(None, bot)
        await asyncio.to_thread(database.rename, kept)
        await until(lambda: "was moved, deleted or replaced while I use it" in (world.health or ""), bot=bot)
        assert (await healthz(web, page))[0] == 503
        await asyncio.to_thread(kept.rename, database)
        await world.becomes(None, bot)
        assert (await healthz(web, page))[0] == 200
        await asyncio.to_thread(shutil.rmtree, world.data)
        assert world.health == AWAY
        found = await healthz(web, page)
        for _ in range(200):
            found = await healthz(web, page)
            if len(found[1]["problems"]) > 1:
                break
            await asyncio.sleep(0.05)
        assert found[0] == 503
        assert "was moved, deleted or replaced" in found[1]["problem"]
        assert "the heartbeat cannot be written: No such file" in found[1]["problem"]


async def test_the_tick_gets_nowhere(tmp_path: Path) -> None:
    made, nine = World(tmp_path / "data"), datetime(2027, 3, 1, 9, tzinfo=UTC)
    made.server = DiscordServer(FastClock(nine - timedelta(seconds=30), speed=1.0))
    channel = made.server.channel(made.server.guild())
    await plan(made.data, [channel], time(9), nine - timedelta(hours=1), made.server.admin.id)
    async with serve(made.server):
        made.server.clock.go(10.0)
        extra = QUICK | {"LOOPBACK_HANG": "before send", "LOOPBACK_STUCK": "1"}
        async with running(made.server, made.data, **extra) as bot:
            await made.becomes(None, bot)
            await made.becomes("the clock that posts roundups has stopped", bot)
            # Everything else goes on.
            asked = made.server.slash(channel, "search", QUERY)
            await until(lambda: asked in made.server.rest.acknowledged, bot=bot)


async def test_one_shard_drops_and_comes_back_while_the_other_goes_on(tmp_path: Path) -> None:
    made = World(tmp_path / "data", shards=2)
    gateway, rest = made.server.gateway, made.server.rest
    async with serve(made.server), running(made.server, made.data, **QUICK) as bot:
        await made.becomes(None, bot)
        assert gateway.identified == 2
        gateway.away = {1}
        await gateway.drop(shard=1)
        made.server.slash(made.channels[1], "search", QUERY)
        await made.becomes("1 of 2 shards are not connected to Discord: 1", bot)
        for _ in range(3):
            asked = made.server.slash(made.channels[0], "search", QUERY)
            await until(lambda asked=asked: asked in rest.acknowledged, 3, bot)
        gateway.away = set()
        await made.becomes(None, bot)
        for channel in made.channels:
            asked = made.server.slash(channel, "search", QUERY)
            await until(lambda asked=asked: asked in rest.acknowledged, 3, bot)
        await asyncio.sleep(0.2)
        assert await bot.stop() == 0
