"""The newest: which of some papers came last, and what of them was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.core import notable, recency
from bot.core.notable import Notable, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.arrival import Arrival
    from bot.core.query import Query

NEWEST = Reason(("among the newest",))
"""Why a paper is shown that has nothing of what was asked for, and that nobody here kept."""


class Newest(NamedTuple):
    """The newest papers, the newest first, and of how many they are that."""

    found: tuple[Notable, ...]
    total: int


def newest(known: Sequence[Arrival], query: Query | None, most: int) -> Newest:
    """Return the `most` newest of those that hold the most of the query's words; those of one day by their score."""
    words = _words(query) if query else {}
    held = {one.paper_id: notable.matched(one, words) for one in known}
    best = max(map(len, held.values()), default=0)
    chosen = [one for one in known if len(held[one.paper_id]) == best]
    today = recency.latest(chosen)
    scores = {one.paper_id: notable.score(one, recency.age(one, today)) for one in chosen}
    # Sorting is stable: papers without a day and a score stay in the order they came in.
    chosen.sort(key=lambda one: (recency.newest_first(one), -scores[one.paper_id]))
    found = (Notable(one.paper_id, scores[one.paper_id], _why(one, held[one.paper_id])) for one in chosen[:most])
    return Newest(tuple(found), len(chosen))


def _words(query: Query) -> dict[str, frozenset[str]]:
    """Return the words to look for with their terms; of words that are alike, the first."""
    found: dict[frozenset[str], str] = {}
    for word in query.words:
        found.setdefault(frozenset(word.terms), word.surface)
    return {said: terms for terms, said in found.items()}


def _why(one: Arrival, has: Iterable[str]) -> Reason:
    """Return what makes one of them worth a look: votes and code make no paper new."""
    found = Reason(notable.kept(one), tuple(has)[: notable.MOST_MATCHED])
    return found if found != Reason() else NEWEST
