"""Dates as people and programs write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Final

from bot.sources import fields

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMES: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_YEAR_FIRST: Final = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?!\d)")
_COMPACT: Final = re.compile(r"(\d{4})(\d\d)(\d\d)")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})([/.])(\d{1,2})\2(\d{4})")
_WORDS: Final = re.compile(r"\d+|[A-Za-z]+")
_FIRST, _LAST = 300_000_000, 5_000_000_000
"""Seconds since 1970 that are taken for a date: 1979 to 2128."""
_OLDEST, _LATEST = 1000, 2200
"""Years that are taken for one: others are slips."""


def read(value: object) -> date | str | None:
    """Return a day; the words for it where only the year or the month is told; None for what is no date.

    "03/04/2024" is either of two days: only its year is told.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _of_number(value)
    text = fields.text(value, 60)
    if found := _YEAR_FIRST.match(text):
        return _day(int(found[1]), int(found[2]), int(found[3]) if found[3] else None)
    if found := _COMPACT.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_FIRST.fullmatch(text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        return _day(year, second, first) if found[2] == "." else _either(first, second, year)
    return _of_words(_WORDS.findall(text.lower()))


def wrong(value: object) -> str:
    """Return what is wrong with what `read` takes for no date, in words that go on from it."""
    text = fields.text(str(value), 60)
    found = re.search(r"(?<!\d)\d{4}", text)
    year = int(found[0]) if found else _OLDEST
    # It is the year alone that is wrong, if with another one it were a date.
    if found and not _OLDEST <= year <= _LATEST and read(text.replace(found[0], "2000", 1)) is not None:
        return "lies too far in the future" if year > _LATEST else "lies too far back"
    return "is not YYYY-MM-DD"


def month_of(text: str) -> int | None:
    """Return the month of a name or number, 1 to 12, or None."""
    text = text.strip().lower()
    if text.isdecimal():
        return int(text) if 1 <= int(text[:4]) <= 12 else None  # noqa: PLR2004 - months
    return _MONTHS.index(text[:3]) + 1 if text[:3] in _MONTHS else None


def _of_number(value: float) -> date | str | None:
    for unit in (1, 1000):
        if _FIRST * unit <= value <= _LAST * unit:
            return datetime.fromtimestamp(value / unit, UTC).date()
    return _day(int(value)) if 1000 <= value < 10_000 and value == int(value) else None  # noqa: PLR2004 - a year


def _of_words(words: list[str]) -> date | str | None:
    """Read "12 May 2024", "May 12, 2024", "Mon, 12 May 2024 10:00:00 GMT", "May 2024", "2024"."""
    years = [int(word) for word in words if len(word) == 4 and word.isdecimal()]  # noqa: PLR2004 - digits of a year
    months = [number for word in words if word.isalpha() and (number := month_of(word))]
    days = [int(word) for word in words if len(word) <= 2 and word.isdecimal()]  # noqa: PLR2004 - digits of a day
    if not years or (not months and len(words) > 1):
        return None
    return _day(years[0], months[0] if months else None, days[0] if days and months else None)


def _day(year: int, month: int | None = None, day: int | None = None) -> date | str | None:
    if not _OLDEST <= year <= _LATEST or (month is not None and not 1 <= month <= 12):  # noqa: PLR2004 - months
        return None
    if month is None:
        return str(year)
    if day is None:
        return f"{_NAMES[month - 1]} {year}"
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _either(first: int, second: int, year: int) -> date | str | None:
    if first == second or second > 12:  # noqa: PLR2004 - months
        return _day(year, first, second)
    return _day(year, second, first) if first > 12 else _day(year)  # noqa: PLR2004
