"""Binding: the same papers make the same file, whichever process writes it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.unit.samples import seed_papers
from tests.unit.shelves import fill

ROOT = Path(__file__).parents[2]


def bound(database: Path, file: Path, seed: str) -> bytes:
    """Return the file that a process of its own writes, in which sets of strings have an order of their own."""
    command = (sys.executable, "-m", "bot.rebuild", str(database), str(file), "0")
    # The end of this pipe would end the process, so that it stays open till then.
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE) as child:  # noqa: S603 - our own
        assert child.wait() == 0
    return file.read_bytes()


async def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    await fill(tmp_path, seed_papers())
    one, other = (bound(tmp_path / "test.db", tmp_path / f"{seed}.bin", seed) for seed in ("1", "2"))
    assert one == other
