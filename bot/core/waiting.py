"""How long to wait before asking a server again."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST: Final = 30 * 86_400.0
"""Seconds; a server that asks for more is taken to ask for this."""


def retry_after(value: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks to wait, from 0 to LONGEST; None if it says nothing.

    It holds seconds or an HTTP date (RFC 9110, section 10.2.3). `now` is aware; the server's own Date is best.
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:300]), LONGEST)
    try:
        moment = parsedate_to_datetime(value)
        if moment.tzinfo is None:  # "-0000": UTC, of unknown origin
            moment = moment.replace(tzinfo=UTC)
        return min(max((moment - now).total_seconds(), 0.0), LONGEST)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def http_date(value: str, otherwise: datetime) -> datetime:
    """Return the moment in a Date header, or `otherwise` (aware) if there is none to read."""
    try:
        moment = parsedate_to_datetime(value.strip())
    except (ValueError, TypeError, IndexError, OverflowError):
        return otherwise
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def back_off(attempt: int, first: float, longest: float, luck: float) -> float:
    """Return the seconds to wait after failure number `attempt` (0, 1, …): doubling from `first`, at most `longest`.

    `luck`, from 0 to 1, takes off up to half, so that many clients do not come back at once.
    """
    return min(first * 2.0 ** min(attempt, 60), longest) * (1 - luck / 2)
