"""What a query demands of papers: words and phrases that must, or must not, stand in them; authors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bot.core.query import Place
from bot.core.segment import marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from bot.core.collection import Collection
    from bot.core.query import Clause, Query
    from bot.core.segment import Segment

    Mask = NDArray[np.bool_]


FEW = 1000
"""Papers that hold the words of the phrases, up to which all of them are read at once: some milliseconds."""


class Conditions:
    """A query's clauses, and what else is allowed, over the papers of a collection.

    `mask` says of every number whether its paper may be found; None if every paper may. Postings say at once which
    papers hold all words of a phrase. Whether these follow one another is read in the papers themselves: where
    `sure` is false, that is left to `met`, for the papers that are about to be found. What is `verbatim` is left to
    whoever has the papers' texts.
    """

    def __init__(self, collection: Collection, query: Query, allowed: Mask | None = None) -> None:
        """Look at the clauses of a query."""
        self._papers = collection
        self._phrases = [(clause, True) for clause in query.required if _is_phrase(clause)]
        self._phrases += [(clause, False) for clause in query.excluded if _is_phrase(clause) and not clause.verbatim]
        self.sure = not self._phrases
        self.mask = allowed
        if query.required or query.excluded:
            self.mask = self._passing(query, np.ones(collection.size, dtype=bool) if allowed is None else allowed)

    def _passing(self, query: Query, mask: Mask) -> Mask:
        for clause in query.required:
            if not clause.ways:
                continue
            mask &= self._holding(clause)
        for clause in query.excluded:
            if not _is_phrase(clause) and not clause.verbatim:
                mask &= ~self._holding(clause)
        if not self.sure and np.count_nonzero(mask) <= FEW:
            numbers = np.flatnonzero(mask)
            mask[numbers] = self.met(numbers)
            self.sure = True
        return mask

    def _holding(self, clause: Clause) -> Mask:
        return np.concatenate([self._in(segment, clause) for segment in (self._papers.base, self._papers.delta)])

    def _in(self, segment: Segment, clause: Clause) -> Mask:
        mask = np.zeros(len(segment), dtype=bool)
        for way in clause.ways:
            if clause.place is Place.AUTHOR:
                mask |= marked(len(segment), segment.by_author(way))
            else:
                mask |= _all(segment, [self._papers.term_id(term) for term in way], clause.place)
        return mask

    def met(self, numbers: NDArray[np.int64]) -> Mask:
        """Say of papers that `mask` lets pass whether their phrases stand as they must."""
        met = np.ones(len(numbers), dtype=bool)
        for segment in (self._papers.base, self._papers.delta):
            here = np.flatnonzero((numbers >= segment.number) & (numbers < segment.number + len(segment)))
            for place in dict.fromkeys(clause.place for clause, _ in self._phrases):
                fields = _Fields(segment, numbers[here] - segment.number, place)
                for clause, wanted in self._phrases:
                    if clause.place is place:
                        ways = [[self._papers.term_id(term) for term in way] for way in clause.ways]
                        met[here] &= fields.hold(ways) == wanted
        return met


class _Fields:
    """Titles, or titles and abstracts, of some papers, one after the other."""

    def __init__(self, segment: Segment, papers: NDArray[np.int64], place: Place) -> None:
        starts, ends = segment.token_starts[papers], segment.token_starts[papers + 1]
        heads = starts + segment.title_lengths[papers]
        if place is not Place.TITLE:
            starts, heads = np.concatenate([starts, heads]), np.concatenate([heads, ends])
        sizes = heads - starts
        self._count = len(papers)
        places = np.repeat(heads - np.cumsum(sizes), sizes) + np.arange(int(sizes.sum()))
        self._left = np.repeat(heads, sizes) - places
        """Terms from each one to the end of its field: no phrase reaches beyond."""
        self._terms = segment.tokens[places]
        self._paper = np.repeat(np.arange(len(sizes)) % max(self._count, 1), sizes)

    def hold(self, ways: Iterable[Sequence[int]]) -> Mask:
        """Say of each paper whether one of the sequences of terms stands in it."""
        found = np.zeros(self._count, dtype=bool)
        for way in ways:
            starts = self._left >= len(way)
            for place, term in enumerate(way):
                starts[: max(len(starts) - place, 0)] &= self._terms[place:] == term
            found[self._paper[starts]] = True
        return found


def _is_phrase(clause: Clause) -> bool:
    return clause.place is not Place.AUTHOR and any(len(way) > 1 for way in clause.ways)


def _all(segment: Segment, terms: Iterable[int], place: Place) -> Mask:
    """Say of each of a segment's papers whether it holds all of the terms, in its title if that is the place."""
    mask = np.ones(len(segment), dtype=bool)
    for term in dict.fromkeys(terms):
        mask &= marked(len(segment), segment.in_title(term)) if place is Place.TITLE else segment.holders(term)
    return mask
