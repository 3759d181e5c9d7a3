"""An arrival: a paper that a source told of, as little of it as it takes to say whether it is worth reading."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from bot.core import text

if TYPE_CHECKING:
    from datetime import date, datetime

    from bot.core.paper import Paper


class Here(NamedTuple):
    """How many people of a server saved or liked a paper, how many saved it, and how many liked it."""

    people: int = 0
    saved: int = 0
    liked: int = 0


_NOBODY = Here()


@dataclass(frozen=True)
class Arrival:
    """A paper that came. `seen` (UTC) is when a source told of it last, `day` when it was listed, None if unknown.

    `said` is all that is known of it in words; `stars` are those of its code; `here` is what the members of the
    server that is asked for think of it.
    """

    paper_id: str
    seen: datetime
    day: date | None = None
    votes: int = 0
    code: bool = False
    stars: int = 0
    said: str = ""
    here: Here = _NOBODY

    @cached_property
    def terms(self) -> frozenset[str]:
        """The terms of its words: a tenth of a millisecond, once."""
        return frozenset(text.terms(self.said))


def of(paper: Paper, seen: datetime) -> Arrival:
    """Return a paper as it is compared; `seen` is when it was told of (UTC)."""
    said = "\n".join((paper.title, paper.abstract, *paper.keywords))
    return Arrival(paper.id, seen, paper.date, paper.upvotes or 0, bool(paper.code), paper.stars or 0, said)
