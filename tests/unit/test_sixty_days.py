"""Sixty days of a live source that fails in every way: afterwards every paper is here once, with its last votes."""

from __future__ import annotations

import gzip
import json
import logging
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.core.calendar import is_working_day
from bot.http import Client, Limits
from bot.pace import Pace
from bot.services.library import Library
from bot.services.refresh import Refresh
from bot.sources import files
from bot.sources.streams import HuggingFace
from bot.storage.database import open_database
from bot.storage.papers import Papers
from bot.storage.readings import Readings
from tests.sources_server import Days, Listed, serving

if TYPE_CHECKING:
    from collections.abc import Iterable

ARCHIVE = Path(__file__).parents[3] / "shared" / "data" / "papers" / "hf_daily.jsonl.gz"
START = date(2026, 5, 4)


def made_up(days: int) -> list[Listed]:
    """Return a few papers for each working day, some of them listed on two days."""
    chance, found = random.Random(5), list[Listed]()
    for number in range(days):
        day = START + timedelta(days=number)
        for _ in range(chance.randint(2, 6) if is_working_day(day) else 0):
            key = f"26{day:%m}.{len(found):05}"
            text = " ".join(chance.choices(["graph", "token", "reward", "pixel", "proof", "speech"], k=30))
            found.append(Listed(day, key, f"Paper {key} on {text[:20]}", text, chance.randint(0, 200)))
    return found


def recorded(days: int) -> list[Listed]:
    """Return the last days of the archive."""
    with gzip.open(ARCHIVE, "rt", encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    last = max(date.fromisoformat(row["daily_date"]) for row in rows)
    kept = [row for row in rows if last - date.fromisoformat(row["daily_date"]) < timedelta(days=days)]
    return [
        Listed(date.fromisoformat(row["daily_date"]), row["id"], row["title"], row["summary"], row["upvotes"])
        for row in kept
    ]


async def live(papers: Iterable[Listed], folder: Path, caplog: pytest.LogCaptureFixture) -> Counter[str]:
    """Live through the days with a bot that looks every few hours and is away for a while; return warnings by text."""
    listed = list(papers)
    first, last = min(paper.day for paper in listed), max(paper.day for paper in listed)
    days, chance = Days(listed, trouble=0.25), random.Random(11)
    database = await open_database(folder / "c.db")
    stored = Papers(database)
    library, readings = Library(stored, files.parts), Readings(database)
    pace = Pace(spacing=0, attempts=2, first_wait=0, longest_wait=0, penalty=0)
    async with serving(days) as base, Client(private=(base,), limits=Limits(read=0.2, total=2), pace=pace) as client:
        refresh = Refresh([HuggingFace(client, base)], library, readings)
        days.now = datetime(first.year, first.month, first.day, 6, tzinfo=UTC)
        end = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=5)
        while days.now < end:
            days.down = chance.random() < 0.1
            await refresh.once(days.now)
            # A few hours, sometimes some days in which the bot does not run.
            days.now += timedelta(hours=chance.choice([2, 3, 5, 100 if chance.random() < 0.05 else 4]))
        days.trouble, days.down = 0.0, False
        await refresh.once(days.now, patient=True)
        await check(listed, stored, readings)
    await database.close()
    return Counter(
        record.getMessage().split(" until")[0] for record in caplog.records if record.levelno >= logging.WARNING
    )


async def check(listed: list[Listed], stored: Papers, readings: Readings) -> None:
    """Every paper is here once with its last votes, and every working day was read."""
    newest = {paper.id: paper for paper in sorted(listed, key=lambda paper: paper.day)}
    found = {paper.id: paper for paper in await stored.get(list(newest))}
    assert set(found) == set(newest)
    assert await stored.count() == len(newest)
    old = max(paper.day for paper in listed) - timedelta(days=4)
    wrong = {key for key, paper in found.items() if newest[key].day < old and paper.upvotes != newest[key].votes}
    assert not wrong
    read = {day for day, reading in (await readings.of("huggingface")).items() if reading.read_at}
    assert {paper.day for paper in listed if is_working_day(paper.day)} <= read


async def test_sixty_days_of_a_failing_source_leave_nothing_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    warnings = await live(made_up(60), tmp_path, caplog)
    assert set(warnings) == {"source failed source=huggingface"}


@pytest.mark.year
@pytest.mark.skipif(not ARCHIVE.exists(), reason=f"the archive of real days is not here: {ARCHIVE.name}")
async def test_sixty_real_days_leave_nothing_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    await live(recorded(60), tmp_path, caplog)
