"""Which days of a source are worth asking for: none is left out, none is asked for without need."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.calendar import (
    VOTES,
    Reading,
    arxiv_days,
    arxiv_window,
    huggingface_closes,
    huggingface_days,
    is_working_day,
)

WEDNESDAY = date(2026, 6, 3)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def test_a_new_source_is_read_back_over_a_week_newest_first_without_weekends() -> None:
    assert huggingface_days({}, noon(WEDNESDAY)) == [
        date(2026, 6, 3),
        date(2026, 6, 2),
        date(2026, 6, 1),
        date(2026, 5, 29),
        date(2026, 5, 28),
        date(2026, 5, 27),
    ]


def test_an_open_list_is_read_every_two_hours_and_once_more_when_it_has_closed() -> None:
    read = {WEDNESDAY: Reading(WEDNESDAY, noon(WEDNESDAY))}
    assert huggingface_days(read, noon(WEDNESDAY) + timedelta(hours=1)) == []
    assert huggingface_days(read, noon(WEDNESDAY) + timedelta(hours=2)) == [WEDNESDAY]
    closed = huggingface_closes(WEDNESDAY)
    read = {WEDNESDAY: Reading(WEDNESDAY, closed - timedelta(minutes=10))}
    assert huggingface_days(read, closed - timedelta(minutes=1))[-1:] == [WEDNESDAY + timedelta(days=1)]
    assert WEDNESDAY in huggingface_days(read, closed)


@given(st.lists(st.integers(1, 90), min_size=1, max_size=60))
def test_however_rarely_the_bot_looks_every_working_day_is_read_after_its_votes_settled(hours: list[int]) -> None:
    read, now = dict[date, Reading](), noon(WEDNESDAY)
    for step in hours:
        for day in huggingface_days(read, now):
            read[day] = Reading(day, now)
        now += timedelta(hours=step)
    end = now + VOTES + timedelta(days=6)
    for day in huggingface_days(read, end):
        read[day] = Reading(day, end)
    for number in range((now.date() - WEDNESDAY).days + 1):
        day = WEDNESDAY + timedelta(days=number)
        if is_working_day(day):
            last = read[day].read_at
            assert last is not None
            assert last >= huggingface_closes(day) + VOTES


def test_arxiv_is_asked_once_a_day_when_its_list_is_there() -> None:
    early, late = datetime(2026, 6, 3, 4, 0, tzinfo=UTC), datetime(2026, 6, 3, 4, 30, tzinfo=UTC)
    read = {date(2026, 6, 2): Reading(date(2026, 6, 2), early)}
    assert arxiv_days(read, early) == []
    assert arxiv_days(read, late) == [WEDNESDAY]
    read[WEDNESDAY] = Reading(WEDNESDAY, None, detail="no answer")
    assert arxiv_days(read, late) == [WEDNESDAY]
    read[WEDNESDAY] = Reading(WEDNESDAY, late)
    assert arxiv_days(read, late + timedelta(hours=20)) == []


@pytest.mark.parametrize(
    ("day", "start", "end"),
    [
        (date(2026, 6, 3), "2026-06-01T18:00", "2026-06-02T18:00"),  # Wednesday: Monday 14:00 to Tuesday 14:00
        (date(2026, 6, 2), "2026-05-29T18:00", "2026-06-01T18:00"),  # Tuesday: over the weekend
        (date(2026, 6, 1), "2026-05-28T18:00", "2026-05-29T18:00"),  # Monday: Thursday to Friday
        (date(2026, 1, 7), "2026-01-05T19:00", "2026-01-06T19:00"),  # in winter New York is five hours behind
    ],
)
def test_the_papers_of_an_arxiv_list_were_submitted_until_two_in_the_afternoon(day: date, start: str, end: str) -> None:
    assert [moment.isoformat()[:16] for moment in arxiv_window(day)] == [start, end]


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)).filter(is_working_day))
def test_the_windows_of_successive_lists_join(day: date) -> None:
    following = day + timedelta(days=1 if day.weekday() < 4 else 3)
    assert arxiv_window(day)[1] == arxiv_window(following)[0]
