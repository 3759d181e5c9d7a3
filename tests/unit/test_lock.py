"""One running bot for each data folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.storage.database import DatabaseError
from bot.storage.lock import InUseError, only_one, refuse_lost
from tests.unit.test_cli import bot, fails

ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from pathlib import Path
from bot.storage.lock import InUseError, only_one
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_is_refused_until_the_first_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", HOLD, str(tmp_path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"held\n"
        with pytest.raises(InUseError, match="another bot is running"), only_one(tmp_path):
            pass
        first.kill()
    with only_one(tmp_path):
        pass


def test_a_lock_that_cannot_be_taken_is_no_other_bot(tmp_path: Path) -> None:
    (tmp_path / "running.lock").mkdir()
    with pytest.raises(DatabaseError, match="cannot use") as refused, only_one(tmp_path):
        pass
    assert not isinstance(refused.value, InUseError)


def test_a_folder_that_is_a_file_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseError, match="cannot use"), only_one(tmp_path / "file"):
        pass


def test_the_shell_begins_no_new_database_beside_a_bot_whose_own_was_moved(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with only_one(data):
        fails(bot(data, "search", "music"), 2, "a bot is running on", "colloquium.db is gone: put it back")
        doctor = bot(data, "doctor")
        assert doctor.status == 1
        assert "colloquium.db is gone" in doctor.out
        assert not (data / "colloquium.db").exists()
    refuse_lost(data / "colloquium.db")
    assert bot(data, "search", "music").status == 0


def test_a_log_whose_database_is_gone_is_not_cut(tmp_path: Path) -> None:
    (tmp_path / "colloquium.db-wal").write_bytes(b"papers that are nowhere else")
    fails(bot(tmp_path, "search", "music"), 1, "is gone and its log is here", "colloquium.db-wal")
    assert (tmp_path / "colloquium.db-wal").read_bytes() == b"papers that are nowhere else"
    assert not (tmp_path / "colloquium.db").exists()
