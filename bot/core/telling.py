"""Which words tell what a paper is about: those that stand in titles, and again and again where they stand at all."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.core.collection import Collection

TITLES, PRIOR_TITLES = 0.1, 5
"""Power of the share of a term's papers that have it in the title, and the papers by which that share is smoothed."""
AGAIN, PRIOR_AGAIN = 0.25, 2
"""Power of how often a term stands in the papers that hold it, and the papers by which that is smoothed."""
_REMEMBERED = 10_000
"""Terms remembered: a megabyte."""
_NONE = np.empty(0, dtype=np.int32)


class Tally(NamedTuple):
    """How many papers hold a term, how many in the title, and how often it stands in all (in titles twice)."""

    papers: int
    titles: int
    times: int


class Telling:
    """What a term tells, beside how rare it is, in a collection."""

    def __init__(self, papers: Collection) -> None:
        """Judge by these papers."""
        self._papers = papers
        self._known: dict[int, float] = {}

    def factor(self, term: int) -> float:
        """Return by what to multiply a term's weight (no unit); 1 for a term like most.

        "Propose" or "show" stand in most abstracts, in few titles, and once: they say little, however rare they are.
        """
        found = self._known.get(term)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[term] = self._factor(self._tally(term))
        return found

    def _factor(self, found: Tally) -> float:
        every = self._every
        usual, often = every.titles / max(every.papers, 1), every.times / max(every.papers, 1)
        titles = (found.titles + PRIOR_TITLES * usual) / (found.papers + PRIOR_TITLES) / usual if usual else 1.0
        again = (found.times + PRIOR_AGAIN * often) / (found.papers + PRIOR_AGAIN)
        return float(titles**TITLES * again**AGAIN)

    def _tally(self, term: int) -> Tally:
        papers = titles = times = 0
        for segment in (self._papers.base, self._papers.delta):
            often = segment.postings(term)[1]
            papers, times = papers + len(often), times + int(often.sum(dtype=np.int64))
            titles += len(segment.in_title(term))
        terms, counts, titled = self._gone
        here = terms == term
        papers, titles = papers - int(np.count_nonzero(here)), titles - int(np.count_nonzero(titled == term))
        return Tally(papers, titles, times - int(counts[here].sum()))

    @cached_property
    def _every(self) -> Tally:
        """The tallies of all terms together."""
        segments = (self._papers.base, self._papers.delta)
        terms, _, titled = self._gone
        papers = sum(len(segment.docs) for segment in segments) - len(terms)
        titles = sum(len(segment.title_docs) for segment in segments) - len(titled)
        return Tally(papers, titles, self._papers.total_length)

    @cached_property
    def _gone(self) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int32]]:
        """The terms of papers that no longer count, how often each paper holds each, and those in titles."""
        terms, counts, titled = [_NONE], [_NONE.astype(np.int64)], [_NONE]
        for number in self._papers.gone.tolist():
            text = self._papers.tokens(number)
            title = text[: self._papers.title_length(number)]
            held, often = np.unique(np.append(text, title), return_counts=True)
            terms.append(held)
            counts.append(often.astype(np.int64))
            titled.append(np.unique(title))
        return np.concatenate(terms), np.concatenate(counts), np.concatenate(titled)
