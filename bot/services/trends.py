"""Trends: which topics rise among the papers of the last weeks."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.core import trends

if TYPE_CHECKING:
    from datetime import date

    from bot.core.trends import Census, Rising
    from bot.storage.papers import Mark, Papers

COMPARED = 4_000
"""Papers in which topics are looked for, evenly of all: a topic of one in a hundred has forty. Of 30,000 papers that
takes two seconds, and to count the topics in all of them six."""
SHOWN, COUNTED = 8, 24
"""Topics that are shown, and those of a sample that are counted in all papers: not all of them rise there too."""


class Trends:
    """Looks for what rises. A look takes seconds, so it is kept until other papers are here."""

    def __init__(self, papers: Papers) -> None:
        """Use stored papers."""
        self._papers = papers
        self._turn = asyncio.Lock()
        self._seen: tuple[tuple[Mark, date], Rising] | None = None

    async def rising(self, now: datetime) -> Rising | None:
        """Return what rises up to the newest day here that is not after `now`; None where no paper has a day."""
        # Sources live in zones of their own: some have tomorrow's day already.
        last = await self._papers.newest_day(now.astimezone(UTC).date() + timedelta(days=1))
        if last is None:
            return None
        async with self._turn:
            key = await self._papers.mark(), last
            if self._seen is None or self._seen[0] != key:
                self._seen = key, await asyncio.to_thread(trends.rising, await self._census(last), SHOWN)
            return self._seen[1]

    async def _census(self, last: date) -> Census:
        first = trends.first_day(last)
        every = -(-await self._papers.listed(first, last) // COMPARED) or 1
        census = await asyncio.to_thread(trends.survey, await self._papers.told(first, last, every), last)
        if every == 1:
            return census
        whole = await asyncio.to_thread(trends.anew, census, COUNTED)
        for week in range(trends.WEEKS):
            begin = first + timedelta(days=7 * week)
            await asyncio.to_thread(whole.count, await self._papers.told(begin, begin + timedelta(days=6)))
        return whole
