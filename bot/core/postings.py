"""rank-bm25's BM25Plus over postings: its scores kept and its cost removed."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from rank_bm25 import BM25Plus

from bot.core.bounds import Bounds, Peaks, Row
from bot.core.impacts import padded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from bot.core.collection import Collection
    from bot.core.segment import Segment

    Scored = tuple[NDArray[np.integer[Any]], NDArray[np.float64]]
    """Papers, and the score of each without the floor."""

FEW = 40
"""Papers looked at for each one wanted, at the least: where there are fewer, all that match are scored."""
SMALL = 16_000
"""Papers up to which every match is scored: that costs less than to find out which ones need it."""
_KNOWN = 4000
"""Terms remembered, with what they add to the papers of small segments: some megabytes."""
_EQUAL = 1e-8
"""Scores this near may be equal: they are compared to nine decimals."""
_LEAST = 1e-300
"""Less than any score of a paper that matches."""


class Term(NamedTuple):
    """A term as queries need it: its idf, its row of bounds in a large base, what it adds to papers of small parts."""

    id: int
    weight: float
    row: Row | None
    parts: tuple[Scored | None, Scored | None]


class PostingsBM25(BM25Plus):  # type: ignore[misc]  # rank-bm25 ships no types
    """BM25Plus of rank-bm25 0.2.2 over a collection's arrays; terms are ids.

    Formula and parameters are the parent's (Lv & Zhai 2011; k1 1.5, b 0.75, delta 1). The parent walks every document
    for every term. This sums small integers that bound the scores of a large base, and scores only the papers whose
    bound says that they may be among the best.
    """

    def __init__(self, collection: Collection) -> None:
        """Score the papers of a collection."""
        super().__init__(collection)

    def _initialize(self, corpus: Collection) -> Collection:
        self.corpus = corpus
        self.corpus_size = len(corpus)
        self.avgdl = corpus.total_length / (self.corpus_size or 1) or 1.0
        self._bounds = Bounds(corpus.base)
        self._terms: dict[int, Term] = {}
        self._gone = corpus.gone[: int(corpus.gone.searchsorted(len(corpus.base)))]
        return corpus

    def _calc_idf(self, nd: Collection) -> None:
        """Keep nothing: a weight is worked out when a query needs it."""

    def weight(self, term: int) -> float:
        """Return a term's idf, ln((N + 1) / n); 0 where no paper holds it."""
        found = self.corpus.df(term)
        return math.log((self.corpus_size + 1) / found) if found else 0.0

    def floor(self, query: Iterable[int]) -> float:
        """Return what rank-bm25 gives to every paper, whether it matches or not."""
        return float(sum(self.delta * self._term(term).weight for term in query))

    def get_scores(self, query: Sequence[int]) -> NDArray[np.float64]:
        """Return one score per number, as the parent's method of this name; a replaced paper's has no meaning."""
        terms = self._weighed(query)
        parts = [self._every(segment, terms)[: len(segment)] for segment in (self.corpus.base, self.corpus.delta)]
        return np.concatenate(parts) + self.floor(query)

    def top(self, query: Sequence[int], k: int, allowed: NDArray[np.bool_] | None = None) -> list[tuple[int, float]]:
        """Return at most k numbers that hold a term of the query, with their scores, best first.

        `allowed` (one per number) leaves papers out. Equal scores keep the papers' order of arrival.
        """
        terms = self._weighed(query)
        if not terms or k < 1:
            return []
        base, delta = self.corpus.base, self.corpus.delta
        large = len(base) > max(SMALL, k * FEW)
        numbers, scores = (self._likely if large else self._matching)(base, terms, k, allowed)
        if len(delta):
            new, new_scores = self._matching(delta, terms, k, allowed)
            numbers, scores = np.concatenate([numbers, new]), np.concatenate([scores, new_scores])
        floor = sum(self.delta * term.weight * times for term, times in terms)
        return [(number, score + floor) for number, score in best(numbers, scores, self.corpus, k)]

    def _weighed(self, query: Iterable[int]) -> list[tuple[Term, int]]:
        """Return the query's known terms in its order, and how often it asks for each."""
        return [(term, times) for known, times in Counter(query).items() if (term := self._term(known)).weight]

    def _term(self, known: int) -> Term:
        return self._terms.get(known) or self._learn(known)

    def _learn(self, known: int) -> Term:
        if len(self._terms) >= _KNOWN:
            self._terms.clear()
        weight, base = self.weight(known), self.corpus.base
        row = base.row(known) if weight and len(base) > SMALL else -1
        parts = [self.gains(part, known) if len(part) <= SMALL else None for part in (base, self.corpus.delta)]
        bounds = self._bounds.row(row, weight, self.avgdl) if row >= 0 else None
        found = self._terms[known] = Term(known, weight, bounds, (parts[0], parts[1]))
        return found

    def gains(self, segment: Segment, term: int) -> Scored:
        """Return the papers of a segment that hold a term, and what one of weight 1 adds to each beyond the delta."""
        docs, often = segment.postings(term)
        counts = often.astype(np.float64)
        return docs, counts * (self.k1 + 1) / (self._norm(segment.lengths[docs]) + counts)

    def _norm(self, lengths: NDArray[np.int32]) -> NDArray[np.float64]:
        norm: NDArray[np.float64] = self.k1 * (1 - self.b + self.b * lengths / self.avgdl)
        return norm

    def _every(self, segment: Segment, terms: Iterable[tuple[Term, int]]) -> NDArray[np.float64]:
        """Return the score of each of a segment's papers, the floor left out: 0 where it holds no term."""
        scores = np.zeros(padded(len(segment)))
        for term, times in terms:
            docs, gains = term.parts[segment is self.corpus.delta] or self.gains(segment, term.id)
            np.add.at(scores, docs, (times * term.weight) * gains)
        return scores

    def _matching(
        self, segment: Segment, terms: Sequence[tuple[Term, int]], k: int, allowed: NDArray[np.bool_] | None
    ) -> Scored:
        """Return those papers of a segment that hold a term and are among its k best, and some more."""
        scores, number = self._every(segment, terms), segment.number
        if allowed is not None:
            scores[: len(segment)] *= allowed[number : number + len(segment)]
        if len(self.corpus.gone):
            first, last = self.corpus.gone.searchsorted([number, number + len(segment)])
            scores[self.corpus.gone[first:last] - number] = 0
        peaks = Peaks(scores, k)
        local = peaks.reaching(max(peaks.kth(k) - _EQUAL, _LEAST))
        return local + number, scores[local]

    def _likely(
        self, base: Segment, terms: Sequence[tuple[Term, int]], k: int, allowed: NDArray[np.bool_] | None
    ) -> Scored:
        """Return the papers of the base whose bound says that they may be among its k best."""
        rows = [(term.row, times) for term, times in terms if term.row]
        slack = sum((row.below + row.above) * times for row, times in rows)
        sums = self._bounds.sums(rows)
        if allowed is not None:
            sums[: len(base)] *= allowed[: len(base)]
        if len(self._gone):
            sums[self._gone] = 0
        peaks = Peaks(sums, k)
        numbers = peaks.reaching(max(math.ceil(peaks.kth(k) - slack), 1))
        self._bounds.give_back(sums)
        return numbers, self._exact(base, numbers, terms)

    def _exact(
        self, base: Segment, numbers: NDArray[np.integer[Any]], terms: Sequence[tuple[Term, int]]
    ) -> NDArray[np.float64]:
        """Return the scores of papers of the base, the floor left out."""
        counts, small = np.zeros((len(terms), len(numbers))), numbers.astype(np.int32)
        for found, (term, _) in zip(counts, terms, strict=True):
            docs, often = base.postings(term.id)
            if len(docs):
                place = docs.searchsorted(small)
                np.multiply(often.take(place, mode="clip"), docs.take(place, mode="clip") == small, out=found)
        gains = counts * (self.k1 + 1) / (self._norm(base.lengths[numbers]) + counts)
        gains *= np.asarray([times * term.weight for term, times in terms])[:, None]
        # One after the other, as `_every` adds them: NumPy's sum would add in pairs, and differ in the last digit.
        scores: NDArray[np.float64] = np.add.accumulate(gains, axis=0)[-1]
        return scores


def best(
    numbers: NDArray[np.integer[Any]], scores: NDArray[np.float64], collection: Collection, k: int
) -> list[tuple[int, float]]:
    """Return at most k of the numbers with their scores, the best first, equal ones in their order of arrival."""
    # Rounded for the order only: sums in another order must not break ties differently.
    rounded = np.rint(scores * 1e9)
    if 0 < k < len(numbers) // 4:
        kept = np.flatnonzero(rounded >= np.partition(rounded, len(rounded) - k)[len(rounded) - k])
        numbers, scores, rounded = numbers[kept], scores[kept], rounded[kept]
    order = np.lexsort((collection.places(numbers), -rounded))[: max(k, 0)]
    return list(zip(numbers[order].tolist(), scores[order].tolist(), strict=True))
