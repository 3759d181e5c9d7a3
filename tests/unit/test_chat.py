"""The conversation in the terminal, through a pipe."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def chat(data: Path, said: bytes) -> str:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", "chat", "--data", str(data)],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("COLLOQUIUM_")},
        input=said,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    return " ".join(done.stdout.decode().split())


def test_a_follow_up_is_understood_and_a_refusal_names_what_is_missing(tmp_path: Path) -> None:
    told = chat(tmp_path, b"How does GPipe split work?\nand on ImageNet?\nHow does AlphaFold fold proteins?\n")
    assert "84.4% on ImageNet-2012" in told
    assert "The papers here do not say. None that comes near mentions AlphaFold" in told


def test_a_stray_byte_ends_no_conversation(tmp_path: Path) -> None:
    assert "normalization" in chat(tmp_path, b"\xff what is layer normalization?\n")
