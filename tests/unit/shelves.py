"""Shelves in a test: folders filled past them, and indexes compared."""

from __future__ import annotations

import random
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.core.index import Index
from bot.services.shelf import Shelf
from bot.storage.database import open_database
from bot.storage.papers import Papers
from bot.storage.snapshot import snapshot
from tests.unit.samples import made_up

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable
    from pathlib import Path

    from bot.core.paper import Paper

NOW = datetime(2024, 5, 1, tzinfo=UTC)
WORDS = [f"{head}{tail}" for head in "bdfgklmnprstvz" for tail in ("ato", "ine", "ural", "ement", "ix", "oder", "ance")]
QUERIES = ["bato", "zural vine", "source separation", "layer normalization", "kix soder bance mato", "zance " * 3]


def invented(count: int, start: int = 0, length: int = 30) -> list[Paper]:
    """Return papers of random words, the same for the same numbers."""
    rng = random.Random(start)
    return [
        made_up(f"Paper {n}: {' '.join(rng.choices(WORDS, k=4))}", " ".join(rng.choices(WORDS, k=length)), id=f"p{n}")
        for n in range(start, start + count)
    ]


def same(found: Index, papers: Iterable[Paper]) -> bool:
    """Say whether an index answers as one that is built at once."""
    wanted = Index(papers)
    return len(found) == len(wanted) and all(answers(found, query) == answers(wanted, query) for query in QUERIES)


def answers(index: Index, query: str) -> list[tuple[str, float, tuple[str, ...]]]:
    return [(match.id, round(match.score, 6), match.matched) for match in index.search(query, 30)]


def stored(database: Path) -> list[Paper]:
    with snapshot(database) as view:
        return list(view.papers())


@asynccontextmanager
async def opened(folder: Path, *, file: bool = True) -> AsyncIterator[tuple[Papers, Shelf]]:
    database = await open_database(folder / "test.db")
    papers = Papers(database)
    found = Shelf(papers, folder / "index.bin" if file else None)
    try:
        yield papers, found
    finally:
        await found.close()
        await database.close()


async def fill(folder: Path, papers: Iterable[Paper]) -> None:
    """Take papers in as another process does: past the shelf."""
    database = await open_database(folder / "test.db")
    await Papers(database).add(papers, NOW)
    await database.close()


def identity(folder: Path) -> tuple[int, int]:
    status = (folder / "index.bin").stat()
    return status.st_ino, status.st_mtime_ns
