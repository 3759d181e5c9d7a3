"""The thesaurus: which words of research English may stand for one another, so that a paraphrase meets its sentence."""

from __future__ import annotations

from array import array
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from bot.core import lexicon, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from numpy.typing import NDArray

SAME: Final = 0.65
"""What a word counts that says the same, against 1 for the word itself."""
NEAR: Final = 0.35
"""What a word counts that is near: the general word, the opposite, what it is done with."""
_KINDS: Final = (NEAR, SAME)


class Thesaurus:
    """Words by what they may stand for, either way round. Words meet after stemming and folding (`lexicon.fold`).

    A line reads `word: same, same | near, near`; without words, nothing has company. The lines are read at the first
    question, which takes about half a second.
    """

    def __init__(self, lines: Callable[[], Iterable[str]] = tuple) -> None:
        self._lines = lines
        self.company = lru_cache(maxsize=5_000)(self._company)

    def _company(self, term: str) -> Mapping[str, float]:
        """Return the folded stems that may stand for one, each with what it counts: SAME or NEAR."""
        numbers, words, starts, flat = self._table
        number = numbers.get(term)
        if number is None:
            return {}
        pairs = flat[starts[number] : starts[number + 1]]
        return {words[int(pair) // 2]: _KINDS[int(pair) % 2] for pair in pairs}

    @cached_property
    def _table(self) -> tuple[dict[str, int], list[str], NDArray[np.int64], NDArray[np.int32]]:
        """Return stems by number and back, and each stem's company: twice the other's number, plus one for SAME.

        Numbers in arrays, since as a dictionary of dictionaries the same takes thirty megabytes.
        """
        numbers: dict[str, int] = {}
        rows = array("i")
        for line in self._lines():
            if line.startswith("#"):
                continue
            for one, other, kind in _pairs(line):
                a, b = (numbers.setdefault(stem, len(numbers)) for stem in (one, other))
                rows.extend((a, b, kind, b, a, kind))
        found = np.array(rows, dtype=np.int32).reshape(-1, 3)
        # Sorted by kind last: of two lines that name a pair, the nearer relation stands.
        found = found[np.lexsort((-found[:, 2], found[:, 1], found[:, 0]))]
        _, first = np.unique(found[:, :2], axis=0, return_index=True)
        found = found[first]
        starts = np.searchsorted(found[:, 0], np.arange(len(numbers) + 1))
        return numbers, list(numbers), starts, found[:, 1] * 2 + found[:, 2]


def _pairs(line: str) -> Iterator[tuple[str, str, int]]:
    """Yield a line's pairs of stems, with 1 for SAME and 0 for NEAR."""
    head, _, rest = line.partition(":")
    one = _stem(head)
    same, _, near = rest.partition("|")
    for words, kind in ((same, 1), (near, 0)):
        for other in map(_stem, words.split(",")):
            if one and other and one != other:
                yield one, other, kind


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    """Return the folded stem of one word, a compound as a whole; nothing for a stop word."""
    terms = text.terms(word)
    return lexicon.fold(terms[-1]) if terms else ""
