"""Which papers may be found, and in what order they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from bot.core.collection import Collection
    from bot.core.segment import Segment


@dataclass(frozen=True, slots=True)
class Filter:
    """Which papers may be found. A paper without a known year is outside every date range."""

    since: date | None = None
    until: date | None = None
    code: bool = False
    source: str | None = None


def allowed(collection: Collection, only: Filter) -> NDArray[np.bool_]:
    """Say of every number whether its paper passes the filter."""
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
    return mask
