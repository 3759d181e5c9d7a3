"""The process that writes the index file: what it may know and take, and how it ends."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.services import binder, shelf, worker
from bot.storage.lock import locked
from tests.unit.children import child_of, gone, linux
from tests.unit.shelves import NOW, fill, identity, invented, opened, same, stored

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[2]


def first_to_go(process: int) -> bool:
    return Path(f"/proc/{process}/oom_score_adj").read_text() == "1000\n"


def secrets_of(process: int) -> bytes:
    return Path(f"/proc/{process}/environ").read_bytes()


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
            yielding = min(os.getpriority(os.PRIO_PROCESS, 0) + 19, 19)
            for _ in range(500):
                if first_to_go(child) and os.getpriority(os.PRIO_PROCESS, child) == yielding:
                    break
                await asyncio.sleep(0.02)
            assert os.getpriority(os.PRIO_PROCESS, child) == yielding
            assert first_to_go(child)
        await found.settle()
        assert same(found.index, stored(tmp_path / "test.db"))


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


def index_files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("index*"))


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
