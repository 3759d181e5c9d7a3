"""Which papers may be among the best: sums of upper bounds, as vectors of small integers."""

from __future__ import annotations

import math
from operator import itemgetter
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
FOLDED = 32
"""Papers in a block that is looked through for the likely ones."""
_DIRECT = 20_000
"""Sums that are looked through without blocks."""
DRIFT = 2.0
"""Units by which a term's bounds may be off for what came since; beyond, they are scaled."""
ROUNDED = 1.01
"""Units that rounding up adds to a bound, at the most."""
LOST = 1.0001
"""Makes up for what floating point loses."""
_BYTE, _WIDEST = 255, 65535


class Row(NamedTuple):
    """A term's bounds: its papers, ascending, what it adds to each, a dense row if it is common, the most of all.

    `slack` is how many units the score that it adds may be off the bound, both ways taken together; `above`, how many
    it may be above.
    """

    docs: NDArray[np.int32]
    bounds: Sums
    dense: NDArray[np.uint8] | None
    most: int
    slack: float
    above: float = 0.0


class Lost(NamedTuple):
    """Papers that may not be found: those not allowed (one flag a paper, or None), and those replaced."""

    allowed: NDArray[np.bool_] | None
    gone: NDArray[np.int64]

    def leave_out(self, sums: NDArray[Any]) -> None:
        """Set the sums of these papers to 0."""
        if self.allowed is not None:
            sums[: len(self.allowed)] *= self.allowed
        if len(self.gone):
            sums[self.gone] = 0


class Bounds:
    """Upper bounds of a segment's scores, in units; `impacts.build` makes them."""

    def __init__(self, segment: Segment) -> None:
        """Use the arrays of a segment without a base."""
        part = segment.part("impacts")
        self._segment = segment
        self.unit, self._papers, self._average = part["basis"].tolist()
        self._bounds: NDArray[np.uint8] = part["bounds"]
        self._most: NDArray[np.uint8] = part["most"]
        self._rooms: list[_Room] = []

    def row(self, row: int, weight: float, average: float) -> Row:
        """Return a row as it is now: its term's weight, and the papers' average length, may have drifted."""
        segment = self._segment
        part = slice(int(segment.starts[row]), int(segment.starts[row + 1]))
        drift = weight / math.log((self._papers + 1) / (part.stop - part.start))
        longer = average / (self._average or 1.0)
        low, high = drift * min(longer, 1.0), drift * max(longer, 1.0)
        most, bounds, dense = int(self._most[row]), self._bounds[part], segment.dense_row(row)
        if dense is None and max(high - 1, 1 - low) * most > DRIFT:
            scaled = np.ceil(bounds * np.float32(high * LOST)).astype(np.uint16)
            return Row(segment.docs[part], scaled, None, int(scaled.max()), most * (high * LOST - low) + 2 + low)
        above = most * max(high - 1, 0.0)
        slack = above + most * max(1 - low, 0.0) + ROUNDED * max(low, 1.0)
        return Row(segment.docs[part], bounds, dense, most, slack, above)

    def likely(self, rows: Sequence[tuple[Row, int]], k: int, lost: Lost) -> tuple[NDArray[np.int64], Sums]:
        """Return the papers that may be among the k best for some terms, each with the times it is asked for.

        With them come their bounds, in units.
        """
        room = self._rooms.pop() if self._rooms else _Room.of(padded(len(self._segment)))
        wide = sum([row.most * times for row, times in rows]) > _WIDEST
        sums: Sums = room.sums.astype(np.uint32) if wide else room.sums
        _set_dense(sums, rows, room.bytes)
        for row, times in rows:
            if row.dense is None:
                bounds = row.bounds.astype(sums.dtype)
                np.add.at(sums, row.docs, bounds * sums.dtype.type(times) if times > 1 else bounds)
        lost.leave_out(sums)
        found = Peaks(sums, k).best(k, sum([row.slack * times for row, times in rows]))
        bounds = sums[found]
        if not self._rooms:
            self._rooms.append(room)
        return found, bounds


class _Room(NamedTuple):
    """Working memory of one query, an element for each paper: fresh memory would cost more than its use."""

    sums: NDArray[np.uint16]
    bytes: NDArray[np.uint8]

    @classmethod
    def of(cls, size: int) -> _Room:
        return cls(np.empty(size, np.uint16), np.empty(size, np.uint8))


def _set_dense(sums: Sums, rows: Iterable[tuple[Row, int]], room: NDArray[np.uint8]) -> None:
    """Set the sums to those of the dense rows, or to 0."""
    begun = False
    for total in _totals(rows, room):
        if begun:
            np.add(sums, total, out=sums)
        else:
            np.copyto(sums, total)
        begun = True
    if not begun:
        sums.fill(0)


def _totals(rows: Iterable[tuple[Row, int]], room: NDArray[np.uint8]) -> Iterable[NDArray[np.uint8]]:
    """Yield sums of dense rows that stay within a byte: that costs a quarter of adding each row to wider sums."""
    dense = sorted(
        [(row.most, row.dense) for row, times in rows if row.dense is not None for _ in range(times)], key=itemgetter(0)
    )
    full, total = 0, None
    for most, row in dense:
        if total is not None and full + most <= _BYTE:
            full, total = full + most, np.add(total, row, out=room)
        else:
            if total is not None:
                yield total
            full, total = most, row
    if total is not None:
        yield total


class Peaks:
    """The highest of many sums, found without sorting them: first the highest of each block."""

    def __init__(self, sums: NDArray[Any], k: int) -> None:
        """Look at blocks of up to FOLDED sums, and at blocks of blocks while these are many for the k sums wanted."""
        self._sums = self._blocks = self._high = sums
        fold = 1
        while len(sums) % (2 * fold) == 0 and len(sums) > 2 * BLOCKS * k * fold:
            fold *= 2
        if fold > 1:
            self._blocks = self._high = _highest(sums, min(fold, FOLDED))
        if fold > FOLDED:
            self._high = _highest(self._blocks, fold // FOLDED)

    def kth(self, k: int) -> float:
        """Return a number that at least k sums reach; 0 if there are not so many blocks."""
        size = len(self._high)
        return self._high[self._high.argpartition(size - k)[size - k]].item() if k <= size else 0

    def best(self, k: int, slack: float) -> NDArray[np.int64]:
        """Return the places of the sums that are not further below the k best than `slack`, nor 0; ascending."""
        return self.reaching(max(math.ceil(self.kth(k) - slack), 1))

    def reaching(self, least: float) -> NDArray[np.int64]:
        """Return the places of all sums that are at least so high, ascending."""
        if len(self._sums) > _DIRECT:
            blocks = (self._blocks >= least).nonzero()[0]
            if len(blocks) * 4 < len(self._blocks):
                places = (np.arange(0, len(self._sums), len(self._blocks))[:, None] + blocks).ravel()
                kept: NDArray[np.int64] = places[self._sums[places] >= least]
                return kept
        return (self._sums >= least).nonzero()[0]


def _highest(sums: NDArray[Any], fold: int) -> NDArray[Any]:
    """Return the highest sum of each block; block n has the sums n, n + blocks, n + 2 blocks and so on."""
    highest: NDArray[Any] = np.maximum.reduce(sums.reshape(fold, -1), axis=0)
    return highest
