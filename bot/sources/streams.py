"""Streams: the live sources in one shape, so that whoever reads them need not know which is which."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core import addresses, calendar
from bot.core.credit import ARXIV, HUGGINGFACE, Credit, of_feed
from bot.core.fetched import Fetched
from bot.core.hearsay import feed_name
from bot.sources import arxiv, feeds, huggingface

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from bot.core.calendar import Reading
    from bot.core.fetched import Unchanged, Validators
    from bot.core.paper import Problem
    from bot.http import Client

FEED_EVERY = timedelta(hours=3)


@dataclass(frozen=True)
class HuggingFace:
    """Hugging Face Daily Papers, day by day; lists that closed lately are read again for their votes."""

    client: Client
    base: str = addresses.HUGGINGFACE
    name: str = huggingface.NAME
    credit: Credit = HUGGINGFACE

    def wanted(self, read: Mapping[date, Reading], now: datetime) -> list[date]:
        """Return the days to ask for now, in the order to ask."""
        return calendar.huggingface_days(read, now)

    def closes(self, day: date) -> datetime:
        """Return when the list of a day is complete."""
        return calendar.huggingface_closes(day)

    async def fetch(self, day: date, known: Validators) -> Fetched | Unchanged | Problem:
        """Ask for one day."""
        return await huggingface.fetch(self.client, day, base=self.base, known=known)


@dataclass(frozen=True)
class Arxiv:
    """arXiv's lists of some categories: today's as the list, a day that was missed through the API."""

    client: Client
    categories: tuple[str, ...]
    lists: str = addresses.ARXIV_LISTS
    api: str = addresses.ARXIV_API
    name: str = arxiv.NAME
    credit: Credit = ARXIV

    def wanted(self, read: Mapping[date, Reading], now: datetime) -> list[date]:
        """Return the days to ask for now, in the order to ask."""
        return calendar.arxiv_days(read, now)

    def closes(self, day: date) -> datetime:
        """Return when the list of a day is complete."""
        return calendar.arxiv_opens(day)

    async def fetch(self, day: date, known: Validators) -> Fetched | Unchanged | Problem:
        """Ask for one day."""
        found = await arxiv.fetch(self.client, self.categories, base=self.lists, known=known)
        if not isinstance(found, Fetched) or any(paper.date == day for paper in found.papers):
            return found
        # The list is another day's. A holiday's window is empty, which is an answer too.
        start, end = calendar.arxiv_window(day)
        missed = await arxiv.fetch_submitted(self.client, self.categories, start, end, base=self.api)
        if not isinstance(missed, Fetched):
            return missed
        return replace(missed, papers=tuple(replace(paper, date=day) for paper in missed.papers))


@dataclass(frozen=True)
class Feed:
    """Any RSS or Atom feed: it has no days, so it is read every few hours."""

    client: Client
    url: str

    @property
    def name(self) -> str:
        """Return a name of its own, whatever other feeds there are and in which order they are named.

        What was read of a feed, and what its server said of that, is kept under this name.
        """
        return feed_name(self.url)

    @property
    def credit(self) -> Credit:
        """Whose papers these are, as far as its address tells."""
        return of_feed(self.url)

    def wanted(self, read: Mapping[date, Reading], now: datetime) -> list[date]:
        """Return today if the feed is to be read now."""
        last = max((one.read_at for one in read.values() if one.read_at), default=None)
        return [now.date()] if last is None or now - last >= FEED_EVERY else []

    def closes(self, _day: date) -> None:
        """Return None: whatever is in a feed counts at once, and nobody waits for more."""

    async def fetch(self, _day: date, known: Validators) -> Fetched | Unchanged | Problem:
        """Ask for what the feed holds now."""
        return await feeds.fetch(self.client, self.url, source=self.name, known=known)


async def by_id(client: Client, arxiv_id: str, *, base: str = addresses.ARXIV_API) -> Fetched | Problem:
    """Ask arXiv for one paper; an empty batch if it has none."""
    return await arxiv.fetch_ids(client, [arxiv_id], base=base)
