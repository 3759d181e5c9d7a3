"""What a query demands of papers: words and phrases that must, or must not, stand in them; authors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bot.core.filters import marked
from bot.core.query import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from bot.core.collection import Collection
    from bot.core.query import Clause, Query
    from bot.core.segment import Segment

    Mask = NDArray[np.bool_]

_GAP = -2
"""Stands between a title and an abstract, and between papers: no phrase reaches across. No term has this id."""


class Conditions:
    """A query's clauses over the papers of a collection.

    Postings say which papers hold all words of a phrase, at once and for all papers; whether these follow one another
    is read in the papers themselves, and only in those that are about to be found.
    """

    def __init__(self, collection: Collection, query: Query) -> None:
        """Look at the clauses of a query."""
        self._papers = collection
        self._required = query.required
        self._excluded = query.excluded
        self._phrases = [(clause, True) for clause in query.required if _is_phrase(clause)]
        self._phrases += [(clause, False) for clause in query.excluded if _is_phrase(clause)]

    @property
    def sure(self) -> bool:
        """Whether `mask` says all, so that nothing is left to be read."""
        return not self._phrases

    def mask(self) -> Mask | None:
        """Say of every number whether its paper may meet the clauses; None if every paper may."""
        excluded = [clause for clause in self._excluded if not _is_phrase(clause)]
        if not self._required and not excluded:
            return None
        mask = np.ones(self._papers.size, dtype=bool)
        for clause in self._required:
            mask &= self._holding(clause)
        for clause in excluded:
            mask &= ~self._holding(clause)
        return mask

    def _holding(self, clause: Clause) -> Mask:
        return np.concatenate([self._in(segment, clause) for segment in (self._papers.base, self._papers.delta)])

    def _in(self, segment: Segment, clause: Clause) -> Mask:
        mask = np.zeros(len(segment), dtype=bool)
        for way in clause.ways:
            if clause.place is Place.AUTHOR:
                mask |= marked(segment, segment.by_author(way))
            else:
                mask |= _all(segment, [self._papers.term_id(term) for term in way], clause.place)
        return mask

    def met(self, numbers: Sequence[int]) -> Mask:
        """Say of papers that `mask` lets pass whether their phrases stand as they must."""
        met = np.ones(len(numbers), dtype=bool)
        for place in dict.fromkeys(clause.place for clause, _ in self._phrases):
            text, paper = self._text(numbers, place)
            for clause, wanted in self._phrases:
                if clause.place is place:
                    met &= self._stands(clause, text, paper, len(numbers)) == wanted
        return met

    def _text(self, numbers: Iterable[int], place: Place) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return the terms of papers one after the other, with gaps, and whose each term is (a place in `numbers`)."""
        gap = np.asarray([_GAP], dtype=np.int32)
        parts, sizes = [gap], [1]
        for number in numbers:
            tokens, head = self._papers.tokens(number), self._papers.title_length(number)
            parts += [tokens[:head], gap] if place is Place.TITLE else [tokens[:head], gap, tokens[head:], gap]
            sizes.append(head + 1 if place is Place.TITLE else len(tokens) + 2)
        return np.concatenate(parts), np.repeat(np.arange(-1, len(sizes) - 1), sizes)

    def _stands(self, clause: Clause, text: NDArray[np.int32], paper: NDArray[np.int64], count: int) -> Mask:
        found = np.zeros(count, dtype=bool)
        for way in clause.ways:
            starts = np.ones(max(len(text) - len(way) + 1, 0), dtype=bool)
            for place, term in enumerate(way):
                starts &= text[place : place + len(starts)] == self._papers.term_id(term)
            found[paper[: len(starts)][starts]] = True
        return found


def _is_phrase(clause: Clause) -> bool:
    return clause.place is not Place.AUTHOR and any(len(way) > 1 for way in clause.ways)


def _all(segment: Segment, terms: Iterable[int], place: Place) -> Mask:
    """Say of each of a segment's papers whether it holds all of the terms, in its title if that is the place."""
    mask = np.ones(len(segment), dtype=bool)
    for term in dict.fromkeys(terms):
        mask &= marked(segment, segment.in_title(term) if place is Place.TITLE else segment.postings(term)[0])
    return mask
