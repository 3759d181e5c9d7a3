"""Papers in the database."""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from bot.core.paper import Paper, fold

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

    from bot.storage.database import Database, Writer

GROUP = 500
"""Papers in one transaction: about a twentieth of a second, within any writer's patience."""

_INSERT = """
INSERT INTO papers (id, place, seq, title, abstract, original_title, original_abstract, folded_title, source, url,
                    date, listed, authors, upvotes, code, links, added_at)
VALUES (:id, :place, :seq, :title, :abstract, :original_title, :original_abstract, :folded_title, :source, :url,
        :date, :listed, :authors, :upvotes, :code, :links, :now)
"""
_UPDATE = """
UPDATE papers SET seq = :seq, title = :title, abstract = :abstract, original_title = :original_title,
    original_abstract = :original_abstract, folded_title = :folded_title, url = :url, date = :date, listed = :listed,
    authors = :authors, upvotes = :upvotes, code = :code, links = :links
WHERE id = :id
"""


class Mark(NamedTuple):
    """A moment in the history of the papers: the last change's number, and a name that no other history has."""

    seq: int = 0
    token: str = ""


class Papers:
    """Reads and writes papers. Newer data fills gaps and updates; it never erases."""

    def __init__(self, database: Database) -> None:
        """Use an open database."""
        self._database = database

    @property
    def path(self) -> Path:
        """The database's file."""
        return self._database.path

    async def add(self, papers: Iterable[Paper], now: datetime) -> tuple[int, int]:
        """Take papers in, in groups so that other writers get their turn.

        Return `(added, updated)`; an unchanged paper counts in neither, and keeps its seq.
        """
        added = updated = 0
        waiting = iter(papers)
        while group := list(islice(waiting, GROUP)):
            async with self._database.transaction() as writer:
                marks = ",".join("?" * len(group))
                sql = f"SELECT * FROM papers WHERE id IN ({marks})"  # noqa: S608 - marks only
                known = await writer.rows(sql, [paper.id for paper in group])
                change = await asyncio.to_thread(_compare, group, known)
                if change.new or change.changed:
                    await _write(writer, change, now)
            added += len(change.new)
            updated += change.updates
        return added, updated

    async def mark(self) -> Mark:
        """Return where the history stands."""
        row = await self._database.row("SELECT seq, token FROM changes ORDER BY seq DESC LIMIT 1")
        return Mark(row["seq"], row["token"]) if row else Mark()

    async def get(self, ids: Sequence[str]) -> list[Paper]:
        """Return the papers of these ids in that order; unknown ids are left out."""
        marks = ",".join("?" * len(ids))
        rows = await self._database.rows(f"SELECT * FROM papers WHERE id IN ({marks})", ids)  # noqa: S608 - marks only
        found = {row["id"]: paper_of(row) for row in rows}
        return [found[key] for key in ids if key in found]

    async def by_title(self, title: str) -> Paper | None:
        """Return the paper of exactly this title, letter case and accents aside."""
        folded = _fold_title(title)
        row = await self._database.row("SELECT * FROM papers WHERE folded_title = ? ORDER BY place LIMIT 1", (folded,))
        return paper_of(row) if row else None

    async def beginning(self, typed: str, count: int) -> list[str]:
        """Return ids of at most `count` papers whose title begins as typed, letter case and accents aside."""
        folded = _fold_title(typed)
        rows = await self._database.rows(
            "SELECT id FROM papers WHERE folded_title >= ? AND folded_title < ? ORDER BY folded_title LIMIT ?",
            (folded, folded + "\U0010ffff", count),
        )
        return [row["id"] for row in rows]

    async def newest(self, count: int | None = None) -> list[str]:
        """Return ids, all or the first `count`, the newest first: by day, then votes, then the order of arrival."""
        sql = "SELECT id FROM papers ORDER BY date DESC, coalesce(upvotes, 0) DESC, place"
        rows = await (self._database.rows(sql) if count is None else self._database.rows(f"{sql} LIMIT ?", (count,)))
        return await asyncio.to_thread(lambda: [row["id"] for row in rows])

    async def count(self) -> int:
        """Return the number of papers."""
        row = await self._database.row("SELECT count(*) AS n FROM papers")
        return int(row["n"]) if row else 0

    async def last_added(self) -> str | None:
        """Return when the last paper came in, ISO 8601 in UTC, or None."""
        row = await self._database.row("SELECT max(added_at) AS at FROM papers")
        return row["at"] if row else None


class _Change(NamedTuple):
    """What a group of papers changes. `updates` counts records: one paper may come more than once."""

    new: list[Paper]
    changed: list[Paper]
    updates: int


def _compare(group: Iterable[Paper], rows: Iterable[sqlite3.Row]) -> _Change:
    """Say what a group changes in the papers that are known by its ids."""
    stored = {row["id"]: paper_of(row) for row in rows}
    now, updates = dict(stored), 0
    for paper in group:
        before = now.get(paper.id)
        after = _merged(before, paper)
        updates += before is not None and after != before
        now[paper.id] = after
    changed = [paper for paper in now.values() if paper.id in stored and paper != stored[paper.id]]
    return _Change([paper for paper in now.values() if paper.id not in stored], changed, updates)


def _merged(old: Paper | None, new: Paper) -> Paper:
    """Return a paper with what is newly known of it; what is not said anew stays."""
    new = replace(
        new,
        original_title=new.original_title or new.title,
        original_abstract=new.original_abstract or new.abstract,
    )
    if old is None:
        return new
    return replace(
        new,
        source=old.source,
        url=old.url if new.url is None else new.url,
        date=new.date or old.date,
        listed=old.listed if new.listed is None else new.listed,
        authors=new.authors or old.authors,
        upvotes=old.upvotes if new.upvotes is None else new.upvotes,
        code=new.code or old.code,
        links=new.links or old.links,
    )


async def _write(writer: Writer, change: _Change, now: datetime) -> None:
    [last] = await writer.rows(
        "SELECT (SELECT coalesce(max(seq), 0) FROM changes) AS seq, (SELECT max(place) FROM papers) AS place"
    )
    place = -1 if last["place"] is None else last["place"]

    def values(papers: list[Paper], seq: int) -> list[dict[str, object]]:
        return [_values(paper, now, seq + n, place + n) for n, paper in enumerate(papers, 1)]

    seq = last["seq"] + len(change.new)
    await writer.many(_INSERT, await asyncio.to_thread(values, change.new, last["seq"]))
    await writer.many(_UPDATE, await asyncio.to_thread(values, change.changed, seq))
    await writer.rows(
        "INSERT INTO changes (seq, token) VALUES (?, ?)", (seq + len(change.changed), secrets.token_hex(8))
    )


def _fold_title(title: str) -> str:
    return " ".join(fold(title).split())


def _values(paper: Paper, now: datetime, seq: int, place: int) -> dict[str, object]:
    return {
        "id": paper.id,
        "seq": seq,
        "place": place,
        "title": paper.title,
        "abstract": paper.abstract,
        "original_title": paper.original_title,
        "original_abstract": paper.original_abstract,
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


def paper_of(row: sqlite3.Row) -> Paper:
    """Return the paper of a row that holds all columns."""
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
