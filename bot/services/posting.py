"""Posting: what a roundup's message says, and what may become of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.core.paper import Problem

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.roundup import Schedule
    from bot.services.picking import Pick


@dataclass(frozen=True, slots=True)
class Digest:
    """What one message says. No picks: nothing came since the last post, or the channel has seen every paper."""

    schedule: Schedule
    slot: str
    picks: tuple[Pick, ...]
    waiting: int
    """How many more papers the channel has not seen, of the new ones if it is `news`."""
    missed: int = 0
    """How many days' posts this one makes up for."""
    news: bool = False
    """Whether only what came since the last post is shown."""
    note: str = ""
    """What is missing from it: a list that its source has not given yet."""


class Gone(Problem):
    """The channel cannot be posted to until an admin acts."""


class Refused(Problem):
    """Discord took the message for wrong and did not post it: the same would happen again."""


class Poster(Protocol):
    """Where digests go. Implemented over Discord."""

    async def send(self, digest: Digest) -> int | Problem:
        """Post and return the message's id; `Gone` when trying again is of no use."""

    async def find(self, schedule: Schedule, slot: str, claimed: datetime) -> int | Problem | None:
        """Return the id of a message that was posted for a slot since it was claimed, None if there is none.

        `Gone` when nobody can look until an admin acts; another `Problem` when it is to be asked again, and goes on
        where it stopped.
        """

    async def tell(self, schedule: Schedule) -> str | Problem:
        """Tell whoever set a schedule up why it is paused; return where, or "nowhere" when that cannot be."""
