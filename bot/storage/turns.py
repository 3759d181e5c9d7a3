"""Conversations: what was asked, bounded in number and age."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.conversation import Asked, Turn

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from bot.storage.database import Database

KEEP = timedelta(days=30)
"""How long a question is kept."""
MOST = 20
"""Questions kept of one conversation."""


class Turns:
    """Reads and writes conversations."""

    def __init__(self, database: Database) -> None:
        """Use an open database."""
        self._database = database

    async def add(self, asked: Asked, conversation: str, owner: int, now: datetime) -> Turn:
        """Keep a question and forget those that are too old or too many."""
        turn = Turn(secrets.token_urlsafe(9), conversation, owner, asked)
        async with self._database.transaction() as writer:
            await writer.rows(
                "INSERT INTO turns (token, conversation, owner_id, question, context, papers, asked_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    turn.token,
                    conversation,
                    owner,
                    asked.question,
                    asked.context,
                    json.dumps(asked.papers),
                    now.isoformat(),
                ),
            )
            await writer.rows("DELETE FROM turns WHERE asked_at < ?", ((now - KEEP).isoformat(),))
            await writer.rows(
                "DELETE FROM turns WHERE conversation = ? AND token NOT IN "
                "(SELECT token FROM turns WHERE conversation = ? ORDER BY asked_at DESC, rowid DESC LIMIT ?)",
                (conversation, conversation, MOST),
            )
        return turn

    async def get(self, token: str) -> Turn | None:
        """Return the turn behind a button, or None when it was forgotten."""
        row = await self._database.row("SELECT * FROM turns WHERE token = ?", (token,))
        return _turn(row) if row else None

    async def recent(self, conversation: str, since: datetime, count: int = 3) -> list[Turn]:
        """Return the last turns of a conversation that are not older than `since`, the newest first."""
        rows = await self._database.rows(
            "SELECT * FROM turns WHERE conversation = ? AND asked_at >= ? ORDER BY asked_at DESC, rowid DESC LIMIT ?",
            (conversation, since.isoformat(), count),
        )
        return [_turn(row) for row in rows]

    async def forget_old(self, now: datetime) -> None:
        """Delete the questions that are too old, of people too who ask no more."""
        async with self._database.transaction() as writer:
            await writer.rows("DELETE FROM turns WHERE asked_at < ?", ((now - KEEP).isoformat(),))

    async def forget(self, owner: int) -> int:
        """Delete everything a person asked or searched for; return how many questions that were."""
        async with self._database.transaction() as writer:
            # Others took this person's words along, in the same conversation or from a shared answer into their own.
            await writer.rows(
                "UPDATE turns SET context = '' WHERE conversation IN "
                "(SELECT conversation FROM turns WHERE owner_id = ?1) OR EXISTS (SELECT 1 FROM turns AS theirs "
                "WHERE theirs.owner_id = ?1 AND instr(turns.context, substr(theirs.question, 1, 200)) > 0)",
                (owner,),
            )
            await writer.rows("DELETE FROM searches WHERE owner_id = ?", (owner,))
            return len(await writer.rows("DELETE FROM turns WHERE owner_id = ? RETURNING token", (owner,)))


def _turn(row: sqlite3.Row) -> Turn:
    asked = Asked(row["question"], row["context"], tuple(json.loads(row["papers"])))
    return Turn(row["token"], row["conversation"], row["owner_id"], asked)
