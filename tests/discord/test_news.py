"""Roundups on a live source as Discord shows them: why a paper is there, a quiet day, a list that is late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import simcord

from bot.core.calendar import Reading
from bot.core.fetched import Fetched
from bot.core.paper import Paper
from bot.http import Client
from bot.services.picking import Live
from bot.services.refresh import Refresh
from bot.services.roundups import Roundups
from bot.sources.streams import HuggingFace
from bot.storage.readings import Readings
from bot.storage.roundups import Roundups as Store
from bot.storage.sightings import Sightings
from bot.ui.client import Colloquium
from tests.discord.test_roundups import posts, run, set_up, titles, told
from tests.world import BEAT, World, answer, hasten, silent, words

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.app import App

MINUTE, DAY = 60, 86_400


@pytest.fixture
async def live(app: App) -> AsyncIterator[World]:
    """A server whose bot has a live source, which a test speaks for."""
    database = app.notes._database
    async with Client() as client:
        refresh = Refresh([HuggingFace(client, "http://127.0.0.1:9")], app.library, Readings(database))
        roundups = Roundups(Store(database), app.library, Live(refresh, Sightings(database)))
        joined = replace(app, roundups=roundups)
        env = hasten(simcord.Env(Colloquium(joined, beat=BEAT)))
        await env.start()
        try:
            made = World.build(env, joined)
            await env.settle()
            await read(made, made.env.now().date())
            yield made
        finally:
            await env.shutdown()


async def read(world: World, day: date, *papers: Paper, complete: bool = True) -> None:
    """Take in what the source lists on a day; an incomplete list is still open."""
    now = world.env.now()
    await world.app.library.take_in(Fetched(papers), now)
    closed = now + timedelta(days=2) if complete else now
    await Readings(world.app.notes._database).keep("huggingface", Reading(day, closed))


def paper(number: int, votes: int, **more: Any) -> Paper:
    key = f"2601.0{number:04}"
    known = {"date": date(2026, 1, 1), "upvotes": votes, **more}
    return Paper(key, f"New paper {number}", f"It prunes thing{number}.", "huggingface", **known)


async def test_what_is_new_is_posted_best_first_with_the_reason(live: World) -> None:
    await set_up(live, papers=3, topics="pruning *@everyone*")
    code = ("https://github.com/a/b",)
    await read(live, date(2026, 1, 1), paper(1, 3), paper(2, 48, code=code, stars=1200), paper(3, 0), paper(4, 1))
    preview = answer(await run(live, "preview"))
    assert words(preview).endswith("-# preview, nothing was posted · 1 more new paper")
    await live.env.advance_time(6 * MINUTE)
    (post,) = posts(live.channel)
    assert titles(post) == titles(preview) == ["New paper 2", "New paper 1", "New paper 4"]
    assert "-# why: 48 votes, [code](https://github.com/a/b) with 1,200 stars, matches *pruning*" in words(post)
    assert words(post).endswith("-# roundup 1 · 2026-01-01 · 1 more new paper")
    assert silent(live.env)


async def test_a_day_without_news_is_one_line(live: World) -> None:
    await set_up(live)
    await live.env.advance_time(8 * MINUTE)
    (post,) = posts(live.channel)
    assert words(post) == "📰 Nothing new today.\n-# roundup 1 · 2026-01-01"
    assert (await told(live, "now")) == "nothing new to show on 2026-01-01 (by hand, 00:08:00 UTC)."
    await live.restart()
    await live.env.advance_time(5 * MINUTE)
    assert len(posts(live.channel)) == 1
    assert silent(live.env)


async def test_a_channel_may_be_left_in_peace_when_nothing_is_new(live: World) -> None:
    saved = await set_up(live, quiet="silent")
    assert "every day at **00:05** (UTC), silent when nothing is new.\n" in saved
    await live.env.advance_time(8 * MINUTE)
    assert posts(live.channel) == []
    assert "Last: nothing new to show on 2026-01-01." in await told(live, "show")
    assert "silent" not in await set_up(live, quiet="line")


async def test_a_late_list_holds_the_post_back_for_three_hours(live: World) -> None:
    await set_up(live, time="2:35", zone="UTC", papers=1)
    await read(live, date(2025, 12, 31), paper(1, 3), complete=False)
    await live.env.advance_time(156 * MINUTE)
    assert posts(live.channel) == []
    why = "huggingface has not given its list of 2025-12-31 yet"
    assert f"held back on 2026-01-01: {why}" in await told(live, "show")
    bot = Colloquium(live.app, tick=30 * MINUTE)
    bot._beat.change_interval(hours=12)
    await live.env.restart_bot(bot)
    await live.env.advance_time(210 * MINUTE)
    (post,) = posts(live.channel)
    assert f"-# {why}: what it brings comes with the next post\n" in words(post)
    assert titles(post) == ["New paper 1"]
    assert silent(live.env)
