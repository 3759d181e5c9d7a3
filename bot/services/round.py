"""A round: what is the same for all channels that fall due together, looked up only once."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.core.arrival import Arrival
    from bot.services.library import Library
    from bot.services.picking import Live

T = TypeVar("T")
LISTED = timedelta(days=7)
"""How long before the last post a paper may have been listed and still be news: sources are read back so far."""
MOST = 5_000
"""Papers that are compared for one post: two weeks of the busiest categories."""


class Round:
    """Answers from then on as it did when it was first asked: hundreds of channels may fall due at once."""

    def __init__(self, library: Library, live: Live | None) -> None:
        """Ask the library, and the live sources if there are any."""
        self._library = library
        self._live = live
        self._known: dict[object, Any] = {}

    async def alive(self) -> bool:
        """Say whether there is a live source that was ever read."""
        return self._live is not None and await self._once("alive", self._live.refresh.alive)

    async def missing(self, now: datetime) -> str:
        """Return which list that is closed by now has not been read yet, "" if none."""
        if self._live is None or not await self.alive():
            return ""
        refresh = self._live.refresh
        complete, why = await self._once("complete", lambda: refresh.complete(now))
        return "" if complete else why

    async def arrivals(self, since: datetime) -> list[Arrival]:
        """Return what came since the beginning of that day (UTC): it is shared by all whose last post was on it."""
        live, day = self._live, since.astimezone(UTC).date()
        if live is None:
            return []
        begin = datetime.combine(day, time(), UTC)
        names = [source.name for source in live.refresh.sources]
        return await self._once(("arrivals", day), lambda: live.sightings.arrived(begin, day - LISTED, names, MOST))

    async def ranked(self, topics: str) -> list[str]:
        """Return the ids of the papers on some topics, best first."""
        return await self._once(("ranked", topics), lambda: self._library.ranked(topics)) if topics else []

    async def newest(self) -> list[str]:
        """Return the ids of all papers, the newest first."""
        return await self._once("newest", self._library.newest)

    async def _once(self, what: object, ask: Callable[[], Awaitable[T]]) -> T:
        if what not in self._known:
            self._known[what] = await ask()
        found: T = self._known[what]
        return found
