"""Sightings in the database: which source said what of a paper, and when."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.core.arrival import Arrival

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from bot.core.ledger import Sighting
    from bot.storage.database import Database, Writer

_NOTE = """
INSERT INTO sightings (paper_id, source, day, votes, version, first_seen, last_seen) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (paper_id, source, day) DO UPDATE SET
    votes = coalesce(excluded.votes, votes),
    version = coalesce(excluded.version, version),
    last_seen = excluded.last_seen
"""
# A later version is no news, unless the paper came with it.
_ARRIVED = """
WITH heard AS (
    SELECT papers.id, papers.place, max(first_seen) AS seen, max(day) AS day
    FROM sightings JOIN papers ON papers.id = paper_id
    WHERE (day >= :earliest OR (day = '' AND sightings.source IN (SELECT value FROM json_each(:live))))
    AND first_seen >= :since
    AND (coalesce(sightings.version, 1) < 2 OR first_seen <= added_at)
    GROUP BY papers.id ORDER BY seen DESC, place LIMIT :most
)
SELECT papers.id, seen, coalesce(nullif(day, ''), date) AS day, upvotes, code, stars, title, abstract, keywords
FROM heard JOIN papers ON papers.id = heard.id ORDER BY seen DESC, papers.place
"""
_LISTED = """
WITH heard AS (
    SELECT paper_id, max(sightings.day) AS day, max(first_seen) AS seen
    FROM sightings JOIN papers ON papers.id = paper_id
    WHERE sightings.day BETWEEN ? AND ? AND (coalesce(sightings.version, 1) < 2 OR first_seen <= added_at)
    GROUP BY paper_id
)
SELECT id, seen, heard.day, upvotes, code, stars, '' AS title, '' AS abstract, '[]' AS keywords
FROM heard JOIN papers ON id = paper_id ORDER BY coalesce(upvotes, 0) DESC, place LIMIT ?
"""
_FOLLOW = """
INSERT INTO sightings (paper_id, source, day, votes, version, first_seen, last_seen)
SELECT ?, source, day, votes, version, first_seen, last_seen FROM sightings WHERE paper_id = ?
ON CONFLICT (paper_id, source, day) DO UPDATE SET
    votes = CASE WHEN excluded.last_seen >= last_seen THEN coalesce(excluded.votes, votes)
        ELSE coalesce(votes, excluded.votes) END,
    version = CASE WHEN excluded.last_seen >= last_seen THEN coalesce(excluded.version, version)
        ELSE coalesce(version, excluded.version) END,
    first_seen = min(first_seen, excluded.first_seen),
    last_seen = max(last_seen, excluded.last_seen)
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a source said of a paper on a day that it listed it (None where it named no day), and when it was read.

    `votes` and `version` are the last it said of that day; `first` and `last` are UTC.
    """

    source: str
    day: date | None
    votes: int | None
    version: int | None
    first: datetime
    last: datetime


class Sightings:
    """Reads sightings. They are written with the papers."""

    def __init__(self, database: Database) -> None:
        """Use an open database."""
        self._database = database

    async def of(self, paper_id: str) -> list[Seen]:
        """Return everything that was said of the paper of that id, in the order in which it was first read."""
        sql = """
            SELECT source, day, votes, version, first_seen, last_seen FROM sightings
            WHERE paper_id = coalesce((SELECT paper_id FROM aliases WHERE id = ?), ?)
            ORDER BY first_seen, day, source
        """
        return [_seen(row) for row in await self._database.rows(sql, (paper_id, paper_id))]

    async def listed(self, day: date, source: str | None = None) -> list[str]:
        """Return the ids of the papers that a source, or any, listed on a day."""
        sql = "SELECT DISTINCT paper_id FROM sightings WHERE day = ? AND (? IS NULL OR source = ?) ORDER BY paper_id"
        return [row["paper_id"] for row in await self._database.rows(sql, (day.isoformat(), source, source))]

    async def arrived(self, since: datetime, earliest: date, live: Iterable[str], most: int) -> list[Arrival]:
        """Return the papers that a source told of for the first time since a moment (UTC), the last first.

        Those listed before the `earliest` day are left out, however late they came, and those without a day that
        none of the `live` sources told of; of the rest the last `most`.
        """
        given = {
            "since": since.isoformat(timespec="seconds"),
            "earliest": earliest.isoformat(),
            "live": json.dumps(list(live)),
            "most": most,
        }
        rows = await self._database.rows(_ARRIVED, given)
        return await asyncio.to_thread(lambda: [_arrival(row) for row in rows])

    async def listed_from(self, first: date, last: date, most: int) -> list[Arrival]:
        """Return the papers that any source listed from one day to another, without their words; new versions are none.

        Of more than `most` those with the most votes.
        """
        rows = await self._database.rows(_LISTED, (first.isoformat(), last.isoformat(), most))
        return await asyncio.to_thread(lambda: [_arrival(row) for row in rows])

    async def newest_day(self, last: date) -> date | None:
        """Return the newest day up to `last` that any source listed a paper on, None if there is none."""
        sql = "SELECT max(day) AS day FROM sightings WHERE day <= ? AND day <> ''"
        [row] = await self._database.rows(sql, (last.isoformat(),))
        return date.fromisoformat(row["day"]) if row["day"] else None


async def note(writer: Writer, sightings: Iterable[Sighting], now: datetime) -> None:
    """Keep what sources said just now."""
    at = now.isoformat(timespec="seconds")
    rows = [
        (seen.paper_id, seen.source, seen.day.isoformat() if seen.day else "", seen.votes, seen.version, at, at)
        for seen in sightings
    ]
    await writer.many(_NOTE, rows)


async def heard(writer: Writer, ids: Sequence[str]) -> dict[str, dict[str, date | None]]:
    """Return, by paper and source, the last day that each source listed these papers on."""
    marks = ",".join("?" * len(ids))
    sql = f"""
        SELECT paper_id, source, max(day) AS day FROM sightings WHERE paper_id IN ({marks}) GROUP BY paper_id, source
    """  # noqa: S608 - marks only
    found: dict[str, dict[str, date | None]] = {}
    for row in await writer.rows(sql, ids):
        found.setdefault(row["paper_id"], {})[row["source"]] = date.fromisoformat(row["day"]) if row["day"] else None
    return found


async def follow(writer: Writer, gone: str, kept: str) -> None:
    """Give one paper what was said of another that turned out to be it."""
    await writer.rows(_FOLLOW, (kept, gone))
    await writer.rows("DELETE FROM sightings WHERE paper_id = ?", (gone,))


def _arrival(row: sqlite3.Row) -> Arrival:
    return Arrival(
        row["id"],
        datetime.fromisoformat(row["seen"]),
        date.fromisoformat(row["day"]) if row["day"] else None,
        row["upvotes"] or 0,
        row["code"] != "[]",
        row["stars"] or 0,
        "\n".join((row["title"], row["abstract"], *json.loads(row["keywords"]))),
    )


def _seen(row: sqlite3.Row) -> Seen:
    return Seen(
        row["source"],
        date.fromisoformat(row["day"]) if row["day"] else None,
        row["votes"],
        row["version"],
        datetime.fromisoformat(row["first_seen"]),
        datetime.fromisoformat(row["last_seen"]),
    )
