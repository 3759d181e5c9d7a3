"""rank-bm25's BM25Plus over postings: its scores kept and its cost removed."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
from rank_bm25 import BM25Plus

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from bot.core.collection import Collection


class PostingsBM25(BM25Plus):  # type: ignore[misc]  # rank-bm25 ships no types
    """BM25Plus of rank-bm25 0.2.2 over a collection's arrays; terms are ids.

    Formula and parameters are the parent's (Lv & Zhai 2011; k1 1.5, b 0.75, delta 1). The parent walks
    every document for every term; this walks only the documents that contain it.
    """

    def __init__(self, collection: Collection) -> None:
        """Score the papers of a collection."""
        super().__init__(collection)

    def _initialize(self, corpus: Collection) -> Collection:
        self.corpus = corpus
        self.corpus_size = len(corpus)
        self.avgdl = corpus.total_length / (self.corpus_size or 1) or 1.0
        return corpus

    def _calc_idf(self, nd: Collection) -> None:
        """Keep nothing: a weight is worked out when a query needs it."""

    def weight(self, term: int) -> float:
        """Return a term's idf, ln((N + 1) / n); 0 where no paper holds it."""
        found = self.corpus.df(term)
        return math.log((self.corpus_size + 1) / found) if found else 0.0

    def gains(self, term: int, numbers: NDArray[np.int64], counts: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what a term adds to each of these papers, beyond the delta that all receive."""
        norm = self.k1 * (1 - self.b + self.b * self.corpus.lengths(numbers) / self.avgdl)
        gain: NDArray[np.float64] = self.weight(term) * (counts * (self.k1 + 1) / (norm + counts))
        return gain

    def floor(self, query: Iterable[int]) -> float:
        """Return what rank-bm25 gives to every paper, whether it matches or not."""
        return float(sum(self.delta * self.weight(term) for term in query))

    def get_scores(self, query: Sequence[int]) -> NDArray[np.float64]:
        """Return one score per number, as the parent's method of this name; replaced papers have no meaning."""
        scores = np.zeros(self.corpus.size)
        for term in query:
            numbers, counts = self.corpus.postings(term)
            scores[numbers] += self.gains(term, numbers, counts)
        return scores + self.floor(query)

    def top(self, query: Sequence[int], k: int, allowed: NDArray[np.bool_] | None = None) -> list[tuple[int, float]]:
        """Return at most k numbers that hold a term of the query, with their scores, best first.

        `allowed` (one per number) leaves papers out. Equal scores keep the papers' order of arrival.
        """
        known = Counter(term for term in query if self.corpus.df(term))
        if not known or k < 1:
            return []
        scores = np.zeros(self.corpus.size)
        met = np.zeros(self.corpus.size, dtype=bool)
        for term, times in known.items():
            numbers, counts = self.corpus.postings(term)
            scores[numbers] += self.gains(term, numbers, counts) * times
            met[numbers] = True
        met[self.corpus.gone] = False
        if allowed is not None:
            met &= allowed
        candidates = np.flatnonzero(met)
        floor = self.floor(query)
        return [(n, float(scores[n] + floor)) for n in best(candidates, scores[candidates], self.corpus, k)]


def best(numbers: NDArray[np.integer[Any]], scores: NDArray[np.float64], collection: Collection, k: int) -> list[int]:
    """Return at most k of the numbers, the best first, equal ones in their order of arrival."""
    # Rounded for the order only: sums in another order must not break ties differently.
    rounded = np.round(scores, 9)
    if 0 < k < len(numbers):
        least = np.partition(rounded, len(rounded) - k)[len(rounded) - k]
        kept = rounded >= least
        numbers, rounded = numbers[kept], rounded[kept]
    order = np.lexsort((collection.places(numbers), -rounded))[: max(k, 0)]
    return [int(n) for n in numbers[order]]
