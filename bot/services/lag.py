"""How long the event loop kept others waiting: the sign of work that should have left it."""

from __future__ import annotations

import asyncio

STEP = 0.01
"""Seconds between looks; a stall is seen to about this precision."""


class Lag:
    """Sleeps again and again and keeps by how much it overslept."""

    def __init__(self) -> None:
        """Start with `watch`."""
        self.worst = 0.0
        """Longest stall ever, in seconds."""
        self._recent = 0.0

    async def watch(self) -> None:
        """Look until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(STEP)
            stall = loop.time() - before - STEP
            self._recent = max(self._recent, stall)
            self.worst = max(self.worst, stall)

    def take(self) -> float:
        """Return the longest stall in seconds since this was asked last."""
        recent, self._recent = self._recent, 0.0
        return recent
