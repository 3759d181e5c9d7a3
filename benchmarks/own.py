"""The bot's index as one more library under measurement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.peers import Found, K, Query
from bot import __version__
from bot.core.index import Index
from bot.core.segment import Segment
from bot.storage import index_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class Everything:
    """The bot's search as its commands call it: text in, all ranking on. Opened as the bot opens it."""

    package = "Colloquium"
    version: str | None = __version__
    reads = "papers"

    def build(self, given: Iterable[Any], folder: Path) -> None:
        """Build (the analyzer's work is part of it) and keep."""
        index_file.write(folder / "index", Segment.made(given), {})

    def open(self, folder: Path) -> None:
        """Check and map what was kept."""
        kept = index_file.read(folder / "index")
        assert isinstance(kept, index_file.Contents), kept
        self._index = Index.on(Segment.from_arrays(kept.arrays))

    def search(self, query: Query) -> Found:
        """Search as typed."""
        return [(match.id, match.score) for match in self._index.search(query.text, K)]


class Plain(Everything):
    """The bot's BM25Plus alone: terms in, as its peers get them."""

    def search(self, query: Query) -> Found:
        """Rank by BM25Plus."""
        return list(self._index.plain(query.terms, K))
