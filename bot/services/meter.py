"""The meter: is told what becomes of commands."""

from __future__ import annotations

from typing import Literal

Outcome = Literal["answered", "failed", "late", "refused"]
"""`failed`: an error of the bot's own, told with a reference. `late`: Discord no longer waited. `refused`: no right."""


class Meter:
    """Keeps nothing: the place of one that does."""

    def began(self, key: int, command: str) -> None:
        """Note that a command, or a control, came in; `key` is Discord's number for this one use of it."""

    def replied(self, key: int) -> None:
        """Note that Discord has taken the first reply, if only that one is on its way."""

    def ended(self, key: int, outcome: Outcome) -> None:
        """Note what became of it."""
