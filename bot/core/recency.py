"""Recency: what "today" is among papers that came, how old each of them is, and which is newer."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from bot.core.arrival import Arrival

AHEAD: Final = timedelta(days=1)
"""How far a day may lie ahead: sources live in zones of their own, and some have tomorrow's already."""


def day_of(one: Arrival) -> date | None:
    """Return the day an arrival was listed on, None where it is not known or lies ahead of when it was told of.

    Feeds date entries to the issue that they will stand in, and files hold slips: such a day says nothing of now.
    """
    return one.day if one.day and one.day <= one.seen.date() + AHEAD else None


def latest(arrivals: Iterable[Arrival]) -> date | None:
    """Return the newest day among some: a Sunday makes no paper of Friday old."""
    return max(filter(None, map(day_of, arrivals)), default=None)


def age(one: Arrival, today: date | None) -> int:
    """Return the whole days since an arrival was listed, 0 where that is not known."""
    day = day_of(one)
    return max((today - day).days, 0) if today and day else 0


def newest_first(one: Arrival) -> int:
    """Return by what to sort for the newest to come first, and those without a day last."""
    day = day_of(one)
    return -day.toordinal() if day else 0
