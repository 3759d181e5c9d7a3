"""The year 2028, 29 February and all changes of clocks in it: one roundup for each chosen local day, in every zone.

What is expected is counted by another way than the bot's: by walking through the year in UTC and looking at each
zone's clock on the wall. The rules live through the whole year; rules and database together through the days around
each change of a clock, and, when asked for by `pytest -m year`, through the year. The bot is started anew every day.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from bot.core.roundup import Schedule, due
from tests.unit.test_roundups import Channels, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START, END = datetime(2028, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)
AT = time(2, 30)
"""In the hour that is left out where clocks go forward at two, and comes twice where they go back at three."""
QUARTER = timedelta(minutes=15)
DAILY, MON_WED_FRI, WEEKEND = frozenset(range(7)), frozenset({0, 2, 4}), frozenset({5, 6})


class Plan(NamedTuple):
    """A zone and its weekdays, and in how many days of 2028 (UTC) its time comes."""

    zone: str
    days: frozenset[int]
    posts: int


PLANS = (
    Plan("UTC", DAILY, 366),
    Plan("Europe/Berlin", DAILY, 366),
    Plan("Europe/Berlin", MON_WED_FRI, 156),
    Plan("America/New_York", DAILY, 366),
    Plan("America/New_York", WEEKEND, 106),
    Plan("America/Santiago", DAILY, 366),
    Plan("Africa/Casablanca", DAILY, 366),
    Plan("Africa/Casablanca", frozenset({6}), 53),
    Plan("Asia/Kathmandu", DAILY, 366),
    Plan("Australia/Lord_Howe", DAILY, 366),
    Plan("Australia/Lord_Howe", WEEKEND, 105),
    Plan("Pacific/Apia", DAILY, 366),
)


@cache
def walked(zone: str) -> dict[date, datetime]:
    """Return the moment of each local day at which the clock on the wall first shows half past two or later."""
    first: dict[date, datetime] = {}
    moment = START - timedelta(days=2)
    while moment <= END:
        wall = moment.astimezone(ZoneInfo(zone))
        if wall.time() >= AT:
            first.setdefault(wall.date(), moment)
        moment += QUARTER
    return first


def expected(plan: Plan, start: datetime, end: datetime) -> list[date]:
    """Return the chosen local days whose time comes in [start, end)."""
    return [day for day, moment in walked(plan.zone).items() if start <= moment < end and day.weekday() in plan.days]


def changes() -> Iterator[datetime]:
    """Yield the midnight (UTC) before each day on which a clock changes, and the one before 29 February."""
    found = {datetime(2028, 2, 29, tzinfo=UTC)}
    for zone in {plan.zone for plan in PLANS}:
        for number in range(366):
            day = START + timedelta(days=number)
            before, after = (moment.astimezone(ZoneInfo(zone)).utcoffset() for moment in (day, day + timedelta(days=1)))
            if before != after:
                found.add(day)
    return iter(sorted(found))


def schedule(plan: Plan, channel: int, since: datetime) -> Schedule:
    return Schedule(0, 1, channel, 1, AT, plan.zone, plan.days, 1, "", paused=False, note="", since=since)


def test_clocks_change_in_each_zone_that_has_summer_time_and_one_changes_by_half_an_hour() -> None:
    assert len(list(changes())) >= 10
    wall = [datetime(2028, month, 1, tzinfo=UTC).astimezone(ZoneInfo("Australia/Lord_Howe")) for month in (1, 7)]
    assert [moment.utcoffset() for moment in wall] == [timedelta(hours=11), timedelta(hours=10, minutes=30)]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: f"{plan.zone} on {len(plan.days)}")
def test_the_rules_give_each_chosen_local_day_of_the_year_once(plan: Plan) -> None:
    made, fired, now = schedule(plan, 1, START), list[date](), START
    while now < END:
        owed = due(made, fired[-1] if fired else None, now)
        assert owed.missed == ()
        fired += [owed.slot] if owed.slot else []
        now += timedelta(minutes=30)
    assert fired == expected(plan, START, END)
    assert len(fired) == len(set(fired)) == plan.posts


async def live(file: Path, start: datetime, end: datetime, step: timedelta) -> Channels:
    """Let every plan have a channel, look every `step`, and start anew each day at some time of it."""
    channels, chance = Channels(), random.Random(start.isoformat())
    async with running(file, papers=400) as first:
        for number, plan in enumerate(PLANS):
            await first.store.save(schedule(plan, number, start))
    now = start
    while now < end:
        restart = min(now + timedelta(hours=chance.uniform(18, 30)), end)
        async with running(file) as roundups:
            await roundups.reconcile(now, channels)
            while now < restart:
                await roundups.deliver_due(now, channels)
                now += step
    async with running(file) as roundups:
        await roundups.deliver_due(end - timedelta(seconds=1), channels)
    return channels


def check(channels: Channels, start: datetime, end: datetime) -> None:
    for number, plan in enumerate(PLANS):
        posted = [date.fromisoformat(sent.slot) for sent in channels.messages if sent.schedule.channel_id == number]
        assert posted == expected(plan, start, end), plan
        shown = Counter(channels.shown(number))
        assert (len(shown), set(shown.values()) | {1}) == (len(posted), {1})


async def test_around_each_change_of_a_clock_every_zone_is_sent_its_days_across_restarts(tmp_path: Path) -> None:
    for number, day in enumerate(changes()):
        start, end = day - timedelta(days=1), day + timedelta(days=2)
        check(await live(tmp_path / f"{number}.db", start, end, timedelta(minutes=90)), start, end)


@pytest.mark.year
async def test_the_whole_year_with_a_start_every_day_sends_every_zone_its_days(tmp_path: Path) -> None:
    channels = await live(tmp_path / "year.db", START, END, timedelta(minutes=15))
    check(channels, START, END)
    counts = Counter(PLANS[sent.schedule.channel_id] for sent in channels.messages)
    assert counts == {plan: plan.posts for plan in PLANS}
