"""Passages: quoted text, and the rules by which it bears a statement out. Each rule leans to "no"."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bot.core import text
from bot.core.fidelity import faithful
from bot.core.marks import MARK, bare, clean, tidy
from bot.core.orders import reads_as_order
from bot.core.statement import Statement
from bot.core.wording import DENIED, DIRECTION, HEDGE, NEUTRAL, OPPOSING, PIVOT, SWEEPING

if TYPE_CHECKING:
    from collections.abc import Iterable

SUPPORT: Final = 0.6
"""Least share of a sentence's content stems that its passage holds (design, section 5 "Answers")."""
_ORDERLY: Final = 0.65
"""Least share of the words a claim has from its source that come in the same order."""
_SHORTEST: Final = 5
"""Letters that two stems of one family ("accur", "accuraci") share at least."""


class Passage:
    """A quoted passage: its sentences, and what each of them and each two neighbours say."""

    def __init__(self, raw: str) -> None:
        sentences = [clean(sentence) for sentence in text.sentences(raw)]
        self._whole = {bare(piece) for piece in [*sentences, raw]} - {""}
        self._single = _read(sentences)
        self._pairs = _read(f"{one} {other}" for one, other in pairwise(sentences))

    def quotes(self, sentence: str) -> bool:
        """Say whether a sentence stands here word for word, from its first to its last."""
        return bare(sentence) in self._whole

    def supports(self, claim: Statement) -> bool:
        """Say whether one sentence here, or two adjacent ones, bear a claim out.

        What one sentence is about but does not bear out, its neighbour cannot save: that would mix who does what.
        """
        if any(_bears_out(single, claim) for single in self._single):
            return True
        if any(_covers(single, claim) for single in self._single):
            return False
        return any(_bears_out(pair, claim) for pair in self._pairs)


def _read(pieces: Iterable[str]) -> list[Statement]:
    return [Statement(tidy(MARK.sub(" ", piece))) for piece in pieces if not reads_as_order(piece)]


def _bears_out(source: Statement, claim: Statement) -> bool:
    """Apply the rules, the cheap ones first."""
    if not DENIED.search(claim.raw):
        source = source.affirmed
    return (
        _covers(source, claim)
        and _adds_nothing(source, claim)
        and _in_order(source, claim)
        and _counts(source, claim)
        and _measures(source, claim)
        and source.names_all(claim.names)
        and _negates_alike(source, claim)
        and _no_bolder(source, claim)
        and _points_alike(source, claim)
        and not _opposes(source, claim)
        and not _turned(source, claim)
        and _sides_match(source, claim)
        and faithful(source, claim)
    )


def _covers(source: Statement, claim: Statement) -> bool:
    return len(claim.stems & source.stems) >= SUPPORT * len(claim.stems) > 0


def _adds_nothing(source: Statement, claim: Statement) -> bool:
    """A word of its own is neutral, of a family with one of the source, or a comparison, which has its own rule."""
    return all(
        stem in NEUTRAL or stem in DIRECTION or any(_related(stem, other) for other in source.stems)
        for stem in claim.stems - source.stems
    )


def _related(one: str, other: str) -> bool:
    short = min(len(one), len(other))
    return short >= _SHORTEST and one[: short - 1] == other[: short - 1] and one[:_SHORTEST] == other[:_SHORTEST]


def _in_order(source: Statement, claim: Statement) -> bool:
    """Most words come as in the source (longest rising run of places): who does what to whom is told by order."""
    places = [source.order.index(stem) for stem in dict.fromkeys(claim.order) if stem in source.stems]
    ends: list[int] = []
    for place in places:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return len(ends) >= _ORDERLY * len(places)


def _counts(source: Statement, claim: Statement) -> bool:
    """Every number of the claim stands in the source, in the same order, its unit not another."""
    rest = iter(source.numbers)
    return all(
        any(_close(value, there) and (unit == known or not unit or not known) for there, known in rest)
        for value, unit in claim.numbers
    )


def _measures(source: Statement, claim: Statement) -> bool:
    """The word right after a number stands near the same number in the source: "75% compression", not "75% speed"."""
    return all(
        any(_close(value, there) and after & near for there, _, near in source.measured)
        for value, after, _ in claim.measured
        if after and any(_close(value, there) for there, _, _ in source.measured)
    )


def _close(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-9 * max(abs(one), abs(other))


def _negates_alike(source: Statement, claim: Statement) -> bool:
    """As many negations, odd or even, and each denies something that the source denies."""
    if len(source.negated) % 2 != len(claim.negated) % 2:
        return False
    return all(any(denied & known for known in source.negated) for denied in claim.negated)


def _no_bolder(source: Statement, claim: Statement) -> bool:
    """The claim sweeps no wider than the source and keeps its doubts."""
    added = {word.lower() for word in SWEEPING.findall(claim.raw)} - {w.lower() for w in SWEEPING.findall(source.raw)}
    return not added and (not HEDGE.search(source.raw) or bool(HEDGE.search(claim.raw)))


def _points_alike(source: Statement, claim: Statement) -> bool:
    """Each comparing word of the claim goes the way that the source goes about the same thing."""
    for axis, side, near in claim.directions:
        same = [len(near & there) for on, to, there in source.directions if (on, to) == (axis, side)]
        other = [len(near & there) for on, to, there in source.directions if on == axis and to != side]
        if not same or max(other, default=-1) > max(same):
            return False
    return True


def _opposes(source: Statement, claim: Statement) -> bool:
    """A word of the claim is the opposite of one in the source by its prefix: "unfit" for "fit"."""
    new, old = claim.stems - source.stems, source.stems - claim.stems
    return any(prefix + stem in old for prefix in OPPOSING for stem in new) or any(
        prefix + stem in new for prefix in OPPOSING for stem in old
    )


def _turned(source: Statement, claim: Statement) -> bool:
    """Who beats whom is the other way round: what stood behind the verb or "than" stands before it."""
    here, there = _around(claim), _around(source)
    if here is None or there is None:
        return False
    first, last = there[0] - there[1], there[1] - there[0]
    ahead, behind = here[0] - here[1], here[1] - here[0]
    moved = bool(ahead & last) and not behind & last
    return moved or len(ahead & last) > len(ahead & first) or len(behind & first) > len(behind & last)


def _around(said: Statement) -> tuple[frozenset[str], frozenset[str]] | None:
    match = PIVOT.search(said.raw)
    if match is None:
        return None
    left, right = said.raw[: match.start()], said.raw[match.end() :]
    if not text.terms(left):  # "Compared to X, Y is ..."
        right, _, left = right.partition(",")
    before, after = frozenset(text.terms(left)), frozenset(text.terms(right))
    return (after, before) if match["passive"] else (before, after)


def _sides_match(source: Statement, claim: Statement) -> bool:
    """In a contrast each side of the claim comes from one side of the source: names do not change sides."""
    if len(source.parts) == 1:
        return True
    return all(
        any(
            side.names_all(part.names) and _counts(side, part) and 2 * len(part.stems & side.stems) >= len(part.stems)
            for side in source.parts
        )
        for part in claim.parts
    )
