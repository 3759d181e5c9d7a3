"""A post under way when the bot is stopped, killed, or finds the disk full: it is there once, and recorded so."""

from __future__ import annotations

import asyncio
import time as clock
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.loopback.clock import FastClock
from tests.loopback.edges import Edge
from tests.loopback.plans import plan, receipts
from tests.loopback.process import BotProcess, running, start, until
from tests.loopback.server import DiscordServer, serve

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from simcord.backend.models import Channel

NINE = datetime(2027, 3, 1, 9, tzinfo=UTC)
SOON = 10.0
"""Seconds in which a bot that is asked to stop has ended: what `docker stop` allows."""


class Nine:
    """A server and a channel whose roundup is due at nine; the clock stands just before it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.server = DiscordServer(FastClock(NINE - timedelta(seconds=15), speed=30.0))
        self.channel: Channel = self.server.channel(self.server.guild())
        self.path = f"/channels/{self.channel.id}/messages"

    async def plan(self) -> None:
        await plan(self.data, [self.channel], time(9), NINE - timedelta(hours=1), self.server.admin.id)

    async def start(self, **extra: str) -> BotProcess:
        self.server.clock.go(30.0)
        return await start(self.server, self.data, LOOPBACK_TICK="0.1", **extra)

    async def recorded(self) -> tuple[str, int]:
        """Return what the bot's records say of the day, and how many messages stand in the channel."""
        (posts,) = (await receipts(self.data)).values()
        return "".join(post.outcome for post in posts), len(self.server.posts(self.channel))

    async def settled(self, bot: BotProcess) -> None:
        """Wait for the post to be there and recorded, let the bot look about some more, and stop it."""
        try:
            async with asyncio.timeout(60):
                while await self.recorded() != ("posted", 1):
                    assert bot.process.returncode is None, bot.text()[-2000:]
                    await asyncio.sleep(0.1)
            await asyncio.sleep(0.5)
        finally:
            assert await bot.stop() == 0
        assert await self.recorded() == ("posted", 1)

    def heard(self, method: str) -> list[str]:
        return [path for _, asked, path in self.server.rest.heard if (asked, path) == (method, self.path)]


@pytest.fixture
async def nine(tmp_path: Path) -> AsyncIterator[Nine]:
    made = Nine(tmp_path / "data")
    await made.plan()
    async with serve(made.server):
        yield made


async def test_sigterm_while_a_post_is_under_way_ends_in_time_and_the_post_is_there_once(nine: Nine) -> None:
    nine.server.rest.edges.add(Edge("POST", nine.path, "do_then_hang"))
    bot = await nine.start()
    await until(lambda: bool(nine.heard("POST")), 60, bot)
    asked = clock.monotonic()
    assert await bot.stop(within=2 * SOON) == 0
    assert clock.monotonic() - asked < SOON
    assert await nine.recorded() == ("claimed", 1)
    await nine.settled(await nine.start())


async def test_after_a_kill_the_channels_history_decides(nine: Nine) -> None:
    bot = await nine.start(LOOPBACK_DIE="after claim")
    assert await bot.process.wait() < 0
    assert await nine.recorded() == ("claimed", 0)
    bot = await nine.start(LOOPBACK_DIE="after send")
    assert await bot.process.wait() < 0
    assert await nine.recorded() == ("claimed", 1)
    await nine.settled(await nine.start())


async def test_a_full_disk_after_the_post_loses_and_doubles_nothing(nine: Nine) -> None:
    bot = await nine.start(LOOPBACK_FULL="before settle")
    await nine.settled(bot)
    # It could not be recorded when it went out, and was found there.
    assert nine.heard("GET")


@pytest.mark.parametrize("hang", [True, False])
async def test_stopping_while_commands_are_open_is_no_error(tmp_path: Path, hang: bool) -> None:
    server = DiscordServer()
    channel = server.channel(server.guild())
    if hang:
        server.rest.edges.add(Edge("POST", "/interactions/*", "hang", times=99))
    async with serve(server), running(server, tmp_path / "data", COLLOQUIUM_LOG_LEVEL="INFO") as bot:
        for number in range(12):
            question = f"what is layer normalization {number}"
            server.slash(channel, "ask", [{"type": 3, "name": "question", "value": question}])
            server.slash(channel, "search", [{"type": 3, "name": "query", "value": question}])
            server.slash(channel, "about")
        await until(lambda: sum("/interactions/" in path for _, _, path in server.rest.heard) > 2, 30, bot)
        asked = clock.monotonic()
        assert await bot.stop(within=2 * SOON) == 0
        assert clock.monotonic() - asked < SOON
    assert not hang or "not answered, for the bot is stopping command=" in bot.text()
    for sign in ("Traceback", "ERROR", "never retrieved"):
        assert sign not in bot.text()
