"""Looking up: a paper that is not here yet, fetched by its arXiv id when somebody asks for it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from bot.core.hearsay import is_hearsay
from bot.core.identity import arxiv_of
from bot.core.paper import Paper, Problem

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.fetched import Fetched
    from bot.services.library import Library
    from bot.storage.papers import Papers

PATIENCE = 20.0
"""Seconds that a person waits for a paper; requests to arXiv queue, one every three seconds."""


class Ask(Protocol):
    """Asks arXiv for a paper."""

    async def __call__(self, arxiv_id: str) -> Fetched | Problem:
        """Return the paper in a batch of one, or an empty batch."""


class Lookup:
    """Fetches single papers."""

    def __init__(self, library: Library, papers: Papers, ask: Ask) -> None:
        """Keep what `ask` finds in the library; `papers` know who told of them."""
        self._library = library
        self._papers = papers
        self._ask = ask

    async def doubted(self, paper: Paper) -> str | None:
        """Return the arXiv id to ask for where all that is known of an arXiv paper is a feed's word, else None."""
        found = arxiv_of(paper)
        return found if found and is_hearsay(await self._papers.told_by(paper.id)) else None

    async def find(self, arxiv_id: str, now: datetime) -> Paper | Problem | None:
        """Return the paper, kept from now on; None if arXiv has none of that id."""
        try:
            async with asyncio.timeout(PATIENCE):
                found = await self._ask(arxiv_id)
        except TimeoutError:
            return Problem("arXiv did not answer in time. Please try again in a minute.")
        if isinstance(found, Problem):
            return found
        if not found.papers:
            return None
        await self._library.take_in(found, now)
        return await self._library.paper(arxiv_id)
