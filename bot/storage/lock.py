"""Locks that go with their process, however it ends: one running bot for each data folder, one writer of a file."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from bot.storage.database import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class InUseError(DatabaseError):
    """Another process holds what was asked for."""


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold a data folder for this process. Raises InUseError when another holds it, DatabaseError when none can."""
    refusal = f"another bot is running on {folder}: stop it first, or name another folder"
    with locked(folder / "running.lock", refusal):
        yield


def refuse_lost(database: Path) -> None:
    """Raise InUseError where a bot is running on the folder and its database is gone.

    To begin a new one would hide that, and what is taken in would never reach the bot.
    """
    file = database.parent / "running.lock"
    if database.exists() or not file.exists():
        return
    try:
        with locked(
            file, f"a bot is running on {database.parent}, and {database.name} is gone: put it back, or stop it"
        ):
            pass
    except InUseError:
        raise
    except DatabaseError:
        return  # what cannot be locked cannot be used: said where that is tried


@contextmanager
def locked(file: Path, refusal: str, patience: float = 0) -> Iterator[None]:
    """Hold a lock file; wait for `patience` seconds at most.

    SQLite's own file lock, since it works on every system. Raises InUseError with `refusal` when it is held, and
    DatabaseError when the folder cannot be used.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(file, timeout=patience, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise DatabaseError(f"cannot use {file.parent}: {error}") from error
    with closing(connection):
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                raise InUseError(refusal) from error
            raise DatabaseError(f"cannot use {file.parent}: {error}") from error
        yield
