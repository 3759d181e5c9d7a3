"""Papers into a segment's arrays, one at a time: what grows with the papers is kept in arrays, not in objects."""

from __future__ import annotations

from array import array
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.core import abbreviations, impacts, spelling, strings
from bot.core.facts import Facts
from bot.core.inversion import Inversion, pairs
from bot.core.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from bot.core.paper import Paper
    from bot.core.segment import Segment

CHUNK = 4096
"""Papers inverted at a time: some ten megabytes of work."""


class Builder:
    """Takes papers, then gives the arrays of a segment; see Segment for what they mean."""

    def __init__(self, base: Segment | None = None, onto: Segment | None = None) -> None:
        """Begin an empty segment, or one that follows `base`; `onto` is what already follows it."""
        self._alone = base is None
        self._vocabulary = Vocabulary(base, onto)
        self.first = self._vocabulary.first
        self.number = len(base) if base is not None else 0
        self._word_counts = np.array(onto.word_counts if onto else [], dtype=np.int32)
        self._inversion = Inversion(onto)
        self._facts = Facts(base, onto)
        self._explained = Counter(abbreviations.counted(onto.part("acronyms")) if onto else {})
        self._tokens, self._ends = array("i"), array("i")

    def add(self, paper: Paper) -> None:
        """Take one paper."""
        for prose in (paper.title, paper.abstract):
            self._tokens.extend(self._vocabulary.tokens(prose))
            self._ends.append(len(self._tokens))
        self._facts.add(paper)
        # In one order: a set's differs from process to process, and the file would too.
        self._explained.update(sorted(abbreviations.explained(f"{paper.title}. {paper.abstract}")))
        if len(self._ends) == 2 * CHUNK:
            self._end_chunk()

    def remove(self, paper_id: str) -> None:
        """Leave out a paper that came before."""
        self._facts.remove(paper_id)

    def _end_chunk(self) -> None:
        tokens, ends = (np.array(part, dtype=np.int32) for part in (self._tokens, self._ends))
        stream, sizes = _split(*self._vocabulary.terms_of.joined(tokens), ends)
        self._inversion.take(stream, sizes.sum(axis=1, dtype=np.int32), sizes[:, 0])
        shown, sizes = _split(*self._vocabulary.words_of.joined(tokens), ends)
        docs = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes.sum(axis=1))
        words = pairs(shown, docs, 0, len(sizes))
        counts = np.zeros(self._vocabulary.words, dtype=np.int32)
        counts[: len(self._word_counts)] = self._word_counts
        counts[words.keys] += words.sizes
        self._word_counts = counts
        self._tokens, self._ends = array("i"), array("i")
        self._vocabulary.tidy()

    def arrays(self) -> Iterator[tuple[str, NDArray[Any]]]:
        """Yield the segment's arrays by name, each made when it is asked for; the builder is used up on the way.

        Whoever writes one down before the next needs not hold them all.
        """
        self._end_chunk()
        self._vocabulary.forget()
        # The words first: as objects they take more room than all that is made of them.
        terms, rank = self._vocabulary.sorted_terms()
        yield from strings.arrays(terms, "terms").items()
        del terms
        yield from self._words()
        yield from _named("acronyms", abbreviations.build(self._explained, field=self._alone))
        self._explained.clear()
        yield from self._facts.arrays().items()
        yield from self._inverted(rank)

    def _words(self) -> Iterator[tuple[str, NDArray[Any]]]:
        words, order = self._vocabulary.sorted_words()
        counts = np.empty(len(words), dtype=np.int32)
        counts[order] = self._word_counts
        yield from strings.arrays(words, "words").items()
        yield "words.counts", counts
        yield from _named("spelling", spelling.build(words, counts))

    def _inverted(self, rank: NDArray[np.int32]) -> Iterator[tuple[str, NDArray[Any]]]:
        known = {}
        for name, made in self._inversion.arrays(rank, dense=self._alone):
            if name in impacts.MADE_OF:
                known[name] = made
            yield name, made
        if self._alone:
            yield from impacts.build(known).items()


def _split(
    flat: NDArray[np.int32], each: NDArray[np.int64], ends: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the flat numbers, and how many of them each paper's title and abstract have (two columns).

    `each` says how many a word has, `ends` after which words titles and abstracts end, in turn.
    """
    up_to = np.concatenate([[0], np.cumsum(each)])[ends]
    return flat, np.diff(up_to, prepend=0).reshape(-1, 2).astype(np.int32)


def _named(name: str, arrays: dict[str, NDArray[Any]]) -> Iterator[tuple[str, NDArray[Any]]]:
    return ((f"{name}.{key}", array) for key, array in arrays.items())
