"""Trending and recent papers: the notable ones of a period, and the newest, each with its reason."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.core import arrival, notable, recency
from bot.core.notable import Notable, Reason
from bot.core.period import reaching

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.core.arrival import Arrival
    from bot.core.paper import Paper
    from bot.core.period import Period
    from bot.services.library import Library
    from bot.storage.favourites import Favourites
    from bot.storage.sightings import Sightings

COMPARED = 20_000
"""Papers of a period that are compared, the most voted: a month of the busiest categories."""
LOOKED_AT = 300
"""Papers on some topics that are put in order of their day: beyond, they hardly are on them."""
NO_SOURCE = "No live source is set up, so new papers come only with files."
NEW, NEWEST = Reason(("new",)), Reason(("newest here",))
"""Why a paper is shown that nothing speaks for but its day, or its place."""


@dataclass(frozen=True, slots=True)
class Row:
    """A paper, the sentence that speaks for it, and why it is shown. `score` has no unit."""

    paper: Paper
    sentence: str
    reason: Reason
    score: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """The papers that were found, best first, by what they are told; `why` says why there are none."""

    found: tuple[Notable, ...] = ()
    topics: str = ""
    why: str = ""


class Trending:
    """Looks at what sources listed, and when."""

    def __init__(self, sightings: Sightings, library: Library, favourites: Favourites, *, live: bool = True) -> None:
        """Use what sources said, the library, and what members of servers saved and liked.

        `live` says whether any live source is set up: without one, nothing is new unless somebody brings it.
        """
        self._live = live
        self._sightings = sightings
        self._library = library
        self._favourites = favourites

    async def trending(self, period: Period, now: datetime, most: int, guild: int = 0) -> Ranking:
        """Return the `most` notable papers that were listed in a period up to `now`, as a server sees them."""
        today = now.astimezone(UTC).date()
        # Sources live in zones of their own: some have tomorrow's day already.
        last = today + timedelta(days=1)
        listed = await self._sightings.listed_from(period.since(today), last, COMPARED)
        if not listed:
            return Ranking(why=await self._nothing(period, today, last))
        here = await self._here(guild, listed)
        return Ranking(tuple(await asyncio.to_thread(notable.rank, here, "", most)))

    async def _nothing(self, period: Period, today: date, last: date) -> str:
        why = await self._absence(period, today, last)
        return why if self._live else f"{why} {NO_SOURCE}"

    async def _absence(self, period: Period, today: date, last: date) -> str:
        if not (await self._library.size()).papers:
            return "I have no papers yet."
        newest = await self._sightings.newest_day(last)
        if newest is None:
            return "None of the papers here says on which day it was listed, so none can be trending. Try /recent."
        other = reaching(newest, today)
        better = f"Try the last {other}." if other else "/recent shows the newest."
        return f"No paper here was listed in the last {period}; the newest is from {newest}. {better}"

    async def recent(self, topics: str, now: datetime, most: int, guild: int = 0) -> Ranking:
        """Return the `most` newest papers; those with all of the topic words if any has them, else with the most."""
        papers = await self._on(topics) if topics else await self._library.get(await self._library.newest(most))
        if not papers:
            said = "No paper here is about that." if topics else "I have no papers yet."
            return Ranking(topics=topics, why=said)
        known = [arrival.of(paper, now) for paper in papers]
        here = await self._here(guild, known)
        return Ranking(tuple(await asyncio.to_thread(_newest, here, topics, most)), topics)

    async def _on(self, topics: str) -> list[Paper]:
        return await self._library.get((await self._library.ranked(topics))[:LOOKED_AT])

    async def rows(self, ranking: Ranking, first: int, count: int) -> list[Row]:
        """Return some of what was found, from the place `first` on."""
        part = {one.paper_id: one for one in ranking.found[first : first + count]}
        papers = await self._library.get(list(part))
        said = await asyncio.gather(*(self._library.telling(paper, ranking.topics) for paper in papers))
        return [
            Row(paper, sentence, one.reason if one.reason != Reason() else NEW, one.score)
            for paper, sentence in zip(papers, said, strict=True)
            if (one := part.get(paper.id))
        ]

    async def _here(self, guild: int, listed: Sequence[Arrival]) -> list[Arrival]:
        here = await self._favourites.here(guild, (one.paper_id for one in listed)) if guild else {}
        return [replace(one, here=here[one.paper_id]) if one.paper_id in here else one for one in listed]


def _newest(known: list[Arrival], topics: str, most: int) -> list[Notable]:
    """Return the newest with the most of the topic words, the newest first; those of one day by their score."""
    words = notable.asked(topics)
    matched = {one.paper_id: notable.matched(one, words) for one in known}
    best = max((len(found) for found in matched.values()), default=0)
    chosen = [one for one in known if len(matched[one.paper_id]) == best]
    today = recency.today(chosen)
    made = {one.paper_id: _new(one, recency.age(one, today), matched[one.paper_id]) for one in chosen}
    # Sorting is stable: papers without a day and a score stay in the order they came in.
    chosen.sort(key=lambda one: (recency.newest_first(one), -made[one.paper_id].score))
    return [made[one.paper_id] for one in chosen[:most]]


def _new(one: Arrival, age: int, has: list[str]) -> Notable:
    found = notable.reason(one, age, has)
    return Notable(one.paper_id, notable.score(one, age), found if found != Reason() else NEWEST)
