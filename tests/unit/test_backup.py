"""Backups: whole while others write, sound before they take a place, and nothing overwritten."""

from __future__ import annotations

import asyncio
import errno
import os
import random
import sqlite3
import stat
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.storage.backup import KEPT, back_up, before_change, inspect, restore
from bot.storage.database import MIGRATIONS, DatabaseError, open_database
from bot.storage.faults import fault, told
from bot.storage.lock import only_one
from bot.storage.papers import Papers
from tests.unit.samples import made_up

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.storage.backup import Copy

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


async def filled(path: Path, papers: int = 3) -> None:
    database = await open_database(path)
    await Papers(database).add([made_up(f"Paper {n}", id=f"p{n}") for n in range(papers)], NOW)
    await database.close()


async def count(path: Path) -> int:
    database = await open_database(path)
    found = await Papers(database).count()
    await database.close()
    return found


async def test_what_was_backed_up_comes_back_and_what_was_there_is_kept(tmp_path: Path) -> None:
    database, copy = tmp_path / "data" / "c.db", tmp_path / "copy.db"
    await filled(database)
    assert back_up(database, copy).papers == 3
    await filled(database, 5)
    with pytest.raises(DatabaseError, match="with --force"):
        restore(copy, database, NOW, force=False)
    assert await count(database) == 5
    assert restore(copy, database, NOW, force=True).papers == 3
    assert await count(database) == 3
    assert await count(tmp_path / "data" / "c-before-20270301T120000.db") == 5


async def test_a_backup_goes_to_an_empty_place_without_force(tmp_path: Path) -> None:
    await filled(tmp_path / "c.db")
    back_up(tmp_path / "c.db", tmp_path / "copy.db")
    restore(tmp_path / "copy.db", tmp_path / "new" / "c.db", NOW, force=False)
    assert await count(tmp_path / "new" / "c.db") == 3


async def test_a_backup_made_while_others_write_is_one_moment(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    await filled(path)
    database = await open_database(path)

    async def write() -> None:
        for number in range(3, 400):
            async with database.transaction() as writer:
                # Two values that are equal at every moment that may be seen.
                for name in ("one", "two"):
                    sql = "INSERT INTO notes VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
                    await writer.rows(sql, (name, str(number)))

    writing = asyncio.create_task(write())
    for number in range(5):
        await asyncio.to_thread(back_up, path, tmp_path / f"copy{number}.db")
        with closing(sqlite3.connect(tmp_path / f"copy{number}.db")) as connection:
            values = connection.execute("SELECT DISTINCT value FROM notes WHERE name IN ('one', 'two')").fetchall()
        assert len(values) <= 1
    await writing
    await database.close()


def test_a_backup_is_one_private_file_and_overwrites_nothing(tmp_path: Path) -> None:
    asyncio.run(filled(tmp_path / "c.db"))
    back_up(tmp_path / "c.db", tmp_path / "copy.db")
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    assert not list(tmp_path.glob("copy.db-*"))
    assert not list(tmp_path.glob("*.part"))
    with pytest.raises(DatabaseError, match="is there already"):
        back_up(tmp_path / "c.db", tmp_path / "copy.db")
    with pytest.raises(DatabaseError, match="cannot back up to"):
        back_up(tmp_path / "c.db", tmp_path / "no" / "folder" / "copy.db")
    with pytest.raises(DatabaseError, match="there is no database"):
        back_up(tmp_path / "none.db", tmp_path / "other.db")


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + b"\xff" * 5000])
async def test_what_is_no_backup_changes_nothing(tmp_path: Path, content: bytes) -> None:
    database, file = tmp_path / "c.db", tmp_path / "copy.db"
    await filled(database)
    file.write_bytes(content)
    with pytest.raises(DatabaseError):
        restore(file, database, NOW, force=True)
    assert await count(database) == 3


async def test_a_damaged_backup_is_refused_or_whole(tmp_path: Path) -> None:
    await filled(tmp_path / "c.db", 300)
    back_up(tmp_path / "c.db", tmp_path / "copy.db")
    whole, chance = (tmp_path / "copy.db").read_bytes(), random.Random(3)
    for _ in range(40):
        damaged = bytearray(whole)
        start = chance.randrange(100, len(damaged) - 600)
        damaged[start : start + 512] = bytes(512)
        (tmp_path / "copy.db").write_bytes(damaged[: chance.choice([len(damaged), len(damaged) // 2])])
        try:
            found = inspect(tmp_path / "copy.db")
        except DatabaseError:
            continue
        assert found.papers == 300


async def test_a_backup_from_the_future_is_refused(tmp_path: Path) -> None:
    await filled(tmp_path / "c.db")
    back_up(tmp_path / "c.db", tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as connection:
        connection.execute("PRAGMA user_version = 999")
    with pytest.raises(DatabaseError, match="a newer version"):
        restore(tmp_path / "copy.db", tmp_path / "new" / "c.db", NOW, force=False)


async def test_nothing_is_restored_under_a_running_bot(tmp_path: Path) -> None:
    await filled(tmp_path / "data" / "c.db")
    back_up(tmp_path / "data" / "c.db", tmp_path / "copy.db")
    with only_one(tmp_path / "data"), pytest.raises(DatabaseError, match="another bot is running"):
        restore(tmp_path / "copy.db", tmp_path / "data" / "c.db", NOW, force=True)


@pytest.mark.parametrize("schema", range(1, len(list(MIGRATIONS.glob("*.sql")))))
async def test_every_older_schema_is_kept_before_it_is_changed(tmp_path: Path, schema: int) -> None:
    path = tmp_path / "c.db"
    with closing(sqlite3.connect(path)) as connection:
        for script in sorted(MIGRATIONS.glob("*.sql"))[:schema]:
            connection.executescript(script.read_text(encoding="utf-8"))
        connection.execute(f"PRAGMA user_version = {schema}")
    database = await open_database(path, before_change)
    await database.close()
    [copy] = (tmp_path / "backups").iterdir()
    assert copy.name.startswith(f"schema-{schema:04}-")
    assert inspect(copy).schema == schema
    assert inspect(path).schema == len(list(MIGRATIONS.glob("*.sql")))


def older(path: Path, schema: int) -> None:
    """Make a database of an older schema."""
    with closing(sqlite3.connect(path)) as connection:
        for script in sorted(MIGRATIONS.glob("*.sql"))[:schema]:
            connection.executescript(script.read_text(encoding="utf-8"))
        connection.execute(f"PRAGMA user_version = {schema}")


def note(path: Path, name: str) -> None:
    """Write something into a database, as of now."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO notes VALUES (?, 'x')", (name,))


def own(folder: Path) -> list[str]:
    return sorted(file.name for file in (folder / "backups").iterdir())


async def test_only_the_newest_own_copies_are_kept(tmp_path: Path) -> None:
    await filled(tmp_path / "c.db")
    later = datetime.now(UTC)
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "schema-0009.db").touch()  # as early versions named them
    (tmp_path / "backups" / "mine.db").touch()
    for schema in range(1, 7):
        before_change(tmp_path / "c.db", schema, later + timedelta(hours=schema))
    kept = [f"schema-{n:04}-{later + timedelta(hours=n):%Y%m%dT%H%M%S}.db" for n in range(7 - KEPT, 7)]
    assert own(tmp_path) == ["mine.db", *kept]


async def test_a_second_upgrade_from_the_same_version_keeps_what_is_there_then(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "schema-0006.db").touch()  # cut short, by a crash of an early version
    for name in ("first", "second"):
        path.unlink(missing_ok=True)
        older(path, 6)
        note(path, name)
        await (await open_database(path, before_change)).close()
    copies = [tmp_path / "backups" / name for name in own(tmp_path) if name != "schema-0006.db"]
    assert len(copies) == 2
    held = []
    for copy in copies:
        with closing(sqlite3.connect(copy)) as connection:
            held += [name for (name,) in connection.execute("SELECT name FROM notes")]
    assert sorted(held) == ["first", "second"]


async def test_a_version_that_fails_each_time_it_starts_pushes_no_copy_out(tmp_path: Path) -> None:
    path, later = tmp_path / "c.db", datetime.now(UTC) + timedelta(seconds=2)
    older(path, 6)
    for number in range(KEPT + 2):
        before_change(path, 6, later + timedelta(hours=number))
    [copy] = own(tmp_path)
    (tmp_path / "backups" / copy).write_bytes(b"")  # not trusted unseen
    before_change(path, 6, later + timedelta(hours=9))
    assert len(own(tmp_path)) == 2
    os.utime(path, ns=(0, int((later + timedelta(hours=10)).timestamp() * 1e9)))  # written to since
    before_change(path, 6, later + timedelta(hours=11))
    assert len(own(tmp_path)) == 3


async def test_what_a_killed_start_left_goes_after_an_hour_and_not_what_another_makes_now(tmp_path: Path) -> None:
    older(tmp_path / "c.db", 6)
    (tmp_path / "backups").mkdir()
    for name in ("schema-0006.db.part", "schema-0006-x.db.abc.part", "schema-0006-x.db.def.part"):
        (tmp_path / "backups" / name).touch()
    os.utime(tmp_path / "backups" / "schema-0006-x.db.abc.part", (0, 0))
    await (await open_database(tmp_path / "c.db", before_change)).close()
    assert [name for name in own(tmp_path) if name.endswith(".part")] == [
        "schema-0006-x.db.def.part",
        "schema-0006.db.part",
    ]


def test_two_starts_at_once_keep_a_copy_each(tmp_path: Path) -> None:
    older(tmp_path / "c.db", 6)
    now = datetime.now(UTC)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: before_change(tmp_path / "c.db", 6, now), range(4)))
    assert 1 <= len([inspect(tmp_path / "backups" / name) for name in own(tmp_path)]) <= KEPT


async def test_restores_in_one_second_lose_nothing(tmp_path: Path) -> None:
    database, copy = tmp_path / "data" / "c.db", tmp_path / "copy.db"
    await filled(tmp_path / "one.db", 1)
    back_up(tmp_path / "one.db", copy)
    await filled(database, 5)
    for _ in range(3):
        restore(copy, database, NOW, force=True)
    kept = sorted((tmp_path / "data").glob("c-before-*.db"))
    assert sorted([await count(file) for file in kept]) == [1, 1, 5]
    assert await count(tmp_path / "data" / "c-before-20270301T120000.db") == 5
    assert await count(database) == 1


def test_a_backup_deletes_no_file_but_its_own(tmp_path: Path) -> None:
    asyncio.run(filled(tmp_path / "c.db"))
    (tmp_path / "p.db.part").write_text("mine")
    back_up(tmp_path / "c.db", tmp_path / "p.db")
    with pytest.raises(DatabaseError, match="is there already"):
        back_up(tmp_path / "c.db", tmp_path / "p.db")
    assert (tmp_path / "p.db.part").read_text() == "mine"
    assert [file.name for file in sorted(tmp_path.glob("p.db*"))] == ["p.db", "p.db.part"]


@pytest.mark.parametrize("already", [False, True])
async def test_a_file_system_without_hard_links_is_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, already: bool
) -> None:
    def none(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")  # as exFAT answers

    monkeypatch.setattr(os, "link", none)
    await filled(tmp_path / "data" / "c.db")
    if already:
        (tmp_path / "copy.db").write_text("mine")
        with pytest.raises(DatabaseError, match="is there already"):
            back_up(tmp_path / "data" / "c.db", tmp_path / "copy.db")
        assert (tmp_path / "copy.db").read_text() == "mine"
        return
    back_up(tmp_path / "data" / "c.db", tmp_path / "copy.db")
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    for _ in range(2):
        restore(tmp_path / "copy.db", tmp_path / "data" / "c.db", NOW, force=True)
    assert len(list((tmp_path / "data").glob("c-before-*.db"))) == 2
    assert await count(tmp_path / "data" / "c.db") == 3


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("PRAGMA user_version = -1", "is no database of Colloquium"),
        ("DROP TABLE turns", "its table 'turns' is not as schema"),
        ("ALTER TABLE papers DROP COLUMN doi", "its table 'papers' is not as schema"),
        ("DROP INDEX turns_owner", "its table 'turns' is not as schema"),
        ("CREATE TABLE extra (x)", "its table 'extra' is not as schema"),
        ("PRAGMA user_version = 5", "is not as schema 5 has it"),
    ],
)
async def test_what_the_bot_could_not_open_takes_no_place(tmp_path: Path, harm: str, said: str) -> None:
    await filled(tmp_path / "c.db")
    back_up(tmp_path / "c.db", tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as connection:
        connection.execute("ANALYZE")  # which makes tables of SQLite's own: no harm
        connection.execute(harm)
        connection.commit()
    with pytest.raises(DatabaseError, match=said):
        restore(tmp_path / "copy.db", tmp_path / "c.db", NOW, force=True)
    assert await count(tmp_path / "c.db") == 3


@pytest.mark.parametrize("schema", range(1, len(list(MIGRATIONS.glob("*.sql"))) + 1))
async def test_a_backup_of_every_version_comes_back(tmp_path: Path, schema: int) -> None:
    older(tmp_path / "copy.db", schema)
    assert restore(tmp_path / "copy.db", tmp_path / "data" / "c.db", NOW, force=False).schema == schema
    assert await count(tmp_path / "data" / "c.db") == 0


async def test_a_foreign_file_is_no_backup_whatever_number_it_bears(tmp_path: Path) -> None:
    for schema in (5, 9):
        with closing(sqlite3.connect(tmp_path / f"{schema}.db")) as connection:
            connection.executescript(f"CREATE TABLE papers (x); PRAGMA user_version = {schema}")
        with pytest.raises(DatabaseError, match="is no whole backup"):
            restore(tmp_path / f"{schema}.db", tmp_path / "c.db", NOW, force=False)


async def test_nothing_is_restored_while_a_chat_has_the_database_open(tmp_path: Path) -> None:
    await filled(tmp_path / "data" / "c.db")
    back_up(tmp_path / "data" / "c.db", tmp_path / "copy.db")
    other = await open_database(tmp_path / "data" / "c.db")
    await Papers(other).add([made_up("Written just now", id="p9")], NOW)
    with pytest.raises(DatabaseError, match="another program has"):
        await asyncio.to_thread(restore, tmp_path / "copy.db", tmp_path / "data" / "c.db", NOW, force=True)
    await other.close()
    assert await count(tmp_path / "data" / "c.db") == 4
    restore(tmp_path / "copy.db", tmp_path / "data" / "c.db", NOW, force=True)
    assert await count(tmp_path / "data" / "c.db") == 3


async def test_a_log_without_its_database_and_a_damaged_database_are_kept_too(tmp_path: Path) -> None:
    database, copy = tmp_path / "data" / "c.db", tmp_path / "copy.db"
    await filled(tmp_path / "good.db")
    back_up(tmp_path / "good.db", copy)
    database.parent.mkdir()
    database.with_name("c.db-wal").write_bytes(b"a log")
    restore(copy, database, NOW, force=False)
    assert (tmp_path / "data" / "c-before-20270301T120000.db-wal").read_bytes() == b"a log"
    assert await count(database) == 3
    database.write_bytes(b"no database any more")
    restore(copy, database, NOW, force=True)
    # Not beside the log of another, which SQLite would take for its own.
    assert (tmp_path / "data" / "c-before-20270301T120000-2.db").read_bytes() == b"no database any more"
    assert await count(database) == 3


async def test_messages_name_the_file_that_was_given_and_no_cure_that_is_the_same_again(tmp_path: Path) -> None:
    await filled(tmp_path / "c.db")
    (tmp_path / "broken.db").write_bytes(b"SQLite format 3\x00" + b"\xff" * 5000)
    with pytest.raises(DatabaseError) as caught:
        restore(tmp_path / "broken.db", tmp_path / "c.db", NOW, force=True)
    assert told(caught.value).endswith(": name another")
    with closing(sqlite3.connect(tmp_path / "c.db")) as connection:
        connection.execute("PRAGMA user_version = 999")
    with pytest.raises(DatabaseError, match=r"c\.db was made by a newer version") as caught:
        back_up(tmp_path / "c.db", tmp_path / "copy.db")
    assert "part" not in str(caught.value)


@pytest.mark.parametrize(
    ("number", "cure"),
    [
        (errno.EROFS, "Make that folder writable for the user that I run as, or name another."),
        (errno.EACCES, "Make that folder writable for the user that I run as, or name another."),
        (errno.ENOSPC, "Free some space on the disk."),
    ],
)
async def test_what_the_file_system_refuses_has_a_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, cure: str
) -> None:
    await filled(tmp_path / "c.db")
    back_up(tmp_path / "c.db", tmp_path / "copy.db")

    def refused(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(tempfile, "mkstemp", refused)
    attempts: list[Callable[[], Copy]] = [
        lambda: back_up(tmp_path / "c.db", tmp_path / "other.db"),
        lambda: restore(tmp_path / "copy.db", tmp_path / "c.db", NOW, force=True),
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError, match=os.strerror(number)) as caught:
            attempt()
        assert told(caught.value).endswith(f". {cure}")
        assert fault(caught.value).cure == cure
    # A file that is not ours is no matter of the data folder.
    assert told(OSError(number, "papers.jsonl")) == f"[Errno {number}] papers.jsonl"
    assert await count(tmp_path / "c.db") == 3
