"""The roundup's rules: when a schedule is due, and which papers it shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.core.receipt import NEXT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MAX_PAPERS = 10
"""Most papers in one roundup: a message holds 4,000 characters of text."""
GRACE = {"late": timedelta(hours=12), "merge": timedelta(minutes=30)}
"""How late a post may still go out, by what the admin chose; later, its papers come with the next post."""

HOLD = timedelta(hours=3)
"""How long a post is held back, at most, while the day's list of its source has not been read."""
ASLEEP = f"I was not running then. {NEXT}"
STUMBLED = f"An error of mine kept me from it; my log tells which. {NEXT}"
HURRIED = f"Discord took too long over the posts of other channels. {NEXT}"
PAUSED = f"The roundup was paused before I could post it. {NEXT}"
CHANGED = f"`/roundup setup` took that day out before I could post it. {NEXT}"
"""Why a day was missed, in words for the admin."""
NONE_OPEN: Mapping[date, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Schedule:
    """When and what one channel is sent. `days` are weekdays, Monday 0; `since` is UTC."""

    id: int
    guild_id: int
    channel_id: int
    creator_id: int
    at: time
    zone: str
    days: frozenset[int]
    size: int
    topics: str
    paused: bool
    note: str
    since: datetime
    missed: str = "late"
    quiet: str = "line"


@dataclass(frozen=True, slots=True)
class Due:
    """What a schedule owes: the day to post now, if any, and days that are too late to be posted.

    `dropped` are days that were owed and are not any more, because the schedule was paused or changed.
    """

    slot: date | None
    missed: tuple[date, ...] = ()
    dropped: tuple[date, ...] = ()


def instant(day: date, at: time, zone: str) -> datetime:
    """Return the UTC moment of a local time.

    PEP 495 rules: in a gap the clock before the jump holds, in a repeated hour the first pass counts,
    so each local day has exactly one moment.
    """
    return datetime.combine(day, at, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def local_day(zone: str, now: datetime) -> date:
    """Return the day it is in a zone; in UTC where no clock knows the zone."""
    try:
        return now.astimezone(ZoneInfo(zone)).date()
    except ZoneInfoNotFoundError:
        return now.astimezone(UTC).date()


def latest_slot(at: time, zone: str, days: Iterable[int], now: datetime) -> date | None:
    """Return the newest local day whose moment has come, or None when no weekday is chosen."""
    wanted = frozenset(days)
    today = now.astimezone(ZoneInfo(zone)).date()
    for back in range(8):
        day = today - timedelta(days=back)
        if day.weekday() in wanted and instant(day, at, zone) <= now:
            return day
    return None


def next_slot(at: time, zone: str, days: Iterable[int], now: datetime, last: date | None = None) -> datetime | None:
    """Return the UTC moment of the next post after `now`, or None when no weekday is chosen.

    `last` is the newest local day already dealt with: it is not posted again, whatever the time.
    """
    wanted = frozenset(days)
    today = now.astimezone(ZoneInfo(zone)).date()
    for ahead in range(15):
        day = today + timedelta(days=ahead)
        if day.weekday() in wanted and (last is None or day > last) and instant(day, at, zone) > now:
            return instant(day, at, zone)
    return None


def due(schedule: Schedule, last: date | None, now: datetime, opened: Mapping[date, str] = NONE_OPEN) -> Due:
    """Return what is owed after `last`, the newest local day already dealt with, at `now`.

    Of several days only the newest may be posted, and only within its grace: never seven posts at once. `opened` are
    the days that were owed and not posted yet, each with its outcome, "waiting" or "held". They stay owed when the
    schedule is changed, unless the day is not chosen any more; one that is held is not late before that is over.
    """
    past = [day for day in sorted(opened) if instant(day, schedule.at, schedule.zone) <= now]
    if schedule.paused:
        return Due(None, dropped=tuple(past))
    days = sorted({*_open_days(schedule, last, now), *(day for day in past if _owed(schedule, last, day))})
    overtaken = [day for day in past if last and day <= last]
    dropped = tuple(day for day in past if day not in days and day not in overtaken)
    grace = GRACE[schedule.missed]
    if days and opened.get(days[-1]) == "held":
        grace = max(grace, HOLD + GRACE["merge"])
    if days and now - instant(days[-1], schedule.at, schedule.zone) <= grace:
        return Due(days[-1], (*overtaken, *days[:-1]), dropped)
    return Due(None, (*overtaken, *days), dropped)


def _owed(schedule: Schedule, last: date | None, day: date) -> bool:
    return day.weekday() in schedule.days and (last is None or day > last)


def _open_days(schedule: Schedule, last: date | None, now: datetime) -> Iterable[date]:
    """Yield the chosen days after `last` whose moment lies between the schedule's beginning and now."""
    zone = ZoneInfo(schedule.zone)
    first = schedule.since.astimezone(zone).date()
    day = max(first, last + timedelta(days=1)) if last else first
    today = now.astimezone(zone).date()
    while day <= today:
        if day.weekday() in schedule.days and schedule.since <= instant(day, schedule.at, schedule.zone) <= now:
            yield day
        day += timedelta(days=1)


def parse_days(text: str) -> frozenset[int] | None:
    """Read weekdays: "daily", "weekdays", "weekend", "Mon,Wed,Fri" or "mon-fri"; None if unclear."""
    folded = text.strip().lower()
    named = {
        "daily": range(7),
        "every day": range(7),
        "weekdays": range(5),
        "weekday": range(5),
        "weekend": (5, 6),
        "weekends": (5, 6),
    }
    if folded in named:
        return frozenset(named[folded])
    chosen: set[int] = set()
    for part in folded.replace(" and ", ",").replace(",", " ").replace(";", " ").split():
        first, dash, last = part.partition("-")
        start, end = _day_number(first), _day_number(last if dash else first)
        if start is None or end is None:
            return None
        chosen |= {(start + step) % 7 for step in range((end - start) % 7 + 1)}
    return frozenset(chosen) or None


def _day_number(name: str) -> int | None:
    return next((i for i, day in enumerate(DAY_NAMES) if len(name) > 2 and _FULL[i].startswith(name)), None)  # noqa: PLR2004


_FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def show_days(days: Iterable[int]) -> str:
    """Return weekdays in words: "every day", "weekdays" or "Mon, Wed"."""
    chosen = frozenset(days)
    if chosen == frozenset(range(7)):
        return "every day"
    if chosen == frozenset(range(5)):
        return "weekdays"
    return ", ".join(DAY_NAMES[day] for day in sorted(chosen))


def parse_time(text: str) -> time | None:
    """Read a time of day: "9", "09:30", "9.30", "9am", "9:30 pm"; None if unclear."""
    folded = text.strip().lower().replace(".", ":")
    half = folded[-2:] if folded.endswith(("am", "pm")) else ""
    hours, _, minutes = folded.removesuffix(half).rstrip().partition(":")
    if not (hours.isdecimal() and hours.isascii() and len(hours) <= 2):  # noqa: PLR2004
        return None
    if minutes and not (minutes.isdecimal() and minutes.isascii() and len(minutes) == 2):  # noqa: PLR2004
        return None
    hour = int(hours)
    if half and not 1 <= hour <= 12:  # noqa: PLR2004
        return None
    hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
    try:
        return time(hour, int(minutes or 0))
    except ValueError:
        return None


def select(ranked: Sequence[str], rest: Sequence[str], shown: frozenset[str], size: int) -> list[str]:
    """Return the ids to show: those that match the topic words first, then the others, none twice."""
    fresh = [paper for paper in dict.fromkeys([*ranked, *rest]) if paper not in shown]
    return fresh[:size]
