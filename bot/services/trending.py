"""Trending and recent papers: the notable ones of a period, and the newest, each with its reason."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.core import arrival, notable
from bot.core.newest import newest
from bot.core.notable import Notable, Reason
from bot.core.period import reaching

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.core.arrival import Arrival
    from bot.core.correction import Correction
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
NEW = Reason(("new",))
"""Why a paper is shown that nothing speaks for but its day."""


@dataclass(frozen=True, slots=True)
class Row:
    """A paper, the sentence that speaks for it, and why it is shown. `score` has no unit."""

    paper: Paper
    sentence: str
    reason: Reason
    score: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """The papers that were found, best first, of a `total` (None: it was not counted); `why` says why there are none.

    `read` is how the topic words were read, and what is to be said about that.
    """

    found: tuple[Notable, ...] = ()
    total: int | None = 0
    read: Correction | None = None
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
        found = tuple(await asyncio.to_thread(notable.rank, here, "", most))
        return Ranking(found, len(listed) if len(listed) < COMPARED else None)

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
        read = await self._library.read(topics) if topics else None
        ids = (await self._library.ranked(read.query))[:LOOKED_AT] if read else await self._library.newest(most)
        if not ids:
            return Ranking(read=read, why=_nowhere(read) if read else "I have no papers yet.")
        known = [arrival.of(paper, now) for paper in await self._library.get(ids)]
        here = await self._here(guild, known)
        found, total = await asyncio.to_thread(newest, here, read.query if read else None, most)
        every = await self._library.size() if read is None else None
        return Ranking(found, every.papers if every else total if len(ids) < LOOKED_AT else None, read)

    async def rows(self, ranking: Ranking, first: int, count: int) -> list[Row]:
        """Return some of what was found, from the place `first` on."""
        part = {one.paper_id: one for one in ranking.found[first : first + count]}
        papers = await self._library.get(list(part))
        asked = ranking.read.query if ranking.read else ""
        said = await asyncio.gather(*(self._library.telling(paper, asked) for paper in papers))
        return [
            Row(paper, sentence, one.reason if one.reason != Reason() else NEW, one.score)
            for paper, sentence in zip(papers, said, strict=True)
            if (one := part.get(paper.id))
        ]

    async def _here(self, guild: int, listed: Sequence[Arrival]) -> list[Arrival]:
        here = await self._favourites.here(guild, (one.paper_id for one in listed)) if guild else {}
        return [replace(one, here=here[one.paper_id]) if one.paper_id in here else one for one in listed]


def _nowhere(read: Correction) -> str:
    """Return why no paper is on what was asked for."""
    if not read.query.searchable and read.query.excluded:
        return "That only says what to leave out. Add a word to look for."
    conditions = read.query.required or read.query.excluded
    return "No paper here is all that you ask for." if conditions else "No paper here is about that."
