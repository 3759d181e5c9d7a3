"""One running bot for each data folder."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from bot.storage.database import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold a data folder for this process; the lock goes with the process, however it ends.

    SQLite's own file lock, since it works on every system. Raises DatabaseError when another holds it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(folder / "running.lock", timeout=0, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise DatabaseError(f"cannot use {folder}: {error}") from error
    with closing(connection):
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            raise DatabaseError(f"another bot is running on {folder}: stop it first, or name another folder") from error
        yield
