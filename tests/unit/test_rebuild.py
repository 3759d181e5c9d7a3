"""A new index file: written beside the running bot, whatever comes meanwhile and whoever dies."""

from __future__ import annotations

import asyncio
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

from bot.app import open_app
from bot.config import Settings
from bot.services import shelf
from bot.storage.lock import locked
from tests.unit.children import child_of, linux
from tests.unit.shelves import NOW, fill, identity, invented, opened, same, stored

if TYPE_CHECKING:
    import pytest

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
