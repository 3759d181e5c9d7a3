"""How long to wait, whatever a server says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.waiting import LONGEST, back_off, http_date, retry_after

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("9" * 5_000, LONGEST),
        (format_datetime(NOW + timedelta(minutes=2), usegmt=True), 120.0),
        ("Wed, 25 Nov 2026 07:02:00 -0500", 120.0),
        ("Wed, 25 Nov 2026 12:02:00 -0000", 120.0),
        ("Wed, 25 Nov 2026 11:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST),
        ("soon", None),
        ("", None),
        ("-1", None),
        ("²", None),
        ("1.5", None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@given(st.text() | st.from_regex(r"(Mon, )?\d{1,4} (Jan|Feb) \d{1,5} \d\d:\d\d:\d\d [+-]?\d{1,5}"))
def test_any_text_may_stand_there(value: str) -> None:
    assert 0 <= (retry_after(value, NOW) or 0) <= LONGEST
    assert http_date(value, NOW).tzinfo is not None


def test_a_date_that_is_missing_is_now() -> None:
    assert http_date("", NOW) == NOW
    assert http_date("Wed, 25 Nov 2026 11:00:00 GMT", NOW) == NOW - timedelta(hours=1)


@given(st.integers(0, 10_000), st.floats(0, 100), st.floats(0, 1_000), st.floats(0, 1))
def test_waits_double_up_to_the_longest(attempt: int, first: float, longest: float, luck: float) -> None:
    wait = back_off(attempt, first, longest, luck)
    assert 0 <= wait <= longest
    assert wait <= back_off(attempt + 1, first, longest, luck)
    assert back_off(attempt, first, longest, 1.0) == back_off(attempt, first, longest, 0.0) / 2
