"""Which papers may be among the best: sums of upper bounds, as vectors of small integers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from bot.core.impacts import padded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from bot.core.segment import Segment

    Sums = NDArray[np.unsignedinteger[Any]]

BLOCKS = 16
"""Blocks of papers looked at for each paper wanted; more find a sharper bound, at the cost of more to look at."""
DRIFT = 2.0
"""Units by which a term's bounds may be off for what came since; beyond, they are scaled."""
ROUNDED = 1.01
"""Units that rounding up adds to a bound, at the most."""
LOST = 1.0001
"""Makes up for what floating point loses."""


class Row(NamedTuple):
    """A term's bounds: its papers, ascending, what it adds to each, a dense row if it is common, the most of all.

    `below` and `above` are the units by which a score may lie below and above these; `most` holds with `above`.
    """

    docs: NDArray[np.int32]
    bounds: Sums
    dense: NDArray[np.uint8] | None
    most: int
    below: float
    above: float


class Bounds:
    """Upper bounds of a segment's scores, in units; `impacts.build` makes them."""

    def __init__(self, segment: Segment) -> None:
        """Use the arrays of a segment without a base."""
        part = segment.part("impacts")
        self._segment = segment
        self._papers, self._average = float(part["basis"][1]), float(part["basis"][2]) or 1.0
        self._bounds: NDArray[np.uint8] = part["bounds"]
        self._most: NDArray[np.uint8] = part["most"]
        self._common: NDArray[np.int32] = part["common"]
        self._dense: NDArray[np.uint8] = part["dense"]
        self._spare: list[NDArray[np.uint16]] = []

    def row(self, row: int, weight: float, average: float) -> Row:
        """Return a row as it is now: its term's weight, and the papers' average length, may have drifted."""
        segment = self._segment
        part = slice(int(segment.starts[row]), int(segment.starts[row + 1]))
        drift = weight / math.log((self._papers + 1) / (part.stop - part.start))
        low, high = drift * min(average / self._average, 1.0), drift * max(average / self._average, 1.0)
        most, bounds, dense = int(self._most[row]), self._bounds[part], self._dense_row(row)
        if dense is None and max(high - 1, 1 - low) * most > DRIFT:
            scaled = np.ceil(bounds * np.float32(high * LOST)).astype(np.uint16)
            return Row(segment.docs[part], scaled, None, int(scaled.max()), most * (high * LOST - low) + 2 + low, 0.0)
        below, above = most * max(1 - low, 0.0) + ROUNDED * max(low, 1.0), most * max(high - 1, 0.0)
        return Row(segment.docs[part], bounds, dense, most, below, above)

    def _dense_row(self, row: int) -> NDArray[np.uint8] | None:
        place = int(self._common.searchsorted(row))
        return self._dense[place] if place < len(self._common) and self._common[place] == row else None

    def sums(self, rows: Iterable[tuple[Row, int]]) -> Sums:
        """Return a bound for each paper, in units; 0 where no term stands, and behind the last paper.

        Each row comes with the times its term is asked for.
        """
        given = list(rows)
        whole = sum(row.most * times for row, times in given)
        sums = self._empty(np.uint16 if whole <= np.iinfo(np.uint16).max else np.uint32)
        for row, times in given:
            if row.dense is None:
                bounds = row.bounds.astype(sums.dtype)
                np.add.at(sums, row.docs, bounds * sums.dtype.type(times) if times > 1 else bounds)
        for group in _groups(given):
            np.add(sums, _sum(group), out=sums)
        return sums

    def _empty(self, wide: type[np.unsignedinteger[Any]]) -> Sums:
        """Return zeros, from sums that were given back if there are some: fresh memory costs more than clearing it."""
        if wide is np.uint16 and self._spare:
            sums = self._spare.pop()
            sums.fill(0)
            return sums
        return np.zeros(padded(len(self._segment)), dtype=wide)

    def give_back(self, sums: Sums) -> None:
        """Take sums that are not needed any more."""
        if sums.dtype == np.uint16 and not self._spare:
            self._spare.append(sums)


def _groups(rows: Iterable[tuple[Row, int]]) -> list[list[NDArray[np.uint8]]]:
    """Group dense rows, each as often as it is asked for, so that no group's sum passes 255."""
    groups: list[list[NDArray[np.uint8]]] = []
    full = 256
    dense = ((row.most, row.dense) for row, times in rows if row.dense is not None for _ in range(times))
    for most, row in sorted(dense, key=lambda pair: pair[0]):
        if full + most > 255:  # noqa: PLR2004 - a byte
            groups.append([])
            full = 0
        groups[-1].append(row)
        full += most
    return groups


def _sum(rows: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Add dense rows whose sum stays within a byte: a quarter of the cost of adding each to wider sums."""
    total = rows[0]
    for place, row in enumerate(rows[1:]):
        total = np.add(total, row, out=total if place else None)
    return total


class Peaks:
    """The highest of many sums, found without sorting them: the sums are halved, the higher of each two kept."""

    def __init__(self, sums: NDArray[Any], k: int) -> None:
        """Halve while the blocks are many for the k sums wanted."""
        self._sums = sums
        high = sums
        while len(high) % 2 == 0 and len(high) > 2 * BLOCKS * k:
            half = len(high) // 2
            high = np.maximum(high[:half], high[half:])
        self._high = high

    def kth(self, k: int) -> float:
        """Return a number that at least k sums reach; 0 if there are not so many blocks."""
        size = len(self._high)
        return self._high[np.argpartition(self._high, size - k)[size - k]].item() if k <= size else 0

    def reaching(self, least: float) -> NDArray[np.int64]:
        """Return the places of all sums that are at least so high, ascending."""
        blocks = np.flatnonzero(self._high >= least)
        if len(blocks) * 4 >= len(self._high):
            return np.flatnonzero(self._sums >= least)
        places = (np.arange(0, len(self._sums), len(self._high))[:, None] + blocks).ravel()
        kept: NDArray[np.int64] = places[self._sums[places] >= least]
        return kept
