"""A period: how far back from today people look."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum


class Period(StrEnum):
    """The last day, week or month."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def days(self) -> int:
        """Its length in days."""
        return {Period.DAY: 1, Period.WEEK: 7, Period.MONTH: 30}[self]

    def since(self, today: date) -> date:
        """Return its first day. That of a day is yesterday: today's lists are hardly begun."""
        return today - timedelta(days=self.days)


def reaching(day: date, today: date) -> Period | None:
    """Return the shortest period that reaches back to a day, None if none does."""
    return next((period for period in Period if period.since(today) <= day), None)
