"""Papers in the database."""

from __future__ import annotations

import json
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from bot.core.paper import Paper, fold

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.storage.database import Database, Writer

GROUP = 500
"""Papers in one transaction: about a tenth of a second, within any writer's patience."""

_UPSERT = """
INSERT INTO papers (id, place, title, abstract, original_title, original_abstract, folded_title, source, url,
                    date, listed, authors, upvotes, code, links, added_at)
VALUES (:id, (SELECT coalesce(max(place), -1) + 1 FROM papers), :title, :abstract, :original_title,
        :original_abstract, :folded_title, :source, :url, :date, :listed, :authors, :upvotes, :code, :links, :now)
ON CONFLICT (id) DO UPDATE SET
    title = excluded.title, abstract = excluded.abstract, original_title = excluded.original_title,
    original_abstract = excluded.original_abstract, folded_title = excluded.folded_title,
    url = coalesce(excluded.url, url), date = coalesce(excluded.date, date),
    listed = coalesce(excluded.listed, listed), upvotes = coalesce(excluded.upvotes, upvotes),
    authors = CASE excluded.authors WHEN '[]' THEN authors ELSE excluded.authors END,
    code = CASE excluded.code WHEN '[]' THEN code ELSE excluded.code END,
    links = CASE excluded.links WHEN '[]' THEN links ELSE excluded.links END
"""


class Papers:
    """Reads and writes papers. Newer data fills gaps and updates; it never erases."""

    def __init__(self, database: Database) -> None:
        """Use an open database."""
        self._database = database

    async def add(self, papers: Iterable[Paper], now: datetime) -> tuple[int, int]:
        """Take papers in, in groups so that other writers get their turn.

        Return `(added, updated)`; an unchanged paper counts in neither.
        """
        added = updated = 0
        waiting = iter(papers)
        while group := list(islice(waiting, GROUP)):
            async with self._database.transaction() as writer:
                for paper in group:
                    before = await _fetch(writer, paper.id)
                    await writer.rows(_UPSERT, _values(paper, now))
                    if before is None:
                        added += 1
                    elif before != await _fetch(writer, paper.id):
                        updated += 1
        return added, updated

    async def all(self) -> list[Paper]:
        """Return every paper in the order of arrival."""
        return [_paper(row) for row in await self._database.rows("SELECT * FROM papers ORDER BY place")]

    async def get(self, ids: Sequence[str]) -> list[Paper]:
        """Return the papers of these ids in that order; unknown ids are left out."""
        marks = ",".join("?" * len(ids))
        rows = await self._database.rows(f"SELECT * FROM papers WHERE id IN ({marks})", ids)  # noqa: S608 - marks only
        found = {row["id"]: _paper(row) for row in rows}
        return [found[key] for key in ids if key in found]

    async def by_title(self, title: str) -> Paper | None:
        """Return the paper of exactly this title, letter case and accents aside."""
        folded = _fold_title(title)
        row = await self._database.row("SELECT * FROM papers WHERE folded_title = ? ORDER BY place LIMIT 1", (folded,))
        return _paper(row) if row else None

    async def beginning(self, typed: str, count: int) -> list[str]:
        """Return ids of at most `count` papers whose title begins as typed, letter case and accents aside."""
        folded = _fold_title(typed)
        rows = await self._database.rows(
            "SELECT id FROM papers WHERE folded_title >= ? AND folded_title < ? ORDER BY folded_title LIMIT ?",
            (folded, folded + "\U0010ffff", count),
        )
        return [row["id"] for row in rows]

    async def newest(self) -> list[str]:
        """Return all ids, the newest first: by day, then votes, then the order of arrival."""
        rows = await self._database.rows("SELECT id FROM papers ORDER BY date DESC, coalesce(upvotes, 0) DESC, place")
        return [row["id"] for row in rows]

    async def count(self) -> int:
        """Return the number of papers."""
        row = await self._database.row("SELECT count(*) AS n FROM papers")
        return int(row["n"]) if row else 0

    async def last_added(self) -> str | None:
        """Return when the last paper came in, ISO 8601 in UTC, or None."""
        row = await self._database.row("SELECT max(added_at) AS at FROM papers")
        return row["at"] if row else None


async def _fetch(writer: Writer, paper_id: str) -> Paper | None:
    rows = await writer.rows("SELECT * FROM papers WHERE id = ?", (paper_id,))
    return _paper(rows[0]) if rows else None


def _fold_title(title: str) -> str:
    return " ".join(fold(title).split())


def _values(paper: Paper, now: datetime) -> dict[str, object]:
    return {
        "id": paper.id,
        "title": paper.title,
        "abstract": paper.abstract,
        "original_title": paper.original_title or paper.title,
        "original_abstract": paper.original_abstract or paper.abstract,
        "folded_title": _fold_title(paper.title),
        "source": paper.source,
        "url": paper.url,
        "date": paper.date.isoformat() if paper.date else None,
        "listed": paper.listed,
        "authors": json.dumps(paper.authors, ensure_ascii=False),
        "upvotes": paper.upvotes,
        "code": json.dumps(paper.code),
        "links": json.dumps(paper.links),
        "now": now.isoformat(timespec="seconds"),
    }


def _paper(row: sqlite3.Row) -> Paper:
    return Paper(
        id=row["id"],
        title=row["title"],
        abstract=row["abstract"],
        source=row["source"],
        url=row["url"],
        date=date.fromisoformat(row["date"]) if row["date"] else None,
        listed=row["listed"],
        authors=tuple(json.loads(row["authors"])),
        upvotes=row["upvotes"],
        code=tuple(json.loads(row["code"])),
        links=tuple(json.loads(row["links"])),
        original_title=row["original_title"],
        original_abstract=row["original_abstract"],
    )
