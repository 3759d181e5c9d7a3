"""Conditions that no paper meets: phrases are let go of, to be told; the others are pointed out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.query import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from bot.core.correction import Correction
    from bot.core.query import Clause, Query


def let_go(read: Correction, idle: Collection[Clause], finds: Callable[[Query], bool]) -> Correction:
    """Return what to search for where a condition is met by no paper (`idle`), whatever else is asked for.

    A phrase is then a wish: its words are searched for as any others, if `finds` says that papers have them. Other
    conditions stay, and are named: they leave nothing, or nothing out.
    """
    query = read.query
    wishes = [clause for clause in query.required if clause in idle and clause.place is Place.ANYWHERE]
    loose = replace(query, required=tuple(clause for clause in query.required if clause not in wishes))
    if not wishes or not finds(loose):
        wishes, loose = [], query
    unmet = [clause.said for clause in loose.required if clause in idle]
    vain = [clause.said for clause in loose.excluded if clause in idle]
    return replace(
        read, query=loose, wishes=tuple(clause.said for clause in wishes), unmet=tuple(unmet), vain=tuple(vain)
    )
