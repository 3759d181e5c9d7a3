"""Politeness: one request at a time for each host, some time apart, and none where the host asked for quiet."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.core.waiting import back_off

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast to ask, in seconds, and by which clock.

    `spacing` lies between the end of a request and the next to the same host; `slow` names domains that want
    more, all of whose hosts share one lane. A failure is tried `attempts` times, waiting from `first_wait`
    (doubling) up to `longest_wait`, which is also the longest Retry-After that is waited for: a longer one
    ends the request at once and keeps the host in peace until then. A host that answers 429 to every attempt
    is left in peace for `penalty`.
    """

    spacing: float = 1.0
    # arXiv's terms of use for its API: one request every three seconds, over one connection.
    slow: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({"arxiv.org": 3.0}))
    attempts: int = 3
    first_wait: float = 2.0
    longest_wait: float = 60.0
    penalty: float = 3_600.0
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    luck: Callable[[], float] = random.random

    def wait(self, attempt: int) -> float:
        """Return the seconds to wait after failure number `attempt`, counted from 0."""
        return back_off(attempt, self.first_wait, self.longest_wait, self.luck())


class Lane:
    """The way to one host, or to one domain's hosts: whoever asks takes a turn."""

    def __init__(self, pace: Pace, spacing: float) -> None:
        self._pace = pace
        self._spacing = spacing
        self._lock = asyncio.Lock()
        self._free_at = float("-inf")
        self._closed_until = datetime.min.replace(tzinfo=UTC)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[datetime | None]:
        """Wait for the lane; yields None, or until when the host is to be left in peace: then do not ask."""
        async with self._lock:
            if self._pace.now() < self._closed_until:
                yield self._closed_until
                return
            while (wait := self._free_at - self._pace.clock()) > 0:
                await self._pace.sleep(wait)
            try:
                yield None
            finally:
                self.rest(self._spacing)

    def rest(self, seconds: float) -> None:
        """Let nobody ask for so long."""
        self._free_at = max(self._free_at, self._pace.clock() + seconds)

    def close(self, seconds: float) -> datetime:
        """Leave the host in peace for so long, without waiting for it; returns until when (UTC)."""
        self._closed_until = self._pace.now() + timedelta(seconds=seconds)
        return self._closed_until


class Lanes:
    """The lanes of all hosts."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._lanes: dict[str, Lane] = {}

    def of(self, host: str, port: int) -> Lane:
        """Return the lane to a host, the same at each call."""
        name = next((one for one in self._pace.slow if host == one or host.endswith(f".{one}")), None)
        spacing = self._pace.slow[name] if name else self._pace.spacing
        return self._lanes.setdefault(name or f"{host}:{port}", Lane(self._pace, spacing))
