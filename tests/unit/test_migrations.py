"""Databases of every version before this one, with something in each table: nothing is lost, and the bot goes on."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from bot.app import open_app
from bot.config import Settings
from bot.core.favourite import Kind
from bot.storage.backup import inspect
from bot.storage.database import MIGRATIONS
from tests.unit.test_cli import bot, fails

if TYPE_CHECKING:
    from pathlib import Path

SCRIPTS = sorted(MIGRATIONS.glob("*.sql"))
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
AT = "2026-11-24T09:00:00+00:00"
ROWS: dict[str, dict[str, Any]] = {
    "papers": {
        "id": "quokka", "place": 0, "title": "The quokka method", "abstract": "It counts quokkas in 12 languages.",
        "original_title": "The quokka method", "original_abstract": "It counts quokkas in 12 languages.",
        "folded_title": "the quokka method", "source": "file", "url": "https://arxiv.org/abs/2611.00042",
        "date": "2026-11-20", "listed": None, "authors": '["Ada Lovelace"]', "upvotes": 7, "code": "[]", "links": "[]",
        "added_at": AT, "seq": 1,
    },
    "schedules": {
        "id": 5, "guild_id": 1, "channel_id": 2, "creator_id": 3, "at": "09:30", "zone": "Europe/Berlin",
        "days": "0123456", "size": 4, "topics": "quokkas", "paused": 1, "note": "gone", "since": AT, "told_empty": 0,
    },
    "posts": {
        "schedule_id": 5, "slot": "2026-11-23", "outcome": "posted", "papers": '["quokka"]', "message_id": 9,
        "detail": "", "updated_at": AT,
    },
    "shown": {"channel_id": 2, "paper_id": "quokka", "shown_at": AT},
    "searches": {"token": "tokenofsearch", "owner_id": 3, "query": '{"query": "quokka"}', "kept_at": AT},
    "notes": {"name": "commands", "value": "hash"},
    "turns": {
        "token": "tokenofturn", "conversation": "ask:1", "owner_id": 3, "question": "Which quokkas?", "context": "",
        "asked_at": AT,
    },
    "changes": {"seq": 1, "token": "abcd"},
    "embedders": {"id": 1, "model": "m", "dimensions": 2},
    "vectors": {"id": 1, "embedder_id": 1, "content": b"c", "vector": b"v1"},
    "aliases": {"id": "2611.00042", "paper_id": "quokka"},
    "titles": {"title": "thequokkamethod", "paper_id": "quokka"},
    "sightings": {
        "paper_id": "quokka", "source": "file", "day": "2026-11-20", "votes": 7, "version": 1, "first_seen": AT,
        "last_seen": AT,
    },
    "readings": {"source": "huggingface", "day": "2026-11-20", "read_at": AT, "papers": 3, "detail": ""},
    "favourites": {"user_id": 3, "kind": "saved", "paper_id": "quokka", "guild_id": 1, "at": AT},
}  # fmt: skip
"""A row for each table, of the columns that it had when it came."""


def made(path: Path, schema: int) -> dict[str, dict[str, Any]]:
    """Make a database as the version with this schema left it; return the rows that are in it."""
    path.parent.mkdir(parents=True)
    kept = {}
    with closing(sqlite3.connect(path)) as connection:
        for script in SCRIPTS[:schema]:
            connection.executescript(script.read_text(encoding="utf-8"))
        connection.execute(f"PRAGMA user_version = {schema}")
        for table, row in ROWS.items():
            columns = {column[1] for column in connection.execute(f"PRAGMA table_info({table})")}
            values = {name: value for name, value in row.items() if name in columns}
            if columns:
                kept[table] = values
                marks = ", ".join("?" * len(values))
                sql = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})"  # noqa: S608 - our own names
                connection.execute(sql, [*values.values()])
        connection.commit()
    return kept


def holds(path: Path, table: str, row: dict[str, Any]) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        where = " AND ".join(f"{name} IS ?" for name in row)
        return bool(connection.execute(f"SELECT 1 FROM {table} WHERE {where}", [*row.values()]).fetchone())  # noqa: S608


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        named = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        return {name for (name,) in named}


def test_every_table_has_a_row_here(tmp_path: Path) -> None:
    made(tmp_path / "data" / "c.db", len(SCRIPTS))
    # What was removed is a list of ids alone, of papers that are not there.
    assert tables(tmp_path / "data" / "c.db") - {"removed"} == set(ROWS)


@pytest.mark.parametrize("schema", range(1, len(SCRIPTS)))
async def test_a_database_of_every_version_loses_nothing_and_is_used_on(tmp_path: Path, schema: int) -> None:
    settings = Settings(data=tmp_path / "data")
    rows = made(settings.database, schema)
    async with open_app(settings) as app:
        assert [hit.paper.id for hit in await app.library.search("quokkas")] == ["quokka"]
        assert (await app.library.answer("How many languages does the quokka method count?")).answered
        found = await app.library.paper("2611.00042")
        assert found
        assert (found.id, found.authors, found.upvotes) == ("quokka", ("Ada Lovelace",), 7)
        [schedule] = await app.roundups.store.every()
        assert (schedule.id, schedule.topics, schedule.paused, schedule.note) == (5, "quokkas", True, "gone")
        post = await app.roundups.store.newest(5)
        assert post
        assert (post.outcome, post.papers, post.message_id) == ("posted", ("quokka",), 9)
        assert await app.notes.search("tokenofsearch") == {"query": "quokka"}
        await app.favourites.save(4, "quokka", 1, NOW)
        assert await app.favourites.count(4) == 1
        assert (await app.favourites.page(3, Kind.SAVED, 0, 5)).total == ("favourites" in rows)
    assert [table for table, row in rows.items() if not holds(settings.database, table, row)] == []
    # What was there before is kept beside, as it was.
    [copy] = (settings.data / "backups").iterdir()
    assert copy.name.startswith(f"schema-{schema:04}-")
    assert (inspect(copy).schema, inspect(copy).papers) == (schema, 1)
    assert [table for table, row in rows.items() if not holds(copy, table, row)] == []


def test_a_folder_from_the_future_is_refused_in_one_line_by_every_command(tmp_path: Path) -> None:
    made(tmp_path / "data" / "colloquium.db", len(SCRIPTS))
    with closing(sqlite3.connect(tmp_path / "data" / "colloquium.db")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA user_version = 999")
    before = (tmp_path / "data" / "colloquium.db").read_bytes()
    for command in (["search", "quokka"], ["ingest", "none.jsonl"], ["roundup", "--preview"], ["backup", "x.db"]):
        fails(bot(tmp_path / "data", *command), 1, "newer version (schema 999", "upgrade")
    assert (tmp_path / "data" / "colloquium.db").read_bytes() == before
