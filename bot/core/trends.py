"""Trends: the topics that more papers are about in the last weeks than in the weeks before.

A topic is a phrase of the papers' own. Its rise is the difference of the log-odds less some standard errors, as in
Monroe, Colaresi and Quinn 2008, "Fightin' Words", with half a paper added everywhere: a few papers more are no rise,
however rare they were.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from bot.core import phrases

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.core.phrases import Phrase, Told

WEEKS, LATE = 12, 4
"""Weeks that are looked at, and how many of them, the last ones, are compared with those before."""
FEWEST = 60
"""Papers before and after from which a comparison says something."""
SURE = 1.64
"""Standard errors that are taken off a rise: what is left is exceeded in nineteen cases of twenty."""
_FEWEST_NOW, _LEAST = 5, 0.01
"""Papers of the last weeks, and their share of all, from which a topic is one."""
_SAME = 0.5
"""Share of the papers of the rarer of two phrases that have both, from which they are one topic."""


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
class Rising:
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
class Census:
    """The papers of the weeks up to the `last` day: the week of each, and the phrases with the papers that hold them.

    Weeks are numbered from 0, the oldest; papers in the order in which they were counted.
    """

    last: date
    weeks: list[int] = field(default_factory=list)
    phrases: list[Phrase] = field(default_factory=list)

    def count(self, told: Sequence[Told]) -> None:
        """Count more papers: whether they hold the phrases, no matter which others."""
        papers = _within(told, self.last)
        phrases.count(self.phrases, enumerate(papers, len(self.weeks)))
        self.weeks += [_week(one, self.last) for one in papers]

    @property
    def totals(self) -> Counter[int]:
        """How many papers each week has."""
        return Counter(self.weeks)

    @property
    def late(self) -> int:
        """How many papers the last weeks have."""
        return _late(self.totals)


class _Risen(NamedTuple):
    """A phrase that rises: by how much at least (a natural logarithm), and its papers in each week."""

    least: float
    phrase: Phrase
    weeks: Counter[int]


def first_day(last: date) -> date:
    """Return the first of the days that are looked at."""
    return last - timedelta(days=7 * WEEKS - 1)


def survey(told: Sequence[Told], last: date) -> Census:
    """Return the papers up to the `last` day with all their phrases. Takes a second for 1,500 papers."""
    papers = _within(told, last)
    return Census(last, [_week(one, last) for one in papers], phrases.phrases(papers))


def anew(census: Census, most: int) -> Census:
    """Return a census of no papers yet, for the `most` phrases that rise surest in this one.

    In a sample they are found, but neither their number is known nor that a topic is new: that takes all papers.
    """
    return Census(census.last, [], [phrases.Phrase(set(one.phrase.forms)) for one in _surest(census, most)])


def rising(census: Census, most: int) -> Rising:
    """Return the `most` topics that rise surest; none while there are too few papers to tell."""
    made = Rising((), census.last, len(census.weeks) - census.late, census.late)
    if not made.enough:
        return made
    topics = tuple(_topic(one, made, census.totals) for one in _surest(census, most))
    return Rising(topics, made.last, made.before, made.late)


def _within(told: Sequence[Told], last: date) -> list[Told]:
    return [one for one in told if first_day(last) <= one.day <= last]


def _week(told: Told, last: date) -> int:
    return WEEKS - 1 - (last - told.day).days // 7


def _late(weeks: Counter[int]) -> int:
    return sum(weeks[week] for week in range(WEEKS - LATE, WEEKS))


def _surest(census: Census, most: int) -> list[_Risen]:
    """Return the phrases that rise surest, none of which is on the papers of another."""
    late = census.late
    risen = [one for phrase in census.phrases if (one := _risen(phrase, census.weeks, late))]
    risen.sort(key=lambda one: (-one.least, one.phrase.name))
    return _apart(risen, most)


def _risen(phrase: Phrase, weeks: Sequence[int], late: int) -> _Risen | None:
    counts = Counter(weeks[number] for number in phrase.papers)
    now, before = _late(counts), len(weeks) - late
    if now < max(_FEWEST_NOW, late * _LEAST):
        return None
    then = len(phrase.papers) - now
    rise = math.log((now + 0.5) / (late - now + 0.5)) - math.log((then + 0.5) / (before - then + 0.5))
    least = rise - SURE * math.sqrt(1 / (now + 0.5) + 1 / (then + 0.5))
    return _Risen(least, phrase, counts) if least > 0 else None


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


def _topic(one: _Risen, made: Rising, totals: Counter[int]) -> Topic:
    now = _late(one.weeks)
    then = len(one.phrase.papers) - now
    times = (now / made.late) / (then / made.before) if then else None
    shares = tuple(one.weeks[week] / totals[week] if totals[week] else 0.0 for week in range(WEEKS))
    return Topic(one.phrase.name, now, times, shares)
