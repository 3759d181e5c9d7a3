"""What is measured: ways of ranking one index."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.core import text

if TYPE_CHECKING:
    from bot.core.index import Index

Ranker = Callable[[str, int], list[tuple[str, float]]]
"""Takes a query and k; returns at most k `(paper id, score)`, best first."""


def everything(index: Index) -> Ranker:
    """Rank as the bot's search does."""
    return lambda query, k: [(match.id, match.score) for match in index.search(query, k)]


def plain(index: Index) -> Ranker:
    """Rank by BM25Plus alone."""
    return lambda query, k: [(index.ids[n], score) for n, score in index._rank(text.terms(query), k, None)]  # noqa: SLF001
