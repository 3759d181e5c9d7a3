"""Words that look alike: for a word that no paper holds, the known words it may have been meant to be.

Every word has a signature of 64 bits, the multiset of its letters in unary. One slip of the pen changes at most two
bits, so counting the bits that differ leaves a few candidates of hundreds of thousands of words in a fraction of a
millisecond. Those are measured with optimal string alignment (insert, delete, replace, swap two neighbours), all
side by side, in the bit-parallel form of Hyyrö 2003, "A bit-vector algorithm for computing Levenshtein and Damerau
edit distances". Against SymSpell's lists of deletions this takes 8 bytes a word instead of some 70.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from bot.core.text import STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Arrays = Mapping[str, NDArray[Any]]

LONGEST = 40
"""Letters of the longest word that is kept; Hyyrö's bit vectors hold 64."""
SHORTEST = 3
"""Letters of the shortest word that is corrected, and of the shortest that is kept."""
FIRM = 4
"""Letters from which any slip is forgiven; in a shorter word only a dropped letter or two swapped ones."""
TWO_SLIPS = 10
"""Letters from which two slips are forgiven when no word is one slip away."""
_EASY = 10
"""How many times likelier it is to drop a letter or to swap two than to type one certain wrong letter."""

# Alphabets only: digits mean something else when they change, and scripts without spaces have no such words.
_WORD = re.compile(rf"[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\U0010ffff]{{{SHORTEST},{LONGEST}}}")
_LETTERS = 26
_FIRST = ord("a")
_OTHERS = 64 - 2 * _LETTERS
_ONE = np.uint64(1)


class Near(NamedTuple):
    """A known word, how many slips away it is, how many papers hold it, and how easily it becomes what was typed."""

    word: str
    slips: int
    papers: int
    ease: int = 1

    @property
    def weight(self) -> int:
        """Return how likely the word was meant, to be compared with others as many slips away."""
        return self.papers * self.ease


def build(words: Sequence[str], counts: Sequence[int] | NDArray[np.integer[Any]]) -> dict[str, NDArray[Any]]:
    """Return the arrays of a vocabulary: folded words, not stemmed, each once, and how many papers hold each.

    `letters` uint16, all words one after the other, the shortest first; `firsts` int64, where the words of each length
    begin among the words (so the place of a letter follows); `signatures` uint64 and `papers` int32, one a word.
    Words with digits, shorter than three or longer than forty letters are left out; stop words are in, as common
    as the commonest word.
    """
    counted = zip(words, np.asarray(counts).tolist(), strict=True)
    known = {word: count for word, count in counted if _WORD.fullmatch(word)}
    known |= dict.fromkeys(filter(_WORD.fullmatch, sorted(STOP_WORDS)), max(known.values(), default=1))
    kept = sorted(known, key=len)
    letters = _codes("".join(kept))
    firsts = np.searchsorted([len(word) for word in kept], np.arange(LONGEST + 2))
    groups = [
        _signatures(letters[start:end].reshape(-1, length))
        for length, (start, end) in enumerate(pairwise(_starts(firsts)))
        if end > start
    ]
    return {
        "letters": letters,
        "firsts": firsts,
        "signatures": np.concatenate(groups),
        "papers": np.asarray([known[word] for word in kept], dtype=np.int32),
    }


class Spelling:
    """The words of one or more vocabularies, found by what they look like. Holds only the arrays of `build`."""

    def __init__(self, *parts: Arrays) -> None:
        """Use the arrays of `build`; a word of several parts counts the papers of all."""
        self._parts = [_Part(part) for part in parts]

    def nearest(self, word: str, k: int = 3) -> list[Near]:
        """Return at most k known words that a folded word may have been meant to be, the likeliest first.

        They are one slip away; two, in a longer word with none. Then it is a matter of how many papers hold the word,
        and of how easily the slip is made.
        """
        if not _WORD.fullmatch(word):
            return []
        for slips in (1, 2) if len(word) >= TWO_SLIPS else (1,):
            near = [one._replace(ease=_ease(word, one.word)) for one in self._within(word, slips)]
            if found := [one for one in near if len(word) >= FIRM or one.ease > 1]:
                return sorted(found, key=lambda one: (one.slips, -one.weight, one.word))[:k]
        return []

    def _within(self, word: str, slips: int) -> list[Near]:
        found: dict[str, Near] = {}
        for part in self._parts:
            for near in part.within(word, slips):
                papers = found[near.word].papers if near.word in found else 0
                found[near.word] = near._replace(papers=near.papers + papers)
        return list(found.values())


def _ease(typed: str, meant: str) -> int:
    """Return how easily one is typed for the other: a letter is dropped in one way, and mistyped in 25."""
    dropped = len(typed) < len(meant)
    swapped = len(typed) == len(meant) and sorted(typed) == sorted(meant)
    return _EASY if dropped or swapped else 1


class _Part:
    def __init__(self, arrays: Arrays) -> None:
        self._letters: NDArray[np.uint16] = np.asarray(arrays["letters"])
        self._firsts: NDArray[np.int64] = np.asarray(arrays["firsts"])
        self._signatures: NDArray[np.uint64] = np.asarray(arrays["signatures"])
        self._starts = _starts(self._firsts)
        self._papers: NDArray[np.int32] = np.asarray(arrays["papers"])

    def within(self, word: str, slips: int) -> list[Near]:
        """Return the words at most so many slips from a word, the word itself left out."""
        codes = _codes(word)
        shortest, longest = max(len(word) - slips, 0), min(len(word) + slips, LONGEST)
        first, last = self._firsts[shortest], self._firsts[longest + 1]
        apart = np.bitwise_count(self._signatures[first:last] ^ _signatures(codes[None, :])[0])
        chosen = first + np.flatnonzero(apart <= 2 * slips)
        lengths = np.searchsorted(self._firsts, chosen, side="right") - 1
        group = self._group(chosen, lengths, longest)
        distances = _distances(codes, group, lengths)
        return [
            Near(_word(group[row, : lengths[row]]), int(distances[row]), int(self._papers[chosen[row]]))
            for row in np.flatnonzero((distances > 0) & (distances <= slips))
        ]

    def _group(self, chosen: NDArray[np.intp], lengths: NDArray[np.intp], width: int) -> NDArray[np.uint16]:
        """Return the letters of words, one word a row; what follows a word's own letters means nothing."""
        starts = self._starts[lengths] + (chosen - self._firsts[lengths]) * lengths
        places = np.minimum(starts[:, None] + np.arange(width), len(self._letters) - 1)
        return self._letters[places]


def _starts(firsts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where the letters of the words of each length begin, and where the last end."""
    counts = np.diff(firsts)
    return np.concatenate([[0], np.cumsum(counts * np.arange(len(counts)))])


def _codes(word: str) -> NDArray[np.uint16]:
    return np.frombuffer(word.encode("utf-16-le"), dtype=np.uint16)


def _word(codes: NDArray[np.uint16]) -> str:
    return codes.tobytes().decode("utf-16-le")


def _signatures(group: NDArray[np.uint16]) -> NDArray[np.uint64]:
    """Return the signature of each row: a bit for a letter's first, another for its second, one for any other sign."""
    latin = (group >= _FIRST) & (group < _FIRST + _LETTERS)
    bits = _ONE << np.where(latin, group - _FIRST, 2 * _LETTERS + group % _OTHERS).astype(np.uint64)
    seen = np.zeros(len(group), dtype=np.uint64)
    for column in bits.T:
        seen |= column | (seen & column) << np.uint64(_LETTERS)
    return seen


def _distances(word: NDArray[np.uint16], group: NDArray[np.uint16], lengths: NDArray[np.intp]) -> NDArray[np.int64]:
    """Return the optimal string alignment distance of a word to each row's beginning of that length (Hyyrö's names)."""
    top = np.uint64(len(word) - 1)
    masks = np.zeros(group.shape, dtype=np.uint64)
    for place, letter in enumerate(word):
        masks |= (group == letter).astype(np.uint64) << np.uint64(place)
    vp, vn, d0, before = (np.full(len(group), bits, dtype=np.uint64) for bits in (2**64 - 1, 0, 0, 0))
    score = np.full(len(group), len(word), dtype=np.int64)
    final = score.copy()
    for length, pm in enumerate(masks.T, 1):
        d0 = ((~d0 & pm) << _ONE & before) | ((pm & vp) + vp ^ vp) | pm | vn
        hp, hn = vn | ~(d0 | vp), d0 & vp
        score += (hp >> top & _ONE).astype(np.int64) - (hn >> top & _ONE).astype(np.int64)
        hp, hn = hp << _ONE | _ONE, hn << _ONE
        vp, vn, before = hn | ~(d0 | hp), hp & d0, pm
        np.copyto(final, score, where=lengths == length)
    return final
