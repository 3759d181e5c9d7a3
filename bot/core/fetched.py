"""What a live source hands over: papers, and what it takes to ask again politely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.paper import Batch, Paper, Problem

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server said to tell this answer from the next, word for word: ETag and Last-Modified.

    Keep them only once the answer itself is kept: "unchanged" is true of what was handed over last.
    """

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched(Batch):
    """A batch from a live source.

    `revisions` are new versions of older papers, which are no news and therefore not among `papers`;
    `total` is how many there are in all where the source says so and hands over a part; `title` is how the source
    calls itself.
    """

    revisions: tuple[Paper, ...] = ()
    validators: Validators = Validators()
    total: int | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The source has nothing but what it handed over last."""


@dataclass(frozen=True, slots=True)
class Down(Problem):
    """A Problem of the host, not of what it was asked for: asking it for anything else now is of no use either."""


@dataclass(frozen=True, slots=True)
class Later(Down):
    """A host that is left alone: asking before `until` (UTC) is of no use."""

    until: datetime
