"""Which papers may be found by what is known of them beside their words, and in what order they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from bot.core.query import name_words
from bot.core.segment import marked

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from bot.core.collection import Collection
    from bot.core.segment import Segment


class Order(StrEnum):
    """What comes first: the most relevant; or the newest, or the most voted, of those that are relevant enough."""

    RELEVANCE = "relevance"
    DATE = "date"
    VOTES = "votes"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which papers may be found: all that is given must hold.

    A paper without a known year is outside every date range, and one whose votes are not known has none. `author`
    are words that the name of one author must hold, in any order.
    """

    since: date | None = None
    until: date | None = None
    code: bool = False
    source: str | None = None
    votes: int | None = None
    author: str | None = None


def allowed(collection: Collection, only: Filter) -> NDArray[np.bool_]:
    """Say of every number whether its paper passes."""
    return np.concatenate([_allowed(segment, only) for segment in (collection.base, collection.delta)])


def _allowed(segment: Segment, only: Filter) -> NDArray[np.bool_]:
    mask = np.ones(len(segment), dtype=bool)
    if only.since:
        mask &= segment.days >= only.since.toordinal()
    if only.until:
        mask &= (segment.days > 0) & (segment.days <= only.until.toordinal())
    if only.code:
        mask &= segment.code
    if only.source:
        mask &= segment.source == segment.sources.find(only.source)
    if only.votes:
        mask &= segment.votes >= only.votes
    if only.author:
        mask &= marked(len(segment), segment.by_author(name_words(only.author)))
    return mask


def ordered(collection: Collection, ranked: list[tuple[int, float]], order: Order) -> list[tuple[int, float]]:
    """Return papers, given best first, in another order; those equal in it, or unknown, as they were."""
    if order is Order.RELEVANCE:
        return ranked
    numbers = np.asarray([number for number, _ in ranked], dtype=np.int64)
    facts = collection.column(lambda segment: segment.days if order is Order.DATE else segment.votes, numbers)
    return [ranked[place] for place in np.argsort(-facts, kind="stable").tolist()]
