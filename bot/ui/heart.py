"""The heart: feels every few seconds what a running bot lives by, and keeps what it found."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.ui.shards import shards

if TYPE_CHECKING:
    from pathlib import Path

    import discord

    from bot.services.lag import Lag
    from bot.services.vitals import Vitals

log = logging.getLogger(__name__)
STUCK = 300.0
"""Seconds beyond its turn after which a tick that got nowhere counts as stopped: one post may take a minute."""
EVERY = 4
"""Looks of which one tries the database, since each trial is a write; all of them while it fails."""


class Heart:
    """Takes the beat that `health` reads."""

    def __init__(self, file: Path, vitals: Vitals, lag: Lag, longest: float) -> None:
        """Write the beat to a file; a tick is stopped that got nowhere for `longest` seconds."""
        self.beat: dict[str, Any] = {}
        """What was found last, empty before the first look."""
        self._file, self._vitals, self._lag, self._longest = file, vitals, lag, longest
        self._looks = 0
        self._database = ""
        self._down: set[int] = set()
        self._moved = time.monotonic()

    def moved(self) -> None:
        """Note that the tick got somewhere: it ended well, or posted, or told somebody."""
        self._moved = time.monotonic()

    async def look(self, client: discord.Client, *, ticking: bool) -> None:
        """Look at everything, and tell `health`."""
        if not client.is_ready():
            self.moved()  # the clock waits for Discord
        await self._try_database()
        self.beat = {
            "at": datetime.now(UTC).isoformat(),
            "ready": client.is_ready() and not client.is_closed(),
            "shards": client.shard_count or 1,
            "down": self._long_down(client),
            "ticking": ticking and time.monotonic() - self._moved < self._longest,
            "database": self._database,
            "index": self._vitals.index(),
            "stall_ms": round(1000 * self._lag.take(), 1),
            "worst_stall_ms": round(1000 * self._lag.worst, 1),
        }
        try:
            await asyncio.to_thread(_write, self._file, json.dumps(self.beat))
        except OSError as error:
            log.warning("heartbeat not written why=%s", error.strerror)
            self.beat["unwritten"] = error.strerror or "no reason is known"

    async def stop(self) -> None:
        """Take the beat away: nothing runs that it could tell of."""
        self.beat = {}
        with contextlib.suppress(OSError):
            await asyncio.to_thread(self._file.unlink, missing_ok=True)

    async def _try_database(self) -> None:
        if self._database or self._looks % EVERY == 0:
            self._database = await self._vitals.database()
        self._looks += 1

    def _long_down(self, client: discord.Client) -> list[int]:
        """Return the shards that are down and were so at the last look: most are back within a second."""
        down = {shard.id for shard in shards(client) if not shard.up}
        long, self._down = down & self._down, down
        return sorted(long)


def _write(path: Path, content: str) -> None:
    part = path.with_suffix(".part")
    part.write_text(content, encoding="utf-8")
    part.replace(path)
