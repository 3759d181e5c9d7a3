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
TOLD = 0.45
"""What meaning counts against 1 - TOLD for the words, where some paper holds every word of the query."""
UNTOLD, LEAD = 0.7, 0.4
"""What it counts where none does, and what of that it loses as one paper is ahead of all others by its words."""


def fuse(
    words: Mapping[str, float], meaning: Mapping[str, float], weight: float = TOLD, exact: Collection[str] = ()
) -> list[tuple[str, float]]:
    """Return every paper's id with a score of 0 to 1, the best first.

    `words` are scores of papers that hold the query's words; a paper without one gets the lowest. `meaning` are
    cosines, which count `weight`; a paper without one (its vector is not made yet) is judged by its words alone.
    Papers in `exact` are what was asked for to the letter: they come first. Ties keep the order of `words`, then
    that of `meaning`.
    """
    said, meant = stretched(words), stretched(meaning)
    found: dict[str, float] = {}
    for paper in [*words, *meaning]:
        share = said.get(paper, 0.0)
        found[paper] = (1 - weight) * share + weight * meant.get(paper, share)
    return sorted(found.items(), key=lambda pair: (pair[0] not in exact, -round(pair[1], 9)))


def weigh(words: Mapping[str, float], *, whole: bool) -> float:
    """Return what meaning should count; `whole` says that some paper holds every word of the query.

    Then somebody may be looking for that very paper, by a name in it or part of its title, of which a model
    knows nothing. Where the words fit no paper as a whole, they were chosen for what they mean.
    """
    if whole:
        return TOLD
    ahead = sorted(stretched(words).values(), reverse=True)[:2]
    return UNTOLD - LEAD * (ahead[0] - ahead[1] if len(ahead) > 1 else 0.0)


def stretched(scores: Mapping[str, float]) -> dict[str, float]:
    """Return scores moved to 0…1, the lowest to 0 and the highest to 1; all 1 where they are equal."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    return {paper: (score - low) / (high - low) if high > low else 1.0 for paper, score in scores.items()}
