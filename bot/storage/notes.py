"""Small things to remember: searches behind buttons, and named values."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from bot.storage.database import Database

KEEP = timedelta(days=90)
"""How long the buttons of a search lead back to it."""
MOST = 500
"""Searches of one person that are kept: whoever makes more gives up the oldest, and nobody fills the disk."""
_FULL = """
DELETE FROM searches WHERE owner_id = :owner AND rowid <= (
    SELECT rowid FROM searches WHERE owner_id = :owner ORDER BY rowid DESC LIMIT 1 OFFSET :most
)
"""


class Notes:
    """Reads and writes notes."""

    def __init__(self, database: Database) -> None:
        """Use an open database."""
        self._database = database

    async def get(self, name: str) -> str | None:
        """Return a named value, or None."""
        row = await self._database.row("SELECT value FROM notes WHERE name = ?", (name,))
        return row["value"] if row else None

    async def put(self, name: str, value: str) -> None:
        """Keep a named value."""
        sql = "INSERT INTO notes (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        async with self._database.transaction() as writer:
            await writer.rows(sql, (name, value))

    async def keep_search(self, query: dict[str, Any], owner: int, now: datetime) -> str:
        """Keep a search and return the token that leads back to it; forget those that are too old or too many."""
        token = secrets.token_urlsafe(9)
        async with self._database.transaction() as writer:
            await writer.rows("DELETE FROM searches WHERE kept_at < ?", ((now - KEEP).isoformat(),))
            await writer.rows(
                "INSERT INTO searches (token, owner_id, query, kept_at) VALUES (?, ?, ?, ?)",
                (token, owner, json.dumps(query, ensure_ascii=False), now.isoformat()),
            )
            await writer.rows(_FULL, {"owner": owner, "most": MOST})
        return token

    async def search(self, token: str) -> dict[str, Any] | None:
        """Return the search behind a token, or None when it was forgotten."""
        row = await self._database.row("SELECT query FROM searches WHERE token = ?", (token,))
        return dict(json.loads(row["query"])) if row else None
