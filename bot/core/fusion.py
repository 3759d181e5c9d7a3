"""Fusion: one order from two, what a paper says (its words) and what it means (its vector).

Both kinds of score are stretched to 0…1 over the papers that either found, then averaged. That keeps by how much
one paper is ahead of the next, which a fusion of ranks throws away. Then the best of that order say what the query is
about, and who is in their company gains.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

NEAR = 100
"""Papers taken for their meaning alone."""
SHOWN = 50
"""The place by words from which on they make no difference: a long tail would leave the first ones little room."""
TOLD = 0.4
"""What meaning counts against 1 - TOLD for the words, where some paper holds every word of the query."""
UNTOLD, LEAD = 0.7, 0.3
"""What it counts where none does, and what of that it loses as one paper is ahead of all others by its words."""
LIKE = 0.5
"""What it counts for what is like a paper."""


def mixed(words: NDArray[np.float64], meaning: NDArray[np.float64], weight: float | None = None) -> NDArray[np.float64]:
    """Return shares of 1 for papers from what they earn by words and their cosines, arrays of one length.

    Meaning counts `weight`; UNTOLD and less where that is None. A paper whose cosine is not known (NaN: its vector is
    not made yet) is judged by its words alone.
    """
    said = stretched(clipped(words))
    if weight is None:
        ahead = np.sort(said)[::-1][:2]
        weight = UNTOLD - LEAD * float(ahead[0] - ahead[1] if len(ahead) > 1 else 0)
    known = np.isfinite(meaning)
    meant = said.copy()
    meant[known] = stretched(meaning[known])
    return (1 - weight) * said + weight * meant


def fused(
    words: NDArray[np.float64],
    meaning: NDArray[np.float64],
    company: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    *,
    whole: bool,
) -> NDArray[np.float64]:
    """Return a score of 0 to 1 for each paper found for a query.

    `company` says how like each is to those that are best by some scores. `whole`: some paper holds every word of the
    query. Then somebody may be looking for that very paper, by a name in it or part of its title, of which a
    model knows nothing. Where the words fit no paper as a whole, they were chosen for what they mean.
    """
    scores = mixed(words, meaning, TOLD if whole else None)
    return (scores + stretched(company(scores))) / 2


def clipped(words: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what papers earn by words, and no less than the one in place SHOWN."""
    if len(words) < SHOWN:
        return words
    found: NDArray[np.float64] = np.maximum(words, np.partition(words, -SHOWN)[-SHOWN])
    return found


def stretched(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return scores moved to 0…1, the lowest to 0 and the highest to 1; all 1 where they are equal."""
    spread = float(np.ptp(scores)) if len(scores) else 0.0
    return (scores - scores.min()) / spread if spread > 0 else np.ones(len(scores))
