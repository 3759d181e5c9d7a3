"""Reading one paper with a question in mind: how much of the question each sentence and the whole paper hold."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.core import acronyms, cues, lexicon, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.core.asking import Concept, Question
    from bot.core.paper import Paper

TITLE = 0.35
"""What a word of the title counts when sentences of that paper are compared: it tells papers apart, not sentences."""
CARRY = 0.2
"""What a word of the sentence before counts for a sentence."""
FOCUS = 1.6
"""What the word after "which" or "how many" counts, against 1."""
PLAIN, EXACT, LIKE, LEANING, FOCUSED, FULL = 3.8, 2.2, 0.8, 0.7, 0.4, 6.0
"""Weights of a sentence's score (see Reading.scored): words held; rare words, exact and alike; words of the sentence
before; the word after "which"; and what all is divided by, so that a sentence that holds everything scores about 1."""
NAME = 5
"""Letters of a name from which on it may be the beginning of another."""
EXACTLY = 0.99
WITHIN = 6
"""Words between a number and the thing it counts."""
HELD = 0.5
"""From this closeness on, a word is held."""


_LEANS = re.compile(
    r"^(?:it|they|this|these|those|such|its|their|first|firstly|second|secondly|third|then|finally|besides|specifically|"
    r"in particular|as a result|consequently|results|the results?|our results|moreover|furthermore|additionally|"
    r"to this end|"
    r"here|the former|the latter|\(?i+\)|for example|for instance)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence by its number, its score, and the terms in it that met the question, with weights."""

    number: int
    score: float
    matched: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Pages:
    """A paper's text taken apart, whatever the question: folded terms of the title and of each sentence."""

    sentences: tuple[str, ...]
    title: frozenset[str]
    bags: tuple[frozenset[str], ...]
    vocabulary: frozenset[str]
    pairs: tuple[frozenset[tuple[str, str]], ...]
    surfaces: Mapping[str, str]
    acronyms: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=4096)
def pages(title: str, abstract: str) -> Pages:
    """Take a paper's text apart; acronyms bring the words they stand for."""
    table = acronyms.table(f"{title}. {abstract}")
    surfaces: dict[str, str] = {}

    def read(prose: str) -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
        """Return the terms of a text and which of them are neighbours, stop words aside."""
        found: set[str] = set()
        flat: list[str] = []
        pairs: set[tuple[str, str]] = set()
        for word in text.words(prose):
            folded = [lexicon.fold(term) for term in word.terms]
            found.update(folded)
            surfaces.update(zip(folded, word.terms, strict=True))
            parts = folded[:-1] if len(folded) > 1 else folded
            flat += parts
            for long in (table[part] for part in parts if part in table):
                found.update(long)
                pairs.update(pairwise(long))
        return frozenset(found), frozenset(pairs.union(pairwise(flat)))

    sentences = tuple(text.sentences(abstract))
    bags, pairs = zip(*map(read, (*sentences, title)), strict=True)
    return Pages(sentences, bags[-1], bags[:-1], frozenset().union(*bags), pairs, surfaces, table)


class Reading:
    """One paper read. Closeness of a concept to a sentence is 0 to 1; see lexicon.closeness."""

    def __init__(self, paper: Paper, question: Question) -> None:
        self.paper = paper
        self.question = question
        self._pages = pages(paper.title, paper.abstract)
        self.sentences = self._pages.sentences
        self._bags, self._title = self._pages.bags, self._pages.title
        self._vocabulary = self._pages.vocabulary
        self._near: dict[str, dict[str, float]] = {}
        concepts = question.concepts
        self.grid = [[self.closeness(concept, bag) for concept in concepts] for bag in self._bags]
        self.titled = [self.closeness(concept, self._title) for concept in concepts]
        self.best = [max((row[n] for row in self.grid), default=0.0) for n in range(len(concepts))]

    def _nearness(self, term: str) -> Mapping[str, float]:
        known = self._near.get(term)
        if known is None:
            known = self._near[term] = lexicon.near(term, self._vocabulary)
        return known

    def _meets(self, term: str, bag: frozenset[str]) -> float:
        return max((value for other, value in self._nearness(term).items() if other in bag), default=0.0)

    def closeness(self, concept: Concept, bag: frozenset[str]) -> float:
        """Return how near a sentence comes to a concept: the best of its ways, each the mean of its terms."""
        short = self._pages.acronyms
        ways = [
            *concept.ways,
            *(short[way[0]] for way in concept.ways if len(way) == 1 and way[0] in short),
        ]
        return max(sum(self._meets(term, bag) for term in way) / len(way) for way in ways)

    def missing(self) -> tuple[str, ...]:
        """Return the names of the question that the paper does not hold, acronyms spelled out."""
        everything = self._vocabulary
        gone = []
        for concept in self.question.concepts:
            if not concept.name or self.closeness(concept, everything) >= lexicon.KIN:
                continue
            if not all(self._named(term) for term in concept.sharp):
                gone.append(concept.word)
        return tuple(word for word in gone if word in self.question.names)

    def phrases(self) -> float:
        """Return the share of the question's neighbours that are neighbours in the paper, 0 to 1."""
        there = frozenset().union(*self._pages.pairs)
        total = sum(weight for _, _, weight in self.question.pairs) or 1.0
        return sum(weight for one, other, weight in self.question.pairs if (one, other) in there) / total

    def _named(self, term: str) -> bool:
        """Say whether a name stands in the paper, be it with a version after it ("MobileNetV2" for "MobileNet")."""
        return self._meets(term, self._vocabulary) >= lexicon.SAME or (
            len(term) >= NAME and any(other.startswith(term) for other in self._vocabulary)
        )

    def coverage(self) -> float:
        """Return the share of the question's weight that the paper holds, 0 to 1."""
        weights = [concept.weight for concept in self.question.concepts]
        held = sum(w * max(t, b) for w, t, b in zip(weights, self.titled, self.best, strict=True))
        return held / (math.fsum(weights) or 1.0)

    def headed(self) -> float:
        """Return the share of the question's weight that the title holds, 0 to 1."""
        concepts = self.question.concepts
        held = sum(concept.weight * titled for concept, titled in zip(concepts, self.titled, strict=True))
        return held / (math.fsum(concept.weight for concept in concepts) or 1.0)

    def _asked(self) -> list[float]:
        """Return each concept's weight as something asked about this paper: its title settles the rest."""
        asked = []
        for concept, titled in zip(self.question.concepts, self.titled, strict=True):
            weight = concept.weight * (FOCUS if concept.word.lower() in self.question.focus else 1.0)
            asked.append(weight * (TITLE if titled >= HELD and not self.question.listing else 1.0))
        return asked

    def focus(self, number: int) -> float:
        """Return the share of what is asked about the paper that one sentence holds, and the one before in part."""
        asked = self._asked()
        held = sum(
            w * (1.0 if titled >= HELD else value)
            for w, titled, value in zip(asked, self.titled, self._carried(number), strict=True)
        )
        return held / (math.fsum(asked) or 1.0)

    def _carried(self, number: int) -> list[float]:
        if not number:
            return self.grid[0]
        carry = LEANING if _LEANS.match(self.sentences[number]) else CARRY
        return [max(own, carry * before) for own, before in zip(self.grid[number], self.grid[number - 1], strict=True)]

    def counts(self, number: int) -> bool:
        """Say whether a sentence has a number and the thing that a "how many" asks for; True if none is asked."""
        thing = self.question.counted
        if not thing:
            return True
        words = list(text.words(self.sentences[number]))
        spots = [
            n for n, word in enumerate(words) if self._meets(thing, frozenset(map(lexicon.fold, word.terms))) >= HELD
        ]
        if not spots:
            return False
        start, end = words[max(spots[0] - WITHIN, 0)].start, words[min(spots[-1] + WITHIN, len(words) - 1)].end
        return bool(cues.NUMBER.search(self.sentences[number][start:end]))

    def rivals_met(self) -> bool:
        """Say whether what the question compares with stands in the abstract, as one phrase in one sentence."""
        return all(
            any(all(self._meets(term, bag) >= lexicon.KIN for term in rival) for bag in (*self._bags, self._title))
            for rival in self.question.rivals
        )

    def scored(self) -> list[Scored]:
        """Return all sentences, best first.

        The score is linear: the weight of the concepts met, as a share of all that is asked, plain and times their
        rarity in the abstract, ln(1 + sentences / sentences with it); what a leaning sentence takes from the one
        before; whether the word after "which" is met; and wording and place (cues). The weights were fitted to
        tests/golden/dev.json by softmax regression over the sentences of the right abstract, and rounded.
        """
        kinds = cues.kinds(self.question.raw)
        asked = self._asked()
        total = math.fsum(asked) or 1.0
        rarity = self._rarity()
        found = []
        for number in range(len(self.sentences)):
            held = [w / total * c for w, c in zip(asked, self.grid[number], strict=True)]
            score = PLAIN * sum(held) + self._rare(number, held, rarity) + self._context(number, asked, rarity) / total
            score += FOCUSED * self._focused(number) + cues.lift(kinds, self.sentences, number)
            found.append(Scored(number, score / FULL, self._matched(number, held)))
        return sorted(found, key=lambda scored: (-scored.score, scored.number))

    def _rarity(self) -> list[float]:
        """Return how rare each concept is in the abstract, 0 to 1: 1 in one sentence only."""
        count = len(self.sentences)
        full = math.log(1 + count) or 1.0
        return [
            math.log(1 + count / max(sum(row[n] for row in self.grid), 1.0)) / full
            for n in range(len(self.question.concepts))
        ]

    def _rare(self, number: int, held: Sequence[float], rarity: Sequence[float]) -> float:
        return sum(
            (EXACT if closeness >= EXACTLY else LIKE) * share * rare
            for share, rare, closeness in zip(held, rarity, self.grid[number], strict=True)
        )

    def _context(self, number: int, asked: Sequence[float], rarity: Sequence[float]) -> float:
        """Return what a leaning sentence takes from the one before: concepts met there and not here."""
        if not number or not _LEANS.match(self.sentences[number]):
            return 0.0
        rows = zip(asked, rarity, self.grid[number], self.grid[number - 1], strict=True)
        return LEANING * sum(weight * rare * max(before - own, 0.0) for weight, rare, own, before in rows)

    def _focused(self, number: int) -> bool:
        row = zip(self.question.concepts, self.grid[number], strict=True)
        return any(value >= HELD and concept.word.lower() in self.question.focus for concept, value in row)

    def _matched(self, number: int, held: Sequence[float]) -> tuple[tuple[str, float], ...]:
        found: dict[str, float] = {}
        for concept, weight, value in zip(self.question.concepts, held, self.grid[number], strict=True):
            if value < HELD:
                continue
            for term in (term for way in concept.ways for term in way):
                for other in sorted(self._nearness(term).keys() & self._bags[number]):
                    surface = self._pages.surfaces.get(other)
                    if surface:
                        found[surface] = max(found.get(surface, 0.0), weight)
        return tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
