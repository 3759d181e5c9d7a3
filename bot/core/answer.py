"""Answers quoted from abstracts: every sentence verbatim and named, or a plain "the papers do not say".

The score of a sentence is the weight of the question's terms in it, each weighed by its rarity within that
abstract, ln(1 + sentences / sentences with the term), plus a share of the paper's BM25 score.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.core import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.core.index import Index, Match
    from bot.core.paper import Paper

READ = 8
"""Papers read for one answer."""
QUOTES = 4
"""Most sentences in one answer."""
COVERAGE = 0.5
"""Least share of the question's weight that the first paper must hold, for an answer to be given."""

_QUANTITY = re.compile(
    r"\bhow (?:many|much|large|big|long|often|fast|small|accurate|well|far)\b|\bwhat (?:accuracy|score|speed|size|"
    r"percentage|fraction|number|rate)\b|\b(?:accuracy|speedup|percent|faster|number of|reduction)\b",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"\b(?:which|what|any|list|all)\b.{0,20}\b(?:papers|works|methods|approaches|studies|models)\b", re.IGNORECASE
)
_CHOICE = re.compile(r"\b(?:or|versus|vs\.?|compared? (?:to|with)|difference between|better than)\b", re.IGNORECASE)
_LEANS = re.compile(
    r"^(?:It|They|This|These|Those|Such|Its|Their|Here|Then|Furthermore|Moreover|In addition|Additionally|However|"
    r"Therefore|Thus|Hence|To (?:this|that) end|In (?:this|that) way|The (?:former|latter))\b"
)
_NAME = re.compile(r"(?<![\w'])(?:[A-Z]?[a-z]*[A-Z][\w+]*(?:-[\w+]+)*|\w*\d[\w.]*(?:-[\w.]+)*)")
_ACRONYM = re.compile(r"\b([A-Za-z][\w-]*(?:[ -]+[A-Za-z][\w-]*){1,7}) \(([A-Z][A-Za-z0-9]{1,9}?)s?\)")
_STARTS = frozenset({
    "what", "which", "how", "why", "when", "where", "who", "whose", "does", "do", "did", "is", "are", "can", "could", "should",
    "has", "have", "was", "were", "will", "would", "if", "in", "on", "for", "with", "the", "a", "an", "any", "and", "or", "i",
    "tell", "give", "name", "explain", "describe", "list", "compare", "show", "find", "please", "to", "of", "by", "that",
})  # fmt: skip
_ASKING = frozenset(
    text.terms(
        "kind kinds sort type way ways thing mean means called call work works say says people someone need needed "
        "get make makes made good better best come happen happens much many long big able actually really"
    )
)


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence, verbatim from `paper.abstract`. `matched` are the question's terms in it, with weights."""

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


@dataclass(frozen=True, slots=True)
class Question:
    """A question taken apart: its terms with weights, the names that must appear, and what kind it is."""

    raw: str
    terms: Mapping[str, float]
    names: tuple[str, ...]
    quantity: bool
    several: bool


def parse(raw: str, index: Index, *, context: str = "") -> Question:
    """Take a question apart; `context` is earlier talk, whose terms count half."""
    words = Counter(term for term in text.terms(raw[: text.MAX_QUERY]) if term not in _ASKING)
    weights = {term: index.idf(term) for term in words}
    for term in text.terms(context[: text.MAX_QUERY]):
        if term not in _ASKING:
            weights.setdefault(term, index.idf(term) / 2)
    return Question(
        raw,
        weights,
        names(raw),
        quantity=bool(_QUANTITY.search(raw)),
        several=bool(_LIST.search(raw) or _CHOICE.search(raw)),
    )


def names(raw: str) -> tuple[str, ...]:
    """Return the names and numbers of a question: words with a capital or a digit, sentence starts aside."""
    found: list[str] = []
    for match in _NAME.finditer(raw):
        word = match[0].strip(".-")
        begins = not raw[: match.start()].strip() or raw[: match.start()].rstrip().endswith((".", "?", "!", ":"))
        plain = word[:1].isupper() and word[1:].islower()
        if not word or word.lower() in _STARTS or (begins and plain) or not text.terms(word):
            continue
        found.append(word)
    return tuple(dict.fromkeys(found))


def acronyms(prose: str) -> dict[str, str]:
    """Return the acronyms that a text explains, "neural architecture search (NAS)", each with its long form."""
    found: dict[str, str] = {}
    for match in _ACRONYM.finditer(prose):
        letters = match[2].lower()
        long = re.split(r"[ -]+", match[1])
        tail = long[-len(letters) :]
        if len(tail) >= 2 and "".join(word[0] for word in tail).lower() == letters[: len(tail)]:  # noqa: PLR2004
            found[match[2]] = " ".join(tail)
    return found


def answer(question: Question, ranked: Sequence[tuple[Paper, float]], index: Index) -> Answer:
    """Quote an answer from ranked papers (best first, with scores), or say that they do not answer."""
    papers = [paper for paper, _ in ranked]
    if not question.terms or not ranked:
        return Answer(nearest=tuple(papers[:3]), missing=unknown(question, index))
    reads = [_Read(paper, score / ranked[0][1] if ranked[0][1] else 0.0, question) for paper, score in ranked[:READ]]
    fit = _fit(reads, question)
    if not fit:
        near = max(reads, key=lambda read: (-len(read.missing(question)), read.total))
        missing = near.missing(question) or unknown(question, index)
        return Answer(nearest=tuple(papers[:3]), missing=missing, sure=near.coverage(question))
    lead = fit[0]
    reads = fit
    best = _choose(reads, question)
    quotes = _in_order(_with_leaning(best, question), [read.paper.id for read in reads])
    return Answer(quotes, tuple(best), tuple(papers[:3]), (), lead.coverage(question))


def _fit(reads: Sequence[_Read], question: Question) -> list[_Read]:
    """Return the papers that may be quoted, best first; none when the papers do not say."""
    able = [read for read in reads if read.coverage(question) >= COVERAGE and read.holds_together(question)]
    whole = [read for read in able if not read.missing(question)]
    if not whole and question.several:
        # A comparison may have each of its names in another paper.
        gone = set(question.names).intersection(*(read.missing(question) for read in reads))
        whole = [] if gone else [read for read in reads if len(read.missing(question)) < len(question.names)]
    return sorted(whole, key=lambda read: -read.total)


def search_for(index: Index, question: str, context: str = "") -> list[Match]:
    """Return the papers to read for a question, best first."""
    return index.search(f"{question[: text.MAX_QUERY]} {context}".strip(), READ)


def unknown(question: Question, index: Index) -> tuple[str, ...]:
    """Return the question's words that stand in no paper at all, as typed."""
    gone = [
        question.raw[word.start : word.end]
        for word in text.words(question.raw[: text.MAX_QUERY])
        if word.terms and not _ASKING.issuperset(word.terms) and not any(term in index.bm25.docs for term in word.terms)
    ]
    return tuple(dict.fromkeys(gone))[:5]


class _Read:
    """One paper read with a question in mind."""

    def __init__(self, paper: Paper, rank: float, question: Question) -> None:
        self.paper = paper
        self.rank = rank
        self.sentences = text.sentences(paper.abstract)
        self.terms = [Counter(text.terms(sentence)) for sentence in self.sentences]
        self.title = frozenset(text.terms(paper.title))
        self.held = self.title.union(*self.terms)
        spread = Counter(term for found in self.terms for term in found)
        self._rarity = {term: math.log(1 + len(self.terms) / spread[term]) for term in question.terms if spread[term]}
        self.cited = sorted(
            (self._cite(number, question) for number in range(len(self.sentences))),
            key=lambda cited: -cited.score,
        )
        self.total = self.cited[0].score if self.cited else 0.0

    def _cite(self, number: int, question: Question) -> Citation:
        sentence, found = self.sentences[number], self.terms[number]
        weights = {term: rarity * question.terms[term] for term, rarity in self._rarity.items() if found[term]}
        score = sum(weights.values()) / (math.fsum(question.terms.values()) or 1.0)
        score += 0.5 * self.rank
        if question.quantity and re.search(r"\d", sentence):
            score += 0.25
        matched = tuple(sorted(weights.items(), key=lambda pair: (-pair[1], pair[0])))
        return Citation(sentence, self.paper, score, matched)

    def coverage(self, question: Question) -> float:
        """Return the share of the question's weight that the paper holds."""
        total = math.fsum(question.terms.values())
        return (
            math.fsum(weight for term, weight in question.terms.items() if term in self.held) / total if total else 0.0
        )

    def missing(self, question: Question) -> tuple[str, ...]:
        """Return the names of the question that the paper does not hold, its acronyms spelled out."""
        explained = acronyms(self.paper.title + ". " + self.paper.abstract)
        short = frozenset(key.lower() for key in explained)
        gone = []
        for name in question.names:
            wanted = text.terms(name)
            whole = wanted[-1:] if len(wanted) > 1 else wanted
            if name.lower() in short or self.held.issuperset(whole) or self.held.issuperset(wanted[:-1] or wanted):
                continue
            gone.append(name)
        return tuple(gone)

    def holds_together(self, question: Question) -> bool:
        """Say whether one sentence, with the title, holds enough to be about the question."""
        asked = question.terms.keys() - set(text.terms(" ".join(question.names)))
        if asked and not asked & self.held:
            return False  # the paper is named, but nothing that is asked about it is there
        if len(question.terms) < 3:  # noqa: PLR2004 - two words are met or not
            return True
        near = [set(one) | set(other) for one, other in pairwise([*self.terms, Counter()])]
        best = max((len((words | self.title) & question.terms.keys()) for words in near), default=0)
        return best >= 2  # noqa: PLR2004 - a single shared word is chance


def _choose(reads: Sequence[_Read], question: Question) -> list[Citation]:
    """Return up to QUOTES sentences, best first: from several papers if asked for, none said twice."""
    pool = sorted((cited for read in reads for cited in read.cited), key=lambda cited: -cited.score)
    chosen: list[Citation] = []
    for cited in pool:
        if len(chosen) == QUOTES - 1 or not cited.matched:
            break
        if chosen and cited.score < 0.55 * chosen[0].score:
            break
        same = sum(1 for other in chosen if other.paper.id == cited.paper.id)
        if same >= (1 if question.several else 2) or any(_repeats(cited.text, other.text) for other in chosen):
            continue
        chosen.append(cited)
    return chosen


def _repeats(one: str, other: str) -> bool:
    first, second = set(text.terms(one)), set(text.terms(other))
    return len(first & second) > 0.6 * min(len(first), len(second))


def _with_leaning(best: Iterable[Citation], question: Question) -> list[Citation]:
    """Bring the sentence before one that leans on it ("It", "These"), while there is room."""
    found: dict[tuple[str, str], Citation] = {}
    chosen = list(best)
    for number, cited in enumerate(chosen):
        before = _before(cited)
        room = QUOTES - len(found) - (len(chosen) - number)
        if before and room > 0 and _LEANS.match(cited.text):
            found.setdefault((cited.paper.id, before), Citation(before, cited.paper, 0.0))
        found.setdefault((cited.paper.id, cited.text), cited)
    return list(found.values()) if question.raw else chosen


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
