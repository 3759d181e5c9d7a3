"""Vitals: what the bot lives by below Discord, looked at again and again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.storage.faults import FAULTS, fault

if TYPE_CHECKING:
    from bot.services.shelf import Shelf
    from bot.storage.database import Database

PATIENCE = 10.0
"""Seconds that a write may take: twice what SQLite waits for another process."""


class Vitals:
    """Looks at the database and the index."""

    def __init__(self, database: Database, shelf: Shelf) -> None:
        """Look at these."""
        self._database = database
        self._shelf = shelf

    async def database(self) -> str:
        """Write a little and return why that failed, or ""."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._database.trial()
        except TimeoutError:
            return f"it has not answered for {PATIENCE:.0f} seconds"
        except FAULTS as error:
            return fault(error).said
        return ""

    def index(self) -> str:
        """Return why the index lacks papers that are stored, or ""."""
        return self._shelf.failure
