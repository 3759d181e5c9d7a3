"""Trends: the topics that more papers are about in the last weeks than in the weeks before.

A topic is a phrase of the papers' own: a keyword that sources gave several papers, or neighbouring words of several
titles. Its rise is the difference of the log-odds less some standard errors, as in Monroe, Colaresi and Quinn 2008,
"Fightin' Words", with half a paper added everywhere: a few papers more are no rise, however rare they were.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from bot.core import abbreviations, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

WEEKS, LATE = 12, 4
"""Weeks that are looked at, and how many of them, the last ones, are compared with those before."""
FEWEST = 60
"""Papers before and after from which a comparison says something."""
SURE = 1.64
"""Standard errors that are taken off a rise: what is left is exceeded in nineteen cases of twenty."""
_SEVERAL = 3
"""Papers that must use a phrase as a keyword or in their title: fewer may share it by chance."""
_LONGEST = 3
"""Words of the longest phrase taken from titles; keywords may have one more."""
_FEWEST_NOW, _LEAST = 5, 0.01
"""Papers of the last weeks, and their share of all, from which a topic is one."""
_ENDS, _ENDS_ALONE = 0.3, 0.5
"""Share of its places in which a phrase, or a word, ends the run of words it is in, from which it stands for itself."""
_JOINING = text.STOP_WORDS | {"across", "beyond", "per", "toward", "towards", "versus", "via", "vs"}
"""Words that no topic holds: these join topics."""
_SAME = 0.5
"""Share of the papers of the rarer of two phrases that have both, from which they are one topic."""

_MARKS = re.compile(r"[.,;:!?\"“”—|/\n]+(?=\s|$)|[()\[\]{}\"“”—|\n]+")
_JOINERS = re.compile(r"[-'’+#/_.–]")
_BRACKETS = re.compile(r"\([^)]*\)")
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


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic that rises. `shares` are those of all papers that are about it, for each week, the oldest first.

    `papers` are about it in the last weeks; `times` is how much larger its share is now, None if it had none before.
    """

    name: str
    papers: int
    times: float | None
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Trends:
    """What rises, the surest first; the last day that counts; how many papers come before and in the last weeks."""

    topics: tuple[Topic, ...]
    last: date
    before: int
    late: int

    @property
    def enough(self) -> bool:
        """Whether there are papers enough to compare."""
        return self.before >= FEWEST and self.late >= FEWEST


@dataclass(slots=True)
class _Phrase:
    """Where a phrase stands: the numbers of the papers, how it is written, and how often it ends what is said there."""

    papers: set[int] = field(default_factory=set)
    written: Counter[str] = field(default_factory=Counter)
    ends: int = 0


class _Risen(NamedTuple):
    """A phrase that rises: by how much at least (a natural logarithm), and its papers in each week."""

    least: float
    name: str
    phrase: _Phrase
    weeks: Counter[int]
    late: int


def first_day(last: date) -> date:
    """Return the first of the days that are looked at."""
    return last - timedelta(days=7 * WEEKS - 1)


def rising(told: Sequence[Told], last: date, most: int) -> Trends:
    """Return the `most` topics that rise surest up to the `last` day."""
    papers = [one for one in told if first_day(last) <= one.day <= last]
    weeks = [WEEKS - 1 - (last - one.day).days // 7 for one in papers]
    totals = Counter(weeks)
    late = sum(totals[week] for week in range(WEEKS - LATE, WEEKS))
    made = Trends((), last, len(papers) - late, late)
    if not made.enough:
        return made
    risen = [one for phrase in _phrases(papers).values() if (one := _risen(phrase, weeks, made))]
    risen.sort(key=lambda one: (-one.least, one.name))
    return replace(made, topics=tuple(_topic(one, made, totals) for one in _apart(risen, most)))


def _risen(phrase: _Phrase, weeks: Sequence[int], made: Trends) -> _Risen | None:
    counts = Counter(weeks[number] for number in phrase.papers)
    now = sum(counts[week] for week in range(WEEKS - LATE, WEEKS))
    if now < max(_FEWEST_NOW, made.late * _LEAST):
        return None
    then = len(phrase.papers) - now
    rise = math.log((now + 0.5) / (made.late - now + 0.5)) - math.log((then + 0.5) / (made.before - then + 0.5))
    least = rise - SURE * math.sqrt(1 / (now + 0.5) + 1 / (then + 0.5))
    return _Risen(least, _name(phrase.written), phrase, counts, now) if least > 0 else None


def _apart(risen: Sequence[_Risen], most: int) -> list[_Risen]:
    """Return the first phrases, none of which is on the papers of another."""
    kept: list[_Risen] = []
    for one in risen:
        mine = one.phrase.papers
        if all(len(mine & other) < _SAME * min(len(mine), len(other)) for other in (k.phrase.papers for k in kept)):
            kept.append(one)
        if len(kept) == most:
            break
    return kept


def _topic(one: _Risen, made: Trends, totals: Counter[int]) -> Topic:
    then = len(one.phrase.papers) - one.late
    times = (one.late / made.late) / (then / made.before) if then else None
    shares = tuple(one.weeks[week] / totals[week] if totals[week] else 0.0 for week in range(WEEKS))
    return Topic(one.name, one.late, times, shares)


def _name(written: Counter[str]) -> str:
    """Return the usual way to write a phrase."""
    return min(written, key=lambda way: (-written[way], way))


def _phrases(papers: Sequence[Told]) -> dict[Form, _Phrase]:
    """Return the phrases that several papers use as a keyword or in their title, with all papers that hold them.

    What hardly ever ends a run of words ("large language", "real-world") is a part of what is meant.
    """
    chosen = _chosen(papers)
    found = {form: _Phrase() for form in chosen}
    longest: dict[str, int] = {}
    for form in chosen:
        longest[form[-1]] = max(longest.get(form[-1], 0), len(form))
    for number, paper in enumerate(papers):
        for run in _runs("\n".join((paper.title, paper.abstract, *paper.keywords))):
            for end in range(len(run)):
                if size := longest.get(run[end].stems[-1]):
                    _note(found, run, end, size, number)
    whole = {form: phrase for form, phrase in found.items() if _stands(form, phrase)}
    return _merged(whole, papers)


def _stands(form: Form, phrase: _Phrase) -> bool:
    """Say whether a phrase stands for itself, and is no single plain word ("tokens"): that is too wide for a topic."""
    plain = len(form) == 1 and _name(phrase.written).islower() if phrase.written else True
    single = bool(phrase.written) and " " not in _name(phrase.written)
    return not plain and phrase.ends >= (_ENDS_ALONE if single else _ENDS) * phrase.written.total()


def _note(found: Mapping[Form, _Phrase], run: Sequence[_Word], end: int, longest: int, number: int) -> None:
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


def _merged(found: dict[Form, _Phrase], papers: Sequence[Told]) -> dict[Form, _Phrase]:
    """Return the phrases with those that hold an acronym under the ones that hold its long form."""
    meanings = _meanings(papers)
    for form in sorted(found):
        long = tuple(stem for short in form for stem in meanings.get(short, (short,)))
        if long != form and long in found:
            gone, kept = found.pop(form), found[long]
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
