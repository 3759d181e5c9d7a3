"""Whether figures that were read again and again stayed as they were."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KEPT = {"rss_mb": 0.03, "own_mb": 0.03, "tasks": 0.0, "threads": 0.0, "files": 0.0, "connections": 0.0}
"""What must not grow, and by what share it may all the same: memory by what the papers that come in take."""
SLACK = 2.0
"""What each may grow by besides: worker threads are made when first needed."""
FEWEST = 8
"""Looks from which something can be said: the first quarter warms up."""


def grown(rows: Sequence[Mapping[str, Any]]) -> list[str] | None:
    """Return what was more in the last quarter than in the second, by the median; None for too few rows.

    The first quarter is left out: caches fill, and the allocator takes what it then keeps.
    """
    if len(rows) < FEWEST:
        return None
    quarter = len(rows) // 4
    return [
        name
        for name, share in KEPT.items()
        if _middle(rows[-quarter:], name) > _middle(rows[quarter : 2 * quarter], name) * (1 + share) + SLACK
    ]


def _middle(rows: Sequence[Mapping[str, Any]], name: str) -> float:
    return float(median(row[name] for row in rows))
