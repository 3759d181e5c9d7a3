"""Days, months and years as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.day import days


@pytest.mark.parametrize(
    ("raw", "first", "last"),
    [
        ("2024-05-01", date(2024, 5, 1), date(2024, 5, 1)),
        (" 2024-5-1 ", date(2024, 5, 1), date(2024, 5, 1)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("9999", date(9999, 1, 1), date(9999, 12, 31)),
    ],
)
def test_a_day_a_month_and_a_year_are_days(raw: str, first: date, last: date) -> None:
    assert days(raw) == (first, last)


@pytest.mark.parametrize(
    "raw", ["", "-", "yesterday", "2024-13", "2024-02-30", "20240501", "2024-05-01-01", "٢٠٢٤", "0", "9" * 99]
)
def test_anything_else_is_none(raw: str) -> None:
    assert days(raw) is None


@given(st.dates())
def test_every_day_is_read_back(day: date) -> None:
    assert days(day.isoformat()) == (day, day)


@given(st.one_of(st.text(max_size=12), st.text("0123456789-", max_size=12)))
def test_any_text_is_days_or_none(raw: str) -> None:
    found = days(raw)
    assert found is None or found[0] <= found[1]
