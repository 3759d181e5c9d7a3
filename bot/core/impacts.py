"""What each posting adds to a score, rounded up to a byte: bounds that are summed without a multiplication.

Terms in more than a sixteenth of the papers have a dense row too, a byte for each paper: rows are summed as vectors.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

COMMON = 16
"""A term in more than one of this many papers has a dense row."""
K1, B = 1.5, 0.75
"""rank-bm25's own defaults, at which the bounds are taken; another k1 or b would need other bounds."""
BLOCK = 1024
"""Sums are padded to a multiple of it, so that they can be halved ten times to find the best."""
MADE_OF = frozenset(("postings.starts", "postings.docs", "postings.counts", "papers.lengths"))
"""The arrays that the bounds are made of."""
_SPAN = 1_000_000
"""Postings worked on at a time: some twenty megabytes."""


def build(arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Return the bounds of a segment without a base, from the arrays `MADE_OF` names: see Impacts."""
    starts, lengths = arrays["postings.starts"], arrays["papers.lengths"]
    papers, df = len(lengths), np.diff(starts)
    average = float(lengths.mean()) if papers else 1.0
    unit = (K1 + 1) * math.log(papers + 1) / 254 or 1.0  # the rarest term's most, with room for rounding up
    norm = (K1 * (1 - B + B * lengths / (average or 1.0))).astype(np.float32)
    weight = (np.log((papers + 1) / np.maximum(df, 1)) * ((K1 + 1) / unit)).astype(np.float32)
    bounds = np.empty(len(arrays["postings.docs"]), dtype=np.uint8)
    for first, last in _spans(starts):
        part = slice(starts[first], starts[last])
        counts = arrays["postings.counts"][part].astype(np.float32)
        gains = np.repeat(weight[first:last], df[first:last]) * counts / (norm[arrays["postings.docs"][part]] + counts)
        # A little is added before rounding up, for what float32 has lost.
        bounds[part] = np.ceil(gains * np.float32(1 + 1e-5))
    common = np.flatnonzero(df * COMMON > papers).astype(np.int32)
    return {
        "impacts.basis": np.asarray([unit, papers, average], dtype=np.float64),
        "impacts.bounds": bounds,
        "impacts.most": np.maximum.reduceat(bounds, starts[:-1]) if len(df) else np.empty(0, dtype=np.uint8),
        "impacts.common": common,
        "impacts.dense": _dense(arrays, bounds, common, papers),
    }


def _dense(
    arrays: Mapping[str, NDArray[Any]], bounds: NDArray[np.uint8], common: NDArray[np.int32], papers: int
) -> NDArray[np.uint8]:
    dense = np.zeros((len(common), padded(papers)), dtype=np.uint8)
    for place, row in enumerate(common):
        part = slice(arrays["postings.starts"][row], arrays["postings.starts"][row + 1])
        dense[place, arrays["postings.docs"][part]] = bounds[part]
    return dense


def padded(papers: int) -> int:
    """Return the length of the sums over so many papers."""
    return -(-papers // BLOCK) * BLOCK


def _spans(starts: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Cut the rows into runs of some `_SPAN` postings."""
    first, rows = 0, len(starts) - 1
    while first < rows:
        last = int(starts.searchsorted(starts[first] + _SPAN, side="right")) - 1
        last = min(max(last, first + 1), rows)
        yield first, last
        first = last
