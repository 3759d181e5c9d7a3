"""The papers of an index: a large base that never changes, and a small delta of what came since."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.core.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from bot.core.paper import Paper

_REMEMBERED = 10_000
"""Terms whose ids, and in how many papers they stand, are remembered: a megabyte or two."""


class Collection:
    """Papers by number: the base's 0 to B - 1, the delta's from B on. A value: adding gives another one.

    A paper that was removed, or that a later one replaces, keeps its number and its postings, but counts nowhere:
    neither in `len`, `df` and `total_length`, nor in `alive`.
    """

    def __init__(self, base: Segment, delta: Segment | None = None) -> None:
        """Join a base and what was built upon it."""
        self.base = base
        self.delta = Segment.build((), base) if delta is None else delta
        if (self.delta.first, self.delta.number) != (len(base.terms), len(base)):
            raise ValueError("the delta was built upon another base")
        self._ids: dict[str, int] = {}
        self._df: dict[int, int] = {}
        self.size = len(base) + len(self.delta)
        """Numbers in use, those of replaced papers too."""
        self.gone = np.union1d(base.superseded, self.delta.superseded).astype(np.int64)
        self._gone_terms, self._gone_df = self._lost()
        lengths = base.lengths.sum(dtype=np.int64) + self.delta.lengths.sum(dtype=np.int64)
        self.total_length = int(lengths - self.lengths(self.gone).sum(dtype=np.int64))
        """Terms of all papers, as BM25 counts them."""

    def with_papers(self, papers: Iterable[Paper], removed: Iterable[str] = ()) -> Collection:
        """Return a collection with these papers too, and without those whose ids are `removed`.

        A known id replaces its paper and keeps its place.
        """
        return Collection(self.base, Segment.build(papers, self.base, self.delta, removed))

    def __len__(self) -> int:
        """Return the number of papers."""
        return self.size - len(self.gone)

    def _lost(self) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
        """Return the terms of replaced papers, and in how many of these each stands."""
        held = [np.unique(self.tokens(int(number))) for number in self.gone]
        return np.unique(np.concatenate(held or [np.empty(0, dtype=np.int32)]), return_counts=True)

    def alive(self, numbers: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
        """Say of each number whether its paper counts."""
        if not len(self.gone):
            return np.ones(len(numbers), dtype=bool)
        place = np.minimum(self.gone.searchsorted(numbers), len(self.gone) - 1)
        alive: NDArray[np.bool_] = self.gone[place] != numbers
        return alive

    def term_id(self, term: str) -> int:
        """Return a term's id, or -1 where no paper ever held it."""
        found = self._ids.get(term)
        if found is None:
            found = self.base.term_id(term)
            found = found if found >= 0 else self.delta.term_id(term)
            if len(self._ids) >= _REMEMBERED:
                self._ids.clear()
            self._ids[term] = found
        return found

    def term_ids(self, terms: Iterable[str]) -> list[int]:
        """Return the ids of terms, -1 for those that no paper ever held."""
        known = self._ids
        return [known[term] if term in known else self.term_id(term) for term in terms]

    def term(self, term: int) -> str:
        """Return the term of an id."""
        return self.base.terms[term] if term < self.delta.first else self.delta.terms[term - self.delta.first]

    def df(self, term: int) -> int:
        """Return how many papers hold a term."""
        found = self._df.get(term)
        if found is None:
            if len(self._df) >= _REMEMBERED:
                self._df.clear()
            found = self._df[term] = self.base.df(term) + self.delta.df(term) - self._gone_with(term)
        return found

    def _gone_with(self, term: int) -> int:
        place = int(self._gone_terms.searchsorted(term))
        met = place < len(self._gone_terms) and self._gone_terms[place] == term
        return int(self._gone_df[place]) if met else 0

    @cached_property
    def dfs(self) -> NDArray[np.int64]:
        """How many papers hold each term, by its id."""
        found = np.zeros(self.delta.first + len(self.delta.terms), dtype=np.int64)
        for segment in (self.base, self.delta):
            found[segment.rows] += np.diff(segment.starts)
        found[self._gone_terms] -= self._gone_df
        return found

    def postings(self, term: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the numbers that hold a term, ascending, replaced papers too, and how often each does."""
        (docs, counts), (new, often) = self.base.postings(term), self.delta.postings(term)
        numbers = np.concatenate([docs.astype(np.int64), new.astype(np.int64) + len(self.base)])
        return numbers, np.concatenate([counts, often]).astype(np.float64)

    def counts(self, term: int, numbers: NDArray[np.integer[Any]]) -> NDArray[np.float64]:
        """Return how often each of these papers holds a term."""
        found = np.zeros(len(numbers))
        for segment in (self.base, self.delta):
            docs, counts = segment.postings(term)
            if len(docs):
                local = numbers - segment.number
                place = np.minimum(docs.searchsorted(local.astype(docs.dtype)), len(docs) - 1)
                met = docs[place] == local
                found[met] = counts[place[met]]
        return found

    def column(self, of: Callable[[Segment], NDArray[Any]], numbers: NDArray[np.integer[Any]]) -> NDArray[Any]:
        """Return one fact of each of these papers: `of` takes a segment's column."""
        found: NDArray[Any] = of(self.base)[:0]
        if not len(self.delta):
            found = of(self.base)[numbers]
        elif not len(self.base):
            found = of(self.delta)[numbers]
        else:
            new = numbers >= len(self.base)
            found = of(self.base)[np.where(new, 0, numbers)]
            found[new] = of(self.delta)[numbers[new] - len(self.base)]
        return found

    def lengths(self, numbers: NDArray[np.integer[Any]]) -> NDArray[np.int32]:
        """Return how many terms each of these papers has, as BM25 counts them: the title twice."""
        return self.column(lambda segment: segment.lengths, numbers)

    def places(self, numbers: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        """Return the order of arrival of each of these papers."""
        return self.column(lambda segment: segment.places, numbers)

    def id(self, number: int) -> str:
        """Return the id of a paper."""
        return self.base.ids[number] if number < len(self.base) else self.delta.ids[number - len(self.base)]

    def number(self, paper_id: str) -> int | None:
        """Return the number of the paper of that id, or None."""
        if (found := self.delta.ids.find(paper_id)) >= 0:
            found += len(self.base)
        else:
            found = self.base.ids.find(paper_id)
        # A removed paper's id is still in the table.
        return found if found >= 0 and self.alive(np.asarray([found]))[0] else None

    def tokens(self, number: int) -> NDArray[np.int32]:
        """Return a paper's term ids as its text runs: the title once, then the abstract."""
        base = len(self.base)
        return self.base.stream(number) if number < base else self.delta.stream(number - base)

    def title_length(self, number: int) -> int:
        """Return how many of a paper's `tokens` are its title's."""
        base = len(self.base)
        lengths = self.base.title_lengths if number < base else self.delta.title_lengths
        return int(lengths[number if number < base else number - base])

    def beginning(self, start: str, count: int) -> list[str]:
        """Return the first `count` terms, in alphabetical order, that begin so and that some paper holds."""
        found = []
        for segment in (self.base, self.delta):
            places = (n for n in segment.terms.beginning(start) if self.df(segment.first + n))
            found += [segment.terms[n] for n, _ in zip(places, range(count), strict=False)]
        return sorted(found)[:count]
