"""A new index file: written beside the running bot, by a process that may die at any moment."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import logging
import os
import signal
import sys
import time
from asyncio.subprocess import DEVNULL
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.app import open_app
from bot.config import Settings
from bot.services import binder, shelf, worker
from bot.storage.lock import locked
from tests.unit.shelves import NOW, fill, identity, invented, opened, same, stored

if TYPE_CHECKING:
    from bot.core.paper import Paper
    from bot.services.shelf import Shelf

ROOT = Path(__file__).parents[2]


async def test_much_that_is_new_goes_into_a_new_file_in_the_background(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "FEW", 10)
    monkeypatch.setattr(shelf, "MANY", 100)
    await fill(tmp_path, invented(40))
    async with opened(tmp_path) as (papers, found):
        await found.open()
        before = identity(tmp_path)
        await papers.add(invented(5, 40), NOW)
        await found.settle()
        assert (identity(tmp_path), len(found.index.delta)) == (before, 5)
        await papers.add(invented(60, 45), NOW)
        await found.settle()
        assert (len(found.index.base), len(found.index.delta)) == (105, 0)
        # More than is added here: found once the file has it.
        await papers.add(invented(200, 105), NOW)
        await found.catch_up()
        assert len(found.index) == 105
        await found.settle()
        assert (len(found.index.base), len(found.index.delta)) == (305, 0)
        assert same(found.index, stored(tmp_path / "test.db"))


async def test_what_comes_while_the_file_is_written_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "FEW", 10)
    await fill(tmp_path, invented(40))
    async with opened(tmp_path) as (papers, found):
        await found.open()
        with locked(tmp_path / "index.bin.lock", ""):
            await papers.add(invented(30, 40), NOW)
            await found.catch_up()
            await child_of(tmp_path)
            await papers.add([*invented(5, 70), dataclasses.replace(invented(1)[0], abstract="Zance vine.")], NOW)
            await found.catch_up()
            assert same(found.index, stored(tmp_path / "test.db"))
        await found.settle()
        assert same(found.index, stored(tmp_path / "test.db"))
        assert len(found.index.base) == 75


async def child_of(folder: Path) -> int:
    """Wait for the process that writes a folder's file and return its id."""
    for _ in range(500):
        if found := writing(folder):
            return found
        await asyncio.sleep(0.02)
    raise AssertionError("no child")


def writing(folder: Path) -> int | None:
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            words = (entry / "cmdline").read_bytes().split(b"\0")
            if b"bot.rebuild" in words and str(folder / "index.bin").encode() in words:
                return int(entry.name)
    return None


def index_files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("index*"))


def first_to_go(process: int) -> bool:
    return Path(f"/proc/{process}/oom_score_adj").read_text() == "1000\n"


def secrets_of(process: int) -> bytes:
    return Path(f"/proc/{process}/environ").read_bytes()


def gone(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


linux = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks at processes through /proc")


@linux
async def test_the_child_knows_no_secret_and_yields_to_all_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "FEW", 10)
    monkeypatch.setenv("DISCORD_TOKEN", "hush")
    monkeypatch.setenv("COLLOQUIUM_LLM_KEY", "hush")
    await fill(tmp_path, invented(40))
    async with opened(tmp_path) as (papers, found):
        await found.open()
        await papers.add(invented(60, 40), NOW)
        with locked(tmp_path / "index.bin.lock", ""):
            await found.catch_up()
            child = await child_of(tmp_path)
            assert b"hush" not in secrets_of(child)
            for _ in range(500):
                if os.getpriority(os.PRIO_PROCESS, child) == 19:
                    break
                await asyncio.sleep(0.02)
            assert os.getpriority(os.PRIO_PROCESS, child) == 19
            assert first_to_go(child)
        await found.settle()
        assert same(found.index, stored(tmp_path / "test.db"))


@linux
async def test_a_child_that_is_killed_costs_a_warning_and_is_tried_again_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(shelf, "FEW", 10)
    monkeypatch.setattr(shelf, "MANY", 50)
    monkeypatch.setattr(shelf, "PAUSE", 0.3)
    await fill(tmp_path, invented(40))
    async with opened(tmp_path) as (papers, found):
        await found.open()
        with locked(tmp_path / "index.bin.lock", ""):
            await papers.add(invented(60, 40), NOW)
            await found.catch_up()
            os.kill(await child_of(tmp_path), signal.SIGKILL)
            await found.settle()
        # Too many to add while a child may do it, and added here when it could not.
        assert len(found.index) == 40
        await found.catch_up()
        assert same(found.index, stored(tmp_path / "test.db"))
        assert len(found.index.base) == 40
        await found.settle()
        assert len(found.index.base) == 40
        await asyncio.sleep(0.35)
        await found.settle()
        assert len(found.index.base) == 100
    warnings = [record.message for record in caplog.records if record.levelno >= logging.WARNING]
    assert warnings == ["index file not written why=status -9"]


async def test_pauses_between_failures_grow(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, found):
        now, pauses = asyncio.get_running_loop().time(), []
        for _ in range(9):
            found._pause()
            pauses.append(round(found._not_before - now))
        assert pauses == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


async def test_why_a_child_failed_is_said_in_a_line(tmp_path: Path) -> None:
    await fill(tmp_path, invented(3))
    (tmp_path / "index.bin").mkdir()
    failed = await worker.bind(tmp_path / "test.db", tmp_path / "index.bin")
    assert failed
    assert failed.startswith("status 1: ")
    assert "Is a directory" in failed


@linux
async def test_closing_ends_the_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "FEW", 10)
    await fill(tmp_path, invented(5))
    async with opened(tmp_path) as (_, found):
        await found.open()
    with locked(tmp_path / "index.bin.lock", ""):
        async with opened(tmp_path) as (papers, found):
            await found.open()
            await papers.add(invented(40, 5), NOW)
            await found.catch_up()
            child = await child_of(tmp_path)
        assert gone(child)


PARENT = """
import asyncio, sys
from pathlib import Path
from bot.services import worker
asyncio.run(worker.bind(Path(sys.argv[1]) / "test.db", Path(sys.argv[1]) / "index.bin"))
"""


@linux
async def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    await fill(tmp_path, invented(3))
    with locked(tmp_path / "index.bin.lock", ""):
        parent = await asyncio.create_subprocess_exec(sys.executable, "-c", PARENT, str(tmp_path), cwd=ROOT)
        child = await child_of(tmp_path)
        parent.kill()
        await parent.wait()
        for _ in range(200):
            if gone(child):
                break
            await asyncio.sleep(0.05)
        assert gone(child)
    assert not (tmp_path / "index.bin").exists()


async def test_two_that_write_at_once_take_turns_and_the_second_has_nothing_to_do(tmp_path: Path) -> None:
    await fill(tmp_path, invented(300))
    database, file = tmp_path / "test.db", tmp_path / "index.bin"
    with locked(tmp_path / "index.bin.lock", ""):
        writers = [asyncio.create_task(worker.bind(database, file)) for _ in range(3)]
        await asyncio.sleep(0.1)
    assert [await writer for writer in writers] == [None, None, None]
    before = identity(tmp_path)
    assert await worker.bind(database, file) is None
    assert identity(tmp_path) == before
    found = binder.load(database, file, 0)
    assert found is not None
    assert same(found.index, invented(300))
    assert index_files(tmp_path) == ["index.bin", "index.bin.lock"]


async def ingest(data: Path, papers: list[Paper]) -> None:
    """Take papers in from a shell."""
    file = data / f"{papers[0].id}.jsonl"
    write(file, papers)
    shell = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "ingest", "--data", str(data), str(file)), cwd=ROOT, stdout=DEVNULL
    )
    assert await shell.wait() == 0


def write(file: Path, papers: list[Paper]) -> None:
    rows = [{"id": paper.id, "title": paper.title, "abstract": paper.abstract} for paper in papers]
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows))


async def test_several_processes_on_one_folder_lose_nothing(tmp_path: Path) -> None:
    async with open_app(Settings(data=tmp_path)) as app:
        index = app.library._shelf
        # Each shell has enough for a new file of its own.
        shells = [asyncio.create_task(ingest(tmp_path, invented(700, start))) for start in range(0, 2100, 700)]
        while not all(shell.done() for shell in shells):
            await app.library.catch_up()
            assert await app.library.search("bato") or len(index.index) < 700
            await asyncio.sleep(0.05)
        await asyncio.gather(*shells)
        await app.library.settle()
        await app.library.settle()
        wanted = stored(tmp_path / "colloquium.db")
        assert len(wanted) == 56 + 2100
        assert same(index.index, wanted)
    async with open_app(Settings(data=tmp_path)) as app:
        assert same(app.library._shelf.index, wanted)
        assert len(app.library._shelf.index.base) > 56


async def test_the_loop_goes_on_while_the_file_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "FEW", 10)
    await fill(tmp_path, invented(200))
    stalls = []
    async with opened(tmp_path) as (papers, found):
        await found.open()
        for start in (200, 800, 1400):
            await papers.add(invented(600, start, 60), NOW)
            await found.catch_up()
            # A busy machine holds up any process: what it does to this one anyway is no fault of ours.
            idle = await longest_stall(asyncio.create_task(asyncio.sleep(1)), found)
            busy = await longest_stall(asyncio.create_task(found.settle()), found)
            assert len(found.index.delta) == 0
            stalls.append((round(busy, 3), round(idle, 3)))
            if busy < max(0.02, 1.5 * idle):
                return
    raise AssertionError(stalls)


async def longest_stall(task: asyncio.Task[None], found: Shelf) -> float:
    """Search while a task runs; return the longest that the loop was late, in seconds."""
    worst = 0.0
    while not task.done():
        before = time.perf_counter()
        await asyncio.sleep(0.002)
        worst = max(worst, time.perf_counter() - before - 0.002)
        await asyncio.to_thread(found.index.search, "bato zural")
    await task
    return worst
