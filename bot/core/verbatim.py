"""Phrases with stop words, which the index leaves out: looked for in the papers' own texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core import text
from bot.core.query import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.paper import Paper
    from bot.core.query import Clause, Query


def meeting(query: Query, papers: Iterable[Paper]) -> set[str]:
    """Return the ids of the papers that have, or lack, what the query asks for word for word."""
    return {paper.id for paper in papers if all(holds(paper, clause) == wanted for clause, wanted in query.verbatim)}


def holds(paper: Paper, clause: Clause) -> bool:
    """Say whether a phrase stands in a paper's title or, unless that is asked for, in its abstract."""
    wanted = _line(clause.verbatim)
    fields = [paper.title] if clause.place is Place.TITLE else [paper.title, paper.abstract]
    return any(wanted in _line(text.stems(field)) for field in fields)


def _line(stems: list[str] | tuple[str, ...]) -> str:
    return f" {' '.join(stems)} "
