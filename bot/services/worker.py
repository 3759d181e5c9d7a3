"""The worker: binds in a process of its own, so that nothing here waits for it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT", "PYTHONDONTWRITEBYTECODE")
"""Variables that Python may need to start. No other is passed: some are secrets."""

_LARGE = 1 << 18
"""Bytes of an array from which glibc gives its memory back once it is freed: left to itself, it raises this to 32 MiB,
and a rebuild of 162,000 papers takes a hundred megabytes more."""


async def bind(database: Path, file: Path, *, awaited: bool = False) -> str | None:
    """Write an index file in a child process; return why that failed, or None.

    It takes only the processor's idle time, unless somebody waits for it. Cancelled, this ends the child first;
    a child whose parent was killed ends by itself.
    """
    try:
        child = await asyncio.create_subprocess_exec(
            *_command(database, file, 0 if awaited else 19),
            stdin=PIPE,  # never written to: the child sees its end when this process is gone
            stdout=DEVNULL,
            stderr=PIPE,
            env=_environment(),
        )
    except OSError as error:
        return f"cannot start: {error.strerror}"
    try:
        said = await _said(child)
        return f"status {child.returncode}{said}" if await child.wait() else None
    finally:
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()
        if child.stdin:
            child.stdin.close()


async def _said(child: asyncio.subprocess.Process) -> str:
    """Return the last line of what the child complains about, once it has closed its mouth."""
    assert child.stderr is not None  # noqa: S101 - a pipe, as asked for
    lines = (await child.stderr.read()).decode(errors="replace").split("\n")
    last = next((line for line in reversed(lines) if line.strip()), "")
    return f": {last[:300]}" if last else ""


def _command(database: Path, file: Path, nice: int) -> tuple[str, ...]:
    return sys.executable, "-P", "-m", "bot.rebuild", str(database.absolute()), str(file.absolute()), str(nice)


def _environment() -> dict[str, str]:
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    # One thread is enough, and leaves the other processors to the bot.
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return passed | threads | {"PYTHONPATH": str(_ROOT), "MALLOC_MMAP_THRESHOLD_": str(_LARGE)}
