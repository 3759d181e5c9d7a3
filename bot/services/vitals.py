"""Vitals: what the bot lives by below Discord, looked at again and again."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.storage.faults import FAULTS, fault
from bot.storage.tallies import Tallies

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from bot.services.shelf import Shelf
    from bot.storage.database import Database
    from bot.storage.papers import Papers

PATIENCE = 10.0
"""Seconds that a write may take: twice what SQLite waits for another process."""
OUTCOMES = ("claimed", "waiting", "held", "posted", "empty", "missed", "failed")
"""What can become of a roundup."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """What is kept, in numbers. Ages in seconds, infinite where the thing has never been."""

    papers: int
    newest_paper_age: float
    findable: int
    index_bytes: int
    index_age: float
    roundups: Mapping[str, int] = field(default_factory=dict)
    source_ages: Mapping[str, float] = field(default_factory=dict)


class Vitals:
    """Looks at the database and the index."""

    def __init__(
        self, database: Database, papers: Papers, shelf: Shelf, index: Path, sources: Iterable[str] = ()
    ) -> None:
        """Look at these: `index` is the index's file, `sources` are the names of those that are asked."""
        self._database = database
        self._papers = papers
        self._tallies = Tallies(database)
        self._shelf = shelf
        self._file = index
        self._sources = tuple(sources)

    async def database(self) -> str:
        """Write a little and return why that failed, or ""."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._database.trial()
        except TimeoutError:
            return f"it has not answered for {PATIENCE:.0f} seconds"
        except FAULTS as error:
            return fault(error).said
        return ""

    def index(self) -> str:
        """Return why the index lacks papers that are stored, or ""."""
        return self._shelf.failure

    async def holdings(self, now: datetime) -> Holdings:
        """Return what is kept. Raises sqlite3.Error or DatabaseError."""
        last, read = await self._papers.last_added(), await self._tallies.last_readings()
        size, written = await asyncio.to_thread(_stat, self._file)
        known = await self._tallies.roundups()
        return Holdings(
            papers=await self._papers.count(),
            newest_paper_age=_age(datetime.fromisoformat(last) if last else None, now),
            findable=len(self._shelf.index),
            index_bytes=size,
            index_age=_age(written, now),
            roundups={outcome: known.get(outcome, 0) for outcome in OUTCOMES},
            source_ages={name: _age(read.get(name), now) for name in self._sources},
        )


def _age(moment: datetime | None, now: datetime) -> float:
    return (now - moment).total_seconds() if moment else math.inf


def _stat(file: Path) -> tuple[int, datetime | None]:
    try:
        found = file.stat()
    except OSError:
        return 0, None
    return found.st_size, datetime.fromtimestamp(found.st_mtime, UTC)
