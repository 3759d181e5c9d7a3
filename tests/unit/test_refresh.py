"""Refreshing: one day that fails keeps no other from being read, and no roundup waiting for good."""

from __future__ import annotations

import logging
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from bot.core.fetched import Later
from bot.core.paper import Problem
from bot.http import Client, Limits
from bot.services.library import Library
from bot.services.refresh import Refresh
from bot.services.trouble import LONGEST_PAUSE, Trouble
from bot.sources import files
from bot.sources.streams import HuggingFace
from bot.storage.database import open_database
from bot.storage.papers import Papers
from bot.storage.readings import Readings
from tests.unit.misbehaving import Clock, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

NAME = "huggingface"
FRIDAY = date(2026, 3, 6)
NOON = datetime(2026, 3, 6, 12, tzinfo=UTC)
DAYS = [FRIDAY - timedelta(days=back) for back in (0, 1, 2, 3, 4, 7)]
"""Friday and the working days back to where reading begins."""


def listed(day: date, **more: object) -> dict[str, Any]:
    paper = {"id": f"26{day:%m}.{day:%d}001", "title": f"Of {day}", "summary": "A made-up method.", **more}
    return {"paper": paper, "title": f"Of {day}"}


@dataclass
class Desk:
    """The bot beside a source that answers each day as it is told to; `asked` are the days, in order."""

    refresh: Refresh
    readings: Readings
    papers: Papers
    answers: dict[date, web.Response] = field(default_factory=dict)
    asked: list[date] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        day = date.fromisoformat(request.query["date"])
        self.asked.append(day)
        found = self.answers.get(day)
        if found is None:
            return web.json_response([listed(day)])
        return web.Response(status=found.status, body=found.body, content_type=found.content_type)

    async def live(self, begin: datetime, hours: float) -> dict[str, int]:
        """Look every ten minutes for some hours; return how often each day was asked for."""
        self.asked.clear()
        for number in range(round(hours * 6)):
            await self.refresh.once(begin + number * timedelta(minutes=10))
        return Counter(str(day) for day in self.asked)

    async def read(self) -> set[date]:
        return {day for day, reading in (await self.readings.of(NAME)).items() if reading.read_at}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with at(tmp_path) as made:
        yield made


@asynccontextmanager
async def at(folder: Path) -> AsyncIterator[Desk]:
    database = await open_database(folder / "c.db")
    papers, readings = Papers(database), Readings(database)
    desk: Desk | None = None

    async def answer(request: web.Request) -> web.Response:
        assert desk is not None
        return await desk.answer(request)

    async with serving(answer) as site, Client(private=[site.base], limits=Limits(), pace=Clock().pace()) as client:
        desk = Desk(Refresh([HuggingFace(client, site.base)], Library(papers, files.parts), readings), readings, papers)
        yield desk
    await database.close()


def shape(*records: object) -> web.Response:
    return web.json_response(list(records))


@pytest.mark.parametrize("broken", [DAYS[0], DAYS[2]])
@pytest.mark.parametrize(
    "answer",
    [
        web.Response(status=404),
        web.Response(status=500),
        web.Response(text="<!doctype html><title>Sorry</title>", content_type="text/html"),
        shape(*[{"article": {}}] * 3),
    ],
    ids=["404", "500", "page", "shape"],
)
async def test_a_day_that_keeps_failing_keeps_no_other_from_being_read(
    desk: Desk, broken: date, answer: web.Response, caplog: pytest.LogCaptureFixture
) -> None:
    desk.answers[broken] = answer
    asked = await desk.live(NOON, 6)
    assert await desk.read() == {*DAYS} - {broken}
    # The day itself is asked for less and less often, and today's open list as often as ever.
    assert asked[str(broken)] <= 8 * (3 if answer.status == 500 else 1)
    if broken != FRIDAY:
        assert asked[str(FRIDAY)] >= 3
    assert len([one for one in caplog.records if one.levelno >= logging.WARNING]) == 1
    desk.answers.clear()
    await desk.live(NOON + timedelta(hours=6), 8)
    assert await desk.read() == {*DAYS}
    assert await desk.papers.count() == len(DAYS)


async def test_a_host_that_is_down_is_asked_once_and_then_left_alone(desk: Desk) -> None:
    desk.answers |= dict.fromkeys(DAYS, web.Response(status=503))
    reports = await desk.refresh.once(NOON)
    [refused] = reports[NAME].rejected
    assert refused.where == f"{NAME} {FRIDAY}"
    assert refused.why.endswith("answered with HTTP 503")
    attempts = desk.asked.copy()
    assert {*attempts} == {FRIDAY}
    await desk.refresh.once(NOON + timedelta(minutes=4))
    assert desk.asked == attempts
    await desk.refresh.once(NOON + timedelta(minutes=4), patient=True)
    assert len(desk.asked) == 2 * len(attempts)


async def test_a_source_that_fails_day_after_day_is_not_asked_for_all_of_them(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.answers |= dict.fromkeys(DAYS, web.Response(status=404))
    for number, day in enumerate((DAYS[2], DAYS[5])):
        desk.asked.clear()
        await desk.refresh.once(NOON + number * timedelta(minutes=10))
        assert len(desk.asked) == 3
        # Those that were not asked for yet come first.
        assert desk.asked[2] == day
    assert len([one for one in caplog.records if one.levelno >= logging.WARNING]) == 1


async def test_one_bad_record_is_counted_and_its_day_is_read(desk: Desk) -> None:
    desk.answers[FRIDAY] = shape(listed(FRIDAY, title="") | {"title": ""})
    report = (await desk.refresh.once(NOON))[NAME]
    assert (report.read, report.added, report.refused) == (len(DAYS), len(DAYS) - 1, 0)
    assert [(one.where, one.why) for one in report.rejected] == [(f"{NAME} {FRIDAY}:1", "no title")]
    assert await desk.read() == {*DAYS}


async def test_a_list_that_stays_broken_holds_the_roundups_of_one_day_only(desk: Desk) -> None:
    desk.answers[FRIDAY] = web.Response(status=404)
    closed = datetime(2026, 3, 7, 2, 30, tzinfo=UTC)
    await desk.live(closed, 1)
    missing = f"{NAME} has not given its list of {FRIDAY} yet"
    assert await desk.refresh.complete(closed + timedelta(hours=2)) == (False, missing)
    assert await desk.refresh.complete(closed + timedelta(days=1)) == (True, "")
    assert await desk.refresh.complete(closed + timedelta(days=2)) == (True, "")


async def test_no_name_stands_twice_before_what_failed(desk: Desk) -> None:
    desk.answers[DAYS[0]] = web.Response(text="<html>", content_type="text/html")
    desk.answers[DAYS[2]] = shape(*[{"article": {}}] * 3)
    report = (await desk.refresh.once(NOON))[NAME]
    assert [(one.where, one.why) for one in report.rejected] == [
        (f"{NAME} {DAYS[0]}", "a web page, not JSON"),
        (f"{NAME} {DAYS[2]}", "nothing that can be read: no title"),
    ]


async def test_a_host_keeps_its_name_though_it_begins_with_the_sources(tmp_path: Path) -> None:
    database = await open_database(tmp_path / "c.db")
    async with Client(pace=Clock().pace(attempts=1)) as client:
        source = HuggingFace(client, "http://huggingface.invalid")
        refresh = Refresh([source], Library(Papers(database), files.parts), Readings(database))
        [refused] = (await refresh.once(NOON))[NAME].rejected
    await database.close()
    assert refused.why.startswith("huggingface.invalid ")


async def test_the_doctor_tells_what_fails_and_counts_in_words(desk: Desk) -> None:
    desk.answers |= dict.fromkeys(DAYS[1:], web.Response(status=404))
    await desk.refresh.once(NOON)
    [check] = await desk.refresh.look(NOON)
    assert check.name == "source huggingface"
    assert f"1 paper in 1 day. {DAYS[1]}: 127.0.0.1" in check.said
    assert check.said.endswith("answered with HTTP 404")
    assert check.cure.startswith("If it cannot be reached")


def test_pauses_double_up_to_a_bound_and_last_as_long_as_the_other_side_asks() -> None:
    trouble, pauses = Trouble(), list[timedelta]()
    for _ in range(40):
        pauses.append(trouble.failed("a", Problem("It failed."), NOON) - NOON)
    assert pauses[:3] == [timedelta(minutes=minutes) for minutes in (5, 10, 20)]
    assert pauses[-1] == LONGEST_PAUSE
    assert trouble.resting("a", NOON + LONGEST_PAUSE - timedelta(seconds=1))
    assert not trouble.resting("a", NOON + LONGEST_PAUSE)
    assert not trouble.resting("b", NOON)
    until = NOON + timedelta(days=1)
    assert trouble.failed("b", Later("Later.", until), NOON) == until
    trouble.over("a")
    assert (trouble.failures("a"), trouble.failures("b")) == (0, 1)
