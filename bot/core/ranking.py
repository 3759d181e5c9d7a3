"""Ranking beyond BM25: the best papers by BM25Plus are read again, for what it does not see.

Four things, each measured on collections that it was not made with: words that tell more than others as rare
(`Telling`); words of the query that always come together and so say one thing, not two; words that stand side by side
(`pairs`); and the company of the best papers (`company`).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from bot.core import feedback, otherwise, proximity, text
from bot.core.pages import Pages
from bot.core.telling import Telling

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from bot.core.abbreviations import Concept
    from bot.core.pages import Marks
    from bot.core.postings import PostingsBM25
    from bot.core.query import Asked

    Ranked = Sequence[tuple[int, float]]

HEAD = 200
"""Papers read again: some milliseconds."""
MAX_TERMS = 400
"""Terms of one query that are looked for; a 4,000-character query has about that many."""
WHOLE = 0.5
"""What a compound as a whole ("pretraining" of "pre-training") counts, beside its parts, which count too."""
REPEATED = 0.5
"""Power of how often a term is asked for: a word said again counts for more, but not for twice as much."""
PAIR = 0.15
"""Weight of two words side by side, in that of a term as rare as the pair is among the papers read."""
TOGETHER, FEW = 0.5, 30
"""How much of a word is not counted again where it always comes with another one of the query; with so many papers,
what they have in common counts half."""
SHORTEST = 2
"""Terms of a title that is known by them: a word alone is asked for its own sake."""
COMPANY = 3.5
"""Weight of the likeness to the best papers, beside a score of 1 for each term held as often as papers do."""


class Sought(NamedTuple):
    """What a query seeks: q different terms that papers hold (ids, weights), and m more that say the same.

    `telling` (q + m) is what each tells; `order` has every term of the query, as a place among the q, in the order in
    which they were typed; `ways` are the query's other ways, as places among all.
    """

    terms: NDArray[np.int64]
    weights: NDArray[np.float64]
    more: NDArray[np.int64]
    telling: NDArray[np.float64]
    order: list[int]
    ways: list[otherwise.Ways]


class Reading(NamedTuple):
    """Papers read with a query in mind: what each earns by its words, and the entries that `feedback.company` takes."""

    own: NDArray[np.float64]
    page: NDArray[np.int64]
    term: NDArray[np.int32]
    weight: NDArray[np.float64]
    asked: NDArray[np.int64]

    def company(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how like each paper is to those that are the best by some scores, 0 to 1."""
        return feedback.company(scores, self.page, self.term, self.weight, self.asked)


class Ranking:
    """Orders what BM25Plus found."""

    def __init__(self, bm25: PostingsBM25) -> None:
        """Rank papers of the collection that `bm25` scores."""
        self._bm25, self._papers = bm25, bm25.corpus
        self._telling = Telling(bm25.corpus)

    def again(
        self, words: Sequence[Asked], concepts: Iterable[Concept], ranked: Ranked, others: Iterable[int] = ()
    ) -> list[tuple[int, float]]:
        """Return the papers in a better order, those beyond HEAD as they were.

        `ranked` are numbers with their scores by BM25Plus, best first; so are the result's, on the same scale.
        `concepts` are what the query says that papers may say in another way, `others` papers that do. Papers whose
        title is the query, word for word, come first.
        """
        sought = self._sought(words, concepts)
        head, tail = _parted(ranked, others)
        if len(head) < 2 or not len(sought.terms):  # noqa: PLR2004 - nothing to put in order
            return [*head, *tail]
        numbers = np.asarray([number for number, _ in head], dtype=np.int64)
        scores = self._scores(sought, numbers)
        full = self.titled([term for word in words for term in word.terms], numbers)
        scores[full] += scores.max()
        # Rounded for the order only: sums in another order must not break ties differently.
        order = np.lexsort((self._papers.places(numbers), -np.round(scores, 9)))
        return [*zip(numbers[order].tolist(), _scaled(scores[order], head), strict=True), *tail]

    def read(self, words: Iterable[Asked], concepts: Iterable[Concept], numbers: NDArray[np.int64]) -> Reading:
        """Read papers, which need not hold a word of the query, for whoever has other reasons to order them by."""
        return self._read(self._sought(words, concepts), numbers)

    def titled(self, terms: Sequence[str], numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Say of each paper whether the query's terms are its title's, in order."""
        asked = self._papers.term_ids(terms)
        lengths = self._papers.column(lambda segment: segment.title_lengths, numbers)
        full: NDArray[np.bool_] = (lengths == len(asked)) & (len(asked) >= SHORTEST)
        for place in np.flatnonzero(full):
            full[place] = self._papers.tokens(int(numbers[place]))[: len(asked)].tolist() == asked
        return full

    def _sought(self, words: Iterable[Asked], concepts: Iterable[Concept]) -> Sought:
        said = [(term, text.whole(word.surface)) for word in words for term in word.terms][:MAX_TERMS]
        known = zip(self._papers.term_ids(term for term, _ in said), said, strict=True)
        asked: dict[int, list[float]] = {}
        order = []
        for number, (term, whole) in known:
            if self._bm25.weight(number):
                asked.setdefault(number, []).append(WHOLE if term == whole else 1.0)
                order.append(number)
        place = {term: n for n, term in enumerate(asked)}
        ways = otherwise.ways(concepts, lambda term: self._place(term, place))
        telling = np.asarray([self._telling.factor(term) for term in place])
        weights = [self._bm25.weight(term) * max(parts) * len(parts) ** REPEATED for term, parts in asked.items()]
        terms = np.asarray(list(place), dtype=np.int64)
        own = len(asked)
        weights = np.asarray(weights) * telling[:own]
        return Sought(terms[:own], weights, terms[own:], telling, [place[number] for number in order], ways)

    def _place(self, term: str, place: dict[int, int]) -> int:
        """Return a term's place, a new one if need be; -1 where no paper holds it."""
        known = self._papers.term_id(term)
        return place.setdefault(known, len(place)) if self._bm25.weight(known) else -1

    def _scores(self, sought: Sought, numbers: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return a score for each paper: about 1 for each term held, in the weighted mean of the query's terms."""
        found = self._read(sought, numbers)
        # Among few papers the best say little about the others.
        trust = COMPANY * len(numbers) / (len(numbers) + FEW)
        scores: NDArray[np.float64] = found.own + trust * found.company(found.own)
        return scores

    def _read(self, sought: Sought, numbers: NDArray[np.int64]) -> Reading:
        pages = Pages(self._papers, numbers)
        norm = self._bm25.norm(self._papers.lengths(numbers))
        own = self._own(sought, pages, norm)
        page, term, times = pages.cells()
        weight = self._bm25.gains(times.astype(np.float64), norm.take(page)) * self._weights.take(term)
        return Reading(own, page, term, weight, sought.terms)

    def _own(self, sought: Sought, pages: Pages, norm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what each paper earns by the query's words."""
        terms = np.append(sought.terms, sought.more)
        marks = pages.marks(terms)
        cells = marks.page * len(terms) + marks.term
        counts = np.bincount(cells, weights=1.0 + marks.title, minlength=len(norm) * len(terms))
        gains = self._bm25.gains(counts.reshape(len(norm), len(terms)).astype(np.float64), norm[:, None])
        own = gains[:, : len(sought.terms)]
        earned = own @ (sought.weights * _alone(own > 0)) + PAIR * self._beside(sought, marks, norm)
        if sought.ways:
            weights = self._weights[terms] * sought.telling
            earned += otherwise.earned(sought.ways, gains * weights, weights)
        share: NDArray[np.float64] = earned / max(float(sought.weights.sum()), 1e-9)
        return share

    def _beside(self, sought: Sought, marks: Marks, norm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what each paper earns by words side by side."""
        wanted, counts = proximity.pairs(marks, sought.order, len(norm))
        telling = np.asarray([sought.telling[a] * sought.telling[b] for a, b in wanted]) ** 0.5
        weights = self._idf((counts > 0).sum(axis=0)) * telling
        earned: NDArray[np.float64] = self._bm25.gains(counts.astype(np.float64), norm[:, None]) @ weights
        return earned

    @cached_property
    def _weights(self) -> NDArray[np.float64]:
        """BM25Plus's weight of each term, by its id."""
        return self._idf(self._papers.dfs)

    def _idf(self, papers: NDArray[np.integer[Any]]) -> NDArray[np.float64]:
        """Return BM25Plus's weights of terms that so many papers hold."""
        weights: NDArray[np.float64] = np.log((self._bm25.corpus_size + 1) / np.maximum(papers, 1))
        return weights


def _alone(held: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return which part of each term (columns) is its own: less where it comes with others (phi correlation)."""
    spread = held - held.mean(axis=0)
    length = np.sqrt((spread * spread).sum(axis=0))
    unit = spread / np.where(length > 1e-9, length, 1.0)  # noqa: PLR2004 - in all papers or in none
    together = np.maximum(unit.T @ unit, 0.0)
    np.fill_diagonal(together, 0.0)
    known = len(held) / (len(held) + FEW)
    part: NDArray[np.float64] = 1 / (1 + TOGETHER * known * together.sum(axis=1))
    return part


def _parted(ranked: Ranked, others: Iterable[int]) -> tuple[Ranked, Ranked]:
    """Return what is read again and what follows as it was; others are read too, as if they came last."""
    head = list(ranked[:HEAD])
    known = {number for number, _ in head}
    more = [number for number in others if number not in known]
    head += [(number, head[-1][1] if head else 0.0) for number in more]
    return head, [pair for pair in ranked[HEAD:] if pair[0] not in more]


def _scaled(scores: NDArray[np.float64], head: Ranked) -> list[float]:
    """Return scores in the place of BM25's: from the best paper's down to the last one's, in the new proportions.

    Rounded: what is added up in another order, after other additions to the index, must give the same.
    """
    high, low = head[0][1], head[-1][1]
    spread = float(scores[0] - scores[-1])
    shares = (scores - scores[-1]) / spread if spread > 0 else np.zeros(len(scores))
    return [float(score) for score in np.round(low + shares * (high - low), 9)]
