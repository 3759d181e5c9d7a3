"""Vectors: texts as directions, kept small and searched fast.

A vector is kept as one signed byte a number. The nearest of many are found in two steps: by the signs of their
numbers alone (one bit each, compared 64 at a time), then exactly among the best of those.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

EXACT: int = 4_000
"""Vectors up to which all are compared exactly: about a millisecond."""
RESCORED, SHARE = 1_000, 100
"""After the comparison by signs, one in SHARE vectors is compared exactly, and RESCORED at least: among 16,583 papers
that share holds 98.5 % of the ten nearest, 1,000 of them 99.9 %."""
_BLOCK = 32_768
"""Codes compared at once: their distances stay in a core's own cache."""


class EmbedderError(Exception):
    """A text could not be turned into a vector; the message says why and is safe to log."""


def unit(rows: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """Return `count` vectors with length 1, float32 of shape (count, dimensions). Raises EmbedderError."""
    if rows.ndim != 2 or len(rows) != count or not rows.shape[1]:  # noqa: PLR2004 - rows and numbers
        raise EmbedderError(f"the embedder sent an array of shape {rows.shape} for {count} texts")
    with np.errstate(over="ignore"):
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not (np.isfinite(lengths).all() and (lengths > 0).all()):
        raise EmbedderError("the embedder sent a vector without a direction")
    found: NDArray[np.float32] = (rows / lengths).astype(np.float32)
    return found


def pack(rows: NDArray[np.float32]) -> NDArray[np.int8]:
    """Return vectors as signed bytes, each scaled to its own largest number: the direction stays, the length goes."""
    largest = np.abs(rows).max(axis=1, keepdims=True)
    return np.rint(rows / np.where(largest > 0, largest, 1) * 127).astype(np.int8)


class Matrix:
    """Packed vectors, one a row, in the order they came, never changed, only added to.

    One thread may add while others search: they see the vectors that were there when they began.
    """

    def __init__(self, dimensions: int) -> None:
        self.dimensions = dimensions
        self._count = 0
        self._packed = np.zeros((0, dimensions), dtype=np.int8)
        self._inverse = np.zeros(0, dtype=np.float32)
        self._codes = np.zeros((-(-dimensions // 64), 0), dtype=np.uint64)
        self._total = np.zeros(dimensions)
        self._centre: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        """Return the number of vectors."""
        return self._count

    def add(self, packed: NDArray[np.int8]) -> int:
        """Add vectors of shape (n, dimensions) and return the place of the first."""
        start, end = self._count, self._count + len(packed)
        self._make_room(end)
        rows = _unpack(packed)
        self._packed[start:end] = packed
        self._inverse[start:end] = _inverse(packed)
        if self._centre is not None:
            self._codes[:, start:end] = _bits(rows - self._centre)
        self._total += rows.sum(axis=0)
        self._count = end
        if self._centre is None and end > EXACT:
            self._begin_codes()
        return start

    def vector(self, place: int) -> NDArray[np.float32]:
        """Return the vector at a place, float32, of length 1."""
        found: NDArray[np.float32] = _unpack(self._packed[place : place + 1])[0]
        return found

    def holds(self, place: int, packed: NDArray[np.int8]) -> bool:
        """Say whether that vector lies at a place."""
        return bool(np.array_equal(self._packed[place], packed))

    def cosines(self, query: NDArray[np.float32], places: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return the cosine (-1 to 1) between a unit vector and the vectors at some places."""
        # Not `@`: that wakes the linear algebra library's threads, which take 30 ms to meet on a busy machine.
        found: NDArray[np.float32] = np.einsum("ij,j->i", self._packed[places], query) * self._inverse[places]
        return found

    def nearest(self, query: NDArray[np.float32], k: int) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Return the places of at most k vectors nearest to a unit vector, nearest first, and their cosines.

        Among many vectors, one that is near may be missed if one in SHARE agree with the query in more signs.
        """
        places = self._likely(query, max(k, RESCORED, self._count // SHARE))
        cosines = self.cosines(query, places)
        best = np.lexsort((places, -cosines))[:k]
        return places[best], cosines[best]

    def _likely(self, query: NDArray[np.float32], k: int) -> NDArray[np.intp]:
        count, centre, codes = self._count, self._centre, self._codes
        if centre is None or count <= max(k, EXACT):
            return np.arange(count)
        asked = _bits((query - centre)[None, :])[:, 0]
        distances = np.empty(count, dtype=np.uint16)
        for start in range(0, count, _BLOCK):
            block = codes[:, start : min(start + _BLOCK, count)]
            differ = np.bitwise_count(block ^ asked[:, None])
            differ.sum(axis=0, dtype=np.uint16, out=distances[start : start + block.shape[1]])
        totals = np.cumsum(np.bincount(distances))
        return np.flatnonzero(distances <= np.searchsorted(totals, k))

    def _begin_codes(self) -> None:
        # The numbers of a model's vectors do not lie around zero; their signs tell most around their mean.
        centre = (self._total / self._count).astype(np.float32)
        for start in range(0, self._count, _BLOCK):
            end = min(start + _BLOCK, self._count)
            self._codes[:, start:end] = _bits(_unpack(self._packed[start:end]) - centre)
        self._centre = centre  # last: whoever sees it may read the codes

    def _make_room(self, count: int) -> None:
        if count > len(self._inverse):
            room = max(count, 2 * len(self._inverse), 1_024) - len(self._inverse)
            self._packed = np.concatenate([self._packed, np.zeros((room, self.dimensions), np.int8)])
            self._inverse = np.concatenate([self._inverse, np.zeros(room, np.float32)])
            self._codes = np.concatenate([self._codes, np.zeros((len(self._codes), room), np.uint64)], axis=1)


def _unpack(packed: NDArray[np.int8]) -> NDArray[np.float32]:
    rows: NDArray[np.float32] = packed * _inverse(packed)[:, None]
    return rows


def _inverse(packed: NDArray[np.int8]) -> NDArray[np.float32]:
    """Return 1 over the length of each row."""
    lengths = np.linalg.norm(packed.astype(np.float32), axis=1)
    found: NDArray[np.float32] = (1 / np.maximum(lengths, 1)).astype(np.float32)
    return found


def _bits(rows: NDArray[np.float32]) -> NDArray[np.uint64]:
    """Return which numbers are positive, 64 to a word, of shape (words, rows)."""
    bits = np.packbits(rows > 0, axis=1)
    padded = np.zeros((len(rows), -(-rows.shape[1] // 64) * 8), dtype=np.uint8)
    padded[:, : bits.shape[1]] = bits
    return np.ascontiguousarray(padded.view(np.uint64).T)
