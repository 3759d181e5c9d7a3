"""Days as people write them."""

from __future__ import annotations

import calendar
from datetime import date

HOW = "`2024-05-01`, `2024-05` or `2024`"
"""How to write a day, a month or a year."""


def days(raw: str) -> tuple[date, date] | None:
    """Return the first and the last day of a day, month or year, "2024-05-01", "2024-05" or "2024", else None."""
    parts = raw.strip().split("-")
    if len(parts) > 3 or not all(part.isdecimal() and part.isascii() for part in parts):  # noqa: PLR2004
        return None
    try:
        first = date(*(int(part) for part in [*parts, "1", "1"][:3]))
    except (ValueError, OverflowError):
        return None
    month = 12 if len(parts) == 1 else first.month
    last = calendar.monthrange(first.year, month)[1] if len(parts) < 3 else first.day  # noqa: PLR2004
    return first, date(first.year, month, last)
