"""Roundups while the disk is full, the database is locked, or the clock jumps: each slot is posted once, or told."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.core.roundup import STUMBLED
from tests.unit.test_roundups import START, Channels, day, plan, running

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from pathlib import Path

    from bot.core.paper import Problem
    from bot.services.posting import Digest
    from bot.services.roundups import Roundups
    from bot.storage.database import Database


def database(roundups: Roundups) -> Database:
    return roundups.store._database


class Breaking(Channels):
    """Channels that let something happen to the bot right after a message has gone out."""

    def __init__(self, strike: Callable[[], Coroutine[None, None, None]]) -> None:
        super().__init__()
        self.strike: Callable[[], Coroutine[None, None, None]] | None = strike

    async def send(self, digest: Digest) -> int | Problem:
        sent = await super().send(digest)
        if self.strike is not None:
            await self.strike()
            self.strike = None
        return sent


async def fill(roundups: Roundups) -> None:
    """Leave no room in the database: neither new pages nor a gap in those that are there."""
    db = database(roundups)
    await db.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    pages = (await db.rows("PRAGMA page_count"))[0][0]
    await db.rows(f"PRAGMA max_page_count = {pages}")
    for size in (2000, 200, 20, 0):
        for table in ("posts", "shown"):
            await stuff(db, table, size)


async def stuff(db: Database, table: str, size: int) -> None:
    """Add rows to a table until not even one more goes in."""
    rows = {
        "posts": "INSERT INTO posts (schedule_id, slot, outcome, detail, updated_at) VALUES (2, ?, 'posted', ?, '')",
        "shown": "INSERT INTO shown (channel_id, paper_id, shown_at) VALUES (99, ?, ?)",
    }
    for number in range(10_000):
        try:
            async with db.transaction() as writer:
                await writer.rows(rows[table], (f"now-{size}-{number}", "x" * size))
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
                return
            raise
    pytest.fail("the disk is not full")


async def make_room(roundups: Roundups) -> None:
    db = database(roundups)
    await db.rows("PRAGMA max_page_count = 1000000")
    async with db.transaction() as writer:
        await writer.rows("DELETE FROM posts WHERE schedule_id = 2")
        await writer.rows("DELETE FROM shown WHERE channel_id = 99")


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """A database with twenty papers, and two schedules: the second only takes up room."""
    file = tmp_path / "test.db"
    async with running(file, papers=20) as roundups:
        await plan(roundups, size=1)
        other = await plan(roundups, channel=2, size=1)
        await roundups.pause(other.id, START)
    return file


async def outcomes(roundups: Roundups) -> dict[str, tuple[str, str]]:
    return {post.slot: (post.outcome, post.detail) for post in await roundups.store.recent(1, 99)}


async def tick(roundups: Roundups, moment: datetime, channels: Channels) -> None:
    await roundups.reconcile(moment, channels)
    await roundups.deliver_due(moment, channels)


async def test_a_full_disk_at_the_claim_posts_nothing_and_then_once(path: Path) -> None:
    channels = Channels()
    async with running(path) as roundups:
        await fill(roundups)
        for hour in (3, 4, 5):
            await tick(roundups, day(0, hour), channels)
        assert channels.messages == []
        await make_room(roundups)
        for hour in (6, 7):
            await tick(roundups, day(0, hour), channels)
        assert await outcomes(roundups) == {"2024-01-01": ("posted", "")}
    assert [digest.slot for digest in channels.messages] == ["2024-01-01"]


async def test_a_disk_that_is_full_all_day_keeps_the_papers_for_the_next(path: Path) -> None:
    channels = Channels()
    async with running(path) as roundups:
        await fill(roundups)
        for hour in (3, 12, 23):
            await tick(roundups, day(0, hour), channels)
        await make_room(roundups)
        await tick(roundups, day(1), channels)
        assert await outcomes(roundups) == {
            "2024-01-01": ("missed", STUMBLED),
            "2024-01-02": ("posted", ""),
        }
    assert channels.shown(1) == ["p0", "p1"]


async def test_a_full_disk_after_the_post_is_settled_by_the_channels_history(path: Path) -> None:
    async with running(path) as roundups:
        channels = Breaking(lambda: fill(roundups))
        for hour in (3, 4, 5):
            await tick(roundups, day(0, hour), channels)
        assert await outcomes(roundups) == {"2024-01-01": ("claimed", "")}
        # It may stand there, so nobody else is shown it.
        assert await roundups.store.shown(1) == {"p0"}
        await make_room(roundups)
        await tick(roundups, day(0, 6), channels)
        await tick(roundups, day(1), channels)
        assert await outcomes(roundups) == {"2024-01-01": ("posted", ""), "2024-01-02": ("posted", "")}
    assert channels.shown(1) == ["p0", "p1"]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the database as another process would that writes much."""
    other = sqlite3.connect(path, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
    finally:
        other.close()


async def test_a_database_locked_for_longer_than_we_wait_posts_nothing_and_then_once(path: Path) -> None:
    channels = Channels()
    async with running(path) as roundups:
        await database(roundups).rows("PRAGMA busy_timeout = 20")
        with locked(path), pytest.raises(sqlite3.OperationalError, match="locked"):
            await tick(roundups, day(0), channels)
        assert channels.messages == []
        for hour in (4, 5):
            await tick(roundups, day(0, hour), channels)
    assert [digest.slot for digest in channels.messages] == ["2024-01-01"]


async def test_a_database_locked_between_post_and_settling_is_settled_by_the_channels_history(path: Path) -> None:
    async with running(path) as roundups:
        await database(roundups).rows("PRAGMA busy_timeout = 20")
        other = sqlite3.connect(path, isolation_level=None)

        async def strike() -> None:
            other.execute("BEGIN IMMEDIATE")

        channels = Breaking(strike)
        await tick(roundups, day(0), channels)
        other.close()
        assert await outcomes(roundups) == {"2024-01-01": ("claimed", "")}
        await tick(roundups, day(0, 4), channels)
        assert await outcomes(roundups) == {"2024-01-01": ("posted", "")}
    assert [digest.slot for digest in channels.messages] == ["2024-01-01"]


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=1), timedelta(days=3)], ids=str)
async def test_a_clock_set_back_repeats_nothing_and_goes_on(path: Path, back: timedelta) -> None:
    channels, wrong = Channels(), day(5)
    async with running(path) as roundups:
        for number in range(6):
            await tick(roundups, day(number), channels)
        moment = wrong - back
        while moment < day(8, 12):
            await tick(roundups, moment, channels)
            moment += timedelta(minutes=30)
        days = [date(2024, 1, 1) + timedelta(days=number) for number in range(9)]
        assert [digest.slot for digest in channels.messages] == [slot.isoformat() for slot in days]
        assert {outcome for outcome, _ in (await outcomes(roundups)).values()} == {"posted"}


@pytest.mark.parametrize("seed", range(4))
async def test_a_clock_that_jumps_about_posts_no_slot_twice_and_leaves_none_untold(path: Path, seed: int) -> None:
    chance, channels, moment = random.Random(seed), Channels(), START
    jumps = [timedelta(hours=-1), timedelta(days=-1), timedelta(hours=-13), timedelta(hours=9), timedelta(days=2)]
    for _ in range(12):
        async with running(path) as roundups:
            for _ in range(20):
                await tick(roundups, moment, channels)
                moment += timedelta(minutes=chance.randint(30, 240))
            moment = max(START, moment + chance.choice(jumps))
    async with running(path) as roundups:
        moment += timedelta(days=4)
        await tick(roundups, moment, channels)
        told = await outcomes(roundups)
    assert max(Counter(digest.slot for digest in channels.messages).values()) == 1
    first, last = date(2024, 1, 1), (moment.astimezone(UTC) - timedelta(hours=12)).date()
    wanted = [(first + timedelta(days=number)).isoformat() for number in range((last - first).days)]
    assert [slot for slot in wanted if slot not in told] == []
    assert {digest.slot for digest in channels.messages} == {
        slot for slot, (outcome, _) in told.items() if outcome == "posted"
    }
