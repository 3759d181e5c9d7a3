"""What was found by words and by meaning, joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bot.core.fusion import LIKE, fused, mixed
from bot.core.index import Match
from bot.core.ranking import HEAD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from bot.core.index import Index
    from bot.core.query import Query

DEPTH = HEAD
"""Papers found by words that are ordered anew; any others follow them."""


def for_query(
    asked: Query, typed: Query, index: Index, matches: Sequence[Match], meaning: Mapping[str, float]
) -> list[Match]:
    """Return what a query finds, best first; scores are 0 to 1.

    `matches` are what the index found, `meaning` the cosines with the query: of matches, and of papers to be added.
    Papers whose title was typed in full come first.
    """
    papers = _papers(matches, meaning)
    numbers = np.asarray([index.number(match.id) for match in papers], dtype=np.int64)
    if not papers:
        return []
    words = {word.surface for word in asked.words}
    whole = [match for match in papers if words.issubset(match.matched)]
    reading = index.look(asked, numbers)
    scores = fused(reading.own, _cosines(papers, meaning), reading.company, whole=bool(whole))
    return _ordered(papers, scores, index.titled(typed.raw, numbers), matches[DEPTH:])


def for_paper(matches: Sequence[Match], meaning: Mapping[str, float]) -> list[Match]:
    """Return what is like a paper, best first; scores are 0 to 1. `matches` and `meaning` are as for a query."""
    papers = _papers(matches, meaning)
    said = {match.id: match.score for match in matches}
    lowest = min(said.values(), default=0.0)
    scores = np.asarray([said.get(match.id, lowest) for match in papers], dtype=np.float64)
    none = np.zeros(len(papers), dtype=bool)
    return _ordered(papers, mixed(scores, _cosines(papers, meaning), LIKE), none, matches[DEPTH:]) if papers else []


def _papers(matches: Sequence[Match], meaning: Mapping[str, float]) -> list[Match]:
    """Return the first matches, and the papers that only their meaning found."""
    known = {match.id for match in matches}
    return [*matches[:DEPTH], *(Match(paper, 0.0, ()) for paper in meaning if paper not in known)]


def _cosines(papers: Iterable[Match], meaning: Mapping[str, float]) -> NDArray[np.float64]:
    return np.asarray([meaning.get(match.id, np.nan) for match in papers], dtype=np.float64)


def _ordered(
    papers: Sequence[Match], scores: NDArray[np.float64], exact: NDArray[np.bool_], rest: Iterable[Match]
) -> list[Match]:
    scores = scores + exact
    # Rounded for the order only: sums in another order must not break ties differently.
    order = np.argsort(-np.round(scores, 9), kind="stable")
    shown = [papers[place]._replace(score=min(float(scores[place]), 1.0)) for place in order]
    return [*shown, *(match._replace(score=0.0) for match in rest)]
