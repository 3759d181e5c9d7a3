"""Refreshing: new papers from the live sources, day by day, none left out and none waited for."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from bot.core.calendar import Reading
from bot.core.checks import Check
from bot.core.fetched import Fetched, Later, Unchanged
from bot.core.paper import Batch, Problem, Rejection
from bot.services.report import Report

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from bot.core.credit import Credit
    from bot.core.fetched import Validators
    from bot.services.library import Library
    from bot.storage.readings import Readings

log = logging.getLogger(__name__)
PATIENCE = 300.0
"""Seconds that a source may take for one day, its pages and waits included."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=6)
"""How long a failing source is left alone: doubled with each failure."""
STALE = timedelta(days=4)
"""Age of the last reading from which a source is worth a warning: a weekend and a holiday are shorter."""
_ASKED = "The running bot asks by itself; `python -m bot ingest --source all` asks at once."
_UNREACHABLE = "Check this machine's network. The running bot asks again by itself, and no day is left out."


class Source(Protocol):
    """A live source."""

    @property
    def name(self) -> str:
        """Its short name, which papers keep."""

    @property
    def credit(self) -> Credit:
        """Whose papers these are. What the source calls itself comes before this name."""

    def wanted(self, read: Mapping[date, Reading], now: datetime) -> list[date]:
        """Return the days to ask for now, in the order to ask."""

    def closes(self, day: date) -> datetime:
        """Return when the list of a day is complete."""

    async def fetch(self, day: date, known: Validators) -> Fetched | Unchanged | Problem:
        """Ask for one day. Never raises for what the other side does."""


@dataclass
class _Trouble:
    """How a source has failed of late."""

    failures: int = 0
    until: datetime | None = None


class Refresh:
    """Reads the sources. One that fails is left alone for a while; the others go on."""

    def __init__(self, sources: Sequence[Source], library: Library, readings: Readings) -> None:
        """Read these sources into the library."""
        self.sources = tuple(sources)
        self._library = library
        self._readings = readings
        self._trouble = {source.name: _Trouble() for source in self.sources}
        self._turn = asyncio.Lock()

    async def once(self, now: datetime, only: str | None = None, *, patient: bool = False) -> dict[str, Report]:
        """Ask every source for what it is time to ask for, and return what came of each.

        `only` names one source; `patient` asks it even if it failed a moment ago.
        """
        async with self._turn:
            chosen = [source for source in self.sources if only in {None, source.name}]
            reports = await asyncio.gather(*(self._read(source, now, patient=patient) for source in chosen))
        return {source.name: report for source, report in zip(chosen, reports, strict=True)}

    async def _read(self, source: Source, now: datetime, *, patient: bool) -> Report:
        trouble = self._trouble[source.name]
        if trouble.until and now < trouble.until and not patient:
            return Report()
        report = Report()
        try:
            read = await self._readings.of(source.name)
            for day in source.wanted(read, now):
                known = read[day].validators if day in read and read[day].read_at else Fetched().validators
                found = await self._ask(source, day, known)
                if isinstance(found, Problem):
                    return report + await self._failed(source, day, found, now)
                report += await self._take_in(source, day, found, read.get(day), now)
        except Exception:
            # A mistake in one source must not stop the others.
            log.exception("source failed source=%s", source.name)
            return report + self._pause(source, Problem("An error of my own."), now)
        self._trouble[source.name] = _Trouble()
        return report

    async def _ask(self, source: Source, day: date, known: Validators) -> Fetched | Unchanged | Problem:
        try:
            async with asyncio.timeout(PATIENCE):
                found = await source.fetch(day, known)
        except TimeoutError:
            return Problem(f"{source.name} took longer than {PATIENCE:.0f} seconds for {day}")
        if isinstance(found, Batch) and found.rejected and not found.papers:
            return Problem(f"{source.name} sent nothing that can be read: {found.rejected[0].why}")
        return found

    async def _take_in(
        self, source: Source, day: date, found: Fetched | Unchanged, before: Reading | None, now: datetime
    ) -> Report:
        if isinstance(found, Unchanged):
            count, validators = (before.papers, before.validators) if before else (0, Fetched().validators)
            await self._readings.keep(source.name, Reading(day, now, count, "", validators))
            return Report()
        report = await self._library.take_in(found, now)
        for rejection in found.rejected[:20]:
            log.info("record refused where=%s why=%s", rejection.where, rejection.why)
        # Only now: a crash before this asks for the day again, which adds nothing twice.
        await self._readings.keep(source.name, Reading(day, now, len(found.papers), "", found.validators))
        if found.title:
            await self._readings.entitle(source.credit.url, source.name, found.title)
        if report.added:
            log.info("papers came source=%s day=%s added=%d updated=%d", source.name, day, report.added, report.updated)
        return report

    async def _failed(self, source: Source, day: date, problem: Problem, now: datetime) -> Report:
        await self._readings.keep(source.name, Reading(day, None, 0, problem.message))
        return self._pause(source, problem, now)

    def _pause(self, source: Source, problem: Problem, now: datetime) -> Report:
        trouble = self._trouble[source.name]
        pause = min(FIRST_PAUSE * 2**trouble.failures, LONGEST_PAUSE)
        trouble.until = max(now + pause, problem.until) if isinstance(problem, Later) else now + pause
        # One warning for an outage, however long it lasts.
        level = logging.DEBUG if trouble.failures else logging.WARNING
        log.log(level, "source failed source=%s until=%s why=%s", source.name, trouble.until, problem.message)
        trouble.failures = min(trouble.failures + 1, 12)
        return Report(rejected=(Rejection(source.name, problem.message),), refused=1)

    async def complete(self, now: datetime) -> tuple[bool, str]:
        """Say whether every list that is closed by now was read since it closed, and if not, what is missing."""
        for source in self.sources:
            read = await self._readings.of(source.name)
            # A day that nobody has asked for yet is in no reading: right after its list closed, or after a sleep.
            for day in sorted({*read, *source.wanted(read, now)}, reverse=True)[:5]:
                read_at, closes = (read[day].read_at if day in read else None), source.closes(day)
                if closes <= now and (read_at is None or read_at < closes):
                    return False, f"{source.name} has not given its list of {day} yet"
        return True, ""

    async def credits(self) -> list[Credit]:
        """Return whose papers are read, each source by the name that it gives itself where it does."""
        titles = [await self._readings.title(source.credit.url, source.name) for source in self.sources]
        own = [source.credit for source in self.sources]
        return [replace(credit, name=title or credit.name) for credit, title in zip(own, titles, strict=True)]

    async def alive(self) -> bool:
        """Say whether any source was ever read: where none can be reached, the bot lives on its files."""
        for source in self.sources:
            if any(reading.read_at for reading in (await self._readings.of(source.name)).values()):
                return True
        return False

    async def look(self, now: datetime) -> list[Check]:
        """Return how each source is, for the doctor."""
        return [await self._look(source, now) for source in self.sources]

    async def _look(self, source: Source, now: datetime) -> Check:
        read = await self._readings.of(source.name)
        name = f"source {source.name}"
        done = [one for one in read.values() if one.read_at]
        newest = max((one.read_at for one in done if one.read_at), default=None)
        failing = next((one.detail for one in reversed(read.values()) if one.detail), "")
        if newest is None:
            return Check(name, "warn", f"never read yet. {failing}".strip(), _UNREACHABLE if failing else _ASKED)
        said = f"last read {newest:%Y-%m-%d %H:%M} UTC, {sum(one.papers for one in done):,} papers in {len(done)} days"
        if failing:
            return Check(name, "warn", f"{said}. {failing}", _UNREACHABLE)
        if now - newest > STALE:
            return Check(name, "warn", said, _ASKED)
        return Check(name, "ok", said)
