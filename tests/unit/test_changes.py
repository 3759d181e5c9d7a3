"""What changed since when: numbered once, whatever the writers do, and noticed when the history is another."""

from __future__ import annotations

import asyncio
import dataclasses
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.storage import database
from bot.storage.database import DatabaseError, open_database
from bot.storage.papers import Mark, Papers
from bot.storage.snapshot import snapshot
from tests.unit.samples import made_up
from tests.unit.shelves import NOW, fill, invented, opened, same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.core.paper import Paper

ROOT = Path(__file__).parents[2]


def since(folder: Path, seq: int) -> list[str]:
    with snapshot(folder / "test.db") as view:
        found = [paper.id for paper in view.papers(seq)]
        assert len(found) == view.count(seq)
        return found


def mark(folder: Path) -> Mark:
    with snapshot(folder / "test.db") as view:
        assert view.holds(view.mark())
        return view.mark()


async def test_only_real_changes_count_as_changes(tmp_path: Path) -> None:
    await fill(tmp_path, invented(5))
    first = mark(tmp_path)
    assert since(tmp_path, 0) == ["p0", "p1", "p2", "p3", "p4"]
    await fill(tmp_path, invented(5))
    assert mark(tmp_path) == first
    await fill(tmp_path, [*invented(7), dataclasses.replace(invented(1)[0], upvotes=3)])
    assert since(tmp_path, first.seq) == ["p0", "p5", "p6"]
    async with opened(tmp_path) as (papers, _):
        assert await papers.mark() == mark(tmp_path) != first
    with snapshot(tmp_path / "test.db") as view:
        assert view.holds(first)
        assert view.holds(Mark())
        assert not view.holds(Mark(first.seq, "another"))
        assert not view.holds(Mark(first.seq + 1, first.token))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(st.tuples(st.integers(0, 9), st.sampled_from("abc"), st.sampled_from([None, 1, 2])), max_size=6))
)
def test_whoever_reads_the_changes_one_after_another_knows_all(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[tuple[int, str, int | None]]]
) -> None:
    folder = tmp_path_factory.mktemp("changes")

    async def scenario() -> None:
        known: dict[str, Paper] = {}
        seq, arrived = 0, dict[str, None]()
        async with opened(folder) as (store, _):
            for batch in batches:
                await store.add([made_up(text, text, id=f"p{n}", upvotes=votes) for n, text, votes in batch], NOW)
                arrived |= dict.fromkeys(f"p{n}" for n, _, _ in batch)
                with snapshot(store.path) as view:
                    known |= {paper.id: paper for paper in view.papers(seq)}
                    assert {paper.id: paper for paper in view.papers()} == known
                    assert [paper.id for paper in view.papers()] == list(arrived)
                    seq = view.mark().seq

    asyncio.run(scenario())


async def test_a_view_stays_as_it_was_while_others_write(tmp_path: Path) -> None:
    await fill(tmp_path, invented(3))
    with snapshot(tmp_path / "test.db") as view:
        reading = view.papers()
        next(reading)
        before = view.mark()
        await fill(tmp_path, invented(3, 3))
        assert [paper.id for paper in reading] == ["p1", "p2"]
        assert (view.count(), view.mark()) == (3, before)
    assert since(tmp_path, before.seq) == ["p3", "p4", "p5"]


def test_a_view_of_nothing_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match=r"cannot read .*test\.db"), snapshot(tmp_path / "test.db"):
        pass
    assert list(tmp_path.iterdir()) == []


def old_database(path: Path, papers: int) -> None:
    """Write a database as version 2 of the schema had it."""
    path.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
        for script in ("0001_start.sql", "0002_turns.sql"):
            raw.executescript((database.MIGRATIONS / script).read_text(encoding="utf-8"))
        rows = [
            (p.id, n, p.title, p.abstract, p.title, p.abstract, p.title.lower(), p.source, NOW.isoformat())
            for n, p in enumerate(invented(papers))
        ]
        raw.executemany(
            "INSERT INTO papers (id, place, title, abstract, original_title, original_abstract, folded_title, source, "
            "added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
        raw.execute("PRAGMA user_version = 2")
        raw.commit()


@pytest.mark.parametrize("papers", [0, 40])
async def test_a_database_of_version_2_is_brought_up_to_date(tmp_path: Path, papers: int) -> None:
    old_database(tmp_path / "test.db", papers)
    async with opened(tmp_path) as (store, found):
        await found.open()
        assert same(found.index, invented(papers))
        assert (await store.mark()).seq == papers
        assert (await store.mark() == Mark()) == (papers == 0)
        assert await store.add(invented(papers), NOW + timedelta(days=1)) == (0, 0)
        await store.add(invented(3, papers), NOW)
        await found.catch_up()
        assert same(found.index, [*invented(papers), *invented(3, papers)])
    assert since(tmp_path, papers) == [paper.id for paper in invented(3, papers)]


async def test_two_old_databases_do_not_share_a_history(tmp_path: Path) -> None:
    marks = []
    for name in ("one", "other"):
        old_database(tmp_path / name / "test.db", 5)
        async with opened(tmp_path / name):
            pass
        marks.append(mark(tmp_path / name))
    assert marks[0].seq == marks[1].seq == 5
    assert marks[0].token != marks[1].token


async def test_what_is_asked_often_is_found_without_a_look_at_all_papers(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, _):
        asked: list[str] = []
        await store._database._connection.set_trace_callback(asked.append)
        await store.newest(25)
        await store.last_added()
        await store.mark()
        await store.get(["a", "b"])
        await store.by_title("a")
        await store.beginning("a", 5)
    with snapshot(tmp_path / "test.db") as view:
        view._connection.set_trace_callback(asked.append)
        view.count(50)
        view.holds(Mark(1, "a"))
        list(view.papers(50))
        view.removed(50)
        view._connection.set_trace_callback(None)
        plans = {sql: [row[3] for row in view._connection.execute(f"EXPLAIN QUERY PLAN {sql}")] for sql in asked}
    assert len(plans) == 13
    for sql, plan in plans.items():
        assert not any(step.startswith("SCAN papers") and "papers_" not in step for step in plan), (sql, plan)
        # That is the index by place: nothing here is found by it.
        assert "autoindex_papers_2" not in str(plan), (sql, plan)
        assert "FOR ORDER BY" not in str(plan) or "folded_title = " in sql, (sql, plan)


UNPRIVILEGED = """
import ctypes, os, sys
# Root may write anywhere: without these two rights it is like anybody else.
if os.geteuid() == 0:
    for right in (1, 2):
        assert ctypes.CDLL(None).prctl(24, right, 0, 0, 0) == 0
os.execv(sys.executable, [sys.executable, "-m", "bot", *sys.argv[1:]])
"""


def bot(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command as somebody who may not write where the permissions say so."""
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", UNPRIVILEGED, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


not_root = pytest.mark.skipif(sys.platform != "linux", reason="gives up Linux capabilities")


@contextmanager
def only_read(folder: Path) -> Iterator[None]:
    folder.chmod(0o555)
    try:
        yield
    finally:
        folder.chmod(0o755)


@not_root
@pytest.mark.parametrize("with_index", [True, False])
def test_a_folder_that_may_only_be_read_answers(tmp_path: Path, *, with_index: bool) -> None:
    folder, new = tmp_path / "dä ta?", tmp_path / "new.jsonl"
    new.write_text('{"title": "Xylophone tuning", "abstract": "Of wood."}')
    assert bot("search", "--data", folder, "music").returncode == 0
    if not with_index:
        (folder / "index.bin").unlink()
    before = sorted(path.name for path in folder.iterdir())
    with only_read(folder):
        wanted = bot("search", "--data", folder, "music", "-k", "2")
        refused = bot("ingest", "--data", folder, new)
    assert (wanted.returncode, wanted.stderr, wanted.stdout.count("score")) == (0, "", 2)
    assert refused.returncode == 1
    assert "colloquium.db: the folder or the file is read-only" in refused.stderr
    assert sorted(path.name for path in folder.iterdir()) == before


@not_root
async def test_a_folder_that_may_only_be_read_answers_beside_a_running_bot(tmp_path: Path) -> None:
    assert (await asyncio.to_thread(bot, "search", "--data", tmp_path, "music")).returncode == 0
    running = await open_database(tmp_path / "colloquium.db")
    try:
        await Papers(running).add([made_up("Xylophone tuning", "Of wood.")], NOW)
        with only_read(tmp_path):
            found = await asyncio.to_thread(bot, "search", "--data", tmp_path, "xylophone")
        assert (found.returncode, found.stderr) == (0, "")
        assert "Xylophone tuning" in found.stdout
    finally:
        await running.close()


@not_root
def test_an_old_database_that_may_only_be_read_is_refused_in_words(tmp_path: Path) -> None:
    old_database(tmp_path / "colloquium.db", 3)
    with only_read(tmp_path):
        found = bot("search", "--data", tmp_path, "music")
    assert found.returncode == 1
    assert "is of an older version: open it once where it may be written" in found.stderr
