"""Tallies: a few numbers about everything that is kept, for whoever watches the bot."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.storage.database import Database


class Tallies:
    """Counts what is stored."""

    def __init__(self, database: Database) -> None:
        """Use an open database."""
        self._database = database

    async def roundups(self) -> dict[str, int]:
        """Return how many roundups on record ended with each outcome."""
        rows = await self._database.rows("SELECT outcome, count(*) AS n FROM posts GROUP BY outcome")
        return {row["outcome"]: row["n"] for row in rows}

    async def last_readings(self) -> dict[str, datetime]:
        """Return when (UTC) each source was read last, whatever the day that was asked for."""
        rows = await self._database.rows(
            "SELECT source, max(read_at) AS at FROM readings WHERE read_at IS NOT NULL GROUP BY source"
        )
        return {row["source"]: datetime.fromisoformat(row["at"]) for row in rows}
