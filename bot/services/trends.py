"""Trends: which topics rise among the papers of the last weeks."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.core import trends

if TYPE_CHECKING:
    from datetime import date

    from bot.core.trends import Told
    from bot.storage.papers import Mark, Papers

COMPARED = 4_000
"""Papers that are read for one look, evenly of all: a few seconds, and a topic of one in a hundred still has forty."""
SHOWN = 8
"""Topics that are shown."""


class Trends:
    """Looks for what rises. A look takes seconds, so it is kept until other papers are here."""

    def __init__(self, papers: Papers) -> None:
        """Use stored papers."""
        self._papers = papers
        self._turn = asyncio.Lock()
        self._seen: tuple[tuple[Mark, date], trends.Trends] | None = None

    async def rising(self, now: datetime) -> trends.Trends | None:
        """Return what rises up to the newest day here that is not after `now`; None where no paper has a day."""
        # Sources live in zones of their own: some have tomorrow's day already.
        last = await self._papers.newest_day(now.astimezone(UTC).date() + timedelta(days=1))
        if last is None:
            return None
        async with self._turn:
            key = await self._papers.mark(), last
            if self._seen is None or self._seen[0] != key:
                told = await self._papers.told(trends.first_day(last), last, COMPARED)
                self._seen = key, await asyncio.to_thread(_look, told, last)
            return self._seen[1]


def _look(told: list[Told], last: date) -> trends.Trends:
    return trends.rising(told, last, SHOWN)
