"""The shape of a database: what tables, columns and indexes a schema has."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from bot.storage.database import MIGRATIONS


def differs(connection: sqlite3.Connection, schema: int) -> str:
    """Return the name of the first table that is not as the migrations up to `schema` make it, or ""."""
    with closing(sqlite3.connect(":memory:")) as made:
        for script in sorted(MIGRATIONS.glob("*.sql"))[:schema]:
            made.executescript(script.read_text(encoding="utf-8"))
        ours = _shape(made)
    theirs = _shape(connection)
    return next((name for name in sorted({*ours, *theirs}) if ours.get(name) != theirs.get(name)), "")


def _shape(connection: sqlite3.Connection) -> dict[str, object]:
    """Return each table's columns (name, type, required, default, key) and indexes (unique, partial, columns)."""
    # SQLite's own tables, as of statistics, come and go.
    named = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite@_%' ESCAPE '@'"
    )
    return {name: (_columns(connection, name), _indexes(connection, name)) for (name,) in named.fetchall()}


def _columns(connection: sqlite3.Connection, table: str) -> frozenset[tuple[object, ...]]:
    return frozenset(
        connection.execute('SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info(?)', (table,))
    )


def _indexes(connection: sqlite3.Connection, table: str) -> frozenset[tuple[object, ...]]:
    found = connection.execute('SELECT name, "unique", partial FROM pragma_index_list(?)', (table,)).fetchall()
    columns = "SELECT name FROM pragma_index_info(?) ORDER BY seqno"
    return frozenset(
        (unique, partial, *connection.execute(columns, (name,)).fetchall()) for name, unique, partial in found
    )
