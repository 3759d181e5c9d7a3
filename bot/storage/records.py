"""Records in the database: those that some papers may belong to are read, and what has become of them is written."""

from __future__ import annotations

import asyncio
import json
import secrets
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from bot.core.identity import arxiv_of, names, title_forms
from bot.core.ledger import Ledger
from bot.core.paper import Paper, fold
from bot.core.record import Record
from bot.storage import sightings

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.storage.database import Writer

_COLUMNS = """
    title abstract original_title original_abstract folded_title url date listed authors upvotes code links doi version
    keywords summary organization thumbnail stars comments categories published arxiv told_by told_as
""".split()  # noqa: SIM905 - as many quotes again
_INSERT = (
    f"INSERT INTO papers (id, place, source, added_at, seq, {', '.join(_COLUMNS)}) "  # noqa: S608 - our own names
    f"VALUES (:id, :place, :source, :now, :seq, {', '.join(f':{name}' for name in _COLUMNS)})"
)
_UPDATE = (
    f"UPDATE papers SET seq = :seq, {', '.join(f'{name} = :{name}' for name in _COLUMNS)} "  # noqa: S608 - our own names
    "WHERE id = :id"
)
_MOST = 10_000
"""Values in one statement; SQLite allows 32,766."""
_SAME_TITLE = 50
"""Papers of one title that are looked at: of more ("Introduction"), a paper is known by its id or its very words."""


_ALIASES = "SELECT id, paper_id FROM aliases WHERE id IN (%s)"
_TITLES = f"""
SELECT title, paper_id FROM (
    SELECT title, paper_id, row_number() OVER (PARTITION BY title ORDER BY paper_id) AS n
    FROM titles WHERE title IN (%s)
) WHERE n <= {_SAME_TITLE}
"""  # noqa: S608 - a number of our own
_ALIAS = """
INSERT INTO aliases (id, paper_id) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET paper_id = excluded.paper_id
"""
_PAPERS = "SELECT * FROM papers WHERE id IN (%s)"


class _Wanted(NamedTuple):
    """By what some papers may be known: ids and titles."""

    ids: list[str]
    titles: list[str]


async def open_ledger(writer: Writer, papers: Sequence[Paper]) -> Ledger:
    """Return a ledger with all records that these papers may belong to. Looks into indexes only."""
    wanted = await asyncio.to_thread(_wanted, papers)
    aliases = {row["id"]: row["paper_id"] for row in await _among(writer, _ALIASES, wanted.ids)}
    titles = [(row["title"], row["paper_id"]) for row in await _among(writer, _TITLES, wanted.titles)]
    likely = {*wanted.ids, *aliases.values(), *(paper_id for _, paper_id in titles)}
    rows = await _among(writer, _PAPERS, sorted(likely))
    heard = await sightings.heard(writer, [row["id"] for row in rows])
    [last] = await writer.rows("SELECT max(place) AS place FROM papers")
    place = 0 if last["place"] is None else last["place"] + 1

    def ledger() -> Ledger:
        return Ledger([_record(row, heard.get(row["id"], {})) for row in rows], aliases, titles, place)

    return await asyncio.to_thread(ledger)


def _wanted(papers: Iterable[Paper]) -> _Wanted:
    ids, titles = set[str](), set[str]()
    for paper in papers:
        ids.update((paper.id, *names(paper)))
        titles.update(form for form in title_forms(paper.title) if form)
    return _Wanted(sorted(ids), sorted(titles))


async def _among(writer: Writer, sql: str, values: Sequence[str]) -> list[sqlite3.Row]:
    """Run a read with "IN (%s)" over any number of values."""
    found: list[sqlite3.Row] = []
    for start in range(0, len(values), _MOST):
        part = values[start : start + _MOST]
        found += await writer.rows(sql % ",".join("?" * len(part)), part)
    return found


async def close_ledger(writer: Writer, ledger: Ledger, now: datetime) -> None:
    """Write what has become of the records. What is new or changed gets the next numbers of `seq`."""
    [last] = await writer.rows("SELECT coalesce(max(seq), 0) AS seq FROM changes")
    added, changed = ledger.added, ledger.changed
    seq = last["seq"]
    rows = await asyncio.to_thread(_rows, [*added, *changed], seq, now)
    await writer.many(_INSERT, rows[: len(added)])
    await writer.many(_UPDATE, rows[len(added) :])
    seq += len(rows)
    for gone, kept in ledger.joined.items():
        seq += 1
        await _follow(writer, gone, kept, seq)
    await writer.many(_ALIAS, ledger.aliases.items())
    await writer.many("INSERT INTO titles (title, paper_id) VALUES (?, ?) ON CONFLICT DO NOTHING", ledger.titles)
    await sightings.note(writer, ledger.sightings, now)
    if seq > last["seq"]:
        await writer.rows("INSERT INTO changes (seq, token) VALUES (?, ?)", (seq, secrets.token_hex(8)))


async def _follow(writer: Writer, gone: str, kept: str, seq: int) -> None:
    """Let everything that was kept of one paper be of another, which it turned out to be."""
    await sightings.follow(writer, gone, kept)
    for table in await _tables(writer):
        # Where there is a row of the other paper's already, that one counts.
        await writer.rows(f"UPDATE OR IGNORE {table} SET paper_id = ? WHERE paper_id = ?", (kept, gone))  # noqa: S608 - a table of our own
        await writer.rows(f"DELETE FROM {table} WHERE paper_id = ?", (gone,))  # noqa: S608 - likewise
    await writer.rows("DELETE FROM papers WHERE id = ?", (gone,))
    await writer.rows("INSERT INTO removed (seq, id) VALUES (?, ?)", (seq, gone))


async def _tables(writer: Writer) -> list[str]:
    """Return the tables that say something of papers: all that have a column `paper_id`, those to come too."""
    sql = """
        SELECT made.name FROM sqlite_schema AS made JOIN pragma_table_info(made.name) AS columns
        WHERE made.type = 'table' AND columns.name = 'paper_id'
    """
    return [row["name"] for row in await writer.rows(sql)]


def _rows(records: Iterable[Record], seq: int, now: datetime) -> list[dict[str, object]]:
    at = now.isoformat(timespec="seconds")
    return [{**_values(record), "seq": seq + n, "now": at} for n, record in enumerate(records, 1)]


def _values(record: Record) -> dict[str, object]:
    paper = record.paper
    return {
        "id": paper.id,
        "place": record.place,
        "source": paper.source,
        "title": paper.title,
        "abstract": paper.abstract,
        "original_title": paper.original_title,
        "original_abstract": paper.original_abstract,
        "folded_title": fold_title(paper.title),
        "url": paper.url,
        "date": _written(paper.date),
        "listed": paper.listed,
        "authors": _list(paper.authors),
        "upvotes": paper.upvotes,
        "code": _list(paper.code),
        "links": _list(paper.links),
        "doi": paper.doi,
        "version": paper.version,
        "keywords": _list(paper.keywords),
        "summary": paper.summary,
        "organization": paper.organization,
        "thumbnail": paper.thumbnail,
        "stars": paper.stars,
        "comments": paper.comments,
        "categories": _list(paper.categories),
        "published": _written(paper.published),
        "arxiv": record.arxiv,
        "told_by": record.told_by,
        "told_as": record.told_as,
    }


def _record(row: sqlite3.Row, heard: Mapping[str, date | None]) -> Record:
    paper = paper_of(row)
    arxiv = row["arxiv"] or arxiv_of(paper)
    return Record(paper, row["place"], row["told_by"], row["told_as"], arxiv, heard)


def paper_of(row: sqlite3.Row) -> Paper:
    """Return the paper of a row that holds all columns."""
    return Paper(
        id=row["id"],
        title=row["title"],
        abstract=row["abstract"],
        source=row["source"],
        url=row["url"],
        date=_read(row["date"]),
        listed=row["listed"],
        authors=tuple(json.loads(row["authors"])),
        upvotes=row["upvotes"],
        code=tuple(json.loads(row["code"])),
        links=tuple(json.loads(row["links"])),
        original_title=row["original_title"],
        original_abstract=row["original_abstract"],
        doi=row["doi"],
        version=row["version"],
        keywords=tuple(json.loads(row["keywords"])),
        summary=row["summary"],
        organization=row["organization"],
        thumbnail=row["thumbnail"],
        stars=row["stars"],
        comments=row["comments"],
        categories=tuple(json.loads(row["categories"])),
        published=_read(row["published"]),
    )


def fold_title(title: str) -> str:
    """Return a title as it is put in alphabetical order: letter case and accents aside."""
    return " ".join(fold(title).split())


def _list(texts: tuple[str, ...]) -> str:
    return json.dumps(texts, ensure_ascii=False) if texts else "[]"


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _read(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None
