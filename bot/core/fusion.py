"""Fusion: one order from two, what a paper says (its words) and what it means (its vector).

Both kinds of score are stretched to 0…1 over the papers that either found, then averaged. That keeps by how much
one paper is ahead of the next, which a fusion of ranks throws away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

DEPTH = 100
"""Papers taken from each side."""
MEANING = 0.5
"""What the vectors count, against 1 - MEANING for the words."""


def fuse(
    words: Mapping[str, float], meaning: Mapping[str, float], exact: Collection[str] = (), weight: float = MEANING
) -> list[tuple[str, float]]:
    """Return every paper's id with a score of 0 to 1, the best first.

    `words` are scores of papers that hold the query's words; a paper without one gets the lowest. `meaning` are
    cosines; a paper without one (its vector is not made yet) is judged by its words alone. Papers in `exact` are
    what was asked for to the letter: they come first. Ties keep the order of `words`, then that of `meaning`.
    """
    said, meant = stretched(words), stretched(meaning)
    found: dict[str, float] = {}
    for paper in [*words, *meaning]:
        share = said.get(paper, 0.0)
        found[paper] = (1 - weight) * share + weight * meant.get(paper, share)
    return sorted(found.items(), key=lambda pair: (pair[0] not in exact, -round(pair[1], 9)))


def stretched(scores: Mapping[str, float]) -> dict[str, float]:
    """Return scores moved to 0…1, the lowest to 0 and the highest to 1; all 1 where they are equal."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    return {paper: (score - low) / (high - low) if high > low else 1.0 for paper, score in scores.items()}
