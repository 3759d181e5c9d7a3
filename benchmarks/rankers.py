"""What is measured: ways of ranking one index."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.core import text
from bot.core.letting_go import let_go

if TYPE_CHECKING:
    from bot.core.index import Index

Ranker = Callable[[str, int], list[str]]
"""Takes a query and k; returns at most k paper ids, best first."""


_MARKS = re.compile(r"""["“”„:]|(?<!\w)-""")


def words(query: str) -> str:
    """Return a query without the marks that would be conditions: quotation marks, `-word`, `title:`."""
    return _MARKS.sub(" ", query)


def everything(index: Index) -> Ranker:
    """Rank as the bot's search does. The queries are prose: a quotation or a dash in them is no condition."""
    return lambda query, k: [match.id for match in index.search(words(query), k)]


def as_typed(index: Index) -> Ranker:
    """Rank as the bot's search does when the same text is typed there: quotation marks and dashes are conditions."""

    def rank(query: str, k: int) -> list[str]:
        read = index.read(query)
        asked = let_go(read, index.idle(read.query), index.finds).query
        return [match.id for match in index.search(asked, k)]

    return rank


def plain(index: Index) -> Ranker:
    """Rank by BM25Plus alone."""
    return lambda query, k: [index.id(number) for number, _ in index.plain(text.terms(query), k)]
