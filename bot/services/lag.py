"""How long the event loop kept others waiting: the sign of work that should have left it."""

from __future__ import annotations

import asyncio
import gc
from bisect import bisect_left

STEP = 0.01
"""Seconds between looks; a stall is seen to about this precision."""
BOUNDS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
"""Stalls are counted by the first of these seconds that they do not exceed."""


SETTLED = 20.0
"""Seconds after a start until what stays for good is there: modules, commands, servers."""


async def settle_memory() -> None:
    """Let Python's garbage collector leave alone what stays for good.

    It stops everything while it looks through all objects: 50 to 140 ms each time under load, 10 to 70 without those.
    """
    await asyncio.sleep(SETTLED)
    gc.collect()
    gc.freeze()


class Lag:
    """Sleeps again and again and keeps by how much it overslept."""

    def __init__(self) -> None:
        """Start with `watch`."""
        self.worst = 0.0
        """Longest stall ever, in seconds."""
        self.counts = [0] * (len(BOUNDS) + 1)
        """How many looks found a stall of each size; the last of them one above all BOUNDS."""
        self.total = 0.0
        """All stalls together, in seconds."""
        self._recent = 0.0

    async def watch(self) -> None:
        """Look until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(STEP)
            self.note(max(loop.time() - before - STEP, 0.0))

    def note(self, stall: float) -> None:
        """Keep one stall, in seconds."""
        self.counts[bisect_left(BOUNDS, stall)] += 1
        self.total += stall
        self._recent = max(self._recent, stall)
        self.worst = max(self.worst, stall)

    def take(self) -> float:
        """Return the longest stall in seconds since this was asked last."""
        recent, self._recent = self._recent, 0.0
        return recent
