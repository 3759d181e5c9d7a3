"""Papers in the database."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from bot.core.identity import title_forms
from bot.core.paper import doi
from bot.core.phrases import Told
from bot.storage.records import close_ledger, fold_title, open_ledger, paper_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

    from bot.core.paper import Paper
    from bot.storage.database import Database

GROUP = 500
"""Papers in one transaction: about a twentieth of a second, within any writer's patience."""

_TOLD = "SELECT date, title, abstract, keywords FROM papers WHERE date BETWEEN ? AND ?"

_NOW = "(SELECT date(max(added_at), '+1 day') FROM papers)"
"""The last day that a paper can be from: the day after one last came in, for sources that have tomorrow's already."""
_ORDER = "coalesce(upvotes, 0) DESC, place"
_NEWEST = [
    # Each is answered from an index as it stands: sorting all papers of a large folder would take a while.
    f"SELECT id FROM papers WHERE {which} ORDER BY date DESC, {_ORDER} LIMIT ?"  # noqa: S608 - our own words
    for which in (f"date <= {_NOW}", "date IS NULL", f"date > {_NOW}")
]


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

        A paper that is known, by whatever source and id, is told of anew. Return `(added, updated)`; an unchanged
        paper counts in neither, and keeps its seq.
        """
        return await self._enter(papers, now, news=True)

    async def revise(self, papers: Iterable[Paper], now: datetime) -> int:
        """Take new versions in, of those papers that are here: no news, their day of listing stays.

        Return how many papers changed.
        """
        return (await self._enter(papers, now, news=False))[1]

    async def _enter(self, papers: Iterable[Paper], now: datetime, *, news: bool) -> tuple[int, int]:
        added = updated = 0
        waiting = iter(papers)
        while group := list(islice(waiting, GROUP)):
            async with self._database.transaction() as writer:
                ledger = await open_ledger(writer, group)
                await asyncio.to_thread(ledger.enter_all, group, news=news)
                await close_ledger(writer, ledger, now)
            added += len(ledger.added)
            updated += ledger.updates
        return added, updated

    async def mark(self) -> Mark:
        """Return where the history stands."""
        row = await self._database.row("SELECT seq, token FROM changes ORDER BY seq DESC LIMIT 1")
        return Mark(row["seq"], row["token"]) if row else Mark()

    async def get(self, ids: Sequence[str]) -> list[Paper]:
        """Return the papers of these ids in that order, each once; unknown ids are left out.

        Any id that a paper was ever known by leads to it, a DOI also as its address; the paper has the one it is
        kept under.
        """
        marks = ",".join("?" * len(ids))
        rows = await self._database.rows(f"SELECT * FROM papers WHERE id IN ({marks})", ids)  # noqa: S608 - marks only
        found = {row["id"]: paper_of(row) for row in rows}
        if others := [key for key in ids if key not in found]:
            found |= await self._by_alias(others)
        return list({found[key].id: found[key] for key in ids if key in found}.values())

    async def _by_alias(self, ids: Sequence[str]) -> dict[str, Paper]:
        marks = ",".join("?" * len(ids))
        sql = f"""
            SELECT aliases.id AS alias, papers.* FROM aliases JOIN papers ON papers.id = aliases.paper_id
            WHERE aliases.id IN ({marks})
        """  # noqa: S608 - marks only
        rows = await self._database.rows(sql, [doi(key) or key for key in ids])
        found = {row["alias"]: paper_of(row) for row in rows}
        return {key: found[known] for key in ids if (known := doi(key) or key) in found}

    async def by_title(self, title: str) -> Paper | None:
        """Return the paper that has or had exactly this title: letter case, accents, spaces and signs aside."""
        forms = title_forms(title)
        marks = ",".join("?" * len(forms))
        sql = f"""
            SELECT papers.* FROM titles JOIN papers ON papers.id = titles.paper_id WHERE titles.title IN ({marks})
            ORDER BY papers.folded_title = ? DESC, papers.place LIMIT 1
        """  # noqa: S608 - marks only
        row = await self._database.row(sql, (*forms, fold_title(title)))
        return paper_of(row) if row else None

    async def titles(self, ids: Sequence[str]) -> dict[str, str]:
        """Return the titles of papers, by id; unknown ids are left out."""
        marks = ",".join("?" * len(ids))
        rows = await self._database.rows(f"SELECT id, title FROM papers WHERE id IN ({marks})", tuple(ids))  # noqa: S608 - marks only
        return {row["id"]: row["title"] for row in rows}

    async def beginning(self, typed: str, count: int) -> list[str]:
        """Return ids of at most `count` papers whose title begins as typed, letter case and accents aside."""
        folded = fold_title(typed)
        rows = await self._database.rows(
            "SELECT id FROM papers WHERE folded_title >= ? AND folded_title < ? ORDER BY folded_title LIMIT ?",
            (folded, folded + "\U0010ffff", count),
        )
        return [row["id"] for row in rows]

    async def newest(self, count: int | None = None) -> list[str]:
        """Return ids, all or the first `count`, the newest first: by day, then votes, then the order of arrival.

        Last come those without a day, then those with one that lies ahead (see `_NOW`): it says nothing of how new
        they are.
        """
        rows: list[sqlite3.Row] = []
        for sql in _NEWEST:
            rows += await self._database.rows(sql, (-1 if count is None else count - len(rows),))
        return await asyncio.to_thread(lambda: [row["id"] for row in rows])

    async def newest_day(self, last: date) -> date | None:
        """Return the newest day up to `last` that a paper was listed on, None if there is none."""
        row = await self._database.row("SELECT max(date) AS day FROM papers WHERE date <= ?", (last.isoformat(),))
        return date.fromisoformat(row["day"]) if row and row["day"] else None

    async def listed(self, first: date, last: date) -> int:
        """Return how many papers were listed from one day to another."""
        between = (first.isoformat(), last.isoformat())
        row = await self._database.row("SELECT count(*) AS n FROM papers WHERE date BETWEEN ? AND ?", between)
        return int(row["n"]) if row else 0

    async def told(self, first: date, last: date, every: int = 1) -> list[Told]:
        """Return what is told of the papers listed from one day to another, or of `every` so many of them."""
        rows = await self._database.rows(
            f"{_TOLD} AND place % ? = 0 ORDER BY place", (first.isoformat(), last.isoformat(), every)
        )
        return await asyncio.to_thread(lambda: [_told(row) for row in rows])

    async def told_by(self, paper_id: str) -> str:
        """Return the source of a paper's title and abstract, "" for no paper."""
        row = await self._database.row("SELECT told_by FROM papers WHERE id = ?", (paper_id,))
        return row["told_by"] if row else ""

    async def count(self) -> int:
        """Return the number of papers."""
        row = await self._database.row("SELECT count(*) AS n FROM papers")
        return int(row["n"]) if row else 0

    async def last_added(self) -> str | None:
        """Return when the last paper came in, ISO 8601 in UTC, or None."""
        row = await self._database.row("SELECT max(added_at) AS at FROM papers")
        return row["at"] if row else None


def _told(row: sqlite3.Row) -> Told:
    return Told(date.fromisoformat(row["date"]), row["title"], row["abstract"], tuple(json.loads(row["keywords"])))
