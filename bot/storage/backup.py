"""Backups: a consistent copy while the bot runs, and the way back."""

from __future__ import annotations

import os
import re
import sqlite3
import tempfile
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from bot.storage.database import MIGRATIONS, DatabaseError, reading
from bot.storage.lock import InUseError, only_one
from bot.storage.shape import differs

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGES = 2_000
"""Pages (of 4 KiB) copied at a time: others may write in between."""
KEPT = 3
"""Copies made by the bot itself, before it changes the schema, that are kept."""
ABANDONED = 3600.0
"""Seconds after which a half-made copy in the bot's own folder is one whose process has ended."""
_OWN = re.compile(r"schema-(?P<schema>\d{4})(?:-(?P<at>\d{8}T\d{6})(?P<again>-\d+)?)?\.db")
"""The bot's own copies. Those of early versions bear no date."""
_AT = "%Y%m%dT%H%M%S"


class ThereAlreadyError(DatabaseError):
    """The file that was to be made is there, and not ours to overwrite."""


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
    taken = f"{to} is there already: name another file"
    if os.path.lexists(to):
        raise ThereAlreadyError(taken)
    if not database.exists():
        raise DatabaseError(f"there is no database at {database}")
    try:
        with _part(to) as part:
            _copy(database, part)
            found = inspect(part, database)
            _place(part, to)
    except FileExistsError as error:
        raise ThereAlreadyError(taken) from error
    except (OSError, sqlite3.Error) as error:
        raise DatabaseError(f"cannot back up to {to}: {error}") from error
    return found


@contextmanager
def _part(to: Path) -> Iterator[Path]:
    """Make an empty file beside `to`, under a name that nobody has; what is left of it goes with the block."""
    # Papers may be public, but who asked what is not: the file is its owner's alone from the start.
    descriptor, name = tempfile.mkstemp(".part", f"{to.name[:80]}.", to.parent)
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        with suppress(OSError):
            Path(name).unlink()


def _copy(database: Path, part: Path) -> None:
    with closing(sqlite3.connect(reading(database), uri=True)) as source, closing(sqlite3.connect(part)) as target:
        source.backup(target, pages=PAGES, sleep=0.01)
        # A copy is one file: without a log beside it.
        target.execute("PRAGMA journal_mode = DELETE")
    descriptor = os.open(part, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _place(file: Path, to: Path) -> None:
    """Give a file one more name, or a new one for the old where only that can be had.

    Raises FileExistsError when there is something under that name: nothing is ever overwritten.
    """
    # Not replace(): what came to be there meanwhile is not ours.
    try:
        os.link(file, to)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links (exFAT, many shares): an empty file takes the name, and that is replaced.
        os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        file.replace(to)


def inspect(file: Path, called: Path | None = None) -> Copy:
    """Read a backup from end to end.

    Raises DatabaseError when it is none, is damaged, or is of another version: a message about `called`.
    """
    called = called or file
    newest = max(int(script.name[:4]) for script in MIGRATIONS.glob("*.sql"))
    try:
        with closing(_still(file)) as connection:
            schema = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if schema < 1:
                raise DatabaseError(f"{called} is no database of Colloquium")
            if schema > newest:
                raise DatabaseError(f"{called} was made by a newer version (schema {schema}): upgrade first")
            whole = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if whole != "ok":
                raise DatabaseError(f"{called} is damaged: {' '.join(str(whole).split())}")
            # Our schema has neither; they would act, or lie, whenever the bot reads or writes.
            if connection.execute("SELECT 1 FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchone():
                raise DatabaseError(f"{called} holds what no backup of Colloquium does: triggers or views")
            papers = int(connection.execute("SELECT count(*) FROM papers").fetchone()[0])
    except sqlite3.Error as error:
        # Not from the error: its cure would be to restore a backup, and this may be the attempt.
        raise DatabaseError(f"{called} is no backup, or a damaged one ({error}): name another") from None
    return Copy(file.stat().st_size, papers, schema)


def _still(file: Path) -> sqlite3.Connection:
    """Open a file that nobody changes."""
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def restore(file: Path, database: Path, now: datetime, *, force: bool) -> Copy:
    """Put a backup in the place of the database; what was there is kept beside it under another name.

    Raises DatabaseError when the backup is not sound, a bot is running on the folder, another program has the
    database open, or there is a database and `force` is not given. Blocks: for a thread.
    """
    if not file.is_file():
        raise DatabaseError(f"there is no file {file}")
    found = inspect(file)
    with closing(_still(file)) as connection:
        if table := differs(connection, found.schema):
            raise DatabaseError(
                f"{file} is no whole backup: its table {table[:40]!r} is not as schema {found.schema} has it"
            )
    with only_one(database.parent):
        if database.exists() and not force:
            raise DatabaseError(f"{database} is there: with --force it is kept beside, and the backup takes its place")
        try:
            with _part(database) as part:
                _copy(file, part)
                _set_aside(database, now)
                part.replace(database)
        except (OSError, sqlite3.Error) as error:
            raise DatabaseError(f"cannot restore to {database}: {error}") from error
    return found


def _set_aside(database: Path, now: datetime) -> None:
    """Give the present database another name, its log folded into it first.

    It keeps the old name too, where it can, until that is taken: at no moment is there none. Raises InUseError when
    another program has it open.
    """
    logs = [f"{database.name}{suffix}" for suffix in ("-wal", "-shm")]
    if database.exists():
        _fold(database)
    if not any(database.with_name(name).exists() for name in (database.name, *logs)):
        return
    kept = _free(database.with_name(f"{database.stem}-before-{now:{_AT}}.db"))
    for name in logs:
        # There still, if the log could not be folded in: of a damaged database, or one that is gone.
        if (beside := database.with_name(name)).exists():
            _place(beside, kept.with_name(f"{kept.name}{name.removeprefix(database.name)}"))
            beside.unlink(missing_ok=True)
    if database.exists():
        _place(database, kept)


def _fold(database: Path) -> None:
    """Make one file of a database and its log, which succeeds only where nobody else has it open."""
    try:
        with closing(sqlite3.connect(database, timeout=1)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            why = f"another program has {database} open (a chat or an ingest, say): end it first"
            raise InUseError(why) from error


def _free(path: Path) -> Path:
    """Return `path`, or the next name like it under which there is nothing, nor a log of it."""
    names = (path.with_stem(f"{path.stem}-{number}") if number > 1 else path for number in count(1))
    return next(
        name for name in names if not any(os.path.lexists(f"{name}{suffix}") for suffix in ("", "-wal", "-shm"))
    )


def before_change(database: Path, schema: int, now: datetime | None = None) -> None:
    """Keep a copy of a database of an older schema before it is changed; the oldest such copies are deleted.

    The copy bears the date; none is made where the last one is sound and nothing was written since, as when a new
    version fails and is started again and again. Raises DatabaseError.
    """
    now = now or datetime.now(UTC)
    folder = database.parent / "backups"
    try:
        folder.mkdir(exist_ok=True)
        kept = _own(folder)
        if not (kept and _still_good(kept[-1], database, schema)):
            _keep(database, folder / f"schema-{schema:04}-{now:{_AT}}.db")
        _tidy(folder, now)
    except OSError as error:
        raise DatabaseError(f"cannot keep a copy in {folder}: {error}") from error


def _keep(database: Path, to: Path) -> None:
    while True:
        try:
            back_up(database, _free(to))
        except ThereAlreadyError:
            continue  # another process that changes it too was first
        return


def _own(folder: Path) -> list[Path]:
    """Return the bot's own copies, the oldest first."""

    def age(file: Path) -> tuple[str, int, str]:
        found = _OWN.fullmatch(file.name)
        assert found is not None  # noqa: S101 - only such are sorted
        return found["at"] or "", int((found["again"] or "-0")[1:]), found["schema"]

    return sorted((file for file in folder.iterdir() if _OWN.fullmatch(file.name)), key=age)


def _still_good(copy: Path, database: Path, schema: int) -> bool:
    """Say whether a copy is sound, of this schema, and begun after the last change to the database."""
    found = _OWN.fullmatch(copy.name)
    if not (found and found["at"] and int(found["schema"]) == schema):
        return False
    begun = datetime.strptime(found["at"], _AT).replace(tzinfo=UTC).timestamp()
    if max(_touched(database), _touched(database.with_name(f"{database.name}-wal"))) >= begun:
        return False
    try:
        return inspect(copy).schema == schema
    except DatabaseError:
        return False


def _touched(file: Path) -> float:
    """Return when a file was last written, renamed or put there, in seconds; 0 if nothing is in it."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return 0.0
    return max(found.st_mtime, found.st_ctime) if found.st_size else 0.0


def _tidy(folder: Path, now: datetime) -> None:
    for old in _own(folder)[:-KEPT]:
        old.unlink(missing_ok=True)
    for part in folder.glob("schema-*.part"):
        with suppress(FileNotFoundError):
            if now.timestamp() - part.stat().st_mtime > ABANDONED:
                part.unlink()
