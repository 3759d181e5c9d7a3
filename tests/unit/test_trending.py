"""Trending and recent papers: what was listed lately, best or newest first, each with its reason."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.core import arrival, notable
from bot.core.favourite import Kind
from bot.core.fetched import Fetched
from bot.core.paper import Paper
from bot.core.period import Period, reaching
from bot.services import trending
from bot.services.library import Library
from bot.services.trending import NO_SOURCE, Ranking, Trending
from bot.sources import files
from bot.storage.database import open_database
from bot.storage.favourites import Favourites
from bot.storage.papers import Papers
from bot.storage.sightings import Sightings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
TODAY = NOW.date()


def paper(number: int, days: int | None, votes: int = 0, **more: Any) -> Paper:
    day = None if days is None else TODAY - timedelta(days=days)
    known = {"title": f"Paper {number}", "abstract": f"It prunes thing{number}.", **more}
    return Paper(f"p{number}", source="huggingface", date=day, upvotes=votes, **known)


class Desk:
    """What the tests ask, over a real database."""

    def __init__(self, database: Any, *, live: bool = True) -> None:
        self.favourites = Favourites(database)
        self.library = Library(Papers(database), files.parts)
        self.service = Trending(Sightings(database), self.library, self.favourites, live=live)

    async def take_in(self, *papers: Paper) -> None:
        await self.library.take_in(Fetched(papers), NOW)

    async def told(self, ranking: Ranking, first: int = 0, count: int = 9) -> list[tuple[str, str]]:
        return [(row.paper.id, str(row.reason)) for row in await self.service.rows(ranking, first, count)]


@asynccontextmanager
async def desk(path: Path, *, live: bool = True) -> AsyncIterator[Desk]:
    database = await open_database(path / "c.db")
    try:
        yield Desk(database, live=live)
    finally:
        await database.close()


async def test_a_period_shows_what_was_listed_in_it_best_first(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        code = ("https://github.com/a/b",)
        await here.take_in(
            paper(1, 1, 3),
            paper(2, 1, 48, code=code),
            paper(3, 6, 70),
            paper(4, 25, 999),
            paper(5, 60, 9999),
            paper(6, 0),
        )
        found = await here.service.trending(Period.DAY, NOW, 9)
        assert await here.told(found) == [("p2", "48 votes, 24 a day, code"), ("p1", "3 votes, 2 a day"), ("p6", "new")]
        assert [key for key, _ in await here.told(await here.service.trending(Period.WEEK, NOW, 9))][:2] == ["p2", "p3"]
        month = await here.service.trending(Period.MONTH, NOW, 9)
        assert (await here.told(month))[0] == ("p4", "999 votes, 38 a day")
        assert await here.told(month, 1, 2) == (await here.told(month))[1:3]
        assert len((await here.service.trending(Period.MONTH, NOW, 2)).found) == 2


async def test_an_empty_period_says_where_the_papers_are(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        assert await here.service.trending(Period.WEEK, NOW, 9) == Ranking(why="I have no papers yet.")
        assert await here.service.recent("", NOW, 9) == Ranking(why="I have no papers yet.")
        await here.take_in(paper(1, None))
        assert "on which day it was listed" in (await here.service.trending(Period.WEEK, NOW, 9)).why
        await here.take_in(paper(2, 40))
        assert (await here.service.trending(Period.DAY, NOW, 9)).why == (
            "No paper here was listed in the last day; the newest is from 2026-01-23. /recent shows the newest."
        )
        await here.take_in(paper(3, 4))
        assert (await here.service.trending(Period.DAY, NOW, 9)).why.endswith("from 2026-02-28. Try the last week.")


async def test_without_a_live_source_that_is_said_too(tmp_path: Path) -> None:
    async with desk(tmp_path, live=False) as here:
        assert (await here.service.trending(Period.WEEK, NOW, 9)).why == f"I have no papers yet. {NO_SOURCE}"
        await here.take_in(paper(2, 40))
        assert (await here.service.trending(Period.DAY, NOW, 9)).why.endswith(f"/recent shows the newest. {NO_SOURCE}")


async def test_members_count_in_their_server_only(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        await here.take_in(paper(1, 1, 10), paper(2, 1))
        for user in range(3):
            await here.favourites.keep(user, Kind.SAVED, "p2", 7, NOW)
        await here.favourites.keep(1, Kind.LIKED, "p2", 7, NOW)
        assert (await here.told(await here.service.trending(Period.DAY, NOW, 9, 7)))[0] == (
            "p2",
            "saved by 3 here, liked by 1 here",
        )
        for guild in (0, 8):
            assert await here.told(await here.service.trending(Period.DAY, NOW, 9, guild)) == [
                ("p1", "10 votes"),
                ("p2", "new"),
            ]
        assert ("p2", "saved by 3 here, liked by 1 here") in await here.told(await here.service.recent("", NOW, 9, 7))


async def test_recent_papers_are_the_newest_first_on_all_topic_words(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        await here.take_in(
            paper(1, 3, 5, title="Sound pruning"), paper(2, 1, title="Pruning nets"), paper(3, 0, title="Sound"),
            paper(4, 9, title="A pruned sound"), paper(5, None, title="Undated", abstract="Nothing."),
        )  # fmt: skip
        found = await here.told(await here.service.recent("", NOW, 9))
        assert [key for key, _ in found] == ["p3", "p2", "p1", "p4", "p5"]
        assert found[-1] == ("p5", "among the newest")
        found = await here.told(await here.service.recent("sound pruning", NOW, 9))
        assert [key for key, _ in found] == ["p3", "p1", "p4"]
        assert found[1] == ("p1", "matches sound, pruning")
        assert (await here.service.recent("zebras", NOW, 9)).why == "No paper here is about that."


async def test_topic_words_are_read_as_a_search_reads_them(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        await here.take_in(
            paper(1, 3, title="Video generation", abstract="It dreams. It makes videos."),
            paper(2, 1, title="The generation of text"),
            paper(3, 0, title="A generation of video", abstract="We dream."),
            paper(4, 2, title="Video without a script"),
        )

        async def keys(topics: str) -> list[str]:
            return [key for key, _ in await here.told(await here.service.recent(topics, NOW, 9))]

        slip = await here.service.recent("vidoe generation", NOW, 9)
        assert slip.read is not None
        assert [(change.typed, change.meant) for change in slip.read.changes] == [("vidoe", "video")]
        assert await here.told(slip) == [("p3", "matches video, generation"), ("p1", "matches video, generation")]
        assert [row.sentence for row in await here.service.rows(slip, 1, 1)] == ["It makes videos."]
        assert await keys('"video generation"') == ["p1"]
        wish = await here.service.recent('"text video"', NOW, 9)
        assert wish.read is not None
        assert wish.read.wishes == ("text video",)
        assert [one.paper_id for one in wish.found] == ["p3", "p2", "p4", "p1"]
        assert await keys("video -generation") == ["p4"]
        assert await keys("title:script") == ["p4"]
        for topics, why in {
            "-video": "That only says what to leave out. Add a word to look for.",
            "video author:nobody": "No paper here is all that you ask for.",
            "zebras": "No paper here is about that.",
        }.items():
            assert (await here.service.recent(topics, NOW, 9)).why == why


async def test_of_how_many_papers_a_list_shows_the_first_is_counted_or_left_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path) as here:
        await here.take_in(*(paper(n, n % 5) for n in range(12)), paper(99, 3, title="A zebra"))
        lists = (here.service.trending(Period.WEEK, NOW, 4), here.service.recent("", NOW, 4))
        assert [((found := await one).total, len(found.found)) for one in lists] == [(13, 4)] * 2
        assert (await here.service.recent("prunes", NOW, 4)).total == 13
        assert (await here.service.recent("prunes zebra", NOW, 4)).total == 1
        monkeypatch.setattr(trending, "COMPARED", 6)
        monkeypatch.setattr(trending, "LOOKED_AT", 6)
        assert (await here.service.trending(Period.WEEK, NOW, 4)).total is None
        assert (await here.service.recent("prunes", NOW, 4)).total is None


async def test_a_day_that_lies_ahead_is_no_news_for_years(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        await here.take_in(paper(1, 1, 10), paper(2, -90, 99), paper(3, 0), paper(4, -22_000), paper(5, None))
        ranking = await here.service.recent("", NOW, 9)
        found = await here.told(ranking)
        assert [key for key, _ in found] == ["p3", "p1", "p2", "p5", "p4"]
        assert ranking.found[1].score == notable.score(arrival.of(paper(1, 1, 10), NOW), 1)
        assert [key for key, _ in await here.told(await here.service.recent("", NOW, 2))] == ["p3", "p1"]
        matching = [key for key, _ in await here.told(await here.service.recent("prunes", NOW, 9))]
        assert (matching[:3], sorted(matching[3:])) == (["p3", "p1", "p2"], ["p4", "p5"])


async def test_a_new_version_is_not_trending(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        await here.take_in(paper(1, 90, 5))
        later = NOW + timedelta(hours=1)
        again = Paper("p1", "Paper 1", "It prunes thing1.", "arxiv", date=TODAY, version=3)
        await here.library.take_in(Fetched((again,)), later)
        assert (await here.service.trending(Period.WEEK, later, 9)).found == ()


@pytest.mark.parametrize(
    ("days", "period"), [(0, "day"), (1, "day"), (2, "week"), (7, "week"), (30, "month"), (31, None)]
)
def test_the_shortest_period_that_reaches_a_day(days: int, period: str | None) -> None:
    found = reaching(date(2026, 3, 4) - timedelta(days=days), date(2026, 3, 4))
    assert (found.value if found else None) == period
