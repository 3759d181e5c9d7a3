"""When sources publish, and so which of their days are worth asking for now."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.core.fetched import Validators

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

BACK = 7
"""Days that a source is read back when it is new here."""
LONGEST_BACK = 90
"""Days that are caught up with at most after a long absence."""
FRESH = timedelta(hours=2)
"""How old what was read of an open list may be."""
VOTES = timedelta(days=3)
"""How long votes go on after a list has closed: it is read again until it was read after that."""
VOTES_EVERY = timedelta(hours=12)
SATURDAY = 5
EASTERN = ZoneInfo("America/New_York")


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a day of a source: when it was last read in full (UTC), None if never."""

    day: date
    read_at: datetime | None
    papers: int = 0
    detail: str = ""
    validators: Validators = field(default_factory=Validators)


def is_working_day(day: date) -> bool:
    """Say whether the day is from Monday to Friday: at weekends no source here publishes."""
    return day.weekday() < SATURDAY


def huggingface_closes(day: date) -> datetime:
    """Return when Hugging Face's list of a day is complete: lists were seen to end from 01:30 to 02:30 UTC after it."""
    return datetime.combine(day + timedelta(days=1), time(2, 30), UTC)


def arxiv_opens(day: date) -> datetime:
    """Return when arXiv's list of a day appears: at midnight in New York; it is complete at once."""
    return datetime.combine(day, time(0, 15), EASTERN).astimezone(UTC)


def arxiv_window(day: date) -> tuple[datetime, datetime]:
    """Return from when until when the papers of arXiv's list of a day were submitted (UTC).

    arXiv's schedule: what is submitted until 14:00 in New York on a working day is listed on the next one.
    """
    end = _working_day_before(day)
    return _cutoff(_working_day_before(end)), _cutoff(end)


def _cutoff(day: date) -> datetime:
    return datetime.combine(day, time(14), EASTERN).astimezone(UTC)


def _working_day_before(day: date) -> date:
    day -= timedelta(days=1)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def huggingface_days(read: Mapping[date, Reading], now: datetime) -> list[date]:
    """Return the days to ask Hugging Face for, the newest first."""
    return [day for day in _days(read, now.date()) if _wanted(day, read.get(day), now, huggingface_closes)]


def arxiv_days(read: Mapping[date, Reading], now: datetime) -> list[date]:
    """Return the days to ask arXiv for, the newest first: each once, when its list is there."""
    today = now.astimezone(EASTERN).date()
    missing = (day for day in _days(read, today) if arxiv_opens(day) <= now)
    return [day for day in missing if day not in read or read[day].read_at is None]


def _days(read: Mapping[date, Reading], today: date) -> Iterator[date]:
    """Yield the working days from today back to where reading began, so that none is left out."""
    first = max(min(read, default=today - timedelta(days=BACK)), today - timedelta(days=LONGEST_BACK))
    day = today
    while day >= first:
        if is_working_day(day):
            yield day
        day -= timedelta(days=1)


def _wanted(day: date, reading: Reading | None, now: datetime, closes: Callable[[date], datetime]) -> bool:
    if reading is None or reading.read_at is None:
        return True
    age = now - reading.read_at
    if reading.read_at < closes(day):
        return now >= closes(day) or age >= FRESH
    return reading.read_at < closes(day) + VOTES and age >= VOTES_EVERY
