"""Phrases: what papers are about, in words of their own.

A phrase is a keyword that sources gave several papers, or neighbouring words of several titles.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from bot.core import abbreviations, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

_SEVERAL = 3
"""Papers that must use a phrase as a keyword or in their title: fewer may share it by chance."""
_LONGEST = 3
"""Words of the longest phrase taken from titles; keywords may have one more."""
_ENDS, _ENDS_ALONE = 0.3, 0.5
"""Share of its places in which a phrase, or a word, ends the run of words it is in, from which it stands for itself."""
_JOINING = text.STOP_WORDS | {"across", "beyond", "per", "toward", "towards", "versus", "via", "vs"}
"""Words that no topic holds: these join topics."""

_MARKS = re.compile(r"[.,;:!?\"“”—|/\n]+(?=\s|$)|[()\[\]{}\"“”—|\n]+")
_JOINERS = re.compile(r"[-'’+#/_.–]")
_BRACKETS = re.compile(r"\([^)]*\)")
_PARTS = re.compile(r"[^\s.,;:!?\"“”—|/()\[\]{}'’+#_–*`-]+")
_BEGINNING = 2
"""Letters that a word and its stem have in common; all but three of them: "dying" is "die"."""
_OTHERWISE = frozenset({"dy", "ly", "ty"})
Form = tuple[str, ...]


class _Word(NamedTuple):
    """A word: the stems of its parts, and how it is written within a sentence."""

    stems: Form
    written: str


class Told(NamedTuple):
    """What is told of a paper, and the day it was listed."""

    day: date
    title: str
    abstract: str
    keywords: tuple[str, ...] = ()

    @property
    def prose(self) -> str:
        """All of it in words; no phrase reaches from one line to the next."""
        return "\n".join((self.title, self.abstract, *self.keywords))


@dataclass(slots=True)
class Phrase:
    """Where a phrase stands: the numbers of the papers, how it is written, and how often it ends what is said there.

    `forms` are the stems of its words, with an acronym and without.
    """

    forms: set[Form]
    papers: set[int] = field(default_factory=set)
    written: Counter[str] = field(default_factory=Counter)
    ends: int = 0

    @property
    def name(self) -> str:
        """The usual way to write it."""
        return min(self.written, key=lambda way: (-self.written[way], way))


def phrases(papers: Sequence[Told]) -> list[Phrase]:
    """Return the phrases that several papers use as a keyword or in their title, with all papers that hold them.

    Papers are numbered as they come. What hardly ever ends a run of words ("large language", "real-world") is a part
    of what is meant.
    """
    found = {form: Phrase({form}) for form in _chosen(papers)}
    _note(found, enumerate(papers))
    whole = {form: phrase for form, phrase in found.items() if _stands(form, phrase)}
    return list(_merged(whole, papers).values())


def count(found: Iterable[Phrase], papers: Iterable[tuple[int, Told]]) -> None:
    """Note where phrases stand in more papers, each with its number."""
    forms = {form: phrase for phrase in found for form in phrase.forms}
    stems = [frozenset(form) for form in forms]
    begins = _OTHERWISE.union(stem[:_BEGINNING] for form in forms for stem in form)
    _note(forms, ((number, paper) for number, paper in papers if _may_hold(paper, stems, begins)))


def _may_hold(paper: Told, forms: Iterable[frozenset[str]], begins: frozenset[str]) -> bool:
    """Say whether a paper has all words of a phrase somewhere, of which few must be stemmed: that takes longest."""
    parts = set(_PARTS.findall(paper.prose.lower()))
    has = {text.stem(part) for part in parts if part[:_BEGINNING] in begins}
    return any(form <= has for form in forms)


def _note(found: Mapping[Form, Phrase], papers: Iterable[tuple[int, Told]]) -> None:
    longest: dict[str, int] = {}
    for form in found:
        longest[form[-1]] = max(longest.get(form[-1], 0), len(form))
    for number, paper in papers:
        for run in _runs(paper.prose):
            for end in range(len(run)):
                if size := longest.get(run[end].stems[-1]):
                    _note_ending(found, run, end, size, number)


def _stands(form: Form, phrase: Phrase) -> bool:
    """Say whether a phrase stands for itself, and is no single plain word ("tokens"): that is too wide for a topic."""
    plain = len(form) == 1 and phrase.name.islower() if phrase.written else True
    single = bool(phrase.written) and " " not in phrase.name
    return not plain and phrase.ends >= (_ENDS_ALONE if single else _ENDS) * phrase.written.total()


def _note_ending(found: Mapping[Form, Phrase], run: Sequence[_Word], end: int, longest: int, number: int) -> None:
    """Note the phrases that end with a word of a paper."""
    for form, words in _ending(run, end, longest):
        if phrase := found.get(form):
            phrase.papers.add(number)
            phrase.written[" ".join(word.written for word in words)] += 1
            phrase.ends += end == len(run) - 1


def _chosen(papers: Iterable[Told]) -> set[Form]:
    """Return the forms of several papers' keywords, of any length, and of several titles' neighbouring words."""
    given: Counter[Form] = Counter()
    titles: Counter[Form] = Counter()
    for paper in papers:
        given.update({form for keyword in paper.keywords for form in _whole(keyword)})
        runs = _runs(paper.title)
        grams = {form for run in runs for end in range(len(run)) for form, _ in _ending(run, end, _LONGEST)}
        titles.update(form for form in grams if len(form) > 1)
    return {form for counts in (given, titles) for form, count in counts.items() if count >= _SEVERAL}


def _whole(keyword: str) -> Iterator[Form]:
    """Yield a keyword as a form, without what stands in brackets; nothing for one of many words."""
    runs = _runs(_BRACKETS.sub(" ", keyword))
    if len(runs) == 1 and len(form := tuple(stem for word in runs[0] for stem in word.stems)) <= _LONGEST + 1:
        yield form


def _ending(run: Sequence[_Word], end: int, longest: int) -> Iterator[tuple[Form, Sequence[_Word]]]:
    """Yield the phrases that end with a word of a run, up to so many stems."""
    form: Form = ()
    for start in range(end, -1, -1):
        form = (*run[start].stems, *form)
        if len(form) > longest:
            return
        yield form, run[start : end + 1]


def _runs(prose: str) -> list[list[_Word]]:
    """Return the words of a text that stand side by side: no mark, no stop word and no number between them."""
    found: list[list[_Word]] = []
    for part in _MARKS.split(prose):
        run: list[_Word] = []
        for word in part.split():
            if made := _word(word):
                run.append(made)
            elif run:
                found.append(run)
                run = []
        if run:
            found.append(run)
    return found


@lru_cache(maxsize=100_000)
def _word(written: str) -> _Word | None:
    """Return a word as it is written within a sentence, and its stems; None for a stop word or a number."""
    bare = written.strip("'’`*_-–")
    parts = [part for part in _JOINERS.split(bare.lower()) if part]
    stems = tuple(text.stem(part) for part in parts if part not in _JOINING)
    if not stems or not any(c.isalpha() for c in bare):
        return None
    return _Word(stems, bare if any(c.isupper() for c in bare[1:].replace("-", "")) else bare.lower())


def _merged(found: dict[Form, Phrase], papers: Sequence[Told]) -> dict[Form, Phrase]:
    """Return the phrases with those that hold an acronym under the ones that hold its long form."""
    meanings = _meanings(papers)
    for form in sorted(found):
        long = tuple(stem for short in form for stem in meanings.get(short, (short,)))
        if long != form and long in found:
            gone, kept = found.pop(form), found[long]
            kept.forms |= gone.forms
            kept.papers |= gone.papers
            kept.written += gone.written
    return found


def _meanings(papers: Iterable[Told]) -> dict[str, Form]:
    """Return what acronyms mean in these papers: the long form that most of those that explain one give."""
    told: dict[str, Counter[Form]] = defaultdict(Counter)
    for paper in papers:
        for short, long in abbreviations.explained(paper.abstract):
            told[short][long] += 1
    best = {short: longs.most_common(1)[0] for short, longs in told.items()}
    return {short: long for short, (long, count) in best.items() if count * 2 > told[short].total()}
