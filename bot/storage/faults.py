"""Faults of the database: what an error says, and what whoever runs the bot can do about it."""

from __future__ import annotations

import errno
import sqlite3
from typing import NamedTuple

from bot.storage.database import DatabaseError
from bot.storage.lock import InUseError

FAULTS = (sqlite3.Error, DatabaseError)
"""What reading, writing or opening the database may raise."""
_RESTORE = "Restore a backup: `python -m bot restore FILE --force`; what is there now is kept beside it."
_SPACE = "Free some space on the disk; if there is enough, the disk itself may be failing."
_WRITABLE = "Make the data folder and its files writable for the user that I run as."
_CURES = {
    sqlite3.SQLITE_CORRUPT: _RESTORE,
    sqlite3.SQLITE_NOTADB: _RESTORE,
    sqlite3.SQLITE_FULL: "Free some space on the disk.",
    sqlite3.SQLITE_IOERR: _SPACE,
    sqlite3.SQLITE_READONLY: _WRITABLE,
    sqlite3.SQLITE_PERM: _WRITABLE,
    sqlite3.SQLITE_CANTOPEN: _WRITABLE,
    sqlite3.SQLITE_BUSY: "Another program holds the database: end it, or wait until it is done.",
    sqlite3.SQLITE_LOCKED: "Another program holds the database: end it, or wait until it is done.",
}
_REACHABLE = "Make that folder writable for the user that I run as, or name another."
_OS_CURES = {
    errno.ENOSPC: "Free some space on the disk.",
    errno.EDQUOT: "Free some space on the disk.",
    errno.EFBIG: "Free some space on the disk.",
    errno.EIO: _SPACE,
    errno.EACCES: _REACHABLE,
    errno.EPERM: _REACHABLE,
    errno.EROFS: _REACHABLE,
}


class Fault(NamedTuple):
    """What is wrong, and what to do."""

    said: str
    cure: str


def fault(error: BaseException) -> Fault:
    """Return what an error of the database means; its message is safe to show."""
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, sqlite3.Error) and (cure := _CURES.get(getattr(found, "sqlite_errorcode", 0) & 0xFF)):
            return Fault(str(error), cure)
        if isinstance(found, OSError):
            otherwise = "Name another data folder, with `--data` or COLLOQUIUM_DATA."
            return Fault(str(error), _OS_CURES.get(found.errno or 0, otherwise))
        found = found.__cause__
    # What comes from another version says itself what to do.
    return Fault(str(error), "" if isinstance(error, DatabaseError) else "My log tells more.")


def told(error: BaseException) -> str:
    """Return what an error says and, where it comes from SQLite or the file system, what to do: a line to read."""
    if isinstance(error, InUseError):
        return str(error)  # says so itself
    # An OSError by itself may be of any file; what the storage made of one is of the data folder or a backup.
    found = error if isinstance(error, sqlite3.Error) else error.__cause__ if isinstance(error, DatabaseError) else None
    while found is not None and not isinstance(found, (sqlite3.Error, OSError)):
        found = found.__cause__
    cure = fault(error).cure if isinstance(found, sqlite3.Error) else _OS_CURES.get(getattr(found, "errno", 0) or 0, "")
    return f"{error}. {cure}" if cure else str(error)
