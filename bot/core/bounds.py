"""Which papers may be among the best: sums of upper bounds, as vectors of small integers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from bot.core.segment import Segment

    Sums = NDArray[np.unsignedinteger[Any]]

BLOCKS = 16
"""Blocks of papers looked at for each paper wanted; more find a sharper bound, at the cost of more to look at."""


DRIFT = 2.0
"""Units by which a term's bounds may be off for what came since; beyond, they are scaled."""


class Wanted(NamedTuple):
    """A term of a query: its row in the segment, how many times it is asked for, and its range of drift.

    `low` and `high` say what a posting adds now, against what it added when the bounds were taken.
    """

    row: int
    times: int
    low: float = 1.0
    high: float = 1.0


class Bounds:
    """Upper bounds of a segment's scores, in units; see `impacts.build`, which makes them.

    A bound is at most one unit per term asked for above the score that it is the bound of.
    """

    def __init__(self, segment: Segment) -> None:
        """Use the arrays of a segment without a base."""
        part = segment.part("impacts")
        self._segment = segment
        self.unit, self.papers, self.average = (float(value) for value in part["basis"])
        self._bounds: NDArray[np.uint16] = part["bounds"]
        self._most: NDArray[np.uint16] = part["most"]
        self._common: NDArray[np.int32] = part["common"]
        self._dense: NDArray[np.uint8] = part["dense"]
        self._spare: list[tuple[NDArray[np.uint16], NDArray[np.uint8]]] = []

    def most(self, row: int) -> int:
        """Return the most units that a row's term adds to any paper."""
        return int(self._most[row])

    def slack(self, wanted: Sequence[Wanted]) -> tuple[float, float]:
        """Return how many units a score may lie below its sum, and above it, because of rounding and drift."""
        below = above = 1.0  # for what floating point loses, and more
        for one in wanted:
            most = self.most(one.row) * one.times
            if self._scaled(one):
                below += most * (one.high - one.low) + 2 * one.times
            else:
                below += most * max(1 - one.low, 0.0) + one.times
                above += most * max(one.high - 1, 0.0)
        return below, above

    def sums(self, wanted: Sequence[Wanted]) -> Sums:
        """Return a bound for each paper, in units; 0 where no term stands, and behind the last paper."""
        whole = sum(self.most(one.row) * one.times * max(one.high, 1) + one.times for one in wanted)
        wide = np.uint16 if whole <= np.iinfo(np.uint16).max else np.uint32
        sums: Sums = np.zeros(self._dense.shape[1], dtype=wide)
        dense: list[tuple[int, int]] = []
        for one in wanted:
            if (place := self._place(one.row)) >= 0:
                dense += [(self.most(one.row), place)] * one.times
            else:
                part = slice(self._segment.starts[one.row], self._segment.starts[one.row + 1])
                np.add.at(sums, self._segment.docs[part], self._scale(self._bounds[part], one, wide))
        for group in _groups(dense):
            np.add(sums, self._sum(group), out=sums)
        return sums

    def _scale(self, bounds: Sums, one: Wanted, wide: type[np.unsignedinteger[Any]]) -> Sums:
        if self._scaled(one):
            bounds = np.ceil(bounds * np.float32(one.high)).astype(wide)
        return bounds.astype(wide) * wide(one.times) if one.times > 1 else bounds

    def _place(self, row: int) -> int:
        place = int(self._common.searchsorted(row))
        return place if place < len(self._common) and self._common[place] == row else -1

    def _scaled(self, one: Wanted) -> bool:
        return max(one.high - 1, 1 - one.low) * self.most(one.row) > DRIFT and self._place(one.row) < 0

    def _sum(self, places: Sequence[int]) -> NDArray[np.uint8]:
        """Add dense rows whose sum stays within a byte: a quarter of the cost of adding them to wider sums."""
        if len(places) == 1:
            alone: NDArray[np.uint8] = self._dense[places[0]]
            return alone
        total: NDArray[np.uint8] = np.add(self._dense[places[0]], self._dense[places[1]])
        for place in places[2:]:
            np.add(total, self._dense[place], out=total)
        return total


def _groups(dense: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Group rows, given with their most, so that no group's sum passes 255."""
    groups: list[list[int]] = []
    full = 256
    for most, place in sorted(dense):
        if full + most > 255:  # noqa: PLR2004 - a byte
            groups.append([])
            full = 0
        groups[-1].append(place)
        full += most
    return groups


class Peaks:
    """The highest of many sums, found without sorting them: the sums are halved, the higher of each two kept."""

    def __init__(self, sums: Sums, k: int) -> None:
        """Halve while the blocks are many for the k sums wanted."""
        self._sums = sums
        high = sums
        while len(high) % 2 == 0 and len(high) > 2 * BLOCKS * k:
            half = len(high) // 2
            high = np.maximum(high[:half], high[half:])
        self._high = high

    def kth(self, k: int) -> int:
        """Return a number that at least k sums reach; 0 if there are not so many blocks."""
        return int(np.partition(self._high, len(self._high) - k)[len(self._high) - k]) if k <= len(self._high) else 0

    def reaching(self, least: int) -> NDArray[np.int64]:
        """Return the places of all sums that are at least so high, ascending."""
        blocks = np.flatnonzero(self._high >= least)
        if len(blocks) * 4 > len(self._high):
            return np.flatnonzero(self._sums >= least)
        places: NDArray[np.int64] = (np.arange(0, len(self._sums), len(self._high))[:, None] + blocks).ravel()
        kept: NDArray[np.int64] = places[self._sums[places] >= least]
        return kept
