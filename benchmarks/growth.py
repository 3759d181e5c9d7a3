"""What growing costs: `python -m benchmarks.growth DIR [--json]`.

DIR is a data folder; a copy of it is used. Printed are the time to open it and the memory that takes, in a process of
its own; the time until 300 more papers can be found; and how long the event loop was kept waiting, at most, while
the index was written anew and a search ran every tenth of a second.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks import machine, memory
from benchmarks.tiles import tiled
from bot.app import open_app
from bot.config import from_env
from bot.core.fetched import Fetched
from bot.services.shelf import MANY

if TYPE_CHECKING:
    from bot.app import App
    from bot.core.paper import Paper

DAY = 300
"""Papers of a day: what arXiv's computer science announces, more or less."""
STEP = 0.002
"""Seconds between looks at the event loop."""
UNIT = 2**20 if sys.platform == "darwin" else 2**10
"""What `ru_maxrss` counts in, beside a MiB."""
SAMPLE = 2_000
"""Papers that the new ones are made from."""
LABELS = {
    "papers": "papers",
    "open_s": "opened in, s",
    "private_mb": "private memory when open, MiB",
    "rss_mb": "resident memory when open, MiB",
    "added_s": f"{DAY} more papers can be found after, s",
    "rebuild_s": "index written anew in, s",
    "rebuild_mb": "by a process that takes at most, MiB",
    "stall_p50_ms": "event loop meanwhile late by, median, ms",
    "stall_p999_ms": "99.9th percentile, ms",
    "stall_max_ms": "at most, ms",
    "search_p95_ms": "a search meanwhile, 95th percentile, ms",
}


def main(arguments: list[str] | None = None) -> int:
    """Measure a folder and print the figures; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--open", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if not (options.folder / "colloquium.db").is_file():
        print(f"{options.folder} is no data folder: it has no colloquium.db", file=sys.stderr)
        return 2
    if options.open:
        print(json.dumps(asyncio.run(_opened(options.folder))))
        return 0
    with tempfile.TemporaryDirectory(dir=options.folder.parent) as place:
        figures = measure(_copied(options.folder, Path(place)))
    print(json.dumps(figures, indent=2) if options.json else table(figures))
    return 0


def measure(folder: Path) -> dict[str, Any]:
    """Return the figures of a data folder, which is changed."""
    # A folder of an older version is brought up to date first, and gets its index.
    asyncio.run(_opened(folder))
    command = [sys.executable, "-m", "benchmarks.growth", str(folder), "--open"]
    figures: dict[str, Any] = json.loads(subprocess.check_output(command))  # noqa: S603 - ourselves
    return figures | asyncio.run(_grown(folder)) | {"machine": machine.describe()}


async def _grown(folder: Path) -> dict[str, Any]:
    async with _app(folder) as app:
        papers = (await app.library.size()).papers
        more = await _more(app, DAY + MANY)
        began = time.perf_counter()
        await _take(app, more[:DAY])
        added = round(time.perf_counter() - began, 2)
        await _take(app, more[DAY:])
        return {"papers": papers, "added_s": added, **await _rebuilt(app)}


def table(figures: dict[str, Any]) -> str:
    """Return the figures, one a line."""
    lines = [f"{label}: {figures[name]:,}" for name, label in LABELS.items() if figures.get(name) is not None]
    where = figures["machine"]
    return "\n".join([f"{where['cpu']}, {where['cores']} cores, Python {where['python']}", "", *lines])


def _app(folder: Path) -> Any:
    return open_app(from_env({"COLLOQUIUM_DATA": str(folder)}, None))


async def _opened(folder: Path) -> dict[str, Any]:
    began = time.perf_counter()
    async with _app(folder) as app:
        took = time.perf_counter() - began
        await app.library.search("graph neural networks")
        memory.settle()
        return {"open_s": round(took, 2), **memory.used()}


def _copied(folder: Path, place: Path) -> Path:
    """Copy a data folder; the database as of one moment, whoever writes to it."""
    source, target = sqlite3.connect(folder / "colloquium.db"), sqlite3.connect(place / "colloquium.db")
    source.backup(target)
    source.close()
    target.close()
    if (folder / "index.bin").is_file():
        shutil.copy(folder / "index.bin", place)
    return place


async def _more(app: App, count: int) -> list[Paper]:
    sample = await app.library.get((await app.library.newest())[:SAMPLE])
    return list(tiled(sample, len(sample) + count))[len(sample) :]


async def _take(app: App, papers: list[Paper]) -> None:
    await app.library.take_in(Fetched(tuple(papers), ()), datetime.now(UTC))


async def _rebuilt(app: App) -> dict[str, Any]:
    stalls: list[float] = []
    searches: list[float] = []
    watching = [asyncio.create_task(_watch(stalls)), asyncio.create_task(_search(app, searches))]
    began = time.perf_counter()
    await app.library.settle()
    took = time.perf_counter() - began
    for task in watching:
        task.cancel()
    await asyncio.wait(watching)
    late = np.asarray(stalls) * 1000
    return {
        "rebuild_s": round(took, 1),
        # The largest of all children so far: the other one only opens the folder.
        "rebuild_mb": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / UNIT, 1),
        "stall_p50_ms": round(float(np.median(late)), 1),
        "stall_p999_ms": round(float(np.percentile(late, 99.9)), 1),
        "stall_max_ms": round(float(late.max()), 1),
        "search_p95_ms": round(float(np.percentile(np.asarray(searches or [0.0]) * 1000, 95)), 1),
    }


async def _watch(stalls: list[float]) -> None:
    while True:
        before = time.perf_counter()
        await asyncio.sleep(STEP)
        stalls.append(time.perf_counter() - before - STEP)


async def _search(app: App, times: list[float]) -> None:
    while True:
        await asyncio.sleep(0.1)
        before = time.perf_counter()
        await app.library.search("attention for graph neural networks")
        times.append(time.perf_counter() - before)


if __name__ == "__main__":
    sys.exit(main())
