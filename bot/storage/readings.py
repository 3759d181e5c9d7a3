"""Readings: which day of which source was read, and when."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.core.calendar import Reading
from bot.core.fetched import Validators

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.storage.database import Database


class Readings:
    """Reads and writes readings."""

    def __init__(self, database: Database) -> None:
        """Use an open database."""
        self._database = database

    async def of(self, source: str) -> dict[date, Reading]:
        """Return every reading of a source by its day."""
        rows = await self._database.rows("SELECT * FROM readings WHERE source = ? ORDER BY day", (source,))
        return {
            (day := date.fromisoformat(row["day"])): Reading(
                day,
                datetime.fromisoformat(row["read_at"]) if row["read_at"] else None,
                row["papers"],
                row["detail"],
                Validators(row["etag"], row["modified"]),
            )
            for row in rows
        }

    async def title(self, place: str, source: str) -> str:
        """Return how a source at a place calls itself, "" if it never said."""
        row = await self._database.row("SELECT value FROM notes WHERE name = ?", (_title(place, source),))
        return row["value"] if row else ""

    async def entitle(self, place: str, source: str, title: str) -> None:
        """Record how a source at a place calls itself."""
        sql = "INSERT INTO notes (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        async with self._database.transaction() as writer:
            await writer.rows(sql, (_title(place, source), title))

    async def want(self, source: str, days: Iterable[date]) -> None:
        """Record that days are to be read, where nothing is recorded of them yet: whatever fails, they stay wanted."""
        rows = [(source, day.isoformat()) for day in days]
        async with self._database.transaction() as writer:
            await writer.many("INSERT INTO readings (source, day) VALUES (?, ?) ON CONFLICT DO NOTHING", rows)

    async def keep(self, source: str, reading: Reading) -> None:
        """Record a reading; a failure leaves the moment of the last success."""
        async with self._database.transaction() as writer:
            await writer.rows(
                "INSERT INTO readings (source, day, read_at, papers, detail, etag, modified) "
                "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, day) DO UPDATE SET "
                "read_at = coalesce(excluded.read_at, read_at), detail = excluded.detail, "
                "papers = CASE WHEN excluded.read_at IS NULL THEN papers ELSE excluded.papers END, "
                "etag = CASE WHEN excluded.read_at IS NULL THEN etag ELSE excluded.etag END, "
                "modified = CASE WHEN excluded.read_at IS NULL THEN modified ELSE excluded.modified END",
                (
                    source,
                    reading.day.isoformat(),
                    reading.read_at.isoformat() if reading.read_at else None,
                    reading.papers,
                    reading.detail,
                    reading.validators.etag,
                    reading.validators.modified,
                ),
            )


def _title(place: str, source: str) -> str:
    """Return the name of the note: of another place, a source has another title."""
    return f"title {source} {place}"
