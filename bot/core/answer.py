"""Answers quoted from abstracts: every sentence verbatim and named, or a plain "the papers do not say".

A question is taken apart (asking), each paper found is read with it in mind (reading: lexicon, acronyms, cues),
and the sentences are ranked by what they hold of the question plus a share of their paper's score.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core import acronyms, cues, lexicon, text
from bot.core.asking import Question, parse, unknown
from bot.core.index import bare
from bot.core.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.index import Index, Match
    from bot.core.paper import Paper

__all__ = ["Answer", "Citation", "Question", "answer", "parse", "search_for", "unknown"]

READ = 16
"""Papers read for one answer."""
QUOTES = 4
"""Most sentences in one answer."""
COVERAGE = 0.5
"""Least share of the question's weight that a paper must hold, for it to be quoted."""
FOCUS = 0.3
"""Least share of what is asked about a paper that one of its sentences must hold."""
SEARCH = 0.8
PHRASES = 0.3
HEAD = 0.3
"""What the search score, the question's phrases and the words of the title count for a paper, against 1 for what it
holds of the question."""
RIVAL = 0.9
"""Least share of the best paper's score at which a paper may answer in its stead."""
BESIDE = 0.5
"""What a sentence loses that does not state the fact asked for."""
PAPER = 1.5
"""What the paper's share of the best paper's score counts for a sentence."""

_LEANS = re.compile(
    r"^(?:It|They|This|These|Those|Such|Its|Their|Here|Then|Furthermore|Moreover|In addition|Additionally|However|"
    r"Therefore|Thus|Hence|To (?:this|that) end|In (?:this|that) way|The (?:former|latter))\b"
)


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence, verbatim from `paper.abstract`. `matched` are its terms that met the question, with weights."""

    text: str
    paper: Paper
    score: float
    matched: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the papers say. `quotes` is in reading order; `best` is the best first. Empty: they do not say.

    `missing` are words of the question that no paper near it holds; `sure` is the share of the
    question's weight, 0 to 1, that the quoted papers hold.
    """

    quotes: tuple[Citation, ...] = ()
    best: tuple[Citation, ...] = ()
    nearest: tuple[Paper, ...] = ()
    missing: tuple[str, ...] = ()
    sure: float = 0.0

    @property
    def answered(self) -> bool:
        """Whether there is anything to quote."""
        return bool(self.quotes)


def search_for(index: Index, question: str, context: str = "") -> list[Match]:
    """Return the papers to read for a question, best first. Words in another spelling are looked up in ours too."""
    asked = f"{question[: text.MAX_QUERY]} {context}".strip()
    extra = []
    for term in text.terms(asked):
        folded = lexicon.fold(term)
        extra += [folded] if folded != term and index.knows(folded) else []
        extra += acronyms.field().get(folded, ())
    return index.search(bare(" ".join([asked, *extra])), READ, again=False)


def answer(question: Question, ranked: Sequence[tuple[Paper, float]], index: Index) -> Answer:
    """Quote an answer from ranked papers (best first, with scores), or say that they do not answer."""
    papers = [paper for paper, _ in ranked]
    if not question.alone or not question.concepts or not ranked:
        return Answer(nearest=tuple(papers[:3]), missing=unknown(question, index))
    readings = _ranked(ranked, question)
    fit = _fit(readings, question)
    if not fit:
        near = max(readings, key=lambda pair: (-len(pair[0].missing()), pair[1]))[0]
        missing = near.missing() or unknown(question, index)
        return Answer(nearest=tuple(papers[:3]), missing=missing, sure=near.coverage())
    best = _choose(fit, question)
    quotes = _in_order(_with_leaning(best), [reading.paper.id for reading, _ in fit])
    return Answer(quotes, tuple(best), tuple(papers[:3]), (), fit[0][0].coverage())


def _ranked(ranked: Sequence[tuple[Paper, float]], question: Question) -> list[tuple[Reading, float]]:
    """Read the papers; return each with its share of the best one's score, best first.

    A paper's score is the share of the question it holds, plus its share of the search score and of the phrases.
    BM25Plus gives every paper the same floor, so the last paper's score is taken off first.
    """
    scores = [score for _, score in ranked]
    low, high = min(scores), max(scores)
    found = []
    for paper, score in ranked[:READ]:
        reading = Reading(paper, question)
        share = (score - low) / (high - low) if high > low else 1.0
        value = reading.coverage() + SEARCH * share + PHRASES * reading.phrases() + HEAD * reading.headed()
        found.append((reading, value))
    top = max(value for _, value in found) or 1.0
    return sorted(((reading, value / top) for reading, value in found), key=lambda pair: -pair[1])


def _fit(readings: Sequence[tuple[Reading, float]], question: Question) -> list[tuple[Reading, float]]:
    """Return the papers that may be quoted, best first; none when the papers do not say."""
    able = [pair for pair in readings if pair[0].sentences and pair[0].coverage() >= COVERAGE and _answers(pair[0])]
    whole = [pair for pair in able if not pair[0].missing()]
    if not question.several:
        # One paper is asked about: another does not answer in its stead.
        return [pair for pair in whole if pair[1] >= RIVAL][:1]
    if not whole:
        # A comparison may have each of its names in another paper.
        gone = set(question.names).intersection(*(reading.missing() for reading, _ in readings))
        whole = [] if gone else [pair for pair in able if len(pair[0].missing()) < len(question.names)]
    return whole


def _answers(reading: Reading) -> bool:
    """Say whether some sentence holds enough of what is asked, and states the fact if a fact is asked."""
    return reading.rivals_met() and any(
        reading.focus(number) >= FOCUS and _states(reading, number) for number in range(len(reading.sentences))
    )


def _states(reading: Reading, number: int) -> bool:
    """Say whether a sentence states the fact that is asked, where the question asks for one."""
    return not cues.unmet(cues.kinds(reading.question.raw), reading.sentences[number]) and reading.counts(number)


def _choose(fit: Sequence[tuple[Reading, float]], question: Question) -> list[Citation]:
    """Return up to QUOTES - 1 sentences, best first: from several papers if asked for, none said twice."""
    pool = [
        Citation(
            reading.sentences[scored.number],
            reading.paper,
            scored.score + PAPER * share - (0.0 if _states(reading, scored.number) else BESIDE),
            scored.matched,
        )
        for reading, share in fit
        for scored in reading.scored()
    ]
    pool.sort(key=lambda cited: -cited.score)
    chosen: list[Citation] = []
    for cited in pool:
        if len(chosen) == QUOTES - 1:
            break
        same = sum(1 for other in chosen if other.paper.id == cited.paper.id)
        most = 1 if question.listing else 2 if question.choice else QUOTES - 1
        if same < most and not any(_repeats(cited.text, other.text) for other in chosen):
            chosen.append(cited)
    return chosen


def _repeats(one: str, other: str) -> bool:
    first, second = set(text.terms(one)), set(text.terms(other))
    return len(first & second) > 0.8 * min(len(first), len(second))


def _with_leaning(best: Iterable[Citation]) -> list[Citation]:
    """Bring the sentence before one that leans on it ("It", "These"), while there is room."""
    found: dict[tuple[str, str], Citation] = {}
    chosen = list(best)
    for number, cited in enumerate(chosen):
        before = _before(cited)
        room = QUOTES - len(found) - (len(chosen) - number)
        if before and room > 0 and _LEANS.match(cited.text):
            found.setdefault((cited.paper.id, before), Citation(before, cited.paper, 0.0))
        found.setdefault((cited.paper.id, cited.text), cited)
    return list(found.values())


def _before(cited: Citation) -> str | None:
    sentences = text.sentences(cited.paper.abstract)
    place = sentences.index(cited.text) if cited.text in sentences else 0
    return sentences[place - 1] if place else None


def _in_order(quotes: Iterable[Citation], order: Sequence[str]) -> tuple[Citation, ...]:
    """Sort by paper, the best first, and within a paper as its abstract runs."""
    first: dict[str, float] = {}
    kept = list(quotes)
    for cited in kept:
        first.setdefault(cited.paper.id, max(other.score for other in kept if other.paper.id == cited.paper.id))
    return tuple(
        sorted(kept, key=lambda c: (-first[c.paper.id], order.index(c.paper.id), c.paper.abstract.find(c.text)))
    )
