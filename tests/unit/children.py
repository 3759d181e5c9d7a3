"""The process that writes an index file, found and looked at from outside, through /proc."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest

linux = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks at processes through /proc")


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


def gone(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True
