"""A segment: papers as arrays, which can be kept in a file and mapped from it with no parsing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bot.core.builder import Builder
from bot.core.strings import Strings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from bot.core.paper import Paper

FORMAT = 3
"""Goes up when the arrays, or the terms that the analyzer makes, change: a file of another format is built anew."""


class Segment:
    """Papers, numbered 0 to n - 1 here; an index adds `number` (the first paper's) to reach its own numbers.

    Term ids are the index's: a segment upon a base uses the base's ids and counts its new terms from `first` on.
    Every attribute is an array or a view of some; T are the segment's own terms, R its rows of postings
    (one per term that its papers hold), P the postings, S the terms of all papers in order:

    `starts` (R + 1), `docs` (P), `counts` (P): postings by row, papers ascending; the title counts twice.
    `title_starts` (R + 1), `title_docs`: the papers that hold the row's term in the title.
    `common`: the rows that have a dense row too, in `dense`, a byte for each paper and some more; see `impacts`.
    `lengths` (n): terms of each paper as BM25 counts them; `title_lengths` (n): those of the title, once.
    `tokens` (S), `token_starts` (n + 1): each paper's term ids as the text runs, title then abstract.
    `places` (n): order of arrival; `days` (n): proleptic Gregorian ordinals, 0 unknown; `votes` (n): -1 unknown;
    `code` (n): bool; `source` (n): numbers in `sources`. `superseded`: index numbers of papers, here or in the
    base, that a later one of the same id replaces, or that were removed.
    `author_starts` (authors + 1), `author_docs`: the papers of each of `authors`; `name_starts`, `names`: the authors
    whose names hold each of `name_words`.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Use arrays as `arrays()` returned them."""
        # Plain arrays: NumPy's class of mapped ones does the same, at ten times the cost of each look.
        arrays = self._arrays = {name: np.asarray(array) for name, array in arrays.items()}
        self.first, self.number = (int(n) for n in arrays["meta"][1:3])
        self.terms = Strings(arrays, "terms")
        self.words = Strings(arrays, "words")
        self.word_counts: NDArray[np.int32] = arrays["words.counts"]
        self.rows: NDArray[np.int32] = arrays["postings.terms"]
        self.starts: NDArray[np.int64] = arrays["postings.starts"]
        self.docs: NDArray[np.int32] = arrays["postings.docs"]
        self.counts: NDArray[np.unsignedinteger[Any]] = arrays["postings.counts"]
        self.title_starts: NDArray[np.int64] = arrays["titles.starts"]
        self.title_docs: NDArray[np.int32] = arrays["titles.docs"]
        # Only a segment without a base has dense rows.
        self.common: NDArray[np.int32] = arrays.get("impacts.common", np.empty(0, dtype=np.int32))
        self.dense: NDArray[np.uint8] = arrays.get("impacts.dense", np.empty((0, 0), dtype=np.uint8))
        self.tokens: NDArray[np.int32] = arrays["stream.terms"]
        self.token_starts: NDArray[np.int64] = arrays["stream.starts"]
        self.ids = Strings(arrays, "ids")
        self.lengths: NDArray[np.int32] = arrays["papers.lengths"]
        self.title_lengths: NDArray[np.int32] = arrays["papers.title_lengths"]
        self.places: NDArray[np.int64] = arrays["papers.places"]
        self.days: NDArray[np.int32] = arrays["papers.days"]
        self.votes: NDArray[np.int32] = arrays["papers.votes"]
        self.code: NDArray[np.bool_] = arrays["papers.code"]
        self.source: NDArray[np.int32] = arrays["papers.source"]
        self.superseded: NDArray[np.int32] = arrays["papers.superseded"]
        self.sources = Strings(arrays, "sources")
        self.authors = Strings(arrays, "authors")
        self.author_starts: NDArray[np.int64] = arrays["authors.papers.starts"]
        self.author_docs: NDArray[np.int32] = arrays["authors.papers.docs"]
        self.name_words = Strings(arrays, "name_words")
        self.name_starts: NDArray[np.int64] = arrays["name_words.names.starts"]
        self.names: NDArray[np.int32] = arrays["name_words.names"]

    @classmethod
    def build(
        cls,
        papers: Iterable[Paper],
        base: Segment | None = None,
        onto: Segment | None = None,
        removed: Iterable[str] = (),
    ) -> Segment:
        """Build from papers in their order of arrival, read once, one at a time.

        Upon a `base`, new papers follow its papers and replace those of the same id; `onto` is an earlier
        segment upon that base, whose papers come first in this one. Papers whose ids are `removed` count no more.
        """
        return cls(dict(_made(papers, Builder(base, onto), removed)))

    @staticmethod
    def made(papers: Iterable[Paper]) -> Iterator[tuple[str, NDArray[Any]]]:
        """Yield the arrays of a segment without a base, one at a time, to be written down with no need to hold all."""
        return _made(papers, Builder())

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Segment:
        """Return the segment of these arrays. Raise ValueError if they are of another format."""
        meta = arrays.get("meta")
        if meta is None or len(meta) < 3 or int(meta[0]) != FORMAT:  # noqa: PLR2004 - as built above
            raise ValueError("arrays of another format")
        return cls(arrays)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything by name, to be kept and given to `from_arrays`."""
        return dict(self._arrays)

    def part(self, name: str) -> dict[str, NDArray[Any]]:
        """Return the arrays whose names begin with `name` and a dot, without that ("spelling", "latent")."""
        return {key[len(name) + 1 :]: array for key, array in self._arrays.items() if key.startswith(f"{name}.")}

    def __len__(self) -> int:
        """Return the number of papers, superseded ones too."""
        return len(self.lengths)

    def term_id(self, term: str) -> int:
        """Return the id of one of this segment's own terms, or -1."""
        found = self.terms.find(term)
        return self.first + found if found >= 0 else -1

    def row(self, term: int) -> int:
        """Return the row of a term's postings, or -1 where no paper holds it."""
        if self.first == 0:
            return term if 0 <= term < len(self.rows) else -1
        place = int(self.rows.searchsorted(term))
        return place if place < len(self.rows) and self.rows[place] == term else -1

    def postings(self, term: int) -> tuple[NDArray[np.int32], NDArray[np.unsignedinteger[Any]]]:
        """Return the papers that hold a term, ascending, and how often each does."""
        row = self.row(term)
        begin, end = (self.starts[row], self.starts[row + 1]) if row >= 0 else (0, 0)
        return self.docs[begin:end], self.counts[begin:end]

    def dense_row(self, row: int) -> NDArray[np.uint8] | None:
        """Return the dense row of a row of postings, 0 where its term is not, or None if it has none."""
        place = int(self.common.searchsorted(row))
        return self.dense[place] if place < len(self.common) and self.common[place] == row else None

    def holders(self, term: int) -> NDArray[np.bool_]:
        """Say of each paper whether it holds a term."""
        dense = self.dense_row(self.row(term))
        return marked(len(self), self.postings(term)[0]) if dense is None else dense[: len(self)] > 0

    def in_title(self, term: int) -> NDArray[np.int32]:
        """Return the papers that hold a term in the title, ascending."""
        row = self.row(term)
        begin, end = (self.title_starts[row], self.title_starts[row + 1]) if row >= 0 else (0, 0)
        return self.title_docs[begin:end]

    def by_author(self, words: Iterable[str]) -> NDArray[np.int32]:
        """Return the papers that have an author whose name holds all these folded words; none for no words."""
        found: set[int] | None = None
        for number in (self.name_words.find(word) for word in words):
            part = self.names[self.name_starts[number] : self.name_starts[number + 1]] if number >= 0 else ()
            found = set(map(int, part)) if found is None else found.intersection(map(int, part))
        parts = [self.author_docs[self.author_starts[n] : self.author_starts[n + 1]] for n in sorted(found or ())]
        return np.concatenate([np.empty(0, dtype=np.int32), *parts])

    def df(self, term: int) -> int:
        """Return how many papers hold a term, superseded ones too."""
        row = self.row(term)
        return int(self.starts[row + 1] - self.starts[row]) if row >= 0 else 0

    def stream(self, number: int) -> NDArray[np.int32]:
        """Return a paper's term ids as its text runs: the title once, then the abstract."""
        return self.tokens[self.token_starts[number] : self.token_starts[number + 1]]


def _made(papers: Iterable[Paper], builder: Builder, removed: Iterable[str] = ()) -> Iterator[tuple[str, NDArray[Any]]]:
    for paper in papers:
        builder.add(paper)
    for paper_id in removed:
        builder.remove(paper_id)
    yield "meta", np.asarray([FORMAT, builder.first, builder.number], dtype=np.int64)
    yield from builder.arrays()


def marked(count: int, papers: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Say of each of `count` papers whether it is among those given."""
    mask = np.zeros(count, dtype=bool)
    mask[papers] = True
    return mask
