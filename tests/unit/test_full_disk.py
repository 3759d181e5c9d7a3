"""A disk that is full: each command says so in a line, what was there is whole, and afterwards it works."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.storage.backup import inspect
from tests.unit.test_cli import Run, bot, fails
from tests.unit.test_migrations import SCRIPTS, made

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a limit of a process stands for the disk")
LIMIT = "import resource as r, runpy; r.setrlimit(r.RLIMIT_FSIZE, ({room}, {room}));"
FULL = f"{LIMIT} runpy.run_module('bot', None, '__main__')"
"""No file of the process grows beyond that: as on a full disk, a write comes back short and then fails."""
ROOM = "Free some space on the disk"


def full(data: Path, *arguments: str, room: int = 40_000) -> Run:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", FULL.format(room=room), *arguments, "--data", str(data)],
        cwd=ROOT, env=os.environ | {"COLLOQUIUM_LOG_LEVEL": "INFO"}, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stdout + done.stderr
    return Run(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(ROOM) / "data"
    assert bot(folder, "search", "music").status == 0
    return folder


def test_a_first_start_says_so_and_goes_well_afterwards(tmp_path: Path) -> None:
    fails(full(tmp_path / "data", "search", "music"), 1, ROOM)
    assert len(bot(tmp_path / "data", "search", "music", "--json").json) > 1


def test_a_backup_says_so_and_leaves_nothing_half_made(data: Path, tmp_path: Path) -> None:
    fails(full(data, "backup", str(tmp_path / "copy.db")), 1, "cannot back up to", ROOM)
    assert list(tmp_path.iterdir()) == []
    assert bot(data, "backup", str(tmp_path / "copy.db")).status == 0


def test_a_restore_says_so_and_leaves_what_was_there(data: Path, tmp_path: Path) -> None:
    assert bot(data, "backup", str(tmp_path / "copy.db")).status == 0
    before = inspect(data / "colloquium.db")
    fails(full(data, "restore", str(tmp_path / "copy.db"), "--force"), 1, "cannot restore to", ROOM)
    assert inspect(data / "colloquium.db") == before
    assert [file.name for file in data.iterdir() if "restoring" in file.name or "before" in file.name] == []


def test_papers_that_find_no_room_are_said_to_and_the_others_stay(data: Path, tmp_path: Path) -> None:
    lines = [f'{{"title": "Paper {n}", "abstract": "{"quokka " * 2000}"}}\n' for n in range(100)]
    (tmp_path / "more.jsonl").write_text("".join(lines), encoding="utf-8")
    fails(full(data, "ingest", str(tmp_path / "more.jsonl")), 1, ROOM)
    assert len(bot(data, "search", "music", "--json").json) > 1
    assert bot(data, "ingest", str(tmp_path / "more.jsonl")).out.startswith("100 read, 100 added")


def test_a_new_version_that_finds_no_room_for_its_copy_changes_nothing(tmp_path: Path) -> None:
    made(tmp_path / "data" / "colloquium.db", len(SCRIPTS) - 1)
    fails(full(tmp_path / "data", "search", "quokka", room=8_000), 1, ROOM)
    assert inspect(tmp_path / "data" / "colloquium.db").schema == len(SCRIPTS) - 1
    assert [hit["id"] for hit in bot(tmp_path / "data", "search", "quokkas", "--json").json] == ["quokka"]
