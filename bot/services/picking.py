"""Picking: which papers a channel is shown next."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from bot.core.notable import Reason, rank
from bot.core.roundup import select
from bot.services.round import Round

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from bot.core.arrival import Arrival
    from bot.core.notable import Notable
    from bot.core.paper import Paper
    from bot.core.roundup import Schedule
    from bot.services.library import Library
    from bot.services.refresh import Refresh
    from bot.storage.favourites import Favourites
    from bot.storage.roundups import Roundups as Store
    from bot.storage.sightings import Sightings

BEFORE_FIRST = timedelta(days=3)
"""How long before a schedule's beginning its first post's papers may have come: a weekend is bridged."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A paper of a roundup, the sentence that speaks for it, and why it is news (None: it was only waiting)."""

    paper: Paper
    sentence: str
    reason: Reason | None = None


class Picked(NamedTuple):
    """What a channel is shown next, how many more it was not shown, and whether it is shown news only."""

    picks: tuple[Pick, ...]
    more: int
    news: bool


class Live(NamedTuple):
    """The live sources, what was heard from them, and what members saved and liked of it."""

    refresh: Refresh
    sightings: Sightings
    favourites: Favourites | None = None


class Picking:
    """Picks papers. With live sources that answer, those that are new; else those that wait, the newest first."""

    def __init__(self, store: Store, library: Library, live: Live | None = None) -> None:
        """Use what channels were shown, the library, and the live sources if there are any."""
        self._store = store
        self._library = library
        self._live = live
        self._round: Round | None = None

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Ask all that is asked from here to the end in one round."""
        self._round = self._current()
        try:
            yield
        finally:
            self._round = None

    async def pick(self, schedule: Schedule, size: int) -> Picked:
        """Choose at most `size` papers for a channel; nothing is recorded."""
        shown = await self._store.shown(schedule.channel_id)
        current = self._current()
        return await (self._news if await current.alive() else self._backlog)(current, schedule, size, shown)

    async def missing(self, now: datetime) -> str:
        """Return which list that is closed by now has not been read yet, "" if none."""
        return await self._current().missing(now)

    def _current(self) -> Round:
        return self._round or Round(self._library, self._live)

    async def _news(self, current: Round, schedule: Schedule, size: int, shown: frozenset[str]) -> Picked:
        since = await self._store.last_post(schedule.id) or schedule.since - BEFORE_FIRST
        arrivals = await self._here(schedule.guild_id, await current.arrivals(since))
        best, count = await asyncio.to_thread(_best, arrivals, since, shown, schedule.topics, size)
        reasons = {one.paper_id: one.reason for one in best}
        picks = await self._told(schedule, list(reasons), reasons)
        return Picked(picks, max(count - len(picks), 0), news=True)

    async def _here(self, guild: int, arrivals: list[Arrival]) -> list[Arrival]:
        """Return arrivals with how many members of a server saved or liked them."""
        if not self._live or not self._live.favourites:
            return arrivals
        here = await self._live.favourites.here(guild, (one.paper_id for one in arrivals))
        return [replace(one, here=here[one.paper_id]) if one.paper_id in here else one for one in arrivals]

    async def _backlog(self, current: Round, schedule: Schedule, size: int, shown: frozenset[str]) -> Picked:
        ranked, rest = await current.ranked(schedule.topics), await current.newest()
        # Many thousand ids are compared: that leaves the event loop.
        chosen, unseen = await asyncio.to_thread(_choose, ranked, rest, shown, size)
        picks = await self._told(schedule, chosen, {})
        return Picked(picks, max(unseen - len(picks), 0), news=False)

    async def _told(self, schedule: Schedule, ids: Sequence[str], reasons: dict[str, Reason]) -> tuple[Pick, ...]:
        papers = await self._library.get(ids)
        said = await asyncio.gather(*(self._library.telling(paper, schedule.topics) for paper in papers))
        return tuple(Pick(paper, sentence, reasons.get(paper.id)) for paper, sentence in zip(papers, said, strict=True))


def _best(
    arrivals: Sequence[Arrival], since: datetime, shown: frozenset[str], topics: str, size: int
) -> tuple[list[Notable], int]:
    """Return the most notable arrivals that the channel has not seen, and how many it has not seen."""
    # Arrivals know their second only.
    begin = since.replace(microsecond=0)
    fresh = [one for one in arrivals if one.seen >= begin and one.paper_id not in shown]
    return rank(fresh, topics, size), len(fresh)


def _choose(ranked: list[str], rest: list[str], shown: frozenset[str], size: int) -> tuple[list[str], int]:
    """Return the ids to show, and how many of all the channel has not seen."""
    return select(ranked, rest, shown, size), len(set(rest) - shown)
