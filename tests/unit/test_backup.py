"""Backups: whole while others write, sound before they take a place, and nothing overwritten."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.storage.backup import KEPT, back_up, before_change, inspect, restore
from bot.storage.database import MIGRATIONS, DatabaseError, open_database
from bot.storage.lock import only_one
from bot.storage.papers import Papers
from tests.unit.samples import made_up

if TYPE_CHECKING:
    from pathlib import Path

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
    assert inspect(tmp_path / "backups" / f"schema-{schema:04}.db").schema == schema
    assert inspect(path).schema == len(list(MIGRATIONS.glob("*.sql")))


async def test_only_the_newest_own_copies_are_kept(tmp_path: Path) -> None:
    await filled(tmp_path / "c.db")
    for schema in range(1, 7):
        before_change(tmp_path / "c.db", schema)
    kept = sorted(file.name for file in (tmp_path / "backups").iterdir())
    assert kept == [f"schema-{n:04}.db" for n in range(7 - KEPT, 7)]
