"""A snapshot: all papers as they stand at one moment, read beside the writers and off the event loop."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from bot.storage.database import DatabaseError, reading
from bot.storage.papers import GROUP, Mark
from bot.storage.records import paper_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.core.paper import Paper


class Snapshot:
    """One view of the papers, the same however long it is read and whatever is written meanwhile.

    Blocks: for threads and processes of their own.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Read through a connection inside a transaction; use `snapshot`."""
        self._connection = connection

    def mark(self) -> Mark:
        """Return the moment of this view."""
        row = self._connection.execute("SELECT seq, token FROM changes ORDER BY seq DESC LIMIT 1").fetchone()
        return Mark(row["seq"], row["token"]) if row else Mark()

    def holds(self, mark: Mark) -> bool:
        """Say whether the history of this database went through that moment."""
        found = self._connection.execute("SELECT token FROM changes WHERE seq = ?", (mark.seq,)).fetchone()
        return mark == Mark() or (found is not None and found["token"] == mark.token)

    def count(self, since: int = 0) -> int:
        """Return how many papers are new or changed since a seq."""
        return int(self._connection.execute("SELECT count(*) FROM papers WHERE seq > ?", (since,)).fetchone()[0])

    def papers(self, since: int = 0) -> Iterator[Paper]:
        """Yield the papers that are new or changed since a seq, in the order of arrival."""
        if not since:
            yield from map(paper_of, self._connection.execute("SELECT * FROM papers ORDER BY place"))
            return
        # In two steps, and put in order here: asked for both, SQLite looks through all papers in their order.
        found = self._connection.execute("SELECT place FROM papers WHERE seq > ?", (since,)).fetchall()
        places = sorted(row["place"] for row in found)
        for start in range(0, len(places), GROUP):
            wanted = places[start : start + GROUP]
            marks = ",".join("?" * len(wanted))
            sql = f"SELECT * FROM papers WHERE place IN ({marks}) ORDER BY place"  # noqa: S608 - marks only
            yield from map(paper_of, self._connection.execute(sql, wanted))

    def removed(self, since: int) -> list[str]:
        """Return the ids of the papers that have become part of others since a seq."""
        rows = self._connection.execute("SELECT id FROM removed WHERE seq > ? ORDER BY seq", (since,))
        return [row["id"] for row in rows]


@contextmanager
def snapshot(path: Path) -> Iterator[Snapshot]:
    """Open a view of the papers in the database at `path`, which is of the newest schema. Raises DatabaseError."""
    try:
        with closing(sqlite3.connect(reading(path), uri=True, isolation_level=None, timeout=5)) as connection:
            connection.row_factory = sqlite3.Row
            connection.execute("BEGIN")
            yield Snapshot(connection)
    except sqlite3.Error as error:
        raise DatabaseError(f"cannot read {path}: {error}") from error
