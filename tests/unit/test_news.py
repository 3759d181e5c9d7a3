"""Roundups on a live source: a day's new papers, held back while its list is missing, quiet when nothing is new."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from bot import previews
from bot.core.calendar import is_working_day
from bot.core.favourite import Kind
from bot.core.fetched import Fetched
from bot.core.notable import Reason
from bot.core.paper import Paper, Problem
from bot.core.roundup import Schedule, due
from bot.http import Client, Limits
from bot.pace import Pace
from bot.services.library import Library
from bot.services.picking import Live
from bot.services.refresh import Refresh
from bot.services.roundups import Roundups
from bot.sources import files
from bot.sources.streams import Feed, HuggingFace
from bot.storage.database import open_database
from bot.storage.favourites import Favourites
from bot.storage.papers import Papers
from bot.storage.readings import Readings
from bot.storage.roundups import Roundups as Store
from bot.storage.sightings import Sightings
from tests.sources_server import Days, Listed, serving
from tests.unit.test_roundups import Channels

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.services.refresh import Source

MONDAY = date(2024, 1, 1)
MINUTE = timedelta(minutes=1)
MISSING = "huggingface has not given its list of 2024-01-01 yet"


def at(day: int, hour: float = 4) -> datetime:
    return datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=day, hours=hour)


def listed(days: int, each: int = 4) -> list[Listed]:
    """Return papers of the working days: the later in the day, the more votes."""
    return [
        Listed(day, f"2401.{10 * number:03}{n:02}", f"Paper {number} {n}", f"About topic{n}.", votes=30 * n)
        for number in range(days)
        if is_working_day(day := MONDAY + timedelta(days=number))
        for n in range(each)
    ]


@dataclass
class Newsroom:
    """The bot beside its source, looked at hour by hour."""

    days: Days
    refresh: Refresh
    roundups: Roundups
    library: Library
    channels: Channels
    favourites: Favourites

    async def live(self, begin: datetime, end: datetime) -> None:
        """Live from one moment to the other, both included."""
        while begin <= end:
            self.days.now = begin
            await self.refresh.once(begin, patient=True)
            await self.roundups.deliver_due(begin + MINUTE, self.channels)
            begin += timedelta(minutes=30)

    async def plan(self, channel: int = 1, size: int = 2, topics: str = "", **more: str) -> Schedule:
        wanted = Schedule(
            0, 1, channel, 1, time(4), "UTC", frozenset(range(7)), size, topics, paused=False, note="", since=at(0, 5)
        )
        return await self.roundups.store.save(replace(wanted, **more))  # type: ignore[arg-type]

    async def outcomes(self) -> dict[str, tuple[str, str]]:
        return {post.slot: (post.outcome, post.detail) for post in await self.roundups.store.recent(1, 99)}

    def posts(self) -> list[tuple[str, list[str]]]:
        return [(one.slot[8:], [pick.paper.title for pick in one.picks]) for one in self.channels.messages]


@asynccontextmanager
async def newsroom(path: Path, papers: list[Listed]) -> AsyncIterator[Newsroom]:
    database = await open_database(path / "c.db")
    days = Days(papers, trouble=0)
    stored = Papers(database)
    # A fresh bot: its files, which name no year, were taken in a moment ago.
    await stored.add([Paper(f"seed{n}", f"Seed {n}", "Old.", "seeds", upvotes=999) for n in range(9)], at(0, 4.9))
    library = Library(stored, files.parts)
    await library.catch_up()
    pace = Pace(spacing=0, attempts=1, first_wait=0, longest_wait=0, penalty=0)
    async with serving(days) as base, Client(private=(base,), limits=Limits(read=0.5, total=2), pace=pace) as client:
        refresh = Refresh([HuggingFace(client, base)], library, Readings(database))
        favourites = Favourites(database)
        roundups = Roundups(Store(database), library, Live(refresh, Sightings(database), favourites))
        yield Newsroom(days, refresh, roundups, library, Channels(), favourites)
    await database.close()


@pytest.fixture
async def news(tmp_path: Path) -> AsyncIterator[Newsroom]:
    async with newsroom(tmp_path, listed(8)) as made:
        yield made


async def test_each_day_has_its_own_papers_best_first_and_a_weekend_one_line_a_day(news: Newsroom) -> None:
    await news.plan()
    await news.live(at(0, 5), at(8, 6))
    best = [(f"0{n + 2}", [f"Paper {n} 3", f"Paper {n} 2"]) for n in range(8)]
    # The list of Friday closes on Saturday morning; that of Monday on Tuesday.
    assert news.posts() == [*best[:5], ("07", []), ("08", []), best[7]]
    assert {one.news for one in news.channels.messages} == {True}
    assert [one.waiting for one in news.channels.messages] == [2, 2, 2, 2, 2, 0, 0, 2]
    assert {outcome for outcome, _ in (await news.outcomes()).values()} == {"posted"}


async def test_each_paper_says_why_it_is_shown(news: Newsroom) -> None:
    await news.plan(size=4, topics="Topic1")
    await news.live(at(0, 5), at(1, 5))
    (digest,) = news.channels.messages
    assert [pick.paper.title for pick in digest.picks] == [f"Paper 0 {n}" for n in (1, 3, 2, 0)]
    assert digest.picks[0].reason == Reason((f"{digest.picks[0].paper.upvotes} votes",), ("Topic1",))
    assert digest.picks[3].reason == Reason()
    votes = digest.picks[0].paper.upvotes
    assert [previews.why(digest.picks[n]) for n in (0, 3)] == [f"{votes} votes, matches Topic1", "new"]
    assert previews.why(replace(digest.picks[0], reason=None)) == "not shown yet"


async def test_a_silent_channel_hears_nothing_when_nothing_is_new(news: Newsroom) -> None:
    await news.plan(quiet="silent")
    await news.live(at(0, 5), at(8, 6))
    assert [slot for slot, _ in news.posts()] == ["02", "03", "04", "05", "06", "09"]
    receipts = await news.outcomes()
    why = "nothing new to show, and then I am to be silent"
    assert receipts["2024-01-07"] == receipts["2024-01-08"] == ("empty", why)


async def test_a_post_is_held_back_until_the_list_is_there(news: Newsroom) -> None:
    await news.plan()
    await news.live(at(0, 5), at(1, 2))
    news.days.down = True
    await news.live(at(1, 2.5), at(1, 5))
    assert await news.outcomes() == {"2024-01-02": ("held", MISSING)}
    assert news.posts() == []
    news.days.down = False
    await news.live(at(1, 5.5), at(1, 6))
    assert news.posts() == [("02", ["Paper 0 3", "Paper 0 2"])]
    assert news.channels.messages[0].note == ""
    assert (await news.roundups.store.recent(1, 1))[0].updated_at == at(1, 5.5) + MINUTE


@pytest.mark.parametrize("missed", ["late", "merge"])
async def test_a_post_is_held_back_for_three_hours_and_then_says_what_is_missing(news: Newsroom, missed: str) -> None:
    await news.plan(missed=missed)
    await news.live(at(0, 5), at(0, 10))
    news.days.down = True
    await news.live(at(0, 10.5), at(1, 6.5))
    assert news.posts() == []
    await news.live(at(1, 7), at(1, 12))
    assert news.posts() == [("02", ["Paper 0 0"])]
    assert news.channels.messages[0].note == MISSING
    news.days.down = False
    await news.live(at(1, 12.5), at(2))
    # What came too late for the day's own post comes with the next.
    digest = news.channels.messages[1]
    assert (digest.slot, digest.note, digest.waiting) == ("2024-01-03", "", 5)


async def test_a_silent_channel_is_not_told_what_is_missing(news: Newsroom) -> None:
    await news.plan(quiet="silent")
    await news.live(at(0, 5), at(1, 5))
    news.days.down = True
    await news.live(at(1, 5.5), at(2, 8))
    assert [slot for slot, _ in news.posts()] == ["02"]
    assert (await news.outcomes())["2024-01-03"][0] == "empty"


async def test_a_line_that_nothing_is_new_says_what_is_missing(news: Newsroom) -> None:
    await news.plan()
    await news.live(at(0, 5), at(1, 5))
    news.days.down = True
    await news.live(at(1, 5.5), at(2, 8))
    digest = news.channels.messages[1]
    assert (digest.picks, digest.news, digest.note) == ((), True, MISSING.replace("01-01", "01-02"))


async def test_a_source_that_never_answered_leaves_the_bot_on_its_files(news: Newsroom) -> None:
    news.days.down = True
    await news.plan()
    await news.live(at(0, 5), at(2, 6))
    assert news.posts() == [("02", ["Seed 0", "Seed 1"]), ("03", ["Seed 2", "Seed 3"])]
    assert {(one.news, one.note) for one in news.channels.messages} == {(False, "")}
    assert {pick.reason for one in news.channels.messages for pick in one.picks} == {None}


async def by_hand(news: Newsroom, schedule: Schedule, hour: float) -> str:
    moment = at(1, hour)
    post = await news.roundups.deliver(schedule, f"now-{moment:%Y-%m-%dT%H:%M:%S}", moment, news.channels)
    assert post is not None
    return post.outcome


async def test_a_post_by_hand_without_news_is_told_to_the_admin_only(news: Newsroom) -> None:
    schedule = await news.plan()
    await news.live(at(0, 5), at(1, 3.5))
    assert [await by_hand(news, schedule, hour) for hour in (3.6, 3.7, 3.8)] == ["posted", "posted", "empty"]
    await news.live(at(1), at(1))
    assert [len(one.picks) for one in news.channels.messages] == [2, 2, 0]


async def test_a_post_by_hand_leaves_the_rest_for_the_days_own(news: Newsroom) -> None:
    schedule = await news.plan()
    await news.live(at(0, 5), at(1, 3.5))
    await by_hand(news, schedule, 3.6)
    await news.live(at(1), at(1))
    assert [titles for _, titles in news.posts()] == [["Paper 0 3", "Paper 0 2"], ["Paper 0 1", "Paper 0 0"]]


def arxiv(number: int, **more: object) -> Paper:
    known: dict[str, object] = {"date": date(2024, 1, 6), "version": 1, **more}
    return Paper(f"2401.9{number:04}", f"Listed {number}", f"It is about thing{number}.", "arxiv", **known)  # type: ignore[arg-type]


async def test_what_another_source_lists_the_day_after_is_news_unless_it_was_shown(news: Newsroom) -> None:
    await news.plan(size=1)
    await news.live(at(3, 5), at(5, 5))
    assert news.posts()[-1] == ("06", ["Paper 4 3"])
    first = [arxiv(0, upvotes=9), arxiv(1), arxiv(2)]
    await news.library.take_in(Fetched(tuple(first)), at(5, 6))
    await news.live(at(6), at(6))
    picked = [replace(one, source="huggingface", date=date(2024, 1, 7), version=None, upvotes=900) for one in first[:2]]
    await news.library.take_in(Fetched(tuple(picked)), at(6, 5))
    await news.live(at(7), at(7))
    assert [titles for _, titles in news.posts()[-2:]] == [["Listed 0"], ["Listed 1"]]
    assert news.channels.messages[-1].waiting == 0


async def test_what_a_feed_lists_without_a_day_is_news(news: Newsroom) -> None:
    await news.plan(size=9)
    await news.live(at(5, 5), at(6, 3))
    source = news.refresh.sources[0].name
    undated = [Paper(f"item{n}", f"Item {n}", "Words.", name) for n, name in enumerate((source, "some file"))]
    await news.library.take_in(Fetched(tuple(undated)), at(6, 3.5))
    await news.live(at(6), at(6))
    assert "Item 0" in news.posts()[-1][1]
    assert "Item 1" not in news.posts()[-1][1]


async def test_revisions_and_old_papers_are_no_news(news: Newsroom) -> None:
    await news.plan(size=9)
    await news.live(at(4, 5), at(5, 3))
    await news.library.take_in(Fetched((arxiv(0), arxiv(1))), at(5, 3.5))
    await news.live(at(5), at(5))
    revised = [arxiv(0, version=2, date=date(2024, 1, 7)), arxiv(1, version=3, date=date(2024, 1, 7))]
    old = [arxiv(n, date=date(2021, 5, 5)) for n in range(5, 9)]
    # One that comes for the first time as a later version is news.
    late = arxiv(20, version=2, date=date(2024, 1, 6))
    await news.library.take_in(Fetched((*old, late), revisions=tuple(revised)), at(5, 6))
    await news.live(at(6), at(6))
    assert news.posts()[-1] == ("07", ["Listed 20"])


async def test_what_came_while_a_message_was_looked_for_is_news_for_the_next(news: Newsroom) -> None:
    await news.plan(size=9)
    await news.live(at(4, 5), at(5, 3.5))
    news.channels.answers = [Problem("Discord did not answer.")]
    await news.roundups.deliver_due(at(5), news.channels)
    await news.library.take_in(Fetched((arxiv(1),)), at(5, 4.5))
    await news.roundups.reconcile(at(5, 5), news.channels)
    await news.live(at(6), at(6))
    assert news.posts()[-1] == ("07", ["Listed 1"])


async def test_days_away_are_made_up_for_with_the_best_of_them(news: Newsroom) -> None:
    await news.plan(size=1)
    await news.live(at(0, 5), at(1, 5))
    await news.live(at(5, 5), at(5, 6))
    digest = news.channels.messages[-1]
    assert (digest.slot, digest.missed) == ("2024-01-06", 3)
    assert {pick.paper.title[-1] for pick in digest.picks} == {"3"}
    assert {pick.paper.title for pick in digest.picks} == {f"Paper {n} 3" for n in (1, 2, 3, 4)}


async def test_a_list_that_nobody_asked_for_yet_is_missing(news: Newsroom) -> None:
    await news.live(at(0, 3), at(0, 12))
    assert await news.refresh.complete(at(0, 12)) == (True, "")
    assert await news.refresh.complete(at(1, 4)) == (False, MISSING)
    assert await news.refresh.complete(at(9)) == (False, "huggingface has not given its list of 2024-01-09 yet")


def test_nobody_waits_for_a_feed() -> None:
    feed: Source = Feed(None, "https://example.org/feed")  # type: ignore[arg-type]
    assert feed.closes(MONDAY) is None


@pytest.mark.parametrize(("held", "hour", "posted"), [(False, 4.6, False), (True, 4.6, True), (True, 7.6, False)])
def test_what_is_held_back_is_not_late_before_that_is_over(held: bool, hour: float, posted: bool) -> None:
    schedule = Schedule(
        1, 1, 1, 1, time(4), "UTC", frozenset(range(7)), 1, "", paused=False, note="", since=at(0, 0), missed="merge"
    )
    assert (due(schedule, None, at(0, hour), {MONDAY: "held"} if held else {}).slot == MONDAY) is posted


async def test_hundreds_of_channels_in_one_minute_all_get_their_post(tmp_path: Path) -> None:
    async with newsroom(tmp_path, listed(2, each=90)) as news:
        for channel in range(1, 301):
            await news.plan(channel, size=5, topics=f"topic{channel % 90}" if channel % 2 else "")
        await news.live(at(0, 5), at(1, 3.5))
        await news.roundups.deliver_due(at(1), news.channels)
    assert len(news.channels.messages) == 300
    assert {len(one.picks) for one in news.channels.messages} == {5}


async def test_what_members_of_a_server_kept_comes_first_there_and_nowhere_else(news: Newsroom) -> None:
    here = await news.plan(size=1)
    await news.live(at(0), at(1, 3))
    lowest = next(one.id for one in listed(1) if one.votes == 0)
    for user in range(100, 140):
        await news.favourites.keep(user, Kind.SAVED, lowest, here.guild_id, at(1, 3))
        await news.favourites.keep(user, Kind.LIKED, lowest, 99, at(1, 3))
    [pick] = (await news.roundups.digest(here, "preview")).picks
    assert pick.paper.id == lowest
    assert pick.reason == Reason(("saved by 40 here",))
    [pick] = (await news.roundups.digest(replace(here, guild_id=5), "preview")).picks
    assert pick.paper.id != lowest
