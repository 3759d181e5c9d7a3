"""The libraries that the index is measured against, each at the fastest that its own interface offers.

A library is imported only where it is made: in the process that measures it.

All of them are given the same terms, made by the bot's analyzer, and asked for ten papers that hold any of them.
Each is built once and kept on disk; another process opens it from there and answers.
"""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from benchmarks import machine

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

K = 10
"""Papers asked for."""

Found = Sequence[tuple[int | str, float]]
"""At most K `(paper, score)`, best first; what names a paper is the library's business."""


class Query(NamedTuple):
    """What is asked: as typed, and its terms."""

    text: str
    terms: list[str]


class Peer(Protocol):
    """A library under measurement. `reads` says what it is built from: a list of "terms", or a stream of "papers"."""

    package: str
    version: str | None
    reads: str

    def build(self, given: Any, folder: Path) -> None:
        """Build from all papers and keep the result in an empty folder."""

    def open(self, folder: Path) -> None:
        """Open what was kept."""

    def search(self, query: Query) -> Found:
        """Return the best papers."""


class RankBM25:
    """rank-bm25's own BM25Plus; kept by pickling."""

    package = "rank-bm25"
    version: str | None = machine.version("rank-bm25")
    reads = "terms"

    def __init__(self) -> None:
        """Import the library: only the process that measures it holds it."""
        import rank_bm25  # noqa: PLC0415

        self._library: Any = rank_bm25

    def build(self, given: Any, folder: Path) -> None:
        """Build and pickle."""
        with (folder / "index").open("wb") as file:
            pickle.dump(self._library.BM25Plus(given), file, protocol=5)

    def open(self, folder: Path) -> None:
        """Unpickle."""
        with (folder / "index").open("rb") as file:
            self._bm25 = pickle.load(file)  # noqa: S301 - written by `build`

    def search(self, query: Query) -> Found:
        """Score every paper and pick the best; its own way of picking them sorts all."""
        scores = np.asarray(self._bm25.get_scores(query.terms))
        likely = np.flatnonzero(scores >= _tenth(scores))
        best = likely[np.argsort(-scores[likely], kind="stable")][:K]
        return list(zip(best.tolist(), scores[best].tolist(), strict=True))


class RankBM25RS(RankBM25):
    """The same interface and scores from Rust."""

    package = "rank-bm25-rs"
    version: str | None = machine.version("rank-bm25-rs")

    def __init__(self) -> None:
        """Import the library."""
        import rank_bm25_rs  # noqa: PLC0415

        self._library: Any = rank_bm25_rs


class BM25S:
    """bm25s with its numba backend."""

    package = "bm25s"
    version: str | None = machine.version("bm25s")
    reads = "terms"

    def __init__(self) -> None:
        """Import the library."""
        import bm25s  # noqa: PLC0415

        self._library: Any = bm25s

    def build(self, given: Any, folder: Path) -> None:
        """Build and save."""
        bm25 = self._library.BM25(method="bm25+", k1=1.5, b=0.75, delta=1, backend="numba")
        bm25.index(given, show_progress=False)
        bm25.save(str(folder), show_progress=False)

    def open(self, folder: Path) -> None:
        """Load into memory: mapped, its searches are slower."""
        self._bm25 = self._library.BM25.load(str(folder))
        self._bm25.backend = "numba"
        self._bm25.activate_numba_scorer()

    def search(self, query: Query) -> Found:
        """Retrieve in this thread."""
        k = min(K, self._bm25.scores["num_docs"])  # asked for more than there are, it refuses
        ids, scores = self._bm25.retrieve([query.terms], k=k, show_progress=False, n_threads=0)
        return list(zip(ids[0].tolist(), scores[0].tolist(), strict=True))


class Tantivy:
    """Tantivy's BM25, any term; no positions, no total count: both would slow it."""

    package = "tantivy"
    version: str | None = machine.version("tantivy")
    reads = "terms"

    def __init__(self) -> None:
        """Import the library."""
        import tantivy  # noqa: PLC0415

        self._library: Any = tantivy

    def build(self, given: Any, folder: Path) -> None:
        """Index with one writer: fewer segments make faster searches."""
        index = self._index(folder)
        writer = index.writer(heap_size=500_000_000, num_threads=1)
        for terms in given:
            writer.add_document(self._library.Document(body=" ".join(terms)))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> None:
        """Open the folder."""
        self._searcher = self._index(folder).searcher()

    def search(self, query: Query) -> Found:
        """Build the query of terms and run it."""
        library = self._library
        clauses = [
            (library.Occur.Should, library.Query.term_query(self._schema, "body", term, index_option="freq"))
            for term in query.terms
        ]
        found = self._searcher.search(library.Query.boolean_query(clauses), limit=K, count=False)
        return [((place.segment_ord << 32) + place.doc, score) for score, place in found.hits]

    def _index(self, folder: Path) -> Any:
        library = self._library
        builder = library.SchemaBuilder()
        builder.add_text_field("body", tokenizer_name="whitespace", index_option="freq")
        self._schema = builder.build()
        index = library.Index(self._schema, path=str(folder))
        index.register_tokenizer("whitespace", library.TextAnalyzerBuilder(library.Tokenizer.whitespace()).build())
        return index


class FTS5:
    """SQLite's full-text index and its bm25(), any term; no copy of the text."""

    package = "SQLite FTS5"
    version: str | None = sqlite3.sqlite_version
    reads = "terms"

    def build(self, given: Any, folder: Path) -> None:
        """Fill one table in one transaction and optimise it."""
        with sqlite3.connect(folder / "papers.db") as database:
            # The analyzer's terms may hold a point or a per cent sign (3.5, 95%): they stay whole here too.
            database.execute(
                "CREATE VIRTUAL TABLE papers USING fts5(body, content='', tokenize=\"unicode61 tokenchars '.%'\")"
            )
            rows = ((number, " ".join(terms)) for number, terms in enumerate(given))
            database.executemany("INSERT INTO papers (rowid, body) VALUES (?, ?)", rows)
            database.execute("INSERT INTO papers (papers) VALUES ('optimize')")
        database.close()

    def open(self, folder: Path) -> None:
        """Open with the whole file mapped."""
        self._database = sqlite3.connect(folder / "papers.db")
        self._database.execute("PRAGMA mmap_size = 4000000000")

    def search(self, query: Query) -> Found:
        """Ask for any of the terms, quoted; bm25() is less for the better."""
        wanted = " OR ".join(f'"{term}"' for term in query.terms)
        rows = self._database.execute(
            "SELECT rowid, rank FROM papers WHERE papers MATCH ? ORDER BY rank LIMIT ?", (wanted, K)
        )
        return [(number, -rank) for number, rank in rows]


def _tenth(scores: NDArray[np.float64]) -> float:
    """Return a score that at least K papers reach, and few more: the K-th highest of the blocks' highest scores.

    Ten times as fast as np.argpartition, which suffers where most scores are equal.
    """
    size = 512
    tops = scores[: len(scores) // size * size].reshape(-1, size).max(axis=1)
    return float(np.partition(tops, -K)[-K]) if len(tops) >= K else -np.inf
