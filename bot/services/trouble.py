"""Trouble: what failed of late, and how long it is left alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.fetched import Later

if TYPE_CHECKING:
    from collections.abc import Hashable
    from datetime import datetime

    from bot.core.paper import Problem

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=6)
"""How long what fails is left alone: doubled with each failure."""
_ENOUGH = 12
"""Doublings beyond the longest pause, so that no outage overflows."""


@dataclass
class _Failing:
    failures: int
    until: datetime


class Trouble:
    """What fails, by whatever it is called: a source as a whole, or one of its days. Forgotten at the end."""

    def __init__(self) -> None:
        """Know of nothing."""
        self._failing: dict[Hashable, _Failing] = {}

    def failures(self, what: Hashable) -> int:
        """Return how often something failed in a row."""
        known = self._failing.get(what)
        return known.failures if known else 0

    def resting(self, what: Hashable, now: datetime) -> bool:
        """Say whether something is to be left alone."""
        known = self._failing.get(what)
        return known is not None and now < known.until

    def failed(self, what: Hashable, problem: Problem, now: datetime) -> datetime:
        """Note a failure; return until when it is left alone: at least as long as the other side asked for."""
        before = self.failures(what)
        until: datetime = now + min(FIRST_PAUSE * (1 << before), LONGEST_PAUSE)
        until = max(until, problem.until) if isinstance(problem, Later) else until
        self._failing[what] = _Failing(min(before + 1, _ENOUGH), until)
        return until

    def over(self, what: Hashable) -> None:
        """Forget that something failed."""
        self._failing.pop(what, None)
