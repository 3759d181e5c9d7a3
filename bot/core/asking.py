"""The question: its concepts with weights, the names in it, and the kind of sentence that would answer it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.core import acronyms, lexicon, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.core.index import Index
    from bot.core.thesaurus import Thesaurus

_LIST = re.compile(
    r"\b(?:which|what|any|list|all|are there|is there)\b.{0,20}\b(?:papers|surveys|reviews|studies)\b|^papers\b"
    r"|\b(?:which|any|list|all|are there) (?:\w+ )?(?:works|methods|approaches)\b",
    re.IGNORECASE,
)
_CHOICE = re.compile(r"\b(?:or|versus|vs\.?|differ\w*|compare)\b", re.IGNORECASE)
_RIVAL = re.compile(
    r"\b(?:than|versus|vs\.?|compare[sd]? (?:with|to|against)|(?:beat|outperform|surpass)(?:s|ed)?)\s+"
    r"((?:the |an? |other )?[\w-]+(?: [\w-]+)?)",
    re.IGNORECASE,
)
_FOCUS = re.compile(r"\b(?:how (?:many|much)|what|which|any)\s+((?:[\w-]+\s+){0,3}[\w-]+)", re.IGNORECASE)
_COUNTED = re.compile(
    r"\bhow many\s+(?!fewer|more|less|times)((?:[\w-]+\s+){0,2}?[\w-]+)"
    r"(?=\s(?:is|are|was|were|do|does|did|can|could|has|have|had|will"
    r"|would|of|in|on|for|to|that|from|with|by|at|as|per)\b|\s*\?|$)",
    re.IGNORECASE,
)
_STOPS_FOCUS = re.compile(
    r"\s(?:is|are|was|were|do|does|did|can|could|has|have|had|will|would|of|in|on|for|to|that|from|with|by|at"
    r"|as)\b.*",
    re.IGNORECASE,
)
_ASKING = frozenset(
    text.terms(
        """
        kind kinds sort type types way ways thing things mean means called call work works say says said
        people someone need needed get gets getting got make makes made making good bad come comes happen
        happens much many long able actually really want wants wanted tell tells know please exactly like
        look looks talk talked talking according ever never still even one ones take takes took taken put
        puts let lets see sees seen go goes going done try tries tried set whether else instead every yet
        always often usually usual generally help helps explain describe question answer part parts compare
        compares compared individual think believe authors author study paper publication researchers done
        turn turned end ends bit lot lots around near far early later next somebody everyone everything
        something nothing anything might must shown show shows report reported reports stand stands dataset
        datasets percentage percent number many ok okay why how
        """
    )
)
"""Words that people ask with: they count little."""
_PEOPLE = frozenset(text.terms("people someone authors researchers"))
MOST = 40
"""Words of a question that are read, the most telling ones: more than any sentence has."""
FAINT = 0.25
"""What a word people ask with counts, against 1."""
_SUBJECT = re.compile(r"^(.{3,120}?)(?::\s|\s[-–—]\s|\?\s)(?=.{8})")
_SOURCE = re.compile(
    r"\b(?:according to|in|by|of|from)\s+(?:the|that|this)?\s*((?:[\w'-]+\s){0,6}?)"
    r"(?:paper|survey|review|study|thesis|article|work)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Concept:
    """A word of the question: `ways` are the term tuples that stand for it, any of which will do.

    `subject` says that it names what the question is about, and asks nothing of it: "skeleton ensemble: which part…";
    `faint`, that it is a word people ask with.
    """

    word: str
    ways: tuple[tuple[str, ...], ...]
    weight: float
    name: bool = False
    sharp: tuple[str, ...] = ()
    subject: bool = False
    faint: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question taken apart.

    `focus` are the words after "which" and "how many", `rivals` what it compares with, `counted` the thing whose
    number is asked; `alone` says that it has words of its own, beside its context.
    """

    raw: str
    concepts: tuple[Concept, ...]
    thesaurus: Thesaurus
    listing: bool
    choice: bool
    focus: frozenset[str] = frozenset()
    rivals: tuple[tuple[str, ...], ...] = ()
    counted: str = ""
    pairs: tuple[tuple[str, str, float], ...] = ()
    alone: bool = True
    names: tuple[str, ...] = ()
    context: str = ""

    @property
    def terms(self) -> list[str]:
        """The index terms to search by: its own and its context's."""
        return text.terms(f"{self.raw} {self.context}")

    @property
    def several(self) -> bool:
        """Whether the answer may stand in several papers: a list or a comparison is asked for."""
        return self.listing or self.choice


def parse(raw: str, index: Index, thesaurus: Thesaurus, context: str = "") -> Question:
    """Take a question apart; `context` is earlier talk, whose words count half."""
    raw = " ".join(raw[: text.MAX_QUERY].split())
    own = {concept.word.lower(): concept for concept in _concepts(raw, index, 1.0)}
    carried = {concept.word.lower(): concept for concept in _concepts(context[: text.MAX_QUERY], index, 0.5)}
    every = {**carried, **own}.values()
    heaviest = sorted(every, key=lambda concept: -concept.weight)[:MOST]
    concepts = tuple(concept for concept in every if concept in heaviest)
    return Question(
        raw,
        concepts,
        thesaurus,
        listing=bool(_LIST.search(raw)),
        choice=bool(_CHOICE.search(raw)),
        focus=_focus(raw),
        rivals=_rivals(raw),
        counted=_counted(raw),
        pairs=_pairs(concepts),
        alone=bool(own),
        names=tuple(concept.word for concept in own.values() if concept.name),
        context=context,
    )


def _concepts(raw: str, index: Index, share: float) -> Iterator[Concept]:
    calm = _capitals_tell(raw)
    subject = _subject(raw)
    for word in text.words(raw):
        if not word.terms:
            continue
        surface = raw[word.start : word.end]
        sharp = _sharp(surface) if calm else ()
        starts = not raw[: word.start].strip(" \"'(") or raw[: word.start].rstrip()[-1:] in ".?!:"
        if sharp == (surface,) and starts and surface[1:].islower():
            sharp = ()
        name = tuple(lexicon.fold(term) for part in sharp for term in text.terms(part)[-1:])
        parts = tuple(lexicon.fold(term) for term in (word.terms[:-1] if len(word.terms) > 1 else word.terms))
        ways = [parts, (lexicon.fold(word.terms[-1]),)]
        ways += [long for term in ways[-1] if (long := acronyms.field().get(term))]
        faint = not name and _ASKING.issuperset(word.terms)
        yield Concept(
            surface,
            tuple(dict.fromkeys(ways)),
            share * (FAINT if faint else 1.0) * _weight(word.terms, index, name=bool(name)),
            bool(name),
            name,
            not subject.isdisjoint(term for way in ways for term in way),
            faint,
        )


def _subject(raw: str) -> frozenset[str]:
    """Return the folded terms that say which paper is meant: those before a colon, and "in the … survey"."""
    opening = _SUBJECT.search(raw)
    said = [match[1] for match in (*([opening] if opening else ()), *_SOURCE.finditer(raw))]
    return frozenset(lexicon.fold(term) for part in said for term in text.terms(part))


def _capitals_tell(raw: str) -> bool:
    """Say whether capitals mean anything in this question: not where all is upper case, or Every Word Has One."""
    words = re.findall(r"[A-Za-z]{2,}", raw)
    capital = sum(word[0].isupper() for word in words)
    return not words or (not raw.isupper() and (len(words) < 4 or capital < 0.75 * len(words)))  # noqa: PLR2004


def _sharp(surface: str) -> tuple[str, ...]:
    """Return the parts of a word that make it a name: those with a capital or a digit."""
    if re.fullmatch(r"\d", surface):
        return ()  # "the 3 tricks": counted, not named
    return tuple(part for part in re.split(r"[-/]", surface) if re.search(r"[A-Z0-9]", part))


def _weight(terms: tuple[str, ...], index: Index, *, name: bool) -> float:
    """Return a word's rarity, that of its rarest part; an ordinary word that no paper holds weighs as a common one."""
    found = [index.idf(term) for term in (*terms, *map(lexicon.fold, terms)) if index.knows(term)]
    if found:
        return max(found)
    highest = math.log(len(index) + 1)
    return highest if name else 0.6 * highest


def _focus(raw: str) -> frozenset[str]:
    """Return what is asked for: in "which language models do" the noun before the verb, else the word after "which"."""
    found = set()
    for match in _FOCUS.finditer(raw):
        phrase = _STOPS_FOCUS.sub("", " " + match[1]).split()
        telling = [word for word in phrase if not _ASKING.issuperset(text.terms(word))]
        found.update(telling[-1:] if len(phrase) < len(match[1].split()) else telling[:1])
    return frozenset(word.lower() for word in found)


def _counted(raw: str) -> str:
    """Return the thing that a "how many" asks for, as a folded term."""
    match = _COUNTED.search(raw)
    phrase = text.terms(_STOPS_FOCUS.sub("", " " + match[1])) if match else []
    telling = [term for term in phrase if term not in _ASKING or term in _PEOPLE] or phrase
    return lexicon.fold(telling[-1]) if telling else ""


def _pairs(concepts: tuple[Concept, ...]) -> tuple[tuple[str, str, float], ...]:
    """Return the neighbours in the question, with their weight: half of both."""
    flat = [(term, concept.weight / len(concept.ways[0])) for concept in concepts for term in concept.ways[0]]
    return tuple((one, other, (w + v) / 2) for (one, w), (other, v) in pairwise(flat))


def _rivals(raw: str) -> tuple[tuple[str, ...], ...]:
    return tuple(
        terms
        for match in _RIVAL.finditer(raw)
        if (terms := tuple(lexicon.fold(term) for term in text.terms(match[1]) if term not in _ASKING))
    )


def unknown(question: Question, index: Index) -> tuple[str, ...]:
    """Return the question's words that stand in no paper, nor does a word that may stand for them, as typed."""

    def there(term: str) -> bool:
        folded = lexicon.fold(term)
        return any(map(index.knows, (term, folded, *question.thesaurus.company(folded))))

    gone = [
        question.raw[word.start : word.end]
        for word in text.words(question.raw)
        if word.terms and not _ASKING.issuperset(word.terms) and not any(map(there, word.terms))
    ]
    return tuple(dict.fromkeys(gone))[:5]
