"""Papers into a segment's arrays, one at a time: what grows with the papers is kept in arrays, not in objects."""

from __future__ import annotations

from array import array
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.core import abbreviations, impacts, spelling, strings, text
from bot.core.facts import Facts
from bot.core.inversion import Inversion, pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.core.paper import Paper
    from bot.core.segment import Segment

CHUNK = 4096
"""Papers inverted at a time: some ten megabytes of work."""
_REMEMBERED = 400_000
"""Words whose terms are remembered while building."""


class Builder:
    """Takes papers, then gives the arrays of a segment; see Segment for what they mean."""

    def __init__(self, base: Segment | None = None, onto: Segment | None = None) -> None:
        """Begin an empty segment, or one that follows `base`; `onto` is what already follows it."""
        self._base = base
        self.first = len(base.terms) if base is not None else 0
        self.number = len(base) if base is not None else 0
        self._terms = {term: self.first + n for n, term in enumerate(onto.terms)} if onto else {}
        self._words = {word: n for n, word in enumerate(onto.words)} if onto else {}
        self._word_counts = np.array(onto.word_counts if onto else [], dtype=np.int32)
        self._inversion = Inversion(onto)
        self._facts = Facts(base, onto)
        self._explained = Counter(abbreviations.counted(onto.part("acronyms")) if onto else {})
        self._known: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {}
        self._begin_chunk()

    def _begin_chunk(self) -> None:
        self._stream, self._sizes, self._titles = array("i"), array("i"), array("i")
        self._shown, self._shown_sizes = array("i"), array("i")

    def add(self, paper: Paper) -> None:
        """Take one paper."""
        before, shown = len(self._stream), len(self._shown)
        self._take(paper.title)
        self._titles.append(len(self._stream) - before)
        self._take(paper.abstract)
        self._sizes.append(len(self._stream) - before)
        self._shown_sizes.append(len(self._shown) - shown)
        self._facts.add(paper)
        self._explained.update(abbreviations.explained(f"{paper.title}. {paper.abstract}"))
        if len(self._sizes) == CHUNK:
            self._end_chunk()

    def _take(self, prose: str) -> None:
        known = self._known
        for token in text.tokens(prose):
            terms, shown = known.get(token) or self._learn(token)
            self._stream.extend(terms)
            self._shown.extend(shown)

    def _learn(self, token: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        shown = tuple(self._words.setdefault(word, len(self._words)) for word in text.surfaces(token))
        found = self._known[token] = tuple(self._term(term) for term in text.terms_of(token)), shown
        return found

    def _term(self, term: str) -> int:
        known = self._base.term_id(term) if self._base is not None and term not in self._terms else -1
        return known if known >= 0 else self._terms.setdefault(term, self.first + len(self._terms))

    def _end_chunk(self) -> None:
        sizes = _ints(self._sizes)
        self._inversion.take(_ints(self._stream), sizes, _ints(self._titles))
        docs = np.repeat(np.arange(len(sizes), dtype=np.int32), _ints(self._shown_sizes))
        words = pairs(_ints(self._shown), docs, 0, len(sizes)).keys
        counts = np.bincount(words, minlength=len(self._words)).astype(np.int32)
        counts[: len(self._word_counts)] += self._word_counts
        self._word_counts = counts
        self._begin_chunk()

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the segment's arrays; the builder is used up."""
        self._end_chunk()
        self._known.clear()
        terms, rank = _sorted(self._terms, self.first)
        words, order = _sorted({word: n for n, word in enumerate(self._words)}, 0)
        counts = np.empty(len(words), dtype=np.int32)
        counts[order] = self._word_counts
        inverted = self._inversion.arrays(rank, dense=self._base is None)
        return {
            **strings.arrays(terms, "terms"),
            **strings.arrays(words, "words"),
            "words.counts": counts,
            **inverted,
            **(impacts.build(inverted) if self._base is None else {}),
            **self._facts.arrays(),
            **_named("spelling", spelling.build(words, counts)),
            **_named("acronyms", abbreviations.build(self._explained, field=self._base is None)),
        }


def _named(name: str, arrays: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {f"{name}.{key}": array for key, array in arrays.items()}


def _sorted(numbered: dict[str, int], first: int) -> tuple[list[str], NDArray[np.int32]]:
    """Sort strings numbered from `first` on; return them, and every number's new number, those below `first` too."""
    ordered = sorted(numbered, key=strings.utf8)
    rank = np.arange(first + len(ordered), dtype=np.int32)
    rank[[numbered[string] for string in ordered]] = np.arange(first, first + len(ordered), dtype=np.int32)
    return ordered, rank


def _ints(numbers: array[int]) -> NDArray[np.int32]:
    return np.array(numbers, dtype=np.int32)
