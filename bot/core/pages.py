"""Pages: some papers read again, all at once, as arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.core.collection import Collection
    from bot.core.segment import Segment

READ = 512
"""Terms of a paper that are read: more than an abstract has, less than would hold up a search."""


class Marks(NamedTuple):
    """Where pages hold certain terms: the page, the term's place among those, its place in the text, if in a title."""

    page: NDArray[np.int64]
    term: NDArray[np.int64]
    place: NDArray[np.int64]
    title: NDArray[np.bool_]


class Cells(NamedTuple):
    """Which pages hold which terms, by id, and how often, titles twice; each pair of page and term comes once."""

    page: NDArray[np.int64]
    term: NDArray[np.int32]
    times: NDArray[np.int64]


class Pages:
    """Some papers' texts, as a row of term ids for each, titles first."""

    def __init__(self, papers: Collection, numbers: NDArray[np.int64]) -> None:
        """Read the papers of these numbers; page n is the nth of them."""
        self._none = papers.delta.first + len(papers.delta.terms)
        """Fills rows up: greater than any term's id."""
        parts = []
        for segment in (papers.base, papers.delta):
            here = np.flatnonzero((numbers >= segment.number) & (numbers < segment.number + len(segment)))
            if len(here):
                parts.append((here, *self._read(segment, numbers[here] - segment.number)))
        width = max((rows.shape[1] for _, rows, _ in parts), default=0)
        self._rows = np.full((len(numbers), width), self._none, dtype=np.int32)
        self._titles = np.zeros(len(numbers), dtype=np.int64)
        for here, rows, titles in parts:
            self._rows[here, : rows.shape[1]], self._titles[here] = rows, titles

    def __len__(self) -> int:
        """Return the number of pages."""
        return len(self._rows)

    def _read(self, segment: Segment, local: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        starts = segment.token_starts[local]
        sizes = np.minimum(segment.token_starts[local + 1] - starts, READ)
        place = np.arange(int(sizes.max()))
        rows = segment.tokens.take(starts[:, None] + place, mode="clip")
        np.putmask(rows, place >= sizes[:, None], self._none)
        return rows, np.minimum(segment.title_lengths[local], sizes)

    def marks(self, terms: NDArray[np.int64]) -> Marks:
        """Find terms, different ones, in the pages, as the texts run."""
        # A table of all terms is looked up faster than a search among the few.
        table = np.full(self._none + 1, -1, dtype=np.int16)
        table[terms] = np.arange(len(terms))
        found = table[self._rows].ravel()
        places = np.flatnonzero(found >= 0)
        page, place = np.divmod(places, max(self._rows.shape[1], 1))
        return Marks(page, found[places].astype(np.int64), place, place < self._titles[page])

    def cells(self) -> Cells:
        """Return which papers hold which terms."""
        heads = self._rows[:, : self._titles.max(initial=0)].copy()
        np.putmask(heads, np.arange(heads.shape[1]) >= self._titles[:, None], self._none)
        # Many short rows are sorted ten times faster than all their terms at once.
        rows = np.concatenate([self._rows, heads, np.full((len(self), 1), self._none, dtype=np.int32)], axis=1)
        rows.sort(axis=1)
        width, flat = rows.shape[1], rows.ravel()
        begins = np.flatnonzero(np.concatenate([flat[:1] >= 0, flat[1:] != flat[:-1]]))
        held = flat[begins] != self._none
        counts = np.diff(begins, append=len(flat))
        return Cells(begins[held] // width, flat[begins[held]], counts[held])
