"""Roundups over real HTTP: whatever becomes of the request, a slot is posted once, or says why it was not."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from tests.loopback.clock import FastClock
from tests.loopback.edges import Edge
from tests.loopback.plans import plan, receipts
from tests.loopback.process import start, until
from tests.loopback.server import DiscordServer, serve

if TYPE_CHECKING:
    from pathlib import Path

    from simcord.backend.models import Message

NINE = datetime(2027, 3, 1, 9, tzinfo=UTC)
FORBIDDEN: dict[str, object] = {"code": 50013, "message": "Missing Permissions"}
EDGES = {
    "arrives, but the answer is lost": Edge("POST", "*", "do_then_drop"),
    "arrives, but the answer is 500": Edge("POST", "*", "do_then_status"),
    "is dropped": Edge("POST", "*", "drop", times=2),
    "fails with 500": Edge("POST", "*", "status", times=2),
    "fails with 503 for long": Edge("POST", "*", "status", status=503, times=9),
    "is answered with HTML": Edge("POST", "*", "garbage"),
    "is answered with ten megabytes": Edge("POST", "*", "huge"),
    "is limited": None,
}


def server() -> DiscordServer:
    """Start a quarter of a simulated minute before nine; a minute takes two seconds."""
    return DiscordServer(FastClock(NINE - timedelta(seconds=15), speed=30.0))


async def test_each_slot_is_posted_exactly_once_whatever_happens_on_the_way(tmp_path: Path) -> None:
    discord, data = server(), tmp_path / "data"
    guild = discord.guild()
    channels = {name: discord.channel(guild, f"c{number}") for number, name in enumerate(EDGES)}
    for name, edge in EDGES.items():
        if edge is not None:
            edge.path = f"/channels/{channels[name].id}/messages"
            discord.rest.edges.add(edge)
    discord.rest.limits.allowed = 1
    await plan(data, channels.values(), time(9), NINE - timedelta(hours=1), discord.admin.id)
    async with serve(discord):
        discord.clock.go(30.0)
        bot = await start(discord, data, LOOPBACK_TICK="0.1")
        try:
            await until(lambda: all(discord.posts(channel) for channel in channels.values()), 90, bot)
            await asyncio.sleep(1)
        finally:
            assert await bot.stop() == 0
    assert {name: len(discord.posts(channel)) for name, channel in channels.items()} == dict.fromkeys(EDGES, 1)
    told = await receipts(data)
    assert {posts[0].outcome for posts in told.values()} == {"posted"}
    # Where the answer was 500 it was sent again at once, with the same nonce.
    assert discord.rest.dropped_nonces == 1


async def test_lost_rights_pause_a_schedule_and_whoever_set_it_up_is_told_once(tmp_path: Path) -> None:
    discord, data = server(), tmp_path / "data"
    channel = discord.channel(discord.guild())
    path = f"/channels/{channel.id}/messages"
    discord.rest.edges.add(Edge("POST", path, "status", status=403, body=FORBIDDEN, times=99))
    await plan(data, [channel], time(9), NINE - timedelta(hours=1), discord.admin.id)
    async with serve(discord):
        discord.clock.go(30.0)
        bot = await start(discord, data, LOOPBACK_TICK="0.1")
        try:
            await until(lambda: bool(_notices(discord)), 60, bot)
            await asyncio.sleep(2)
        finally:
            assert await bot.stop() == 0
    (notice,) = _notices(discord)
    assert "Give me the permissions, then `/roundup resume`." in str(notice.components)
    assert len([1 for _, method, asked in discord.rest.heard if (method, asked) == ("POST", path)]) == 1
    ((post,),) = (await receipts(data)).values()
    assert post.outcome == "failed"


async def test_a_bot_that_was_thrown_out_of_a_server_pauses_its_schedules(tmp_path: Path) -> None:
    discord, data = server(), tmp_path / "data"
    guild = discord.guild()
    channel = discord.channel(guild)
    await plan(data, [channel], time(9), NINE - timedelta(hours=1), discord.admin.id)
    async with serve(discord):
        discord.clock.go(30.0)
        discord.backend.remove_guild(guild.id)
        bot = await start(discord, data, LOOPBACK_TICK="0.1")
        try:
            await until(lambda: "roundup paused" in bot.text(), 60, bot)
        finally:
            assert await bot.stop() == 0
    ((post,),) = (await receipts(data)).values()
    assert post.outcome == "failed"
    assert "`/roundup off` removes its roundup" in post.detail or "Give me the permissions" in post.detail


async def test_a_server_in_an_outage_is_no_lost_channel(tmp_path: Path) -> None:
    discord, data = server(), tmp_path / "data"
    guild = discord.guild()
    channel = discord.channel(guild)
    await plan(data, [channel], time(9), NINE - timedelta(hours=1), discord.admin.id)
    async with serve(discord):
        discord.clock.go(30.0)
        discord.gateway.unavailable.add(guild.id)
        bot = await start(discord, data, LOOPBACK_TICK="0.1")
        try:
            await until(lambda: "roundup unsure" in bot.text(), 60, bot)
            discord.gateway.set_available(guild.id, available=True)
            await until(lambda: bool(discord.posts(channel)), 60, bot)
        finally:
            assert await bot.stop() == 0
    assert len(discord.posts(channel)) == 1


async def test_a_second_bot_on_the_same_folder_is_refused_in_one_line(tmp_path: Path) -> None:
    discord, data = DiscordServer(), tmp_path / "data"
    discord.channel(discord.guild())
    async with serve(discord):
        bot = await start(discord, data)
        await until(lambda: discord.gateway.identified == 1, 60, bot)
        other = await start(discord, data)
        assert await asyncio.wait_for(other.process.wait(), 60) == 2
        assert discord.gateway.identified == 1
        assert await bot.stop() == 0
    told = [line for line in other.text().splitlines() if line.startswith("colloquium: ")]
    assert told == [f"colloquium: another bot is running on {data}: stop it first, or name another folder"]


def _notices(discord: DiscordServer) -> list[Message]:
    dm = discord.backend.dm_channels.get(discord.admin.id)
    return list(discord.posts(discord.backend.get_channel(dm))) if dm else []
