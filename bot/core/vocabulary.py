"""Words met while building a segment: each is taken apart once, and is a number from then on."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import numpy as np

from bot.core import strings, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from bot.core.segment import Segment

_REMEMBERED = 200_000
"""Words remembered between two chunks: fifty megabytes."""


class Lists:
    """Lists of numbers, one after the other, taken one by one and read many at once."""

    def __init__(self) -> None:
        self._flat, self._sizes = array("i"), array("i")

    def append(self, numbers: Iterable[int]) -> None:
        """Take a list."""
        before = len(self._flat)
        self._flat.extend(numbers)
        self._sizes.append(len(self._flat) - before)

    def joined(self, chosen: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return the lists of these numbers one after the other, and the size of each."""
        flat, sizes = (np.array(part, dtype=np.int32) for part in (self._flat, self._sizes))
        starts = np.cumsum(sizes, dtype=np.int64) - sizes
        each = sizes[chosen].astype(np.int64)
        places = np.arange(int(each.sum())) + np.repeat(starts[chosen] - (np.cumsum(each) - each), each)
        return flat[places], each


class Vocabulary:
    """The terms and words of a segment, numbered as they come: terms from `first` on, words from 0.

    Terms of a base keep its ids. `onto` is a segment whose terms and words come first, as they are numbered there.
    """

    def __init__(self, base: Segment | None, onto: Segment | None) -> None:
        self.first = len(base.terms) if base is not None else 0
        self._base = base
        self._terms = {term: self.first + n for n, term in enumerate(onto.terms)} if onto else {}
        self._words = {word: n for n, word in enumerate(onto.words)} if onto else {}
        self.forget()

    def forget(self) -> None:
        """Forget how words are taken apart, not their terms; numbers of `tokens` mean nothing any more."""
        self._known = _Known(self._learn)
        self.terms_of, self.words_of = Lists(), Lists()

    def tidy(self) -> None:
        """Forget, if there is much to forget."""
        if len(self._known) > _REMEMBERED:
            self.forget()

    def tokens(self, prose: str) -> Iterator[int]:
        """Yield a number for each word of a text, by which `terms_of` and `words_of` know it."""
        return map(self._known.__getitem__, text.tokens(prose))

    @property
    def words(self) -> int:
        """How many words there are."""
        return len(self._words)

    def _learn(self, token: str) -> None:
        self.terms_of.append(self._term(term) for term in text.terms_of(token))
        self.words_of.append(self._words.setdefault(word, len(self._words)) for word in text.surfaces(token))

    def _term(self, term: str) -> int:
        found = self._terms.get(term)
        if found is None:
            known = self._base.term_id(term) if self._base is not None else -1
            found = known if known >= 0 else self._terms.setdefault(term, self.first + len(self._terms))
        return found

    def sorted_terms(self) -> tuple[list[str], NDArray[np.int32]]:
        """Return the terms in order, and for every id, the base's too, the id that it has from then on. Call once."""
        terms, self._terms = self._terms, {}
        return _sorted(terms, self.first)

    def sorted_words(self) -> tuple[list[str], NDArray[np.int32]]:
        """Return the words in order, and for every number the word's place there. Call once."""
        words, self._words = self._words, {}
        return _sorted(words, 0)


class _Known(dict[str, int]):
    """Numbers of words; one that is asked for and not there is learned."""

    def __init__(self, learn: Callable[[str], None]) -> None:
        super().__init__()
        self._learn = learn

    def __missing__(self, token: str) -> int:
        self._learn(token)
        found = self[token] = len(self)
        return found


def _sorted(numbered: dict[str, int], first: int) -> tuple[list[str], NDArray[np.int32]]:
    ordered = sorted(numbered, key=strings.utf8)
    rank = np.arange(first + len(ordered), dtype=np.int32)
    rank[[numbered[string] for string in ordered]] = np.arange(first, first + len(ordered), dtype=np.int32)
    return ordered, rank
