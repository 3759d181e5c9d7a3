"""A year of virtual days in five zones: one roundup a local day in each channel, and no paper twice.

The year takes a minute or two, so it is asked for by `pytest -m year`; what always runs are the five
weeks in which every zone that changes its clocks in spring or autumn does so.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import discord
import pytest
import simcord

from bot.ui.client import Colloquium
from tests.world import World, answer, hasten, words

if TYPE_CHECKING:
    from pathlib import Path

    from bot.app import App

TICK = 1800
PLACES = {
    # Each changes its clocks within the year, at its own hour or never, and one by half an hour only.
    "America/New_York": "2:30",
    "Europe/Berlin": "2:30",
    "Australia/Lord_Howe": "2:00",
    "Asia/Kathmandu": "0:00",
    "Pacific/Auckland": "23:30",
}


@pytest.mark.parametrize(
    ("start", "days"),
    [
        pytest.param(datetime(2026, 3, 5, tzinfo=UTC), 35, id="clock changes"),
        pytest.param(datetime(2028, 1, 1, tzinfo=UTC), 366, id="year", marks=pytest.mark.year),
    ],
)
async def test_five_zones_are_sent_one_roundup_each_local_day(
    app: App, tmp_path: Path, start: datetime, days: int
) -> None:
    file = tmp_path / "year.jsonl"
    lines = [json.dumps({"title": f"Paper {number}", "abstract": f"Result {number}."}) for number in range(days)]
    file.write_text("\n".join(lines), encoding="utf-8")
    await app.library.ingest([file], datetime.now(UTC))
    env = hasten(simcord.Env(_bot(app), settle_timeout=60.0))
    env.backend.clock._epoch = start
    await env.start()
    try:
        await _live_through_it(env, app, days)
    finally:
        await env.shutdown()
    env.raise_errors()


def _bot(app: App) -> Colloquium:
    bot = Colloquium(app, tick=TICK)
    bot._beat.change_interval(hours=24 * 7)
    return bot


async def _live_through_it(env: simcord.Env, app: App, days: int) -> None:
    worlds = {zone: World.build(env, app) for zone in PLACES}
    await env.settle()
    for zone, world in worlds.items():
        saved = await world.admin.slash(
            world.channel, "roundup setup", channel=world.channel, time=PLACES[zone], zone=zone, papers=1
        )
        assert words(answer(saved)).startswith("✅")
    begin = env.now()
    for day in range(days):
        if day % 30 == 15:
            await env.restart_bot(_bot(app))
        await env.advance_time(86_400)
    for zone, world in worlds.items():
        _check(world, zone, begin, env.now())


def _check(world: World, zone: str, begin: datetime, end: datetime) -> None:
    posts = [message for message in world.channel.history() if not message.flags.ephemeral]
    days = Counter(post.created_at.astimezone(ZoneInfo(zone)).date() for post in posts)
    assert set(days.values()) == {1}, (zone, days.most_common(3))
    # The first and last local day are cut by the year's UTC ends.
    first, last = begin.astimezone(ZoneInfo(zone)).date(), end.astimezone(ZoneInfo(zone)).date()
    whole = {first + timedelta(days=number) for number in range(1, (last - first).days)}
    assert whole <= set(days) <= whole | {first, last}, (zone, sorted(whole ^ set(days)))
    _check_papers(posts)


def _check_papers(posts: list[discord.Message]) -> None:
    shown = [line for post in posts for line in words(post).splitlines() if line.startswith("**1. ")]
    assert len(shown) == len(set(shown)) == len(posts)
