"""Answers quoted from abstracts: every sentence verbatim and named, or a plain "the papers do not say".

A question is taken apart (asking), each paper found is read with it in mind (reading), what may tell that a sentence
answers is weighed (traits, fitted), and whether the best one does is judged (doubt).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bot.core import acronyms, doubt, lexicon, text, traits
from bot.core.asking import Question, parse, unknown
from bot.core.fitted import WORTH
from bot.core.reading import Reading
from bot.core.thesaurus import SAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from bot.core.index import Index
    from bot.core.paper import Paper

__all__ = ["Answer", "Citation", "Question", "answer", "parse", "search_for", "unknown"]

READ, WIDER = 8, 12
"""Papers read for one answer: those that have the question's words, and those that have words for them."""
CLOSE = 12
"""Papers, of those read, whose sentences are weighed in full."""
COMPANY = 16
"""Words, the rarest ones, that a word of the question may be searched for by."""
QUOTES = 4
"""Most sentences in one answer."""
SURE = 0.4
"""How sure an answer must be to be given: below, the papers do not say."""
STAYING = 0.15
"""The same for a question on the papers just quoted: that they are meant need not be doubted again."""
OWN, BESIDE, AMONG = 8.0, 0.5, 4.5
"""How far a sentence may score below the best one, in log odds, to stand beside it: one of the same paper, and one of
another where one paper is asked about, and where several are."""
INSTEAD = 2.0
"""How far a sentence may score below the best one of all and answer in its stead, as the best one's paper lacks the
fact that is asked: a paper farther off is about something else."""

_LEANS = re.compile(
    r"^(?:It|They|This|These|Those|Such|Its|Their|Here|Then|Furthermore|Moreover|In addition|Additionally|However|"
    r"Therefore|Thus|Hence|(?:On|For|With|From|At|By|Under) (?:this|these|such)|"
    r"To (?:this|that) end|In (?:this|that) way|The (?:former|latter))\b"
)


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence, verbatim from `paper.abstract`. `matched` are its terms that met the question, with weights."""

    text: str
    paper: Paper
    score: float
    matched: tuple[tuple[str, float], ...] = ()


class Scored(NamedTuple):
    """A sentence of a paper read, by its number, with its score in log odds."""

    reading: Reading
    number: int
    score: float

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.reading.sentences[self.number]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the papers say. `quotes` is in reading order; `best` is the best first. Empty: they do not say.

    `missing` are names and words of the question that none of the `nearest` holds, `unstated` facts that the first of
    them does not state, `apart` names that it lacks and others have; `sure` is how much speaks for an answer, 0 to 1.
    """

    quotes: tuple[Citation, ...] = ()
    best: tuple[Citation, ...] = ()
    nearest: tuple[Paper, ...] = ()
    missing: tuple[str, ...] = ()
    unstated: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    sure: float = 0.0

    @property
    def answered(self) -> bool:
        """Whether there is anything to quote."""
        return bool(self.quotes)


def search_for(index: Index, question: Question) -> list[tuple[str, float]]:
    """Return the ids of the papers to read for a question, best first: those with its words, then with words for them.

    Each comes with its score; the latter with the score of the last of the former.
    """
    found = index.plain([*question.terms, *_spelled(index, question)], READ)
    wider = index.plain([*question.terms, *_company(index, question)], WIDER)
    least = found[-1][1] if found else 0.0
    scores = {**{number: least for number, _ in wider}, **dict(found)}
    return [(index.id(number), scores[number]) for number in dict.fromkeys([n for n, _ in (*found, *wider)])]


def _spelled(index: Index, question: Question) -> list[str]:
    """Return the question's words in our spelling, and the long forms of its acronyms."""
    extra = []
    for term in question.terms:
        folded = lexicon.fold(term)
        extra += [folded] if folded != term and index.knows(folded) else []
        extra += acronyms.field().get(folded, ())
    return extra


def _company(index: Index, question: Question) -> list[str]:
    """Return words that papers may have for the question's, the rarest ones."""
    extra = []
    for term in question.terms:
        company = question.thesaurus.company(lexicon.fold(term))
        same = [other for other, value in company.items() if value >= SAME and index.knows(other)]
        extra += sorted(same, key=lambda other: (-index.idf(other), other))[:COMPANY]
    return extra


def answer(question: Question, ranked: Sequence[tuple[Paper, float]], index: Index, least: float = SURE) -> Answer:
    """Quote an answer from ranked papers (best first, with scores), or say that they do not answer.

    `least` is how much must speak for an answer, 0 to 1: STAYING where the papers are known to be those asked about.
    """
    nearest = tuple(paper for paper, _ in ranked[:3])
    if not question.alone or not question.concepts or not ranked:
        return Answer(nearest=nearest, missing=unknown(question, index))
    pool = ordered(scored(read(ranked, question)))
    if not pool:
        return Answer(nearest=nearest, missing=unknown(question, index))
    readings = list(dict.fromkeys(each.reading for each in pool))
    chosen = choose(able(pool), question)
    first = best(chosen or pool[:1])
    sure = doubt.certainty(first, readings)
    if not chosen or sure < least:
        return _refusal(first, readings[:3], index, sure)
    cited, quotes = _with_leaning([_cited(each) for each in chosen])
    return Answer(_in_order(quotes), tuple(cited), tuple(reading.paper for reading in readings[:3]), sure=sure)


def read(ranked: Sequence[tuple[Paper, float]], question: Question) -> Iterator[tuple[Reading, float]]:
    """Read papers; yield each that has an abstract with its share of the search score, 0 to 1.

    BM25Plus gives every paper the same floor, so the last paper's score is taken off first.
    """
    scores = [score for _, score in ranked]
    low, high = min(scores, default=0.0), max(scores, default=0.0)
    for paper, score in ranked:
        reading = Reading(paper, question)
        if reading.sentences:
            yield reading, (score - low) / (high - low) if high > low else 1.0


def scored(readings: Iterable[tuple[Reading, float]]) -> Iterator[tuple[Reading, NDArray[np.float64]]]:
    """Yield the papers that come nearest, each with the scores of its sentences, in log odds.

    Wording is looked at in CLOSE papers only, those that hold most of the question: it takes as long as all else.
    """
    found = [(reading, _worth(traits.held(reading, share), reading)) for reading, share in readings]
    for reading, scores in sorted(found, key=lambda pair: -pair[1].max())[:CLOSE]:
        yield reading, scores + _worth(traits.wording(reading), reading)


def _worth(named: Mapping[str, NDArray[np.float64] | float], reading: Reading) -> NDArray[np.float64]:
    """Return what traits add to the scores of a paper's sentences."""
    scores = np.zeros(len(reading.sentences))
    for name, value in named.items():
        scores += value * WORTH[name]
    return scores


def ordered(scores: Iterable[tuple[Reading, NDArray[np.float64]]]) -> list[Scored]:
    """Return all sentences of the papers read, best first."""
    every = [Scored(reading, number, value) for reading, row in scores for number, value in enumerate(row.tolist())]
    return sorted(every, key=lambda each: -each.score)


def may(reading: Reading) -> bool:
    """Say whether a paper may be quoted: it states the fact that is asked, and has the number."""
    return not doubt.unstated(reading) and not doubt.uncounted(reading)


def able(pool: Sequence[Scored]) -> list[Scored]:
    """Return the sentences of papers that may be quoted, best first; none if the best of them is far off."""
    found = [each for each in pool if may(each.reading)]
    return found if found and found[0].score >= pool[0].score - INSTEAD else []


def best(chosen: Sequence[Scored]) -> doubt.Best:
    """Return the first of the sentences to be quoted, to be judged with the other papers if several may answer."""
    first = chosen[0]
    beside = dict.fromkeys(each.reading for each in chosen if each.reading is not first.reading)
    several = first.reading.question.several
    return doubt.Best(first.reading, first.number, first.score, tuple(beside) if several else ())


def _refusal(first: doubt.Best, near: Sequence[Reading], index: Index, sure: float) -> Answer:
    """Say that the papers do not say, and what none of those nearest has: names, facts, words; or has together."""
    question = first.reading.question
    facts = doubt.unstated(first.reading)
    gone = [concept for concept in doubt.missed(near) if not facts or concept.name]
    words = tuple(concept.word for concept in sorted(gone, key=lambda concept: -concept.weight) if not concept.faint)
    missing = words or (() if facts else unknown(question, index))
    apart = first.reading.missing() if not missing else ()
    return Answer(
        nearest=tuple(reading.paper for reading in near), missing=missing, unstated=facts, apart=apart, sure=sure
    )


def choose(pool: Sequence[Scored], question: Question) -> list[Scored]:
    """Return a few sentences, best first: from several papers if asked for, none said twice."""
    chosen: list[Scored] = []
    for each in pool:
        if len(chosen) == (QUOTES if question.listing else QUOTES - 1):
            break
        own = [other for other in chosen if other.reading is each.reading]
        most = 1 if question.listing else 2 if question.choice else QUOTES - 1
        behind = chosen[0].score - each.score if chosen else 0.0
        beside = behind <= (OWN if own else AMONG if question.several else BESIDE)
        if len(own) < most and beside and not any(_repeats(each.text, other.text) for other in chosen):
            chosen.append(each)
    return chosen


def _cited(each: Scored) -> Citation:
    reading = each.reading
    return Citation(each.text, reading.paper, each.score, reading.matched(each.number))


def _repeats(one: str, other: str) -> bool:
    first, second = set(text.terms(one)), set(text.terms(other))
    return len(first & second) > 0.8 * min(len(first), len(second))


def _with_leaning(best: Sequence[Citation]) -> tuple[list[Citation], list[Citation]]:
    """Return the sentences for which there is room, and the same with those that they lean on ("It", "These").

    One that leans is quoted with what it leans on or not at all, for alone it might say something else: but the best
    one always, with as much of that as there is room for.
    """
    kept: list[Citation] = []
    found: dict[tuple[str, str], Citation] = {}
    for cited in best:
        led = [*_leads(cited), cited]
        more = {(each.paper.id, each.text): each for each in led}
        if not kept or len(found.keys() | more.keys()) <= QUOTES:
            kept.append(cited)
            found = {**dict(list(more.items())[-QUOTES:]), **found}
    return kept, list(found.values())


def _leads(cited: Citation) -> list[Citation]:
    """Return the sentences before one that leans, back to the first that does not."""
    sentences = text.sentences(cited.paper.abstract)
    place = sentences.index(cited.text) if cited.text in sentences else 0
    first = place
    while first and _LEANS.match(sentences[first]):
        first -= 1
    return [Citation(sentence, cited.paper, cited.score) for sentence in sentences[first:place]]


def _in_order(quotes: Sequence[Citation]) -> tuple[Citation, ...]:
    """Sort by paper, the best first, and within a paper as its abstract runs."""
    first: dict[str, float] = {}
    for cited in quotes:
        first[cited.paper.id] = max(cited.score, first.get(cited.paper.id, -math.inf))
    return tuple(sorted(quotes, key=lambda c: (-first[c.paper.id], c.paper.id, c.paper.abstract.find(c.text))))
