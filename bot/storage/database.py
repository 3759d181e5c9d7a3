"""The database: one SQLite file, one connection, one gate for writes."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import sqlite3
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiosqlite

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence

    Values = Sequence[Any] | Mapping[str, Any]

MIGRATIONS = Path(__file__).parent / "migrations"
_SCRIPT = re.compile(r"(\d{4})_\w+\.sql")

_LOST = "Put it back, with the files beside it, or restore a backup; then restart me."
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class DatabaseError(Exception):
    """The data folder cannot be used; the message says why and is safe to show."""


class Database:
    """An open database. Reads go through `rows` and `row`, writes through `transaction`."""

    def __init__(self, connection: aiosqlite.Connection, path: Path) -> None:
        """Wrap an open connection to a file; use `open_database`."""
        self._connection = connection
        self.path = path
        self._file = _identity(path)
        # One coroutine's rollback would undo another's writes on a shared connection.
        self._gate = asyncio.Lock()

    async def rows(self, sql: str, values: Values = ()) -> list[sqlite3.Row]:
        """Return all rows of a read. Waits for a write under way, so it sees only what is committed."""
        async with self._gate:
            try:
                return list(await self._connection.execute_fetchall(sql, values))
            except sqlite3.DatabaseError as error:
                if getattr(error, "sqlite_errorcode", 0) in _DAMAGED:
                    raise DatabaseError(f"the database is damaged: {error}") from error
                raise

    async def row(self, sql: str, values: Values = ()) -> sqlite3.Row | None:
        """Return the first row of a read, or None."""
        found = await self.rows(sql, values)
        return found[0] if found else None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Writer]:
        """Enter the one gate for writes: committed at the end, rolled back on any error or cancellation."""
        async with self._gate:
            try:
                await self._connection.execute("BEGIN IMMEDIATE")
                yield Writer(self._connection)
                await self._connection.execute("COMMIT")
            except BaseException as error:
                # A cancelled BEGIN or COMMIT still runs in the connection's thread: only there is it known
                # whether anything is left to undo, and rollback() asks there.
                await self._connection.rollback()
                if isinstance(error, sqlite3.Error) and error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY:
                    raise DatabaseError(f"cannot write {self.path}: the folder or the file is read-only") from error
                raise

    async def trial(self) -> None:
        """Write a little: a full disk or a lost right shows only so. Raises sqlite3.Error or DatabaseError.

        A file that was deleted or moved can be written as long as it is open, but what is written is lost, or nobody's.
        """
        if await asyncio.to_thread(_identity, self.path) != self._file:
            raise DatabaseError(f"{self.path} was moved, deleted or replaced while I use it. {_LOST}")
        sql = "INSERT INTO notes VALUES ('trial', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        async with self.transaction() as writer:
            await writer.rows(sql, (secrets.token_hex(4),))

    async def examine(self) -> None:
        """Read the whole file, in seconds for a large one. Raises DatabaseError where it is damaged."""
        found = await self.rows("PRAGMA quick_check(1)")
        if found[0][0] != "ok":
            # SQLite names pages over several lines.
            said = f"the database is damaged: {' '.join(str(found[0][0]).split())}"
            raise DatabaseError(said) from _damaged()

    async def version(self) -> int:
        """Return the number of the schema."""
        return int((await self.rows("PRAGMA user_version"))[0][0])

    async def close(self) -> None:
        """Close the file; waits for a write under way."""
        async with self._gate:
            await self._connection.close()


class Writer:
    """What may be done inside a transaction."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        """Wrap the connection of an open transaction."""
        self._connection = connection

    async def rows(self, sql: str, values: Values = ()) -> list[sqlite3.Row]:
        """Run a statement and return its rows (those of RETURNING, for a write)."""
        return list(await self._connection.execute_fetchall(sql, values))

    async def many(self, sql: str, values: Iterable[Values]) -> None:
        """Run a statement once for each row of values."""
        await self._connection.executemany(sql, values)


def _damaged() -> sqlite3.DatabaseError:
    """Return what SQLite raises where it comes upon damage by itself."""
    error = sqlite3.DatabaseError()
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from every other that may come to stand at its place; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def reading(path: Path) -> str:
    """Return the address that opens a database for reading only, where nothing may be written too."""
    # SQLite keeps a writer's work beside the file, and makes that place even to read: unless told, where there
    # is none, that the file does not change.
    still = not writable(path) and not path.with_name(f"{path.name}-wal").exists()
    return f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if still else ''}"


def writable(path: Path) -> bool:
    """Say whether the database at `path` may be written."""
    return os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


async def open_database(path: Path, before_change: Callable[[Path, int], None] | None = None) -> Database:
    """Open or make the database at `path` and bring it to the newest schema.

    `before_change` is called (in a thread) with the path and the number of an older schema before that is changed.
    One that may only be read is opened for that. Raises DatabaseError when there is none and none can be made,
    the file is no database, or it comes from another version.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        only_read = not writable(path)
        if not only_read:
            _begin(path)
        address = reading(path) if only_read else path
        # Tried first without aiosqlite: the thread of a connection that failed outlives the failure.
        await asyncio.to_thread(lambda: sqlite3.connect(address, uri=only_read).close())
        connection = await aiosqlite.connect(address, isolation_level=None, uri=only_read)
    except (FileExistsError, NotADirectoryError) as error:
        raise DatabaseError(f"cannot open {path}: a file stands where its folder should be") from error
    except (OSError, sqlite3.Error) as error:
        raise DatabaseError(f"cannot open {path}: {getattr(error, 'strerror', None) or error}") from error
    try:
        connection.row_factory = sqlite3.Row
        await (_prepare_to_read(connection) if only_read else _prepare(connection))
        await _migrate(connection, path, only_read=only_read, before_change=before_change)
    except (DatabaseError, sqlite3.Error) as error:
        await connection.close()
        msg = str(error) if isinstance(error, DatabaseError) else f"cannot use {path}: {error}"
        raise DatabaseError(msg) from error
    except BaseException:
        await connection.close()
        raise
    return Database(connection, path)


def _begin(path: Path) -> None:
    """Make an empty file where there is none, its owner's alone: papers may be public, but who asked what is not."""
    # An empty file is a database to SQLite, which gives those that it makes beside it the same rights. But beside one
    # it would delete the log of the database that was here, and with that what only the log holds.
    log = path.with_name(f"{path.name}-wal")
    if not path.exists() and log.exists() and log.stat().st_size:
        raise DatabaseError(f"{path} is gone and its log is here: put the database back, or move {log.name} away too")
    if not path.exists():
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))


async def _prepare(connection: aiosqlite.Connection) -> None:
    for pragma in ("busy_timeout = 5000", "synchronous = FULL", "foreign_keys = ON"):
        await connection.execute(f"PRAGMA {pragma}")
    for _ in range(100):
        # Of several that turn a new file to WAL at once, SQLite refuses all but one without waiting.
        try:
            await connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            await asyncio.sleep(0.05)
        else:
            return
    msg = "the database stays locked by another process"
    raise DatabaseError(msg)


async def _prepare_to_read(connection: aiosqlite.Connection) -> None:
    await connection.execute("PRAGMA busy_timeout = 5000")


async def _migrate(
    connection: aiosqlite.Connection,
    path: Path,
    *,
    only_read: bool,
    before_change: Callable[[Path, int], None] | None,
) -> None:
    scripts = {int(file.name[:4]): file for file in MIGRATIONS.glob("*.sql") if _SCRIPT.fullmatch(file.name)}
    version = await _version(connection)
    if version > max(scripts):
        msg = f"{path} was written by a newer version (schema {version}, this one knows {max(scripts)}): upgrade"
        raise DatabaseError(msg)
    if only_read and version < max(scripts):
        raise DatabaseError(f"{path} is of an older version: open it once where it may be written")
    if 0 < version < max(scripts) and before_change is not None:
        await asyncio.to_thread(before_change, path, version)
    for number in sorted(scripts):
        if number > version:
            await _apply(connection, number, scripts[number].read_text(encoding="utf-8"))


async def _version(connection: aiosqlite.Connection) -> int:
    found = list(await connection.execute_fetchall("PRAGMA user_version"))
    return int(found[0][0])


async def _apply(connection: aiosqlite.Connection, number: int, script: str) -> None:
    # executescript stops at the first error and leaves what came before: only a transaction
    # that holds the version number too makes a migration whole.
    try:
        await connection.executescript(f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {number};\nCOMMIT;")
    except BaseException as error:
        await connection.rollback()
        # Another process may have opened the same folder at the same moment and been first.
        if not isinstance(error, sqlite3.Error) or await _version(connection) < number:
            raise
