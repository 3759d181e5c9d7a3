"""A clock that may run faster than real time: weeks of schedules in seconds."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class FastClock:
    """Starts at a moment and runs `speed` simulated seconds for each real one.

    `origin` is the real moment (seconds since 1970) of `start`: two processes with the same three values agree.
    Has the shape of simcord's clock, which never moves by itself.
    """

    def __init__(self, start: datetime | None = None, speed: float = 1.0, origin: float | None = None) -> None:
        self.origin = time.time() if origin is None else origin
        self.start = start or datetime.fromtimestamp(self.origin, UTC)
        self.speed = speed
        self.elapsed = 0.0

    def go(self, speed: float) -> None:
        """Run at another speed from now on; a process that was told the old one does not learn of it."""
        self.start, self.origin, self.speed, self.elapsed = self.now(), time.time(), speed, 0.0

    def now(self) -> datetime:
        passed = (time.time() - self.origin) * self.speed
        return self.start + timedelta(seconds=passed + self.elapsed)

    def advance(self, seconds: float) -> None:
        self.elapsed += seconds
