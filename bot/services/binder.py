"""Binding: the papers of a database into an index file, and that file back into an index. Blocks: for threads."""

from __future__ import annotations

import hashlib
import logging
import sys
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

from bot.core.index import Index
from bot.core.segment import Segment
from bot.storage import index_file
from bot.storage.index_file import Damage
from bot.storage.lock import locked
from bot.storage.papers import Mark
from bot.storage.snapshot import Snapshot, snapshot

log = logging.getLogger(__name__)
PATIENCE = 3600.0
"""Seconds to wait for another process that is writing the same file."""


@dataclass(frozen=True, slots=True)
class Bound:
    """An index, and the moment up to which it knows the papers."""

    index: Index
    mark: Mark


def bind(database: Path, file: Path, patience: float = PATIENCE) -> None:
    """Write the index of all papers, unless the file has just that. Raises DatabaseError, OSError."""
    lock = file.with_name(f"{file.name}.lock")
    with locked(lock, f"another process is writing {file}", patience), snapshot(database) as view:
        mark = view.mark()
        wanted = {"made_by": made_by(), "seq": mark.seq, "token": mark.token, "papers": view.count()}
        if index_file.read_meta(file) != wanted or isinstance(index_file.read(file), Damage):
            index_file.write(file, Segment.made(view.papers()), wanted)


def load(database: Path, file: Path, limit: int) -> Bound | None:
    """Return the index of a file with what came since, or None if it is not to be had or lacks more than `limit`.

    Raises DatabaseError.
    """
    found = index_file.read(file)
    if isinstance(found, Damage):
        log.log(logging.INFO if found.missing else logging.WARNING, "no use of %s: %s", file, found.reason)
        return None
    if found.meta.get("made_by") != made_by():
        log.info("no use of %s: it is of another version", file)
        return None
    bound = Bound(Index.on(Segment.from_arrays(found.arrays)), Mark(found.meta["seq"], found.meta["token"]))
    with snapshot(database) as view:
        if not view.holds(bound.mark) or (lacks := view.count(bound.mark.seq)) > limit:
            log.info("no use of %s: it is of another database, or too old", file)
            return None
        whole = _grown(bound, view) if lacks else bound
        if len(whole.index) != view.count():
            log.warning("no use of %s: it has other papers than the database", file)
            return None
        return whole


def extend(database: Path, bound: Bound, limit: int | None = None) -> Bound | None:
    """Return the index with what came since, or None if that is more than `limit`. Raises DatabaseError.

    Without a limit, an index of another history is made anew.
    """
    with snapshot(database) as view:
        if not view.holds(bound.mark):
            if limit is not None:
                return None
            bound = Bound(Index(), Mark())
        lacks = view.count(bound.mark.seq)
        if limit is not None and lacks > limit:
            return None
        return _grown(bound, view) if lacks else Bound(bound.index, view.mark())


def _grown(bound: Bound, view: Snapshot) -> Bound:
    since = bound.mark.seq
    return Bound(bound.index.with_papers(view.papers(since), view.removed(since)), view.mark())


@cache
def made_by() -> str:
    """Return a digest of the code that makes an index: a file of other code is of no use, whatever changed."""
    digest = hashlib.sha256(f"{sys.byteorder} {unicodedata.unidata_version}".encode())
    for name in sorted(makers()):
        digest.update(Path(sys.modules[name].__file__ or "").read_bytes())
    return digest.hexdigest()


def makers() -> set[str]:
    """Return the names of the modules that take part in making a segment: its own and all that they use."""
    found, waiting = set[str](), [Segment.__module__]
    while waiting:
        name = waiting.pop()
        if name not in found and name.startswith(("bot.core.", "snowballstemmer.")):
            found.add(name)
            used = vars(sys.modules[name]).values()
            waiting += [one.__name__ if isinstance(one, ModuleType) else _home(one) for one in used]
    return found


def _home(thing: object) -> str:
    home = getattr(thing, "__module__", None)
    return home if isinstance(home, str) else ""
