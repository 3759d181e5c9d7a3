"""Favourites in the database: a person's own, counted without names, and let go on request."""

from __future__ import annotations

import sqlite3
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.core.arrival import Here
from bot.core.favourite import MOST, Kind, Outcome
from bot.core.paper import Paper
from bot.storage import database
from bot.storage.favourites import Favourites
from bot.storage.papers import Papers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ADA, BEN, HERE, THERE = 2**62, 2, 10, 20
ALL = 10**6


@asynccontextmanager
async def opened(path: Path, papers: int = 3) -> AsyncIterator[Favourites]:
    made = await database.open_database(path / "test.db")
    await Papers(made).add([Paper(f"p{n}", f"Title {n}", f"Words of {n}.", "file") for n in range(papers)], NOW)
    try:
        yield Favourites(made)
    finally:
        await made.close()


async def test_each_person_has_one_list_wherever_it_was_made(tmp_path: Path) -> None:
    async with opened(tmp_path) as kept:
        assert await kept.keep(ADA, Kind.SAVED, "p0", HERE, NOW) is Outcome.KEPT
        assert await kept.keep(ADA, Kind.SAVED, "p0", HERE, NOW) is Outcome.ALREADY
        assert await kept.keep(ADA, Kind.SAVED, "p1", 0, NOW + timedelta(hours=1)) is Outcome.KEPT
        assert await kept.keep(ADA, Kind.SAVED, "p0", THERE, NOW + timedelta(hours=2)) is Outcome.ALREADY
        assert await kept.keep(BEN, Kind.SAVED, "p2", HERE, NOW) is Outcome.KEPT
        assert await kept.keep(BEN, Kind.SAVED, "none", HERE, NOW) is Outcome.GONE
        assert await kept.of(ADA, Kind.SAVED, 0, ALL) == (("p1", "p0"), 2)
        assert await kept.of(ADA, Kind.SAVED, 1, ALL) == (("p0",), 2)
        assert await kept.of(ADA, Kind.LIKED, 0, ALL) == ((), 0)
        assert not await kept.drop(BEN, Kind.SAVED, "p0")
        assert await kept.drop(ADA, Kind.SAVED, "p0")
        assert await kept.of(ADA, Kind.SAVED, 0, ALL) == (("p1",), 1)


async def test_a_server_is_told_numbers_of_its_own_members(tmp_path: Path) -> None:
    async with opened(tmp_path) as kept:
        for user in (ADA, BEN):
            await kept.keep(user, Kind.SAVED, "p0", HERE, NOW)
        await kept.turn(ADA, Kind.LIKED, "p0", HERE, NOW)
        await kept.turn(ADA, Kind.LIKED, "p1", THERE, NOW)
        await kept.keep(ADA, Kind.SAVED, "p2", HERE, NOW)
        assert await kept.here(HERE, ["p0", "p1"]) == {"p0": Here(people=2, saved=2, liked=1)}
        assert await kept.here(THERE, ["p0", "p1"]) == {"p1": Here(people=1, saved=0, liked=1)}


async def test_a_like_is_taken_back_where_it_was_given_and_counts_elsewhere_first(tmp_path: Path) -> None:
    async with opened(tmp_path) as kept:
        assert await kept.turn(ADA, Kind.LIKED, "p0", HERE, NOW) is Outcome.KEPT
        assert await kept.turn(ADA, Kind.LIKED, "p0", THERE, NOW) is Outcome.ALREADY
        assert await kept.turn(ADA, Kind.LIKED, "p0", HERE, NOW) is Outcome.TAKEN_BACK
        assert await kept.here(THERE, ["p0"]) == {}
        assert await kept.turn(ADA, Kind.LIKED, "none", HERE, NOW) is Outcome.GONE


async def test_one_person_fills_one_list_and_no_more(tmp_path: Path) -> None:
    async with opened(tmp_path, MOST + 1) as kept:
        for n in range(MOST):
            assert await kept.keep(ADA, Kind.SAVED, f"p{n}", HERE, NOW) is Outcome.KEPT
        last = f"p{MOST}"
        assert await kept.keep(ADA, Kind.SAVED, last, HERE, NOW) is Outcome.FULL
        assert await kept.keep(ADA, Kind.SAVED, "p0", THERE, NOW) is Outcome.ALREADY
        assert await kept.keep(ADA, Kind.LIKED, last, HERE, NOW) is Outcome.KEPT
        assert await kept.keep(BEN, Kind.SAVED, last, HERE, NOW) is Outcome.KEPT
        assert await kept.count(ADA) == MOST + 1
        assert await kept.forget(ADA) == MOST + 1
        assert (await kept.count(ADA), await kept.count(BEN)) == (0, 1)


async def test_what_is_kept_follows_a_paper_into_another(tmp_path: Path) -> None:
    async with opened(tmp_path) as kept:
        papers = Papers(kept._database)
        one = Paper("2401.00001", "Separating things", "It separates all the things that sound.", "huggingface")
        await papers.add([one, Paper("10.1000/abc", "Another name", "Short.", "file")], NOW)
        for user, paper_id in ((ADA, "2401.00001"), (ADA, "10.1000/abc"), (BEN, "10.1000/abc")):
            await kept.keep(user, Kind.SAVED, paper_id, HERE, NOW)
        await papers.add([Paper("2401.00001", one.title, one.abstract, "arxiv", doi="10.1000/abc")], NOW)
        assert await kept.of(ADA, Kind.SAVED, 0, ALL) == (("2401.00001",), 1)
        assert await kept.here(HERE, ["2401.00001"]) == {"2401.00001": Here(2, 2, 0)}
        # A button of an earlier message still has the old id.
        assert await kept.keep(BEN, Kind.SAVED, "10.1000/abc", HERE, NOW) is Outcome.ALREADY


async def test_a_database_of_version_7_gets_a_place_for_favourites(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "test.db")) as raw:
        for script in sorted(database.MIGRATIONS.glob("*.sql"))[:7]:
            raw.executescript(script.read_text(encoding="utf-8"))
        raw.execute("PRAGMA user_version = 7")
        raw.commit()
    async with opened(tmp_path) as kept:
        assert await kept.keep(ADA, Kind.SAVED, "p0", HERE, NOW) is Outcome.KEPT
