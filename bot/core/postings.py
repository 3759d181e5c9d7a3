"""rank-bm25's BM25Plus over postings: its scores kept and its cost removed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from rank_bm25 import BM25Plus

from bot.core.bounds import LOST, Bounds, Lost, Peaks, Row
from bot.core.impacts import COMMON, padded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from bot.core.collection import Collection
    from bot.core.segment import Segment

    Added = tuple[NDArray[np.integer[Any]] | None, NDArray[np.float64]]
    """Papers, or None for all of them, and what a term adds to the score of each."""
    Scored = tuple[NDArray[np.integer[Any]], NDArray[np.float64]]
    """Papers, and the score of each without the floor."""

FEW = 40
"""Papers looked at for each one wanted, at the least: where there are fewer, all that match are scored."""
SMALL = 16_000
"""Papers up to which every match is scored: that costs less than to find out which ones need it."""
_KNOWN = 4000
"""Terms remembered, with what they add to the papers of small segments: some megabytes."""
_MANY = 5
"""Times the papers wanted, from which so many candidates are thinned out before they are scored."""
_EQUAL = 1e-8
"""Scores this near may be equal: they are compared to nine decimals."""
_LEAST = 1e-300
"""Less than any score of a paper that matches."""


class Term(NamedTuple):
    """A term as queries need it.

    `weight` is its idf, `held` its postings in the base, `row` its bounds in a large base; `base` and `delta` are what
    it adds to the papers of these, where they are small.
    """

    id: int
    weight: float
    held: tuple[NDArray[np.int32], NDArray[np.unsignedinteger[Any]]]
    row: Row | None
    base: Added | None
    delta: Added | None


class PostingsBM25(BM25Plus):  # type: ignore[misc]  # rank-bm25 ships no types
    """BM25Plus of rank-bm25 0.2.2 over a collection's arrays; terms are ids.

    Formula and parameters are the parent's (Lv & Zhai 2011; k1 1.5, b 0.75, delta 1). The parent walks every document
    for every term. This sums small integers that bound the scores of a large base, and scores only the papers whose
    bound says that they may be among the best.
    """

    def __init__(self, collection: Collection, small: int = SMALL) -> None:
        """Score the papers of a collection; a part of it up to `small` papers without bounds."""
        self._small = small
        super().__init__(collection)

    def _initialize(self, corpus: Collection) -> Collection:
        self.corpus = corpus
        self.corpus_size = len(corpus)
        self.avgdl = corpus.total_length / (self.corpus_size or 1) or 1.0
        self._bounds = Bounds(corpus.base)
        self._terms: dict[int, Term] = {}
        cut = int(corpus.gone.searchsorted(len(corpus.base)))
        self._gone = corpus.gone[:cut], corpus.gone[cut:] - len(corpus.base)
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
        terms = self._known(query)
        parts = [self._every(segment, terms)[: len(segment)] for segment in (self.corpus.base, self.corpus.delta)]
        return np.concatenate(parts) + self.floor(query)

    def top(self, query: Sequence[int], k: int, allowed: NDArray[np.bool_] | None = None) -> list[tuple[int, float]]:
        """Return at most k numbers that hold a term of the query, with their scores, best first.

        `allowed` (one per number) leaves papers out. Equal scores keep the papers' order of arrival.
        """
        terms = self._known(query)
        if not terms or k < 1:
            return []
        base, delta = self.corpus.base, self.corpus.delta
        large = len(base) > max(self._small, k * FEW)
        numbers, scores = (self._likely if large else self._matching)(base, terms, k, allowed)
        if len(delta):
            new, new_scores = self._matching(delta, terms, k, allowed)
            numbers, scores = np.concatenate([numbers, new]), np.concatenate([scores, new_scores])
        floor = sum(self.delta * term.weight * times for term, times in terms)
        return [(number, score + floor) for number, score in best(numbers, scores, self.corpus, k)]

    def _known(self, query: Iterable[int]) -> list[tuple[Term, int]]:
        """Return the query's known terms in its order, and how often it asks for each."""
        times: dict[int, int] = {}
        for known in query:  # Counter is slower on so few
            times[known] = times.get(known, 0) + 1
        return [(term, count) for known, count in times.items() if (term := self._term(known)).weight]

    def _term(self, known: int) -> Term:
        return self._terms.get(known) or self._learn(known)

    def _learn(self, known: int) -> Term:
        if len(self._terms) >= _KNOWN:
            self._terms.clear()
        weight, base = self.weight(known), self.corpus.base
        row = base.row(known) if weight and len(base) > self._small else -1
        bounds = self._bounds.row(row, weight, self.avgdl) if row >= 0 else None
        parts = (self._remembered(part, known, weight) for part in (base, self.corpus.delta))
        found = self._terms[known] = Term(known, weight, base.postings(known), bounds, next(parts), next(parts))
        return found

    def _remembered(self, segment: Segment, term: int, weight: float) -> Added | None:
        if len(segment) > self._small:
            return None
        docs, gains = self._weighed(segment, term, weight)
        if len(docs) * COMMON < len(segment):
            return docs.astype(np.intp), gains
        whole = np.zeros(padded(len(segment)))
        whole[docs] = gains
        return None, whole

    def norm(self, lengths: NDArray[np.int32]) -> NDArray[np.float64]:
        """Return what the formula adds to a count in its denominator, for papers of these lengths."""
        norm: NDArray[np.float64] = self.k1 * (1 - self.b + self.b * lengths / self.avgdl)
        return norm

    def gains(self, counts: NDArray[np.float64], norm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what a term of weight 1 adds to papers that hold it so often, beyond the delta that all receive."""
        gains: NDArray[np.float64] = counts * (self.k1 + 1) / (norm + counts)
        return gains

    def worth(self, terms: Sequence[int], numbers: NDArray[np.integer[Any]]) -> NDArray[np.float64]:
        """Return what each term (rows) adds to the score of each paper (columns) beyond the delta; 0 where it is not.

        Here papers are of the whole collection.
        """
        counts = np.stack([self.corpus.counts(term, numbers) for term in terms])
        weights = np.asarray([self._term(term).weight for term in terms])
        worth: NDArray[np.float64] = weights[:, None] * self.gains(counts, self.norm(self.corpus.lengths(numbers)))
        return worth

    def _weighed(self, segment: Segment, term: int, weight: float) -> Scored:
        """Return the papers of a segment that hold a term, and what it adds to each beyond the delta."""
        docs, often = segment.postings(term)
        return docs, weight * self.gains(often.astype(np.float64), self.norm(segment.lengths[docs]))

    def _every(self, segment: Segment, terms: Iterable[tuple[Term, int]]) -> NDArray[np.float64]:
        """Return the score of each of a segment's papers, the floor left out: 0 where it holds no term."""
        scores = np.zeros(padded(len(segment)))
        for term, times in terms:
            known = term.delta if segment is self.corpus.delta else term.base
            docs, gains = known or self._weighed(segment, term.id, term.weight)
            gains = gains * times if times > 1 else gains
            if docs is None:
                scores += gains
            else:
                np.add.at(scores, docs, gains)
        return scores

    def _matching(
        self, segment: Segment, terms: Sequence[tuple[Term, int]], k: int, allowed: NDArray[np.bool_] | None
    ) -> Scored:
        """Return those papers of a segment that hold a term and are among its k best, and some more."""
        scores, number = self._every(segment, terms), segment.number
        passed = None if allowed is None else allowed[number : number + len(segment)]
        Lost(passed, self._gone[segment is self.corpus.delta]).leave_out(scores)
        peaks = Peaks(scores, k)
        local = peaks.reaching(max(peaks.kth(k) - _EQUAL, _LEAST))
        return local + number, scores[local]

    def _likely(
        self, base: Segment, terms: Sequence[tuple[Term, int]], k: int, allowed: NDArray[np.bool_] | None
    ) -> Scored:
        """Return the papers of the base whose bound says that they may be among its k best."""
        rows = [(term.row, times) for term, times in terms if term.row]
        lost = Lost(None if allowed is None else allowed[: len(base)], self._gone[0])
        numbers, bounds = self._bounds.likely(rows, k, lost)
        if len(numbers) > k * _MANY:
            # Bounds of many words are loose. The k highest, scored, say better what is needed to be among the best.
            first = numbers[np.argpartition(bounds, len(bounds) - k)[len(bounds) - k :]]
            least = (self._exact(base, first, terms).min() - _EQUAL) / self._bounds.unit
            numbers = numbers[bounds >= least / LOST - sum(row.above * times for row, times in rows)]
        return numbers, self._exact(base, numbers, terms)

    def _exact(
        self, base: Segment, numbers: NDArray[np.integer[Any]], terms: Sequence[tuple[Term, int]]
    ) -> NDArray[np.float64]:
        """Return the scores of papers of the base, the floor left out."""
        counts = _counts([term.held for term, _ in terms], numbers)
        gains = self.gains(counts, self.norm(base.lengths[numbers]))
        gains *= np.asarray([term.weight for term, _ in terms])[:, None]
        gains *= np.asarray([times for _, times in terms])[:, None]
        # One after the other, as `_every` adds them: NumPy's sum would add in pairs, and differ in the last digit.
        scores: NDArray[np.float64] = np.add.accumulate(gains, axis=0)[-1]
        return scores


def _counts(held: Sequence[tuple[NDArray[Any], NDArray[Any]]], papers: NDArray[np.integer[Any]]) -> NDArray[np.float64]:
    """Return how often each term (rows; its postings are given) stands in each of these papers (columns)."""
    wanted = papers.astype(np.int32)
    met = np.full((len(held), len(papers)), -1, dtype=np.int32)
    counts = np.zeros((len(held), len(papers)))
    for row, (docs, often) in enumerate(held):
        if len(docs):
            place = docs.searchsorted(wanted)
            docs.take(place, out=met[row], mode="clip")
            counts[row] = often.take(place, mode="clip")
    counts *= met == wanted
    return counts


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
