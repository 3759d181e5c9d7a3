"""A table of strings in NumPy arrays: found by hash or by beginning, mapped from disk without parsing."""

from __future__ import annotations

from bisect import bisect_left
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray


class Strings:
    """Strings by number, 0 to n - 1, with their numbers by hash. Equal strings may stand in it more than once.

    `text` is all of them in UTF-8, `starts` (n + 1) where each begins, in bytes; `hashes` is sorted,
    and `order` says which string each hash is of.
    """

    __slots__ = ("_order", "_starts", "_text", "hashes")

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]], name: str) -> None:
        """Read the arrays `name`.text, .starts, .hashes and .order."""
        self._text: NDArray[np.uint8] = arrays[f"{name}.text"]  # type: ignore[assignment]
        self._starts: NDArray[np.int64] = arrays[f"{name}.starts"]  # type: ignore[assignment]
        self.hashes: NDArray[np.uint64] = arrays[f"{name}.hashes"]  # type: ignore[assignment]
        self._order: NDArray[np.int32] = arrays[f"{name}.order"]  # type: ignore[assignment]

    def __len__(self) -> int:
        """Return how many strings there are."""
        return len(self._starts) - 1

    def bytes(self, number: int) -> bytes:
        """Return one string in UTF-8."""
        return self._text[self._starts[number] : self._starts[number + 1]].tobytes()

    def __getitem__(self, number: int) -> str:
        """Return one string."""
        return self.bytes(number).decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        """Yield every string, by number."""
        return (self[number] for number in range(len(self)))

    def numbers(self, places: NDArray[np.integer[Any]]) -> list[int]:
        """Return the numbers of the strings whose hashes stand at these places."""
        return [int(n) for n in self._order[places]]

    def shares(self, hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Say of each hash whether a string here has it: of its own string that is nearly sure, and no more."""
        if not len(self.hashes):
            return np.zeros(len(hashes), dtype=bool)
        place = np.minimum(self.hashes.searchsorted(hashes), len(self.hashes) - 1)
        shared: NDArray[np.bool_] = self.hashes[place] == hashes
        return shared

    def find(self, wanted: str) -> int:
        """Return the number of a string, the last of equal ones, or -1."""
        return max(self.all(wanted), default=-1)

    def all(self, wanted: str) -> list[int]:
        """Return the numbers of every string equal to this one, in order."""
        encoded = utf8(wanted)
        key = np.uint64(hash64(encoded))
        place = int(self.hashes.searchsorted(key))
        found = []
        while place < len(self.hashes) and self.hashes[place] == key:
            number = int(self._order[place])
            if self.bytes(number) == encoded:
                found.append(number)
            place += 1
        return sorted(found)

    def beginning(self, start: str) -> range:
        """Return the numbers of the strings that begin so; the table must be sorted."""
        encoded = utf8(start)
        low = bisect_left(range(len(self)), encoded, key=self.bytes)
        # 0xff ends no UTF-8 string, so that everything with this beginning sorts before it.
        return range(low, bisect_left(range(len(self)), encoded + b"\xff", low, key=self.bytes))


def arrays(strings: Sequence[str], name: str) -> dict[str, NDArray[np.generic]]:
    """Return the arrays of a table, under the name given."""
    encoded = [utf8(string) for string in strings]
    hashes = np.fromiter(map(hash64, encoded), dtype=np.uint64, count=len(encoded))
    return packed(b"".join(encoded), map(len, encoded), hashes, name)


def packed(
    blob: bytes | bytearray, sizes: Iterable[int], hashes: NDArray[np.uint64], name: str
) -> dict[str, NDArray[np.generic]]:
    """Return the arrays of a table whose text is already in one piece; `sizes` are in bytes."""
    order = np.argsort(hashes, kind="stable").astype(np.int32)
    ends = np.fromiter(sizes, dtype=np.int64, count=len(hashes)).cumsum()
    return {
        f"{name}.text": np.frombuffer(bytes(blob), dtype=np.uint8),
        f"{name}.starts": np.concatenate([np.zeros(1, dtype=np.int64), ends]),
        f"{name}.hashes": hashes[order],
        f"{name}.order": order,
    }


def utf8(string: str) -> bytes:
    """Return a string in UTF-8; half a surrogate pair (a stray byte) is kept as it is."""
    return string.encode("utf-8", "surrogatepass")


def hash64(encoded: bytes) -> int:
    """Return 64 bits of BLAKE2b: the same in every process, unlike Python's own hash."""
    return int.from_bytes(blake2b(encoded, digest_size=8).digest(), "little")
