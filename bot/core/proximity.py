"""Proximity: words of the query that stand side by side in a paper, as they do in the query."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bot.core.pages import Marks


def pairs(marks: Marks, asked: Sequence[int], pages: int) -> tuple[list[tuple[int, int]], NDArray[np.int64]]:
    """Return the pairs of different terms that follow one another in `asked`, and how often they do on each page.

    The counts are of shape (pages, pairs). The last word of a title and the first of an abstract are no pair.
    """
    wanted = list(dict.fromkeys(pair for pair in pairwise(asked) if pair[0] != pair[1]))
    side = (
        (marks.place[1:] - marks.place[:-1] == 1)
        & (marks.page[1:] == marks.page[:-1])
        & (marks.title[1:] == marks.title[:-1])
    )
    size = max(int(marks.term.max(initial=0)), *asked, 0) + 1
    column = np.full(size * size, -1, dtype=np.int64)
    column[[a * size + b for a, b in wanted]] = np.arange(len(wanted))
    found = column[marks.term[:-1][side] * size + marks.term[1:][side]]
    cells = marks.page[1:][side] * len(wanted) + found
    counts = np.bincount(cells[found >= 0], minlength=pages * len(wanted))
    return wanted, counts.reshape(pages, len(wanted))
