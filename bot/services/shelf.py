"""The shelf: the index of all papers, mapped from its file and kept up to date with the database."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

from bot.core.index import Index
from bot.services import binder, worker
from bot.services.binder import Bound
from bot.storage.database import DatabaseError, writable
from bot.storage.papers import Mark

if TYPE_CHECKING:
    from pathlib import Path

    from bot.storage.papers import Papers

log = logging.getLogger(__name__)
FEW = 500
"""Papers that are quicker indexed here than in another process: a tenth of a second."""
MANY = 5_000
"""Papers beyond the file that cost a start a second: then the file is written anew, and more are not added here."""
AT_START = 2 * MANY
"""Papers beyond the file that a start adds rather than wait for a new one."""
PAUSE, LONGEST_PAUSE = 60.0, 3600.0
"""Seconds until the file is tried again after a failure: the first pause, doubled each time up to the longest."""


class Shelf:
    """Holds the index. Without a file, or where none can be written, all of it is in memory.

    Searches use the index they began with; a new one takes its place when it stands.
    """

    def __init__(self, papers: Papers, file: Path | None = None) -> None:
        """Index stored papers; `file` is where the index is kept."""
        self._papers = papers
        self._file = file if file and writable(file) else None
        self._readable = file
        self._bound = Bound(Index(), Mark())
        self._turn = asyncio.Lock()
        self._behind, self._awaited = False, False
        self._renewal: asyncio.Task[None] | None = None
        self._failures, self._not_before = 0, 0.0
        self.failure = ""
        """Why the index lacks papers that are stored, "" while it has them or is getting them."""
        self.unwritten = ""
        """Why its file could not be written when that was last tried, "" where it could: a start then makes it anew."""

    @property
    def index(self) -> Index:
        """The index as it stands."""
        return self._bound.index

    async def open(self) -> None:
        """Map the file and add what came since; without a usable file, write it or index in memory."""
        async with self._turn:
            await self._begin()
        log.info("index open papers=%d beyond_file=%d", len(self.index), len(self.index.delta))

    async def catch_up(self) -> None:
        """Add what came since, from whatever process; see to a new file in the background when that is much."""
        try:
            async with self._turn:
                if await self._papers.mark() != self._bound.mark:
                    await (self._extend(self._limit()) if len(self.index) else self._begin())
        except Exception as error:
            self.failure = " ".join(str(error).split()) or type(error).__name__
            raise
        self.failure = (
            "new papers wait for its file, which cannot be written" if self._behind and self._failures else ""
        )
        if self._due() and (self._renewal is None or self._renewal.done()):
            self._renewal = asyncio.create_task(self._renew())

    async def settle(self) -> None:
        """Catch up, and wait for the file if one is being written."""
        self._awaited = True
        await self.catch_up()
        if self._renewal:
            await self._renewal

    async def close(self) -> None:
        """End the process that writes the file, if there is one."""
        if self._renewal:
            self._renewal.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._renewal

    async def _begin(self) -> None:
        if not await self._load() and not (await self._bind(awaited=True) and await self._load()):
            await self._extend(None)

    def _limit(self) -> int | None:
        """Return how many papers to add here: all without a file, and more where the file could not be written."""
        if self._file is None:
            return None
        return AT_START if self._failures else MANY

    def _due(self) -> bool:
        if self._file is None or asyncio.get_running_loop().time() < self._not_before:
            return False
        few = min(max(len(self.index.base) // 4, FEW), MANY)
        return self._behind or len(self.index.delta) > few

    async def _renew(self) -> None:
        try:
            if not (await self._bind(awaited=self._awaited) and await self._swap()):
                self._pause()
        except DatabaseError as error:
            log.warning("index not renewed why=%s", error)
            self._pause()

    async def _swap(self) -> bool:
        async with self._turn:
            loaded = await self._load()
        self._failures = 0 if loaded else self._failures
        return loaded

    def _pause(self) -> None:
        pause = min(PAUSE * 2**self._failures, LONGEST_PAUSE)
        self._failures += 1
        self._not_before = asyncio.get_running_loop().time() + pause

    async def _load(self) -> bool:
        if self._readable is None:
            return False
        found = await asyncio.to_thread(binder.load, self._papers.path, self._readable, AT_START)
        self._put(found)
        return found is not None

    async def _extend(self, limit: int | None) -> None:
        self._put(await asyncio.to_thread(binder.extend, self._papers.path, self._bound, limit))

    def _put(self, found: Bound | None) -> None:
        self._bound = found or self._bound
        self._behind = found is None

    async def _bind(self, *, awaited: bool) -> bool:
        """Write the file. Return whether it worked."""
        count = await self._papers.count()
        if self._readable is None or not count:
            return False
        self.unwritten = await self._write(count, awaited=awaited)
        if self.unwritten:
            log.warning("index file not written why=%s", self.unwritten)
        return not self.unwritten

    async def _write(self, count: int, *, awaited: bool) -> str:
        """Write the file: in a thread when that is quick, else in a process. Return why that failed, or ""."""
        database = self._papers.path
        if self._file is None:
            return "it may only be read"
        if await asyncio.to_thread(self._file.is_dir):
            return "a folder stands in its place"  # told before all the work, not after it
        if count > FEW:
            return await worker.bind(database, self._file, awaited=awaited) or ""
        return await asyncio.to_thread(_bind_here, database, self._file)


def _bind_here(database: Path, file: Path) -> str:
    try:
        binder.bind(database, file, patience=5)
    except (DatabaseError, OSError) as error:
        return str(error) or type(error).__name__
    return ""
