"""Refreshing: new papers from the live sources, day by day, none left out and none waited for."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from bot.core.calendar import Reading
from bot.core.checks import Check
from bot.core.fetched import Down, Fetched, Unchanged, Validators
from bot.core.paper import Problem, Rejection
from bot.services.report import Report
from bot.services.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from bot.core.credit import Credit
    from bot.services.library import Library
    from bot.storage.readings import Readings

log = logging.getLogger(__name__)
PATIENCE = 300.0
"""Seconds that a source may take for one day, its pages and waits included."""
IN_A_ROW = 3
"""Days that fail one after the other, after which the rest are left for another time."""
NO_PAPER = 3
"""Records without one paper among them that are another shape than is read, and no longer bad records."""
WAITED_FOR = timedelta(days=1)
"""How long a roundup waits for a list that was asked for in vain, from when it closed."""
STALE = timedelta(days=4)
"""Age of the last reading from which a source is worth a warning: a weekend and a holiday are shorter."""
_ASKED = "The running bot asks by itself; `python -m bot ingest --source all` asks at once."
_FAILED = (
    "If it cannot be reached, check this machine's network; if it answers oddly, its own page may say why. "
    "The running bot asks again by itself, and no day is left out."
)


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

    def closes(self, day: date) -> datetime | None:
        """Return when the list of a day is complete; None where there are no lists, and so nothing to wait for."""

    async def fetch(self, day: date, known: Validators) -> Fetched | Unchanged | Problem:
        """Ask for one day. Never raises for what the other side does."""


class Refresh:
    """Reads the sources. What fails is left alone for a while, a day or a source; the others go on."""

    def __init__(self, sources: Sequence[Source], library: Library, readings: Readings) -> None:
        """Read these sources into the library."""
        self.sources = tuple(sources)
        self._library = library
        self._readings = readings
        self._trouble = Trouble()
        self._turn = asyncio.Lock()

    async def once(self, now: datetime, only: str | None = None, *, patient: bool = False) -> dict[str, Report]:
        """Ask every source for what it is time to ask for, and return what came of each.

        `only` names one source; `patient` asks for what failed a moment ago too.
        """
        async with self._turn:
            chosen = [source for source in self.sources if only in {None, source.name}]
            reports = await asyncio.gather(*(self._read(source, now, patient=patient) for source in chosen))
        return {source.name: report for source, report in zip(chosen, reports, strict=True)}

    async def _read(self, source: Source, now: datetime, *, patient: bool) -> Report:
        if self._trouble.resting(source.name, now) and not patient:
            return Report()
        try:
            read = await self._readings.of(source.name)
            days = self._in_turn(source, read, now, patient=patient)
            if new := [day for day in days if day not in read]:
                await self._readings.want(source.name, new)
            return await self._read_days(source, days, read, now)
        except Exception:
            # A mistake in one source must not stop the others.
            log.exception("source failed source=%s", source.name)
            problem = Problem("an error of my own")
            self._trouble.failed(source.name, problem, now)
            return _refused(source.name, problem.message)

    def _in_turn(self, source: Source, read: Mapping[date, Reading], now: datetime, *, patient: bool) -> list[date]:
        """Return the days to ask for. Those that failed come last: they keep no other day from being read."""
        days = [(self._trouble.failures((source.name, day)), day) for day in source.wanted(read, now)]
        due = [one for one in days if patient or not self._trouble.resting((source.name, one[1]), now)]
        return [day for _, day in sorted(due, key=lambda one: one[0])]

    async def _read_days(
        self, source: Source, days: Sequence[date], read: Mapping[date, Reading], now: datetime
    ) -> Report:
        """Read the days one after the other, until the host itself fails."""
        report, failed, answered = Report(), list[Problem](), False
        for day in days:
            reading = read.get(day)
            found = await self._ask(source, day, reading.validators if reading and reading.read_at else Validators())
            if isinstance(found, Problem):
                await self._failed(source, day, found, now, alone=not failed)
                failed.append(found)
                report += _refused(f"{source.name} {day}", _why(source, day, found))
                if isinstance(found, Down) or len(failed) == IN_A_ROW:
                    break
                continue
            report += await self._take_in(source, day, found, reading, now)
            answered = True
            self._trouble.over((source.name, day))
            failed.clear()
        if answered:
            self._trouble.over(source.name)
        elif failed:
            self._trouble.failed(source.name, failed[-1], now)
        return report

    async def _ask(self, source: Source, day: date, known: Validators) -> Fetched | Unchanged | Problem:
        try:
            async with asyncio.timeout(PATIENCE):
                found = await source.fetch(day, known)
        except TimeoutError:
            return Down(f"it took longer than {PATIENCE:.0f} seconds")
        if isinstance(found, Fetched) and not (found.papers or found.revisions) and len(found.rejected) >= NO_PAPER:
            return Problem(f"nothing that can be read: {found.rejected[0].why}")
        return found

    async def _take_in(
        self, source: Source, day: date, found: Fetched | Unchanged, before: Reading | None, now: datetime
    ) -> Report:
        if isinstance(found, Unchanged):
            before = before or Reading(day, now)
            await self._readings.keep(source.name, replace(before, read_at=now, detail=""))
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

    async def _failed(self, source: Source, day: date, problem: Problem, now: datetime, *, alone: bool) -> None:
        why = _why(source, day, problem)
        await self._readings.keep(source.name, Reading(day, None, 0, why))
        # One warning for an outage, however long it lasts and however many days it takes.
        news = alone and not self._trouble.failures(source.name) and not self._trouble.failures((source.name, day))
        until = self._trouble.failed((source.name, day), problem, now)
        level = logging.WARNING if news else logging.DEBUG
        log.log(level, "source failed source=%s until=%s day=%s why=%s", source.name, until, day, why)

    async def complete(self, now: datetime) -> tuple[bool, str]:
        """Say whether every list that is closed by now was read since it closed, and if not, what is missing.

        One that was asked for in vain is waited for on the day it closed: no roundup of later days waits for it again.
        """
        for source in self.sources:
            read = await self._readings.of(source.name)
            # A day that nobody has asked for yet is in no reading: right after its list closed, or after a sleep.
            for day in sorted({*read, *source.wanted(read, now)}, reverse=True)[:5]:
                if _awaited(read.get(day), source.closes(day), now):
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
        title = await self._readings.title(source.credit.url, source.name)
        name = f"source {title or source.name}"
        done = [one for one in read.values() if one.read_at]
        newest = max((one.read_at for one in done if one.read_at), default=None)
        failing = next((f"{one.day}: {one.detail}" for one in reversed(read.values()) if one.detail), "")
        advice = _FAILED if failing else _ASKED
        if newest is None:
            return Check(name, "warn", f"never read yet. {failing}".strip(), advice)
        said = f"last read {newest:%Y-%m-%d %H:%M} UTC, {_count(sum(one.papers for one in done), 'paper')} in "
        said += _count(len(done), "day")
        if failing:
            return Check(name, "warn", f"{said}. {failing}", advice)
        return Check(name, "warn", said, _ASKED) if now - newest > STALE else Check(name, "ok", said)


def _awaited(reading: Reading | None, closes: datetime | None, now: datetime) -> bool:
    """Say whether a list is closed, was not read since, and is still worth waiting for."""
    if closes is None or closes > now or (reading and reading.read_at and reading.read_at >= closes):
        return False
    return now - closes < WAITED_FOR or not (reading and reading.detail)


def _refused(where: str, why: str) -> Report:
    return Report(rejected=(Rejection(where, why),), refused=1)


def _why(source: Source, day: date, problem: Problem) -> str:
    """Return what failed, to stand behind the names of the source and the day, and therefore without them."""
    said = problem.message
    # Not the name alone: a host begins with it too ("huggingface.co took too long").
    heads = (f"{source.name} {day}: ", f"{source.name} {day} ", f"{source.name}: ")
    return next((said.removeprefix(head) for head in heads if said.startswith(head)), said)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
