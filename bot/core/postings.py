"""rank-bm25's BM25Plus over postings: its scores kept and its cost removed."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
from rank_bm25 import BM25Plus

from bot.core.bounds import Bounds, Peaks, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from bot.core.collection import Collection
    from bot.core.segment import Segment

    Scored = tuple[NDArray[np.integer[Any]], NDArray[np.float64]]
    """Papers, and the score of each without the floor."""

FEW = 40
"""Papers looked at for each one wanted, at the least: where there are fewer, all that match are scored."""


class PostingsBM25(BM25Plus):  # type: ignore[misc]  # rank-bm25 ships no types
    """BM25Plus of rank-bm25 0.2.2 over a collection's arrays; terms are ids.

    Formula and parameters are the parent's (Lv & Zhai 2011; k1 1.5, b 0.75, delta 1). The parent walks every document
    for every term. This sums small integers that bound the scores of the base, and scores only the papers whose
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
        return float(sum(self.delta * self.weight(term) for term in query))

    def get_scores(self, query: Sequence[int]) -> NDArray[np.float64]:
        """Return one score per number, as the parent's method of this name; a replaced paper's has no meaning."""
        terms = self._weighed(query)
        parts = [self.every(segment, terms)[0] for segment in (self.corpus.base, self.corpus.delta)]
        return np.concatenate(parts) + self.floor(query)

    def top(self, query: Sequence[int], k: int, allowed: NDArray[np.bool_] | None = None) -> list[tuple[int, float]]:
        """Return at most k numbers that hold a term of the query, with their scores, best first.

        `allowed` (one per number) leaves papers out. Equal scores keep the papers' order of arrival.
        """
        terms = self._weighed(query)
        if not terms or k < 1:
            return []
        few = k * FEW > len(self.corpus.base)
        numbers, scores = self._matching(self.corpus.base, terms, allowed) if few else self._likely(terms, k, allowed)
        if len(self.corpus.delta):
            new, new_scores = self._matching(self.corpus.delta, terms, allowed)
            numbers, scores = np.concatenate([numbers, new]), np.concatenate([scores, new_scores])
        floor = sum(self.delta * weight * times for times, weight in terms.values())
        return [(number, score + floor) for number, score in best(numbers, scores, self.corpus, k)]

    def _weighed(self, query: Iterable[int]) -> dict[int, tuple[int, float]]:
        """Return the query's known terms in its order, how often it asks for each, and its idf."""
        return {term: (times, weight) for term, times in Counter(query).items() if (weight := self.weight(term))}

    def _norm(self, lengths: NDArray[np.int32]) -> NDArray[np.float64]:
        norm: NDArray[np.float64] = self.k1 * (1 - self.b + self.b * lengths / self.avgdl)
        return norm

    def every(
        self, segment: Segment, terms: Mapping[int, tuple[int, float]]
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return the score of each of a segment's papers, the floor left out, and whether it holds a term."""
        scores, met = np.zeros(len(segment)), np.zeros(len(segment), dtype=bool)
        for term, (times, weight) in terms.items():
            docs, gains = self.gains(segment, term)
            np.add.at(scores, docs, times * weight * gains)
            met[docs] = True
        return scores, met

    def gains(self, segment: Segment, term: int) -> Scored:
        """Return the papers of a segment that hold a term, and what one of weight 1 adds to each beyond the delta."""
        docs, often = segment.postings(term)
        counts = often.astype(np.float64)
        return docs, counts * (self.k1 + 1) / (self._norm(segment.lengths[docs]) + counts)

    def _matching(
        self, segment: Segment, terms: Mapping[int, tuple[int, float]], allowed: NDArray[np.bool_] | None
    ) -> Scored:
        """Return every paper of a segment that holds a term."""
        scores, met = self.every(segment, terms)
        if allowed is not None:
            met &= allowed[segment.number :][: len(segment)]
        local = np.flatnonzero(met)
        local = local[self.corpus.alive(local + segment.number)]
        return local + segment.number, scores[local]

    def _likely(self, terms: Mapping[int, tuple[int, float]], k: int, allowed: NDArray[np.bool_] | None) -> Scored:
        """Return the papers of the base whose bound says that they may be among its k best."""
        base = self.corpus.base
        wanted = [one for term, (times, weight) in terms.items() if (one := self._wanted(term, times, weight))]
        sums = self._bounds.sums(wanted)
        if allowed is not None:
            sums[: len(base)] *= allowed[: len(base)]
        sums[self._gone] = 0
        peaks = Peaks(sums, k)
        below, above = self._bounds.slack(wanted)
        numbers = peaks.reaching(max(math.ceil(peaks.kth(k) - below - above), 1))
        return numbers, self._exact(numbers, terms)

    def _wanted(self, term: int, times: int, weight: float) -> Wanted | None:
        base = self.corpus.base
        if (row := base.row(term)) < 0:
            return None
        then = math.log((self._bounds.papers + 1) / int(base.starts[row + 1] - base.starts[row]))
        shorter = self.avgdl / self._bounds.average
        drift = weight / then
        return Wanted(row, times, drift * min(shorter, 1.0), drift * max(shorter, 1.0))

    def _exact(self, numbers: NDArray[np.integer[Any]], terms: Mapping[int, tuple[int, float]]) -> NDArray[np.float64]:
        """Return the scores of papers of the base, the floor left out."""
        base, scores = self.corpus.base, np.zeros(len(numbers))
        norm, small = self._norm(base.lengths[numbers]), numbers.astype(np.int32)
        for term, (times, weight) in terms.items():
            docs, often = base.postings(term)
            place = docs.searchsorted(small)
            place[place == len(docs)] = 0
            counts = np.where(docs[place] == small, often[place], 0).astype(np.float64) if len(docs) else 0.0
            scores += times * weight * (counts * (self.k1 + 1) / (norm + counts))
        return scores


def best(
    numbers: NDArray[np.integer[Any]], scores: NDArray[np.float64], collection: Collection, k: int
) -> list[tuple[int, float]]:
    """Return at most k of the numbers with their scores, the best first, equal ones in their order of arrival."""
    # Rounded for the order only: sums in another order must not break ties differently.
    rounded = np.round(scores, 9)
    if 0 < k < len(numbers):
        kept = np.flatnonzero(rounded >= np.partition(rounded, len(rounded) - k)[len(rounded) - k])
        numbers, scores, rounded = numbers[kept], scores[kept], rounded[kept]
    order = np.lexsort((collection.places(numbers), -rounded))[: max(k, 0)]
    return list(zip(numbers[order].tolist(), scores[order].tolist(), strict=True))
