"""What is measured: ways of ranking one index."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.core import text

if TYPE_CHECKING:
    from bot.core.index import Index

Ranker = Callable[[str, int], list[str]]
"""Takes a query and k; returns at most k paper ids, best first."""


def everything(index: Index) -> Ranker:
    """Rank as the bot's search does."""
    return lambda query, k: [match.id for match in index.search(query, k)]


def plain(index: Index) -> Ranker:
    """Rank by BM25Plus alone."""
    return lambda query, k: [index.id(number) for number, _ in index.plain(text.terms(query), k)]
