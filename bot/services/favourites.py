"""Favourites: what a person saved and liked."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bot.core.favourite import Kind, Outcome

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.paper import Paper
    from bot.services.library import Library
    from bot.storage.favourites import Favourites as Store


class Row(NamedTuple):
    """A kept paper, and the sentence of its abstract that speaks for it."""

    paper: Paper
    sentence: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a person's papers: the page's number from 0, how many pages and papers there are in all."""

    kind: Kind
    rows: tuple[Row, ...]
    number: int
    pages: int
    total: int


class Favourites:
    """All use cases of favourites. Each is about the person who asks, and shows nothing of another's."""

    def __init__(self, store: Store, library: Library) -> None:
        """Use stored favourites, and the library for their papers."""
        self._store = store
        self._library = library

    async def save(self, user: int, paper_id: str, guild: int, now: datetime) -> Outcome:
        """Save a paper; saving it again changes nothing, so that no slip of a finger loses it."""
        return await self._store.keep(user, Kind.SAVED, paper_id, guild, now)

    async def like(self, user: int, paper_id: str, guild: int, now: datetime) -> Outcome:
        """Like a paper, or take that back."""
        return await self._store.turn(user, Kind.LIKED, paper_id, guild, now)

    async def drop(self, user: int, kind: Kind, paper_id: str) -> bool:
        """Take a paper off a person's list; say whether it was on it."""
        return await self._store.drop(user, kind, paper_id)

    async def page(self, user: int, kind: Kind, number: int, size: int) -> Page:
        """Return a page of a person's papers, the last kept first; the nearest one where there is none such."""
        kept = await self._store.of(user, kind, number * size, size)
        pages = max(-(-kept.total // size), 1)
        if number >= pages:
            number = pages - 1
            kept = await self._store.of(user, kind, number * size, size)
        papers = await self._library.get(kept.papers)
        said = await asyncio.gather(*(self._library.telling(paper, "") for paper in papers))
        return Page(kind, tuple(map(Row, papers, said)), number, pages, kept.total)

    async def count(self, user: int) -> int:
        """Return how many papers a person saved or liked."""
        return await self._store.count(user)

    async def forget(self, user: int) -> int:
        """Delete what a person saved and liked; return how many papers that were."""
        return await self._store.forget(user)
