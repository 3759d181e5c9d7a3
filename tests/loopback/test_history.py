"""Looking back for a post over real HTTP: in a channel that is never quiet, and page by page as Discord gives them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.storage.database import open_database
from bot.storage.roundups import Roundups
from tests.loopback import history
from tests.loopback.clock import FastClock
from tests.loopback.plans import plan, receipts
from tests.loopback.process import start, until
from tests.loopback.server import DiscordServer, serve

if TYPE_CHECKING:
    from pathlib import Path

    from simcord.backend.models import Channel

NINE = datetime(2027, 3, 1, 9, tzinfo=UTC)
SLOT = "2027-03-01"
MESSAGES = 550


async def claim(data: Path, channel: Channel, slot: str, now: datetime) -> None:
    """Leave what a bot leaves that is killed after it took a slot and before it recorded that it was posted."""
    database = await open_database(data / "colloquium.db")
    try:
        store = Roundups(database)
        (schedule,) = [one for one in await store.every() if one.channel_id == channel.id]
        assert await store.claim(schedule.id, slot, ["a"], now)
    finally:
        await database.close()


def outcome(data: Path, channel: Channel) -> str:
    """Return what became of the one slot of a channel, while the bot is running."""
    sql = "SELECT outcome FROM posts JOIN schedules ON schedules.id = schedule_id WHERE channel_id = ?"
    with closing(sqlite3.connect(data / "colloquium.db")) as reading:
        return str(reading.execute(sql, (channel.id,)).fetchone()[0])


def say_much(discord: DiscordServer, channel: Channel, count: int) -> list[int]:
    """Let a member say so much that one page does not hold it; return the ids."""
    return [discord.backend.create_message(channel.id, discord.member.id, f"{n}").id for n in range(count)]


def sent_before(discord: DiscordServer, channel: Channel, schedule: int) -> int:
    """Put the roundup into the channel that the killed bot had sent."""
    menu = {
        "type": 3,
        "custom_id": f"pick:abstract:{schedule}.{SLOT}",
        "options": [{"label": "1. A paper", "value": "a"}],
    }
    row = {"type": 1, "components": [menu]}
    made = discord.backend.create_message(channel.id, discord.backend.bot_user.id, "", components=[row], flags=1 << 15)
    return int(made.id)


@pytest.mark.parametrize("sent", [True, False])
async def test_a_busy_channel_is_read_to_the_end_and_keeps_no_other_waiting(tmp_path: Path, sent: bool) -> None:
    discord, data = DiscordServer(FastClock(NINE - timedelta(seconds=15))), tmp_path / "data"
    guild = discord.guild()
    busy, other = discord.channel(guild, "busy"), discord.channel(guild, "other")
    # The busy one's slot was taken two minutes ago, the other's is due when the bot is there.
    await plan(data, [busy], time(8, 58), NINE - timedelta(hours=1), discord.admin.id)
    await plan(data, [other], time(9), NINE - timedelta(hours=1), discord.admin.id)
    await claim(data, busy, SLOT, NINE - timedelta(minutes=2))
    ours = sent_before(discord, busy, 1) if sent else 0
    say_much(discord, busy, MESSAGES)
    path = f"/channels/{busy.id}/messages"
    discord.rest.limits.allowed, discord.rest.limits.window = 1, 0.5
    async with serve(discord):
        discord.clock.go(10.0)
        bot = await start(discord, data, LOOPBACK_TICK="0.1", LOOPBACK_LOOK="1")
        try:
            await until(lambda: bool(discord.posts(other)), 60, bot)
            pages = [asked for _, method, asked in discord.rest.heard if (method, asked) == ("GET", path)]
            assert len(pages) < MESSAGES // 100
            await until(lambda: outcome(data, busy) == "posted", 60, bot)
        finally:
            assert await bot.stop() == 0
    pages = [asked for _, method, asked in discord.rest.heard if (method, asked) == ("GET", path)]
    # Read in several looks, and no page of it twice.
    assert "claim not checked yet" in bot.text()
    assert len(pages) == MESSAGES // 100 + 1
    assert len(discord.posts(busy)) == 1
    told = await receipts(data)
    ((post,), (second,)) = told[busy.id], told[other.id]
    assert (post.outcome, second.outcome) == ("posted", "posted")
    assert post.message_id == (ours or discord.posts(busy)[0].id)


def test_pages_are_those_of_discord() -> None:
    discord = DiscordServer()
    channel = discord.channel(discord.guild())
    made = say_much(discord, channel, 250)

    def page(**query: object) -> list[int]:
        wanted = {name: str(value) for name, value in query.items()}
        return [int(one["id"]) for one in history.page(discord.backend, channel.id, wanted)]

    newest_first = made[::-1]
    assert page() == newest_first[:50]
    assert page(limit=500) == newest_first[:100]
    # After an id come the next ones, not the newest: whoever reads on from there misses nothing.
    assert page(after=made[9], limit=100) == made[10:110][::-1]
    assert page(after=0, limit=3) == made[:3][::-1]
    assert page(before=made[9], limit=100) == made[:9][::-1]
    assert page(before=made[200], limit=3) == made[197:200][::-1]
    assert page(around=made[100], limit=5) == made[98:103][::-1]
    assert page(around=made[0], limit=5) == made[:5][::-1]
    assert page(after=made[-1]) == []
