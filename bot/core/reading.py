"""Reading one paper with a question in mind: how much of the question each sentence and the whole paper hold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from bot.core import acronyms, cues, lexicon, text
from bot.core.thesaurus import SAME

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bot.core.asking import Concept, Question
    from bot.core.paper import Paper

NAME = 5
"""Letters of a name from which on it may be the beginning of another."""
WITHIN = 6
"""Words between a number and the thing it counts."""
LONG = 8_000
"""Characters of the longest abstract that is remembered taken apart: of 50,000 it takes megabytes."""
HELD = 0.5
"""From this closeness on, a word is held."""


@dataclass(frozen=True, slots=True)
class Pages:
    """A paper's text taken apart, whatever the question.

    `places` are the folded terms, each with the numbers of the sentences that have it, -1 for the title; `starting`
    the same terms by their first NAME letters; `pairs` are neighbours, stop words aside.
    """

    sentences: tuple[str, ...]
    places: Mapping[str, Sequence[int]]
    starting: Mapping[str, Sequence[str]]
    pairs: frozenset[tuple[str, str]]
    acronyms: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=50_000)
def _folded(token: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the folded terms of a word, and those of them that have neighbours: a compound as a whole has none."""
    terms = tuple(map(lexicon.fold, text.terms_of(token)))
    return terms, terms[:-1] if len(terms) > 1 else terms


@lru_cache(maxsize=256)
def pages(title: str, abstract: str) -> Pages:
    """Take a paper's text apart; acronyms bring the words they stand for."""
    table = acronyms.table(f"{title}. {abstract}")
    sentences = tuple(text.sentences(abstract))
    places: dict[str, list[int]] = {}
    pairs: set[tuple[str, str]] = set()
    for number, prose in enumerate((title, *sentences), -1):
        flat: list[str] = []
        seen: set[str] = set()
        for terms, parts in map(_folded, text.tokens(prose)):
            seen.update(terms)
            flat += parts
        pairs.update(pairwise(flat))
        for short in table.keys() & seen:
            seen.update(table[short])
            pairs.update(pairwise(table[short]))
        for term in seen:
            places.setdefault(term, []).append(number)
    starting: dict[str, list[str]] = {}
    for term in sorted(places):
        starting.setdefault(term[:NAME], []).append(term)
    return Pages(sentences, places, starting, frozenset(pairs), table)


class Reading:
    """One paper read.

    What it holds of the question's concepts is 0 to 1 for each: 1 the word itself, KIN one of its family, SAME and
    NEAR what the thesaurus has for it.
    `grid` is of shape (sentences, concepts), `titled` of shape (concepts,); `exact` and `titled_exact` are the same
    without the thesaurus. `weights` are the concepts', of shape (concepts,).
    """

    def __init__(self, paper: Paper, question: Question) -> None:
        self.paper = paper
        self.question = question
        take_apart = pages if len(paper.abstract) <= LONG else pages.__wrapped__
        self._pages = take_apart(paper.title, paper.abstract)
        self.sentences = self._pages.sentences
        self._near: dict[str, Mapping[str, float]] = {}
        self._met: dict[str, NDArray[np.float64]] = {}
        self.weights = np.array([concept.weight for concept in question.concepts])
        both = [self._closeness(concept) for concept in question.concepts]
        close, exact = (np.stack(rows, axis=1) for rows in zip(*both, strict=True))
        # The title is the last row: it has the number -1.
        self.grid, self.titled = close[:-1], close[-1]
        self.exact, self.titled_exact = exact[:-1], exact[-1]

    @cached_property
    def best(self) -> NDArray[np.float64]:
        """What the paper holds of each concept, at most: in the title or in a sentence."""
        found: NDArray[np.float64] = np.maximum(self.grid.max(axis=0, initial=0.0), self.titled)
        return found

    def share(self, held: NDArray[np.float64] | NDArray[np.bool_]) -> float:
        """Return the share of the question's weight that is held, 0 to 1, of how far each concept is."""
        return float(self.weights @ held / (self.weights.sum() or 1.0))

    def coverage(self) -> float:
        """Return the share of the question's weight that the paper holds, 0 to 1."""
        return self.share(self.best)

    def _nearness(self, term: str) -> Mapping[str, float]:
        """Return the words of the paper that are close to a term, with their closeness."""
        known = self._near.get(term)
        if known is None:
            known = self._near[term] = self._close(term)
        return known

    def _close(self, term: str) -> dict[str, float]:
        company = self.question.thesaurus.company(term)
        found = {other: company[other] for other in company.keys() & self._pages.places.keys()}
        found |= {other: lexicon.KIN for other in self._pages.starting.get(term[:NAME], ()) if lexicon.kin(term, other)}
        if term in self._pages.places:
            found[term] = 1.0
        return found

    def _meets(self, term: str) -> NDArray[np.float64]:
        """Return how near each sentence comes to a term, of shape (sentences + 1,), the title last."""
        known = self._met.get(term)
        if known is None:
            known = self._met[term] = np.zeros(len(self.sentences) + 1)
            # From the farthest word to the nearest, so that the nearest stands.
            for other, value in sorted(self._nearness(term).items(), key=lambda pair: pair[1]):
                known[self._pages.places[other]] = value
        return known

    def _closeness(self, concept: Concept) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return how near each sentence comes to a concept: the best of its ways, each the mean of its terms.

        The second array is the same without the thesaurus. Both are of shape (sentences + 1,), the title last.
        """
        close, exact = np.zeros((2, len(self.sentences) + 1))
        for way in self._ways(concept):
            met = [self._meets(term) for term in way]
            close = np.maximum(close, sum(met) / len(way))
            exact = np.maximum(exact, sum(row * (row >= lexicon.KIN) for row in met) / len(way))
        return close, exact

    def _ways(self, concept: Concept) -> tuple[tuple[str, ...], ...]:
        """Return the ways of a concept, and what its acronyms stand for here."""
        short = self._pages.acronyms
        return (*concept.ways, *(short[way[0]] for way in concept.ways if len(way) == 1 and way[0] in short))

    def _anywhere(self, term: str) -> float:
        return max(self._nearness(term).values(), default=0.0)

    def missing(self) -> tuple[str, ...]:
        """Return the names of the question that the paper does not hold, acronyms spelled out."""
        gone = [
            concept.word
            for concept, there in zip(self.question.concepts, self.there, strict=True)
            if concept.name and there < lexicon.KIN and not all(map(self._named, concept.sharp))
        ]
        return tuple(word for word in gone if word in self.question.names)

    @cached_property
    def there(self) -> list[float]:
        """How near the paper as a whole comes to each concept, its words wherever they stand."""
        return [
            max(sum(map(self._anywhere, way)) / len(way) for way in self._ways(concept))
            for concept in self.question.concepts
        ]

    def phrases(self) -> float:
        """Return the share of the question's neighbours that are neighbours in the paper, 0 to 1."""
        total = sum(weight for _, _, weight in self.question.pairs) or 1.0
        return sum(weight for one, other, weight in self.question.pairs if (one, other) in self._pages.pairs) / total

    def _named(self, term: str) -> bool:
        """Say whether a name stands in the paper, be it with a version after it ("MobileNetV2" for "MobileNet")."""
        begun = self._pages.starting.get(term[:NAME], ())
        return self._anywhere(term) >= SAME or (len(term) >= NAME and any(other.startswith(term) for other in begun))

    @cached_property
    def counts(self) -> tuple[bool, ...]:
        """Whether each sentence has a number and the thing that a "how many" asks for; True if none is asked."""
        thing = self.question.counted
        every = range(len(self.sentences))
        return tuple(self._counts(number, thing) if thing else True for number in every)

    def _counts(self, number: int, thing: str) -> bool:
        words = list(text.words(self.sentences[number]))
        close = {other for other, value in self._nearness(thing).items() if value >= HELD}
        spots = [n for n, word in enumerate(words) if not close.isdisjoint(map(lexicon.fold, word.terms))]
        windows = [(words[max(n - WITHIN, 0)].start, words[min(n + WITHIN, len(words) - 1)].end) for n in spots]
        return any(cues.AMOUNT.search(self.sentences[number][start:end]) for start, end in windows)

    def rivals_met(self) -> bool:
        """Say whether what the question compares with stands in the abstract, as one phrase in one sentence."""
        return all(
            bool(np.any(np.min([self._meets(term) for term in rival], axis=0) >= SAME))
            for rival in self.question.rivals
        )

    def matched(self, number: int) -> tuple[tuple[str, float], ...]:
        """Return the words of a sentence that met the question, each with the share of its weight, heaviest first."""
        found: dict[str, float] = {}
        held = self.weights * self.grid[number] / (self.weights.sum() or 1.0)
        words = {lexicon.fold(term): term for term in text.terms(self.sentences[number])}
        for concept, weight in zip(self.question.concepts, held.tolist(), strict=True):
            if word := self._nearest(concept, words):
                found[word] = found.get(word, 0.0) + weight
        return tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))

    def _nearest(self, concept: Concept, words: Mapping[str, str]) -> str:
        """Return the word of a sentence that comes nearest to a concept, or nothing; `words` are by folded term."""
        near = [
            (value, words[other])
            for way in self._ways(concept)
            for term in way
            for other, value in self._nearness(term).items()
            if other in words
        ]
        return max(near, default=(0.0, ""), key=lambda pair: (pair[0], pair[1]))[1]
