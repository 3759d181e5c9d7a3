"""New and notable: which of the papers that came are worth reading first, and why, in words."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core import recency, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.arrival import Arrival

CODE = 1.0
"""What code is worth: as much as twice the votes at the same speed."""
TOPIC = 24.0
"""What the topic words are worth at most. One rare word is worth half: as much as 63 votes on the first day."""
HERE = 4.0
"""What each doubling of the members who saved or liked it is worth: three of them as much as 15 votes at once."""
MOST_MATCHED = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a paper is shown: facts in plain words ("48 votes"), and topic words as the admin wrote them."""

    facts: tuple[str, ...] = ()
    matched: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return it in plain words, "" if nothing speaks for the paper but that it is new."""
        return ", ".join([*self.facts, *([f"matches {', '.join(self.matched)}"] if self.matched else [])])


@dataclass(frozen=True, slots=True)
class Notable:
    """A paper worth reading. `score` has no unit and is at least 0."""

    paper_id: str
    score: float
    reason: Reason


def rank(arrivals: Sequence[Arrival], topics: str, size: int) -> list[Notable]:
    """Return the `size` most notable arrivals, best first; those that are alike by day, the newest first, then by id.

    Age counts up to the newest day among them: a Sunday makes no paper of Friday old.
    """
    today = recency.latest(arrivals)
    words = asked(topics)
    weights = _weights(arrivals, words)
    scored = []
    for one in arrivals:
        has = matched(one, words)
        value = score(one, recency.age(one, today), sum(weights[word] for word in has))
        scored.append((-value, recency.newest_first(one), one.paper_id, one, has))
    best = heapq.nsmallest(size, scored, key=lambda found: found[:3])
    return [Notable(one.paper_id, -minus, reason(one, recency.age(one, today), has)) for minus, _, _, one, has in best]


def score(one: Arrival, days: int, match: float = 0.0) -> float:
    """Return how notable an arrival is, `days` after it was listed; `match` is the weight of the topic words it has.

    Votes and their number a day count by their order of magnitude, so that no crowd outshouts every topic; so do the
    members of the server who saved or liked it.
    """
    votes = max(one.votes, 0)
    liked = math.log2(1 + votes) + math.log2(1 + votes / (1 + max(days, 0)))
    liked += HERE * math.log2(1 + one.here.people)
    return (
        liked + CODE * one.code + math.log10(1 + max(one.stars, 0)) / 2 + TOPIC * (1 - math.pow(0.5, max(match, 0.0)))
    )


def reason(one: Arrival, days: int, has: Sequence[str] = ()) -> Reason:
    """Return why an arrival is notable: votes, their speed once it is not their number, code, stars, topic words.

    Of members only their number is told.
    """
    facts = []
    if one.votes > 0:
        facts.append(_count(one.votes, "vote"))
        if days > 0 and one.votes > days:
            facts.append(f"{round(one.votes / (1 + days)):,} a day")
    if one.stars > 0:
        facts.append(f"code with {_count(one.stars, 'star')}")
    elif one.code:
        facts.append("code")
    return Reason((*facts, *kept(one)), tuple(has[:MOST_MATCHED]))


def kept(one: Arrival) -> tuple[str, ...]:
    """Return what the members of a server think of an arrival, as numbers."""
    saved = (f"saved by {one.here.saved:,} here",) if one.here.saved else ()
    return (*saved, f"liked by {one.here.liked:,} here") if one.here.liked else saved


def asked(topics: str) -> dict[str, frozenset[str]]:
    """Return the topic words as they were written, each with its terms; of words that are alike, the first."""
    found: dict[frozenset[str], str] = {}
    for word in text.words(topics):
        if word.terms:
            found.setdefault(frozenset(word.terms), topics[word.start : word.end])
    return {said: terms for terms, said in found.items()}


def matched(one: Arrival, words: dict[str, frozenset[str]]) -> list[str]:
    """Return those of some words, as `asked` made them, that an arrival holds."""
    return [word for word, terms in words.items() if _holds(one, terms)]


def _weights(arrivals: Sequence[Arrival], words: dict[str, frozenset[str]]) -> dict[str, float]:
    """Return what each topic word is worth: a word of every paper tells them apart no more than none."""
    among = 1 + len(arrivals)
    return {word: 1 - sum(_holds(one, terms) for one in arrivals) / among for word, terms in words.items()}


def _holds(one: Arrival, terms: frozenset[str]) -> bool:
    """Say whether an arrival holds a word; of a compound ("self-supervised") one part is not enough."""
    return len(terms & one.terms) >= min(len(terms), 2)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
