"""Backups: a consistent copy while the bot runs, and the way back."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.storage.database import MIGRATIONS, DatabaseError, reading
from bot.storage.lock import only_one

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

PAGES = 2_000
"""Pages (of 4 KiB) copied at a time: others may write in between."""
KEPT = 3
"""Copies made by the bot itself, before it changes the schema, that are kept."""


@dataclass(frozen=True, slots=True)
class Copy:
    """What a backup file holds: its size in bytes, the number of papers, and the number of its schema."""

    size: int
    papers: int
    schema: int


def back_up(database: Path, to: Path) -> Copy:
    """Copy the database to a new file, whole or not at all, whoever writes meanwhile.

    SQLite's online backup. Raises DatabaseError when there is nothing to copy, or the target exists or cannot
    be written. Blocks: for a thread.
    """
    if to.exists():
        raise DatabaseError(f"{to} is there already: name another file")
    if not database.exists():
        raise DatabaseError(f"there is no database at {database}")
    part = to.with_name(f"{to.name}.part")
    try:
        _copy(database, part)
        found = inspect(part)
        # Not replace(): what came to be there meanwhile is not ours to overwrite.
        os.link(part, to)
    except FileExistsError as error:
        raise DatabaseError(f"{to} is there already: name another file") from error
    except (OSError, sqlite3.Error) as error:
        raise DatabaseError(f"cannot back up to {to}: {error}") from error
    finally:
        with suppress(OSError):
            part.unlink()
    return found


def _copy(database: Path, part: Path) -> None:
    # Papers may be public, but who asked what is not: the file is its owner's alone from the start.
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(reading(database), uri=True)) as source, closing(sqlite3.connect(part)) as target:
        source.backup(target, pages=PAGES, sleep=0.01)
        # A copy is one file: without a log beside it.
        target.execute("PRAGMA journal_mode = DELETE")
    descriptor = os.open(part, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def inspect(file: Path) -> Copy:
    """Read a backup from end to end. Raises DatabaseError when it is none, is damaged, or is of another version."""
    newest = max(int(script.name[:4]) for script in MIGRATIONS.glob("*.sql"))
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            schema = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if not schema:
                raise DatabaseError(f"{file} is no backup of Colloquium")
            if schema > newest:
                raise DatabaseError(f"{file} was made by a newer version (schema {schema}): upgrade first")
            whole = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if whole != "ok":
                raise DatabaseError(f"{file} is damaged: {whole}")
            # Our schema has neither; they would act, or lie, whenever the bot reads or writes.
            if connection.execute("SELECT 1 FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchone():
                raise DatabaseError(f"{file} holds what no backup of Colloquium does: triggers or views")
            papers = int(connection.execute("SELECT count(*) FROM papers").fetchone()[0])
    except sqlite3.Error as error:
        raise DatabaseError(f"{file} is no backup, or a damaged one: {error}") from error
    return Copy(file.stat().st_size, papers, schema)


def restore(file: Path, database: Path, now: datetime, *, force: bool) -> Copy:
    """Put a backup in the place of the database; what was there is kept beside it under another name.

    Raises DatabaseError when the backup is not sound, a bot is running on the folder, or there is a database
    and `force` is not given. Blocks: for a thread.
    """
    if not file.is_file():
        raise DatabaseError(f"there is no file {file}")
    found = inspect(file)
    with only_one(database.parent):
        if database.exists() and not force:
            raise DatabaseError(f"{database} is there: with --force it is kept beside, and the backup takes its place")
        part = database.with_name(f"{database.name}.restoring")
        part.unlink(missing_ok=True)
        try:
            _copy(file, part)
            _set_aside(database, now)
            part.replace(database)
        except (OSError, sqlite3.Error) as error:
            raise DatabaseError(f"cannot restore to {database}: {error}") from error
        finally:
            part.unlink(missing_ok=True)
    return found


def _set_aside(database: Path, now: datetime) -> None:
    """Give the present database another name, its log folded into it first."""
    if not database.exists():
        return
    with suppress(sqlite3.Error), closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = database.with_name(f"{database.stem}-before-{now:%Y%m%dT%H%M%S}.db")
    for suffix in ("-wal", "-shm"):
        beside = database.with_name(f"{database.name}{suffix}")
        if beside.exists():
            beside.replace(kept.with_name(f"{kept.name}{suffix}"))
    database.replace(kept)


def before_change(database: Path, schema: int) -> None:
    """Keep a copy of a database of an older schema before it is changed; the oldest such copies are deleted."""
    folder = database.parent / "backups"
    folder.mkdir(exist_ok=True)
    made = folder / f"schema-{schema:04}.db"
    if not made.exists():
        back_up(database, made)
    for old in sorted(folder.glob("schema-*.db"))[:-KEPT]:
        old.unlink()
