"""Feedback: how much a paper is about what the best papers are about (Rocchio's centroid, as pseudo-relevance).

It orders the papers that were found, and never looks for others, so that it cannot drift to another topic. The best
count by a high power of their scores: where one stands out, as a half-remembered paper does, it alone counts, and it
is nearest to itself; where many are as good as one another, what they have in common decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BEST, SHARPNESS = 10, 12
"""Papers that count as the best, and the power of their scores by which they count."""


def company(
    scores: NDArray[np.float64],
    page: NDArray[np.int64],
    term: NDArray[np.int32],
    weight: NDArray[np.float64],
    asked: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return the cosine (0 to 1) of each page with the centre of the best, by `scores`.

    `page`, `term`, `weight` are the entries of a sparse matrix, none negative, the pages ascending. The terms that
    were `asked` for count only in the lengths of the pages: what they are worth is in `scores`.
    """
    lengths = np.maximum(np.sqrt(np.bincount(page, weights=weight * weight, minlength=len(scores))), 1e-9)
    shares = _shares(scores) / lengths
    bounds = page.searchsorted(np.arange(len(scores) + 1))
    centre = np.zeros(int(term.max(initial=0)) + 1)
    for best in np.flatnonzero(shares).tolist():
        part = slice(bounds[best], bounds[best + 1])
        centre[term[part]] += weight[part] * shares[best]
    centre[asked[asked < len(centre)]] = 0.0
    products = np.bincount(page, weights=weight * centre.take(term), minlength=len(scores))
    cosines: NDArray[np.float64] = products / lengths
    return cosines


def _shares(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what each page counts in the centre; all together 1."""
    # Rounded for the order only: sums in another order must not break ties differently.
    best = np.argsort(-np.round(scores, 9), kind="stable")[:BEST]
    shares = np.zeros(len(scores))
    shares[best] = np.maximum(scores[best] / max(scores[best[0]], 1e-9), 0.0) ** SHARPNESS
    total: NDArray[np.float64] = shares / max(float(shares.sum()), 1e-9)
    return total
