"""When a roundup is due, in every zone and on every odd day of the calendar."""

from __future__ import annotations

import dataclasses
import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.roundup import (
    Due,
    Schedule,
    due,
    instant,
    latest_slot,
    next_slot,
    parse_days,
    parse_time,
    select,
    show_days,
)

DAILY = frozenset(range(7))
ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Australia/Lord_Howe"]
MOMENTS = st.integers(0, 30 * 365 * 24 * 60).map(lambda n: datetime(2005, 1, 1, tzinfo=UTC) + timedelta(minutes=n))
DAYS = st.frozensets(st.integers(0, 6), min_size=1)
TIMES = st.times().map(lambda t: t.replace(second=0, microsecond=0, tzinfo=None))


def schedule(at: time, zone: str, days: frozenset[int] = DAILY, since: datetime | None = None) -> Schedule:
    began = since or datetime(2000, 1, 1, tzinfo=UTC)
    return Schedule(1, 1, 1, 1, at, zone, days, 3, "", paused=False, note="", since=began)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("day", "at", "zone", "moment"),
    [
        (date(2024, 3, 31), time(2, 30), "Europe/Berlin", utc(2024, 3, 31, 1, 30)),  # the hour that is skipped
        (date(2024, 10, 27), time(2, 30), "Europe/Berlin", utc(2024, 10, 27, 0, 30)),  # the first of two
        (date(2024, 2, 29), time(9), "America/New_York", utc(2024, 2, 29, 14)),
        (date(2024, 5, 1), time(0), "Asia/Kathmandu", utc(2024, 4, 30, 18, 15)),
        (date(2024, 5, 1), time(8), "Pacific/Apia", utc(2024, 4, 30, 19)),
    ],
)
def test_a_local_time_is_one_moment(day: date, at: time, zone: str, moment: datetime) -> None:
    assert instant(day, at, zone) == moment
    assert latest_slot(at, zone, DAILY, moment) == day
    assert latest_slot(at, zone, DAILY, moment - timedelta(seconds=1)) == day - timedelta(days=1)
    assert next_slot(at, zone, DAILY, moment - timedelta(seconds=1)) == moment
    assert next_slot(at, zone, DAILY, moment) == instant(day + timedelta(days=1), at, zone)


def test_the_second_pass_of_a_repeated_hour_is_still_the_same_slot() -> None:
    assert latest_slot(time(2, 30), "Europe/Berlin", DAILY, utc(2024, 10, 27, 1, 30)) == date(2024, 10, 27)


def test_the_day_that_apia_left_out_moves_to_the_next_morning() -> None:
    before, after = utc(2011, 12, 30, 9, 59), utc(2011, 12, 30, 19)
    assert before.astimezone(ZoneInfo("Pacific/Apia")).date() == date(2011, 12, 29)
    assert latest_slot(time(9), "Pacific/Apia", DAILY, before) == date(2011, 12, 29)
    assert latest_slot(time(9), "Pacific/Apia", DAILY, after) == date(2011, 12, 31)
    assert latest_slot(time(9), "Pacific/Apia", {4}, after) == date(2011, 12, 30)


def test_only_wanted_weekdays_are_slots() -> None:
    friday_noon = utc(2024, 5, 3, 12)
    assert latest_slot(time(9), "UTC", {0}, friday_noon) == date(2024, 4, 29)
    assert next_slot(time(9), "UTC", {0}, friday_noon) == utc(2024, 5, 6, 9)
    assert latest_slot(time(13), "UTC", {4}, friday_noon) == date(2024, 4, 26)
    assert next_slot(time(9), "UTC", {4}, friday_noon) == utc(2024, 5, 10, 9)
    assert latest_slot(time(9), "UTC", (), friday_noon) is None
    assert next_slot(time(9), "UTC", (), friday_noon) is None


@given(TIMES, st.sampled_from([*ZONES, "UTC", "America/Nuuk", "Africa/Cairo"]), DAYS, MOMENTS)
def test_latest_and_next_slot_enclose_now(at: time, zone: str, days: frozenset[int], now: datetime) -> None:
    latest, following = latest_slot(at, zone, days, now), next_slot(at, zone, days, now)
    assert latest is not None
    assert following is not None
    assert instant(latest, at, zone) <= now < following
    assert latest.weekday() in days
    between = [latest + timedelta(days=n) for n in range(1, 9)]
    first = next(day for day in between if day.weekday() in days and instant(day, at, zone) > now)
    assert following == instant(first, at, zone)


def test_a_schedule_posts_only_from_its_beginning_on() -> None:
    late = schedule(time(9), "UTC", since=utc(2024, 5, 3, 9, 1))
    assert due(late, None, utc(2024, 5, 3, 12)) == Due(None)
    assert due(late, None, utc(2024, 5, 4, 9)) == Due(date(2024, 5, 4))
    on_time = schedule(time(9), "UTC", since=utc(2024, 5, 3, 9))
    assert due(on_time, None, utc(2024, 5, 3, 9)) == Due(date(2024, 5, 3))


def test_a_slot_dealt_with_is_not_due_again_and_only_the_newest_is_posted() -> None:
    daily = schedule(time(9), "UTC")
    assert due(daily, date(2024, 5, 3), utc(2024, 5, 3, 23, 59)) == Due(None)
    missed = (date(2024, 5, 4), date(2024, 5, 5))
    assert due(daily, date(2024, 5, 3), utc(2024, 5, 6, 9)) == Due(date(2024, 5, 6), missed)
    assert due(daily, date(2024, 5, 10), utc(2024, 5, 3, 9)) == Due(None)  # the clock went back


def test_late_posts_have_their_grace() -> None:
    late = schedule(time(9), "UTC")
    assert due(late, date(2024, 5, 3), utc(2024, 5, 4, 21)) == Due(date(2024, 5, 4))
    assert due(late, date(2024, 5, 3), utc(2024, 5, 4, 21, 1)) == Due(None, (date(2024, 5, 4),))
    merged = dataclasses.replace(late, missed="merge")
    assert due(merged, date(2024, 5, 3), utc(2024, 5, 4, 9, 30)) == Due(date(2024, 5, 4))
    assert due(merged, date(2024, 5, 3), utc(2024, 5, 4, 9, 31)) == Due(None, (date(2024, 5, 4),))


def test_a_paused_schedule_is_never_due() -> None:
    paused = Schedule(1, 1, 1, 1, time(9), "UTC", DAILY, 3, "", paused=True, note="", since=utc(2000, 1, 1))
    assert due(paused, None, utc(2024, 5, 3, 12)) == Due(None)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ZONES), TIMES, DAYS, st.sampled_from(["late", "merge"]), st.integers(0, 10**6))
def test_every_wanted_day_is_posted_or_missed_and_none_is_both(
    zone: str, at: time, days: frozenset[int], missed: str, seed: int
) -> None:
    start, end = utc(2024, 1, 1), utc(2024, 6, 1)
    plan, steps = dataclasses.replace(schedule(at, zone, days, since=start), missed=missed), random.Random(seed)
    posted, skipped, now = list[date](), list[date](), start
    while now < end:
        owed = due(plan, max([*posted, *skipped], default=None), now)
        skipped += owed.missed
        posted += [owed.slot] if owed.slot else []
        now += timedelta(minutes=steps.choice([1, 60, 600, 3000, 20_000]))
    dealt_with = sorted(posted + skipped)
    assert dealt_with == wanted(plan, start, end)[: len(dealt_with)]
    assert len(set(dealt_with)) == len(dealt_with)


def walk(plan: Schedule, start: datetime, end: datetime, longest_step: int, seed: int) -> list[date]:
    """Tick in random steps of at most that many minutes, and return the days that fired."""
    steps, fired, now = random.Random(seed), list[date](), start
    while now < end:
        slot = due(plan, fired[-1] if fired else None, now).slot
        if slot:
            fired.append(slot)
        now += timedelta(minutes=steps.randint(1, longest_step))
    return fired


def wanted(plan: Schedule, start: datetime, end: datetime) -> list[date]:
    days = [start.date() + timedelta(days=n) for n in range(-1, (end - start).days + 2)]
    return [d for d in days if d.weekday() in plan.days and start <= instant(d, plan.at, plan.zone) < end]


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(ZONES), TIMES, DAYS, st.integers(0, 10**6))
def test_a_year_in_random_steps_fires_each_wanted_day_once(
    zone: str, at: time, days: frozenset[int], seed: int
) -> None:
    start, end = utc(2024, 1, 1), utc(2025, 1, 2)
    plan = schedule(at, zone, days, since=start)
    fired = walk(plan, start, end + timedelta(days=1), 11 * 60, seed)
    assert fired[: len(wanted(plan, start, end))] == wanted(plan, start, end)
    assert len(set(fired)) == len(fired)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("month", "day"), [(3, 30), (3, 9), (10, 26), (11, 2), (2, 28), (4, 6), (10, 5)])
@pytest.mark.parametrize("at", [time(0), time(2), time(2, 30)])
def test_minute_by_minute_across_changes_fires_each_day_on_its_minute(
    zone: str, month: int, day: int, at: time
) -> None:
    start, end = utc(2024, month, day), utc(2024, month, day) + timedelta(days=3)
    plan = schedule(at, zone, since=start)
    fired, now = list[date](), start
    while now < end:
        slot = due(plan, fired[-1] if fired else None, now).slot
        if slot:
            fired.append(slot)
            assert now == instant(slot, at, zone)
        now += timedelta(minutes=1)
    assert fired == wanted(plan, start, end)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("9", time(9)),
        ("09:30", time(9, 30)),
        ("9.30", time(9, 30)),
        (" 23:59 ", time(23, 59)),
        ("0:00", time(0)),
        ("9am", time(9)),
        ("9:30 PM", time(21, 30)),
        ("12am", time(0)),
        ("12 pm", time(12)),
        *[(bad, None) for bad in ["", "24", "9:60", "9:5", "0am", "13pm", "am", "9:30:15", "1 2", "-1", "+9", "９"]],
        *[(bad, None) for bad in ["9h", "noon", "0x9", "1e1", "²", "٣", "9:٣٠", "9\x00", "1" * 5000, "@everyone"]],
    ],
)
def test_parse_time(written: str, read: time | None) -> None:
    assert parse_time(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("daily", DAILY),
        (" Every Day ", DAILY),
        ("weekdays", frozenset(range(5))),
        ("weekend", frozenset({5, 6})),
        ("Mon,Wed,Fri", frozenset({0, 2, 4})),
        ("monday tues and SUN", frozenset({0, 1, 6})),
        ("mon-fri", frozenset(range(5))),
        ("sat-mon", frozenset({5, 6, 0})),
        ("sun-sun", frozenset({6})),
        ("mon, mon", frozenset({0})),
        *[(bad, None) for bad in ["", ",", "mo", "someday", "mon-", "-fri", "mon--fri", "mon-fri-sun", "1-5"]],
        *[(bad, None) for bad in ["mondays", "mon;drop", "mon\x00", "İ", "monx" * 5000, "@everyone"]],
    ],
)
def test_parse_days(written: str, read: frozenset[int] | None) -> None:
    assert parse_days(written) == read


@given(st.text())
def test_any_text_is_a_time_or_unclear_and_never_an_error(written: str) -> None:
    assert isinstance(parse_time(written), time | None)
    assert parse_days(written) is None or parse_days(written) <= DAILY  # type: ignore[operator]


@given(TIMES)
def test_a_time_reads_back(at: time) -> None:
    assert parse_time(at.isoformat("minutes")) == parse_time(at.strftime("%I:%M %p")) == at


@given(DAYS)
def test_days_in_words_read_back(days: frozenset[int]) -> None:
    assert parse_days(show_days(days)) == days


@given(
    st.lists(st.sampled_from("abcdef")),
    st.lists(st.sampled_from("abcdefgh")),
    st.frozensets(st.sampled_from("abch")),
    st.integers(0, 5),
)
def test_the_fresh_are_chosen_topic_first_and_none_twice(
    ranked: list[str], rest: list[str], shown: frozenset[str], size: int
) -> None:
    chosen = select(ranked, rest, shown, size)
    fresh = (set(ranked) | set(rest)) - shown
    assert len(chosen) == len(set(chosen)) == min(size, len(fresh))
    assert set(chosen) <= fresh
    on_topic = [paper in ranked for paper in chosen]
    assert on_topic == sorted(on_topic, reverse=True)
