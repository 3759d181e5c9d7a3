"""The index: rank-bm25's BM25Plus, its scores kept and its cost removed."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from rank_bm25 import BM25Plus

from bot.core import text
from bot.core.paper import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from bot.core.paper import Paper

MAX_TERMS = 400
"""Terms of one query that are scored; a 4,000-character query has about that many."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which papers may be found. A paper without a known year is outside every date range."""

    since: date | None = None
    until: date | None = None
    code: bool = False
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A paper's id, its BM25Plus score (no unit), and the query's words that it contains."""

    id: str
    score: float
    matched: tuple[str, ...]


class PostingsBM25(BM25Plus):  # type: ignore[misc]  # rank-bm25 ships no types
    """BM25Plus of rank-bm25 0.2.2 over postings held in NumPy arrays.

    Formula and parameters are the parent's (Lv & Zhai 2011; k1 1.5, b 0.75, delta 1). The parent walks
    every document for every term; this walks only the documents that contain it.
    """

    def _initialize(self, corpus: Iterable[Sequence[str]]) -> dict[str, int]:
        docs: dict[str, array[int]] = {}
        counts: dict[str, array[int]] = {}
        lengths = array("i")
        for number, document in enumerate(corpus):
            lengths.append(len(document))
            for term, count in Counter(document).items():
                docs.setdefault(term, array("i")).append(number)
                counts.setdefault(term, array("i")).append(count)
        self.corpus_size = len(lengths)
        self.doc_len = np.asarray(lengths, dtype=np.int32)
        self.avgdl = float(self.doc_len.mean()) if lengths else 0.0
        self._norm = self.k1 * (1 - self.b + self.b * self.doc_len / (self.avgdl or 1.0))
        self.docs = {term: np.asarray(found, dtype=np.int32) for term, found in docs.items()}
        self._counts = {term: np.asarray(found, dtype=np.float64) for term, found in counts.items()}
        return {term: len(found) for term, found in docs.items()}

    def _calc_idf(self, nd: dict[str, int]) -> None:
        self.idf = {term: math.log((self.corpus_size + 1) / found) for term, found in nd.items()}

    def gains(self, term: str) -> NDArray[np.float64]:
        """Return what a term adds to each of its documents beyond the delta that all receive."""
        counts = self._counts[term]
        gain: NDArray[np.float64] = self.idf[term] * (counts * (self.k1 + 1) / (self._norm[self.docs[term]] + counts))
        return gain

    def get_scores(self, query: Sequence[str]) -> NDArray[np.float64]:
        """Return one score per document, as the parent's method of this name."""
        scores = np.zeros(self.corpus_size)
        for term in query:
            if term in self.docs:
                scores[self.docs[term]] += self.gains(term)
        return scores + self.floor(query)

    def floor(self, query: Iterable[str]) -> float:
        """Return what rank-bm25 gives to every document, whether it matches or not."""
        return float(sum(self.delta * self.idf.get(term, 0.0) for term in query))


class Index:
    """Papers by number, found by words. Immutable once built."""

    def __init__(self, papers: Iterable[Paper]) -> None:
        """Build from papers in the order given; that order breaks ties."""
        kept = list(papers)
        self.ids = [paper.id for paper in kept]
        self._number = {paper: number for number, paper in enumerate(self.ids)}
        self.bm25 = PostingsBM25(text.document(paper.title, paper.abstract) for paper in kept)
        self._days = np.asarray([paper.date.toordinal() if paper.date else 0 for paper in kept], dtype=np.int32)
        self._code = np.asarray([bool(paper.code) for paper in kept], dtype=bool)
        self._sources = np.asarray([paper.source for paper in kept], dtype=object)
        self._vocabulary = sorted(self.bm25.docs)

    def __len__(self) -> int:
        """Return the number of papers."""
        return len(self.ids)

    def search(self, query: str, k: int = 10, only: Filter | None = None) -> list[Match]:
        """Return at most k papers that contain a word of the query, best first."""
        wanted = query_words(query)
        ranked = self._rank([term for _, found in wanted for term in found][:MAX_TERMS], k, only)
        return [Match(self.ids[n], score, self._matched(wanted, n)) for n, score in ranked]

    def similar(self, paper: Paper, k: int = 10) -> list[Match]:
        """Return at most k other papers that share the telling words of this one, best first."""
        counts = Counter(text.document(paper.title, paper.abstract))
        weight = {term: count * self.idf(term) for term, count in counts.items() if term in self.bm25.docs}
        telling = sorted(weight, key=lambda term: (-weight[term], term))[:25]
        ranked = self._rank([term for term in telling for _ in range(min(counts[term], 3))], k + 1, None)
        surface = _surfaces(paper.title + " " + paper.abstract)
        wanted = [(surface[term], (term,)) for term in telling if term in surface]
        return [
            Match(self.ids[n], score, self._matched(wanted, n)[:6]) for n, score in ranked if self.ids[n] != paper.id
        ][:k]

    def complete(self, typed: str, k: int = 25) -> list[str]:
        """Return ids for a half-typed title: whole words as typed, the last one as a beginning."""
        found = [word for word in text.words(typed[: text.MAX_QUERY]) if word.terms]
        if not found:
            return self.ids[:k]
        scores = np.zeros(len(self))
        for term in (term for word in found[:-1] for term in word.terms):
            if term in self.bm25.docs:
                scores[self.bm25.docs[term]] += self.bm25.gains(term)
        # The last word may become many words, but it is one word: its best reading counts, not their sum,
        # and only as much of it as has been typed.
        last = np.zeros(len(self))
        begun = typed[found[-1].start : found[-1].end]
        for term in self._beginning(begun, found[-1].terms):
            if term in self.bm25.docs:
                docs = self.bm25.docs[term]
                last[docs] = np.maximum(last[docs], self.bm25.gains(term) * min(len(begun) / len(term), 1))
        scores += last
        return [self.ids[n] for n in self._best(np.flatnonzero(scores), scores, k)]

    def idf(self, term: str) -> float:
        """Return a term's weight, ln((N + 1) / n); a term in no paper weighs as if it were in one."""
        return float(self.bm25.idf.get(term, math.log(len(self) + 1)))

    def number(self, paper_id: str) -> int | None:
        """Return a paper's number in the index, or None."""
        return self._number.get(paper_id)

    def contains(self, number: int, term: str) -> bool:
        """Say whether the paper of that number contains the term."""
        docs = self.bm25.docs.get(term)
        if docs is None:
            return False
        place = int(np.searchsorted(docs, number))
        return place < len(docs) and int(docs[place]) == number

    def _rank(self, query: list[str], k: int, only: Filter | None) -> list[tuple[int, float]]:
        known = Counter(term for term in query if term in self.bm25.docs)
        if not known or k < 1:
            return []
        docs = np.concatenate([self.bm25.docs[term] for term in known])
        gains = np.concatenate([self.bm25.gains(term) * times for term, times in known.items()])
        scores = np.bincount(docs, weights=gains, minlength=len(self)).astype(np.float64)
        candidates = np.unique(docs)
        if only is not None:
            candidates = candidates[self._allowed(only)[candidates]]
        floor = self.bm25.floor(query)
        return [(n, float(scores[n] + floor)) for n in self._best(candidates, scores, k)]

    def _best(self, candidates: NDArray[np.intp], scores: NDArray[np.float64], k: int) -> list[int]:
        # Rounded for the order only: sums in another order must not break ties differently.
        order = np.lexsort((candidates, -np.round(scores[candidates], 9)))[: max(k, 0)]
        return [int(n) for n in candidates[order]]

    def _allowed(self, only: Filter) -> NDArray[np.bool_]:
        mask = np.ones(len(self), dtype=bool)
        if only.since:
            mask &= self._days >= only.since.toordinal()
        if only.until:
            mask &= (self._days > 0) & (self._days <= only.until.toordinal())
        if only.code:
            mask &= self._code
        if only.source:
            mask &= self._sources == only.source
        return mask

    def _matched(self, wanted: Iterable[tuple[str, tuple[str, ...]]], number: int) -> tuple[str, ...]:
        found = [word for word, terms in wanted if any(self.contains(number, term) for term in terms)]
        return tuple(dict.fromkeys(found))

    def _beginning(self, typed: str, terms: tuple[str, ...]) -> list[str]:
        start = fold(typed)
        place = bisect_left(self._vocabulary, start)
        found = list(terms)
        for term in self._vocabulary[place : place + 50]:
            if not term.startswith(start):
                break
            found.append(term)
        # "separat" is no stem, but "separ" is: accept the longest known beginning of what was typed.
        stems = (start[:n] for n in range(len(start), 3, -1))
        found += [term for term in stems if term in self.bm25.docs][:1]
        return list(dict.fromkeys(found))


def query_words(query: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the query's words that carry a topic, as typed, each with its terms."""
    clipped = query[: text.MAX_QUERY]
    return [(clipped[word.start : word.end], word.terms) for word in text.words(clipped) if word.terms]


def _surfaces(prose: str) -> dict[str, str]:
    found: dict[str, Any] = {}
    for word in text.words(prose):
        for term in word.terms:
            found.setdefault(term, prose[word.start : word.end])
    return found


def best_sentence(index: Index, query: Iterable[str], abstract: str) -> str:
    """Return the sentence that holds most of the query's weight; the first where none does."""
    wanted = set(query)
    candidates = text.sentences(abstract)
    if not candidates:
        return ""

    def weight(sentence: str) -> float:
        return sum(index.idf(term) for term in set(text.terms(sentence)) & wanted)

    return max(candidates, key=weight)
