"""Conditions that no paper meets: phrases are let go of, to be told; the others are pointed out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.query import Place, Query

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.correction import Correction
    from bot.core.query import Clause


def let_go(read: Correction, any_paper: Callable[[Query], bool]) -> Correction:
    """Return what to search for where no paper is all that was asked for; `any_paper` says whether one is.

    What stands in quotes or was asked of titles is then a wish: its words are searched for as any others. Authors
    and what must not be there stay conditions, and those that by themselves change nothing are named.
    """
    query = read.query
    if not (query.required or query.excluded):
        return read
    unmet = tuple(clause.said for clause in (*query.required, *query.excluded) if _idle(clause, any_paper))
    read = replace(read, unmet=unmet)
    loose = replace(query, required=tuple(clause for clause in query.required if clause.place is Place.AUTHOR))
    if loose == query or any_paper(query) or not any_paper(loose):
        return read
    wishes = tuple(clause.said for clause in query.required if clause.place is not Place.AUTHOR)
    return replace(read, query=loose, wishes=wishes, unmet=tuple(said for said in unmet if said not in wishes))


def _idle(clause: Clause, any_paper: Callable[[Query], bool]) -> bool:
    return not any_paper(Query("", required=(clause,)))
