"""Favourites in the database: what people saved and liked, each seen by nobody else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from bot.core.arrival import Here
from bot.core.favourite import MOST, Kind, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.storage.database import Database, Writer

_OWN = "SELECT count(*) AS n FROM favourites WHERE user_id = ? AND kind = ? AND paper_id = ?"
_ALL = "SELECT count(DISTINCT paper_id) AS n FROM favourites WHERE user_id = ? AND kind = ?"
# The paper may have become part of another since its button was made.
_PAPER = """
SELECT coalesce((SELECT id FROM papers WHERE id = ?), (SELECT paper_id FROM aliases WHERE id = ?)) AS id
"""
_HERE = """
SELECT paper_id, count(DISTINCT user_id) AS people,
    count(DISTINCT CASE kind WHEN 'saved' THEN user_id END) AS saved,
    count(DISTINCT CASE kind WHEN 'liked' THEN user_id END) AS liked
FROM favourites WHERE guild_id = ? AND paper_id IN (SELECT value FROM json_each(?)) GROUP BY paper_id
"""


class Kept(NamedTuple):
    """A part of a person's favourites, the newest first, and how many there are in all."""

    papers: tuple[str, ...]
    total: int


class Favourites:
    """Reads and writes favourites."""

    def __init__(self, database: Database) -> None:
        """Use an open database."""
        self._database = database

    async def keep(self, user: int, kind: Kind, paper_id: str, guild: int, now: datetime) -> Outcome:
        """Keep a paper for a person, and count it in a server (0: in none). Of each kind at most MOST are kept."""
        async with self._database.transaction() as writer:
            return await _keep(writer, (user, kind), paper_id, guild, now)

    async def turn(self, user: int, kind: Kind, paper_id: str, guild: int, now: datetime) -> Outcome:
        """Keep a paper for a person, or take it back everywhere if they kept it in the same server."""
        async with self._database.transaction() as writer:
            found = await _paper(writer, paper_id)
            if await writer.rows(f"{_OWN} AND guild_id = ? GROUP BY paper_id", (user, kind, found, guild)):
                await _drop(writer, user, kind, paper_id)
                return Outcome.TAKEN_BACK
            return await _keep(writer, (user, kind), paper_id, guild, now)

    async def drop(self, user: int, kind: Kind, paper_id: str) -> bool:
        """Take back what a person kept, everywhere; say whether there was anything."""
        async with self._database.transaction() as writer:
            return await _drop(writer, user, kind, paper_id)

    async def of(self, user: int, kind: Kind, first: int, count: int) -> Kept:
        """Return `count` of a person's papers from the place `first` on, the last kept first."""
        sql = """
            SELECT paper_id FROM favourites WHERE user_id = ? AND kind = ?
            GROUP BY paper_id ORDER BY min(at) DESC, paper_id LIMIT ? OFFSET ?
        """
        rows = await self._database.rows(sql, (user, kind, count, first))
        [total] = await self._database.rows(_ALL, (user, kind))
        return Kept(tuple(row["paper_id"] for row in rows), total["n"])

    async def here(self, guild: int, ids: Iterable[str]) -> dict[str, Here]:
        """Return how many people saved or liked these papers in a server; those that nobody did are left out."""
        rows = await self._database.rows(_HERE, (guild, json.dumps(list(ids))))
        return {row["paper_id"]: Here(row["people"], row["saved"], row["liked"]) for row in rows}

    async def count(self, user: int) -> int:
        """Return how many papers are kept for a person, saved or liked."""
        [row] = await self._database.rows(
            "SELECT count(DISTINCT paper_id) AS n FROM favourites WHERE user_id = ?", (user,)
        )
        return int(row["n"])

    async def forget(self, user: int) -> int:
        """Delete everything that was kept for a person; return how many papers that were."""
        async with self._database.transaction() as writer:
            gone = await writer.rows("DELETE FROM favourites WHERE user_id = ? RETURNING paper_id", (user,))
        return len({row["paper_id"] for row in gone})


async def _keep(writer: Writer, owner: tuple[int, Kind], paper_id: str, guild: int, now: datetime) -> Outcome:
    if (found := await _paper(writer, paper_id)) is None:
        return Outcome.GONE
    [own] = await writer.rows(_OWN, (*owner, found))
    [total] = await writer.rows(_ALL, owner)
    if not own["n"] and total["n"] >= MOST:
        return Outcome.FULL
    await writer.rows(
        "INSERT INTO favourites (user_id, kind, paper_id, guild_id, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (*owner, found, guild, now.isoformat(timespec="milliseconds")),
    )
    return Outcome.ALREADY if own["n"] else Outcome.KEPT


async def _drop(writer: Writer, user: int, kind: Kind, paper_id: str) -> bool:
    found = await _paper(writer, paper_id)
    sql = "DELETE FROM favourites WHERE user_id = ? AND kind = ? AND paper_id = ? RETURNING guild_id"
    return bool(found and await writer.rows(sql, (user, kind, found)))


async def _paper(writer: Writer, paper_id: str) -> str | None:
    [row] = await writer.rows(_PAPER, (paper_id, paper_id))
    found: str | None = row["id"]
    return found
