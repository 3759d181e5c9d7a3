"""One running bot for each data folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.storage.database import DatabaseError
from bot.storage.lock import InUseError, only_one

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
