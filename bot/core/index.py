"""The index: papers found by words, on rank-bm25's BM25Plus."""

from __future__ import annotations

import math
from collections import Counter
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bot.core import text
from bot.core.abbreviations import Abbreviations
from bot.core.collection import Collection
from bot.core.completion import complete
from bot.core.conditions import Conditions
from bot.core.correction import Correction, corrected
from bot.core.filters import Filter, Order, allowed, ordered
from bot.core.otherwise import MORE, holding, met
from bot.core.postings import PostingsBM25
from bot.core.query import Asked, Query, bare, parse
from bot.core.ranking import HEAD, Ranking
from bot.core.segment import Segment
from bot.core.spelling import Spelling

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from numpy.typing import NDArray

    from bot.core.abbreviations import Concept
    from bot.core.paper import Paper
    from bot.core.query import Clause
    from bot.core.ranking import Reading

__all__ = ["Filter", "Index", "Match", "Order", "bare", "best_sentence"]

MAX_TERMS = 400
"""Terms of one query that are scored; a 4,000-character query has about that many."""
_TELLING = 25
"""Terms by which a paper's like are looked for."""
_DEEP = 1000
"""Papers, the most relevant ones, of which the newest or the most voted may be shown first."""


class Match(NamedTuple):
    """A paper's id, its score, and the query's words that it contains.

    The score has no unit: BM25Plus's own, or where papers were looked at again, one between the first's and the
    last's of BM25Plus, in the new order's proportions.
    """

    id: str
    score: float
    matched: tuple[str, ...]


class Index:
    """Papers by number, found by words. A value: adding papers returns another index, which shares the base."""

    def __init__(self, papers: Iterable[Paper] | Collection = ()) -> None:
        """Build from papers in their order of arrival, which breaks ties; of one id the last counts."""
        self._papers = papers if isinstance(papers, Collection) else Collection(Segment.build(papers))
        self.bm25 = PostingsBM25(self._papers)
        self._ranking = Ranking(self.bm25)

    @classmethod
    def on(cls, base: Segment, delta: Segment | None = None) -> Index:
        """Return the index of a segment, as mapped from disk, and of what was built upon it."""
        return cls(Collection(base, delta))

    def with_papers(self, papers: Iterable[Paper], removed: Iterable[str] = ()) -> Index:
        """Return an index with these papers too, and without those whose ids are `removed`.

        A known id replaces its paper and keeps its place in ties.
        """
        return Index(self._papers.with_papers(papers, removed))

    @property
    def base(self) -> Segment:
        """What was built at once."""
        return self._papers.base

    @property
    def delta(self) -> Segment:
        """What came since."""
        return self._papers.delta

    def __len__(self) -> int:
        """Return the number of papers."""
        return len(self._papers)

    def search(
        self,
        query: str | Query,
        k: int = 10,
        only: Filter | None = None,
        order: Order = Order.RELEVANCE,
        *,
        again: bool = True,
    ) -> list[Match]:
        """Return at most k papers that hold a word of the query and meet its conditions, best first.

        A query in words is read as it was likely meant (see `read`). In another order than that of relevance, the
        papers are those at least half as relevant as the best, of the thousand most relevant. By relevance the best
        are looked at `again` (see `Ranking`); without, order and scores are BM25Plus's own.
        """
        asked = self.read(query).query if isinstance(query, str) else query
        if not asked.searchable or k < 1:
            return []
        words = self._said(asked)
        terms = [term for word in words for term in word.terms]
        conditions = Conditions(self._papers, asked, None if only is None else allowed(self._papers, only))
        again = again and order is Order.RELEVANCE
        pool = _DEEP if order is not Order.RELEVANCE else HEAD if again else k
        ranked = self._ranked(terms, k, max(pool, k), conditions)
        concepts = self.concepts(asked) if again and terms else []
        if again and terms:
            ranked = self._ranking.again(words, concepts, ranked, self._others(terms, concepts, conditions))
        if order is not Order.RELEVANCE:
            floor = self.bm25.floor(self._ids(terms))
            ranked = [pair for pair in ranked if pair[1] - floor >= (ranked[0][1] - floor) / 2]
        return self._matches(words, ordered(self._papers, ranked, order)[:k], concepts)

    def look(self, asked: Query, numbers: NDArray[np.int64]) -> Reading:
        """Read papers of these numbers with a query in mind."""
        return self._ranking.read(self._said(asked), self.concepts(asked), numbers)

    def titled(self, typed: str, numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Say of each paper of these numbers whether its title is what was typed, word for word."""
        return self._ranking.titled(text.terms(typed), numbers)

    def _others(self, terms: Sequence[str], concepts: Sequence[Concept], conditions: Conditions) -> list[int]:
        """Return papers that say what is asked in another way, and may hold none of the terms."""
        ways = [way for concept in concepts for way in concept.ways if all(map(self.knows, way))]
        if not ways:
            return []
        found = self._ranked([*terms, *chain.from_iterable(ways)], MORE, MORE, conditions)
        numbers = np.asarray([number for number, _ in found], dtype=np.int64)
        return [int(number) for number in numbers[holding(self._papers, ways, numbers)]]

    def _said(self, asked: Query) -> list[Asked]:
        """Return a query's words; acronyms that no paper holds with the terms of their long forms."""
        if all(map(self.knows, asked.terms)):
            return list(asked.words)
        long = {concept.terms: sum(concept.ways, ()) for concept in self.concepts(asked)}
        return [
            word if any(map(self.knows, word.terms)) else word._replace(terms=word.terms + long.get(word.terms, ()))
            for word in asked.words
        ]

    def concepts(self, asked: Query) -> list[Concept]:
        """Return what a query says that papers may say in another way: acronyms and their long forms."""
        return self._abbreviations.expand(asked, lambda term: self.df(self.term_id(term)))

    def _ranked(self, terms: Sequence[str], k: int, pool: int, conditions: Conditions) -> list[tuple[int, float]]:
        """Return at most `pool` papers that meet the conditions, best first.

        Where phrases have to be read to be found, the search ends when there are k of them: the rest of the pool may
        be lacking then.
        """
        if conditions.sure:
            return self._scored(terms, pool, conditions.mask)
        depth = pool
        while True:
            depth *= 2
            ranked = self._scored(terms, depth, conditions.mask)
            met = conditions.met(np.asarray([number for number, _ in ranked], dtype=np.int64))
            passed = [pair for pair, holds in zip(ranked, met.tolist(), strict=True) if holds]
            if len(passed) >= k or len(ranked) < depth:
                return passed[:pool]

    def _scored(self, terms: Sequence[str], k: int, mask: NDArray[np.bool_] | None) -> list[tuple[int, float]]:
        if terms or mask is None:
            return self.bm25.top(self._ids(terms), k, mask)
        # Nothing but an author or the like was asked for: the newest come first.
        numbers = np.flatnonzero(mask)
        numbers = numbers[self._papers.alive(numbers)]
        days = self._papers.column(lambda segment: segment.days, numbers)
        order = np.lexsort((self._papers.places(numbers), -days))[:k]
        return [(int(number), 0.0) for number in numbers[order]]

    def read(self, query: str, words: Container[str] = ()) -> Correction:
        """Return a query as it was likely meant, and what to say about it: see `corrected`."""
        asked = parse(query)
        known = all(map(self.knows, asked.terms))
        sound = () if known else {term for concept in self.concepts(asked) for term in concept.terms}
        return corrected(asked, self, self._spelling, sound, words)

    def names(self, words: Sequence[str]) -> bool:
        """Say whether the name of one author of a paper holds all these folded words."""
        return any(len(segment.by_author(words)) for segment in (self.base, self.delta))

    def idle(self, asked: Query) -> list[Clause]:
        """Return the conditions that no paper meets, whatever else is asked for."""
        every = [*asked.required, *asked.excluded]
        return [clause for clause in every if clause.ways and not self.finds(Query("", required=(clause,)))]

    def finds(self, asked: Query) -> bool:
        """Say whether any paper is what was asked for."""
        return bool(self._ranked(asked.terms, 1, 1, Conditions(self._papers, asked)))

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(self.base.part("spelling"), self.delta.part("spelling"))

    @cached_property
    def _abbreviations(self) -> Abbreviations:
        return Abbreviations(self.base.part("acronyms"), self.delta.part("acronyms"))

    def plain(self, terms: Iterable[str], k: int, only: Filter | None = None) -> list[tuple[int, float]]:
        """Return at most k numbers that hold one of the terms, with their BM25Plus scores, best first."""
        mask = None if only is None else allowed(self._papers, only)
        return self.bm25.top(self._ids(terms), k, mask)

    def _ids(self, terms: Iterable[str]) -> list[int]:
        return self._papers.term_ids(islice(terms, MAX_TERMS))

    def similar(self, paper: Paper, k: int = 10) -> list[Match]:
        """Return at most k other papers that share the telling words of this one, best first."""
        counts = Counter(text.document(paper.title, paper.abstract))
        weight = {term: count * self.idf(term) for term, count in counts.items() if self.knows(term)}
        telling = sorted(weight, key=lambda term: (-weight[term], term))[:_TELLING]
        ranked = self.plain([term for term in telling for _ in range(min(counts[term], 3))], k + 1)
        surface = _surfaces(paper.title + " " + paper.abstract)
        wanted = [Asked(surface[term], (term,), 0) for term in telling if term in surface]
        others = [match for match in self._matches(wanted, ranked) if match.id != paper.id]
        return [match._replace(matched=match.matched[:6]) for match in others[:k]]

    def complete(self, typed: str, k: int = 25) -> list[str]:
        """Return ids for a half-typed title: whole words as typed, the last one as a beginning."""
        return [self.id(number) for number in complete(self.bm25, typed, k)]

    def idf(self, term: str) -> float:
        """Return a term's weight, ln((N + 1) / n); a term in no paper weighs as if it were in one."""
        return self.bm25.weight(self.term_id(term)) or math.log(len(self) + 1)

    def knows(self, term: str) -> bool:
        """Say whether some paper holds a term."""
        return self.df(self.term_id(term)) > 0

    def term_id(self, term: str) -> int:
        """Return a term's id in this index, or -1."""
        return self._papers.term_id(term)

    def df(self, term_id: int) -> int:
        """Return how many papers hold the term of that id; none for -1."""
        return self._papers.df(term_id) if term_id >= 0 else 0

    def tokens(self, number: int) -> NDArray[np.int32]:
        """Return a paper's term ids as its text runs: the title once, then the abstract."""
        return self._papers.tokens(number)

    def title_length(self, number: int) -> int:
        """Return how many of a paper's `tokens` are its title's."""
        return self._papers.title_length(number)

    def number(self, paper_id: str) -> int | None:
        """Return a paper's number in the index, or None."""
        return self._papers.number(paper_id)

    def id(self, number: int) -> str:
        """Return the id of the paper of that number."""
        return self._papers.id(number)

    def contains(self, number: int, term: str) -> bool:
        """Say whether the paper of that number contains the term."""
        return bool(self._papers.counts(self.term_id(term), np.asarray([number]))[0])

    def _matches(
        self, wanted: Sequence[Asked], ranked: Sequence[tuple[int, float]], concepts: Sequence[Concept] = ()
    ) -> list[Match]:
        numbers = np.asarray([number for number, _ in ranked], dtype=np.int64)
        words = met(self._papers, wanted, concepts, numbers)
        return [Match(self.id(number), score, held) for (number, score), held in zip(ranked, words, strict=True)]


def _surfaces(prose: str) -> dict[str, str]:
    found: dict[str, str] = {}
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
