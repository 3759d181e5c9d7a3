"""The database file: opened, brought up to date, refused in words; writes whole or not at all."""

from __future__ import annotations

import asyncio
import dataclasses
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.roundup import Schedule
from bot.storage import database
from bot.storage.database import Database, DatabaseError, open_database
from bot.storage.notes import MOST as MOST_SEARCHES
from bot.storage.notes import Notes
from bot.storage.papers import Papers
from bot.storage.roundups import Roundups
from bot.storage.snapshot import snapshot
from tests.unit.samples import made_up, seed_papers

if TYPE_CHECKING:
    from pathlib import Path

    from bot.core.paper import Paper

NOW = datetime(2024, 5, 1, 9, tzinfo=UTC)
PLAN = Schedule(
    0, 1, 2, 3, time(9, 30), "Asia/Kathmandu", frozenset({0, 4}), 5, "audio", paused=False, note="", since=NOW
)


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[Database]:
    found = await open_database(path)
    try:
        yield found
    finally:
        await found.close()


def every(path: Path, since: int = 0) -> list[Paper]:
    with snapshot(path) as view:
        return list(view.papers(since))


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    async with opened(tmp_path / "test.db") as found:
        yield found


async def test_a_new_file_is_made_with_its_folder_and_kept_between_openings(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "test.db"
    async with opened(path) as db:
        await Papers(db).add(seed_papers(), NOW)
    async with opened(path) as db:
        assert every(path) == list(seed_papers())
    with sqlite3.connect(path) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        strict = raw.execute("SELECT name, strict FROM pragma_table_list WHERE name NOT LIKE 'sqlite_%'")
        assert all(is_strict for _, is_strict in strict)
    raw.close()


async def test_a_database_from_the_future_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA user_version = 999")
    raw.close()
    with pytest.raises(DatabaseError, match=r"test\.db was written by a newer version \(schema 999.*upgrade"):
        await open_database(path)


async def test_what_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    path.write_text("This is a letter, not a database. " * 50)
    with pytest.raises(DatabaseError, match=r"cannot use .*test\.db: file is not a database"):
        await open_database(path)
    assert path.read_text().startswith("This is a letter")
    with pytest.raises(DatabaseError, match="cannot open"):
        await open_database(tmp_path)
    with pytest.raises(DatabaseError, match="cannot open"):
        await open_database(path / "below" / "test.db")


async def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scripts = tmp_path / "migrations"
    scripts.mkdir()
    (scripts / "0001_start.sql").write_text("CREATE TABLE one (x TEXT) STRICT;")
    (scripts / "0002_more.sql").write_text("CREATE TABLE two (x TEXT) STRICT; INSERT INTO nowhere VALUES (1);")
    monkeypatch.setattr(database, "MIGRATIONS", scripts)
    path = tmp_path / "test.db"
    with pytest.raises(DatabaseError, match="no such table: nowhere"):
        await open_database(path)
    (scripts / "0002_more.sql").write_text("CREATE TABLE two (x TEXT) STRICT;")
    async with opened(path) as db:
        tables = await db.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        version = await db.row("PRAGMA user_version")
    assert [row["name"] for row in tables] == ["one", "two"]
    assert version is not None
    assert version[0] == 2


async def test_two_first_starts_at_once_both_succeed(tmp_path: Path) -> None:
    for attempt in range(10):
        path = tmp_path / f"{attempt}.db"
        found = await asyncio.gather(*(open_database(path) for _ in range(4)), return_exceptions=True)
        for db in found:
            if isinstance(db, Database):
                await db.close()
        assert not [problem for problem in found if isinstance(problem, BaseException)]


async def test_an_error_undoes_its_transaction_and_no_other(db: Database) -> None:
    notes, entered = Notes(db), asyncio.Event()

    async def failing() -> None:
        async with db.transaction() as writer:
            await writer.rows("INSERT INTO notes (name, value) VALUES ('bad', 'x')")
            entered.set()
            await asyncio.sleep(0.01)
            raise RuntimeError

    async def other() -> None:
        await entered.wait()
        await notes.put("good", "y")

    results = await asyncio.gather(failing(), other(), return_exceptions=True)
    assert isinstance(results[0], RuntimeError)
    assert (await notes.get("bad"), await notes.get("good")) == (None, "y")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 0.004), min_size=1, max_size=4))
def test_a_cancellation_at_any_moment_undoes_its_transaction_and_no_other(
    tmp_path_factory: pytest.TempPathFactory, delays: list[float]
) -> None:
    async def write(db: Database, name: str) -> None:
        async with db.transaction() as writer:
            for part in "ab":
                await writer.rows("INSERT INTO notes (name, value) VALUES (?, 'x')", (name + part,))

    async def scenario() -> None:
        async with opened(tmp_path_factory.mktemp("cancelled") / "test.db") as db:
            for number, delay in enumerate(delays):
                cancelled, other = (
                    asyncio.create_task(write(db, f"{number}cancelled")),
                    asyncio.create_task(write(db, f"{number}other")),
                )
                await asyncio.sleep(delay)
                cancelled.cancel()
                results = await asyncio.gather(cancelled, other, return_exceptions=True)
                assert results[0] is None or isinstance(results[0], asyncio.CancelledError)
                assert results[1] is None
            names = {row["name"] for row in await db.rows("SELECT name FROM notes")}
            for number in range(len(delays)):
                assert {f"{number}othera", f"{number}otherb"} <= names
                assert (f"{number}cancelleda" in names) == (f"{number}cancelledb" in names)

    asyncio.run(scenario())


@pytest.mark.parametrize("turns", range(12))
async def test_a_cancellation_after_any_number_of_turns_of_the_loop_frees_the_gate(db: Database, turns: int) -> None:
    task = asyncio.create_task(Notes(db).put("name", "cancelled"))
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled() or task.exception() is None
    await Notes(db).put("name", "after")
    assert await Notes(db).get("name") == "after"


async def test_a_read_waits_for_the_write_under_way(db: Database) -> None:
    async with db.transaction() as writer:
        await writer.rows("INSERT INTO notes (name, value) VALUES ('n', 'uncommitted')")
        reading = asyncio.create_task(Notes(db).get("n"))
        await asyncio.sleep(0.01)
        assert not reading.done()
        await writer.rows("UPDATE notes SET value = 'committed'")
    assert await reading == "committed"


async def test_papers_are_counted_as_added_updated_or_unchanged(db: Database) -> None:
    papers = Papers(db)
    assert await papers.add(seed_papers(), NOW) == (56, 0)
    assert await papers.add(seed_papers(), NOW + timedelta(days=1)) == (0, 0)
    changed = dataclasses.replace(seed_papers()[0], upvotes=3)
    assert await papers.add([changed, made_up("New"), made_up("New")], NOW) == (1, 1)
    assert await papers.count() == 57


async def test_newer_data_fills_gaps_and_never_erases(db: Database) -> None:
    papers = Papers(db)
    known = made_up(
        "A title",
        "Text.",
        url="https://a.org",
        date=date(2024, 1, 1),
        listed="Jan 1",
        authors=("Ada",),
        upvotes=7,
        code=("https://github.com/a/b",),
        links=("https://b.org",),
    )
    bare = made_up("A title", "Longer text.")
    await papers.add([known], NOW)
    assert await papers.add([bare], NOW) == (0, 1)
    [kept] = await papers.get([known.id])
    assert kept.abstract == "Longer text."
    assert dataclasses.replace(kept, abstract="", original_abstract="") == dataclasses.replace(
        known, abstract="", original_abstract="", original_title="A title"
    )
    filled = dataclasses.replace(bare, upvotes=9, authors=("Ada", "Bob"))
    await papers.add([filled], NOW)
    [kept] = await papers.get([known.id])
    assert (kept.upvotes, kept.authors, kept.url) == (9, ("Ada", "Bob"), "https://a.org")


async def test_papers_are_got_in_the_order_asked_and_by_title_whatever_the_case(db: Database) -> None:
    papers = Papers(db)
    await papers.add([made_up("Naïve Bayes", id="a"), made_up("Other", id="b")], NOW)
    assert [paper.id for paper in await papers.get(["b", "nowhere", "a"])] == ["b", "a"]
    assert await papers.get([]) == []
    found = await papers.by_title("  naive   BAYES ")
    assert found is not None
    assert found.id == "a"
    assert await papers.by_title("Naive") is None


async def test_newest_goes_by_day_then_votes_then_arrival_with_undated_last(db: Database) -> None:
    papers = Papers(db)
    days = {"undated": None, "old": date(2020, 1, 1), "few": date(2024, 1, 1), "many": date(2024, 1, 1)}
    await papers.add(
        [made_up(name, id=name, date=day, upvotes=9 if name == "many" else None) for name, day in days.items()],
        NOW,
    )
    assert await papers.newest() == ["many", "few", "old", "undated"]
    assert await papers.last_added() == "2024-05-01T09:00:00+00:00"


async def test_a_day_that_lies_ahead_makes_no_paper_the_newest(db: Database) -> None:
    papers = Papers(db)
    ahead = {"issue": date(2024, 9, 1), "slip": date(2087, 1, 1)}
    days = {**ahead, "tomorrow": date(2024, 5, 2), "today": date(2024, 5, 1), "undated": None}
    votes = {"undated": 9}
    await papers.add([made_up(name, id=name, date=day, upvotes=votes.get(name)) for name, day in days.items()], NOW)
    order = ["tomorrow", "today", "undated", "slip", "issue"]
    assert await papers.newest() == order
    assert [await papers.newest(count) for count in range(7)] == [order[:count] for count in range(7)]
    # Once that day has come, it counts.
    await papers.add([made_up("later", id="later")], NOW + timedelta(days=123))
    assert await papers.newest(1) == ["issue"]


async def test_a_schedule_reads_back_and_a_channel_has_one(db: Database) -> None:
    store = Roundups(db)
    saved = await store.save(PLAN)
    assert saved == dataclasses.replace(PLAN, id=saved.id)
    again = await store.save(dataclasses.replace(PLAN, size=2, zone="UTC"))
    assert await store.every() == [again]
    assert (again.id, again.size, again.zone) == (saved.id, 2, "UTC")
    await store.save(dataclasses.replace(PLAN, channel_id=9, guild_id=8))
    assert [plan.channel_id for plan in await store.of_guild(8)] == [9]


async def test_pause_resume_and_remove(db: Database) -> None:
    store = Roundups(db)
    plan = await store.save(PLAN)
    await store.pause(plan.id, "no permission")
    assert [(p.paused, p.note) for p in await store.every()] == [(True, "no permission")]
    await store.resume(plan.id, NOW + timedelta(days=1))
    assert await store.every() == [dataclasses.replace(plan, since=NOW + timedelta(days=1))]
    await store.claim(plan.id, "2024-05-02", ["p1"], NOW)
    await store.settle(plan, "2024-05-02", 5, NOW)
    await store.remove(plan.id)
    assert (await store.every(), await store.of_guild(plan.guild_id), await store.get(plan.id)) == ([], [], None)
    assert await store.shown(plan.channel_id) == {"p1"}


async def test_a_slot_is_claimed_once_and_what_it_claims_is_not_shown_elsewhere(db: Database) -> None:
    store = Roundups(db)
    plan = await store.save(PLAN)
    claims = [store.claim(plan.id, "2024-05-03", ["p1", "p2"], NOW) for _ in range(5)]
    assert sorted(await asyncio.gather(*claims)) == [False] * 4 + [True]
    assert await store.shown(plan.channel_id) == {"p1", "p2"}
    assert [post.outcome for post in await store.claimed()] == ["claimed"]
    await store.settle(plan, "2024-05-03", 77, NOW)
    assert await store.shown(plan.channel_id) == {"p1", "p2"}
    last = await store.newest(plan.id)
    assert last is not None
    assert (last.outcome, last.message_id, last.papers, last.day) == (
        "posted",
        77,
        ("p1", "p2"),
        date(2024, 5, 3),
    )
    assert await store.claimed() == []


async def test_an_open_slot_can_be_claimed_again_and_a_settled_one_cannot_be_opened(db: Database) -> None:
    store = Roundups(db)
    plan = await store.save(PLAN)
    await store.claim(plan.id, "2024-05-03", [], NOW)
    await store.wait(plan.id, "2024-05-03", "waiting", "no answer", NOW)
    standing = (await store.standing(NOW + timedelta(days=9)))[plan.id]
    assert (standing.last, list(standing.opened)) == (None, [date(2024, 5, 3)])
    assert await store.claim(plan.id, "2024-05-03", ["p1"], NOW)
    await store.settle(plan, "2024-05-03", 1, NOW)
    await store.wait(plan.id, "2024-05-03", "waiting", "no answer", NOW)
    await store.miss(plan.id, ["2024-05-03"], NOW)
    assert not await store.claim(plan.id, "2024-05-03", [], NOW)
    assert [post.outcome for post in await store.recent(plan.id, 9)] == ["posted"]


async def test_an_open_slot_that_is_missed_keeps_its_reason(db: Database) -> None:
    store = Roundups(db)
    plan = await store.save(PLAN)
    await store.wait(plan.id, "2024-05-02", "held", "the list is not closed", NOW)
    await store.claim(plan.id, "2024-05-03", [], NOW)
    await store.miss(plan.id, ["2024-05-02"], NOW)
    held = (await store.recent(plan.id, 9))[-1]
    assert (held.slot, held.outcome, held.detail) == ("2024-05-02", "missed", "the list is not closed")
    assert await store.missed(plan.id, "2024-05-03") == 1
    await store.settle(plan, "2024-05-03", 1, NOW)
    assert await store.missed(plan.id, "2024-05-04") == 0


async def test_a_clock_that_was_ahead_silences_nobody_when_set_right(db: Database) -> None:
    store = Roundups(db)
    plan = await store.save(PLAN)
    ahead = NOW + timedelta(days=900)
    await store.miss(plan.id, [f"2024-05-{n:02}" for n in range(1, 32)], ahead)
    await store.claim(plan.id, ahead.date().isoformat(), [], ahead)
    await store.tidy(NOW)
    assert await store.standing(NOW) == {}
    assert [post.slot for post in await store.recent(plan.id, 99)] == [ahead.date().isoformat()]


async def test_a_closed_slot_shows_nothing_and_keeps_why(db: Database) -> None:
    store = Roundups(db)
    plan = await store.save(PLAN)
    await store.claim(plan.id, "2024-05-03", ["p1"], NOW)
    await store.close_slot(plan.id, "2024-05-03", "failed", "no permission", NOW)
    last = await store.newest(plan.id)
    assert last is not None
    assert (last.outcome, last.detail) == ("failed", "no permission")
    assert await store.shown(plan.channel_id) == frozenset()
    with pytest.raises(sqlite3.IntegrityError):
        await store.close_slot(plan.id, "2024-05-03", "unheard of", "", NOW)


async def test_the_last_day_and_the_newest_post_are_the_clocks_and_one_by_hand_comes_on_top(db: Database) -> None:
    store = Roundups(db)
    plan = await store.save(PLAN)
    await store.claim(plan.id, "2024-05-03", [], NOW)
    await store.claim(plan.id, "now-2024-06-01T10:00:00+00:00", [], NOW + timedelta(minutes=1))
    newest = await store.newest(plan.id)
    assert newest is not None
    standing = (await store.standing(NOW + timedelta(days=9)))[plan.id]
    assert (standing.last, newest.day) == (date(2024, 5, 3), date(2024, 5, 3))
    assert [post.day for post in await store.recent(plan.id, 9)] == [date(2024, 6, 1), date(2024, 5, 3)]


async def test_the_channel_is_told_once_that_it_has_seen_everything(db: Database) -> None:
    store = Roundups(db)
    plan = await store.save(PLAN)
    told = []
    for day, papers in (("2024-05-01", ["p1"]), ("2024-05-02", []), ("2024-05-03", ["p2"])):
        await store.claim(plan.id, day, papers, NOW)
        await store.settle(plan, day, 1, NOW)
        told.append(await store.told_empty(plan.id))
    assert told == [False, True, False]


async def test_a_search_is_kept_for_90_days(db: Database) -> None:
    notes = Notes(db)
    token = await notes.keep_search({"query": "音乐 🎵", "k": 3}, 1, NOW)
    await notes.keep_search({"query": "x"}, 1, NOW + timedelta(days=89))
    assert await notes.search(token) == {"query": "音乐 🎵", "k": 3}
    await notes.keep_search({"query": "y"}, 1, NOW + timedelta(days=91))
    assert await notes.search(token) is None
    assert await notes.search("never") is None


async def test_there_is_an_end_to_the_searches_of_one_person_that_are_kept(db: Database) -> None:
    kept = Notes(db)
    others = await kept.keep_search({"query": "x"}, 2, NOW)
    tokens = [await kept.keep_search({"query": str(number)}, 1, NOW) for number in range(MOST_SEARCHES + 2)]
    assert [await kept.search(token) for token in tokens[:3]] == [None, None, {"query": "2"}]
    assert await kept.search(others) == {"query": "x"}
    assert [row["n"] for row in await db.rows("SELECT count(*) AS n FROM searches")] == [MOST_SEARCHES + 1]
