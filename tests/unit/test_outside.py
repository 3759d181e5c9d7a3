"""Names and files from outside: a name that changes where it leads, paths in ids, backups made to do harm."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from bot.core.paper import Problem
from bot.http import Client, Limits
from bot.sources import files
from bot.storage.backup import back_up, inspect, restore
from bot.storage.database import DatabaseError, open_database
from bot.storage.papers import Papers
from tests.unit.misbehaving import Clock, serving
from tests.unit.samples import made_up

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 25, tzinfo=UTC)
PUBLIC = "93.184.215.14"
NAME = "rebound.example"


async def private(request: web.Request) -> web.Response:
    return web.Response(body=b"what only this network may read")


def lead(monkeypatch: pytest.MonkeyPatch, *to: str) -> list[str]:
    """Let a name lead to these addresses, one after the other, the last for good; return what was answered."""
    told: list[str] = []
    known = asyncio.get_running_loop().getaddrinfo

    async def look(host: Any, port: Any, **options: Any) -> Any:
        if host != NAME:
            return await known(host, port, **options)
        told.append(to[min(len(told), len(to) - 1)])
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (told[-1], port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", look)
    return told


async def test_a_name_that_changes_where_it_leads_reaches_no_private_address(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    async with serving(private) as inner:
        told = lead(monkeypatch, PUBLIC, "127.0.0.1")
        # Whoever looks first is shown the open internet.
        await asyncio.get_running_loop().getaddrinfo(NAME, inner.port)
        moved = f"http://{NAME}:{inner.port}/"

        async def away(request: web.Request) -> web.Response:
            raise web.HTTPFound(moved)

        async with serving(away) as outer, Client(private=(outer.base,), limits=Limits(), pace=clock.pace()) as asking:
            for url in (moved, outer.base):
                found = await asking.get(url)
                assert isinstance(found, Problem)
                assert found.message.endswith("points to a private address, which is not asked")
    assert told[:2] == [PUBLIC, "127.0.0.1"]
    assert inner.asked == []


def names(folder: Path) -> set[str]:
    """Return the names of all files in a folder, without SQLite's own beside the database."""
    return {file.name.partition("-")[0] for file in folder.rglob("*") if file.is_file()}


PATHS = [
    "../../etc/passwd",
    "/etc/passwd",
    "..\\..\\windows",
    "a/../../b",
    "\x00",
    "~/.ssh/id_rsa",
    "file:///etc/passwd",
]


@pytest.mark.parametrize("path", PATHS)
async def test_a_path_where_an_id_should_be_opens_and_makes_no_file(tmp_path: Path, path: str) -> None:
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    line = f'{{"id": "{path}", "title": "A method", "abstract": "It works.", "url": "{path}", "thumbnail": "{path}"}}'
    (folder / "p.jsonl").write_text(line.replace("\\", "\\\\").replace("\x00", "\\u0000"), encoding="utf-8")
    batch = files.read(folder / "p.jsonl")
    assert not isinstance(batch, Problem)
    database = await open_database(folder / "c.db")
    await Papers(database).add(batch.papers, NOW)
    [paper] = batch.papers
    await database.close()
    assert paper.url is None
    assert names(tmp_path) == {"p.jsonl", "c.db"}


async def filled(path: Path) -> None:
    database = await open_database(path)
    await Papers(database).add([made_up("A paper", id="p1")], NOW)
    await database.close()


async def test_a_database_is_its_owners_alone(tmp_path: Path) -> None:
    database = await open_database(tmp_path / "c.db")
    await Papers(database).add([made_up("A paper", id="p1")], NOW)
    rights = {file.name: stat.S_IMODE(file.stat().st_mode) for file in sorted(tmp_path.iterdir())}  # noqa: ASYNC240
    await database.close()
    assert rights == dict.fromkeys(["c.db", "c.db-shm", "c.db-wal"], 0o600)


async def test_a_link_planted_where_a_backup_is_written_is_not_followed(tmp_path: Path) -> None:
    await filled(tmp_path / "c.db")
    victim = tmp_path / "victim"
    victim.write_text("mine")
    for name in ("other.db.part", "copy.db"):
        (tmp_path / name).symlink_to(victim)
    with pytest.raises(DatabaseError, match="is there already"):
        back_up(tmp_path / "c.db", tmp_path / "copy.db")
    back_up(tmp_path / "c.db", tmp_path / "other.db")
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "d.db.restoring").symlink_to(victim)
    restore(tmp_path / "c.db", tmp_path / "new" / "d.db", NOW, force=False)
    assert victim.read_text() == "mine"
    assert not (tmp_path / "new" / "d.db").is_symlink()


@pytest.mark.parametrize(
    "harm",
    [
        "CREATE TRIGGER harm AFTER INSERT ON papers BEGIN DELETE FROM notes; END",
        "CREATE VIEW harm AS SELECT * FROM notes",
        "ALTER TABLE papers RENAME TO real; CREATE VIEW papers AS SELECT * FROM real",
    ],
)
async def test_a_backup_that_brings_code_of_its_own_is_refused(tmp_path: Path, harm: str) -> None:
    await filled(tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as connection:
        connection.executescript(harm)
    with pytest.raises(DatabaseError, match="holds what no backup of Colloquium does"):
        inspect(tmp_path / "copy.db")
    with pytest.raises(DatabaseError):
        restore(tmp_path / "copy.db", tmp_path / "new" / "c.db", NOW, force=True)
    assert not (tmp_path / "new" / "c.db").exists()


async def test_a_name_of_a_file_is_only_a_name(tmp_path: Path) -> None:
    odd = tmp_path / "a?mode=memory&cache=shared#%2e%2e'; DROP"
    await filled(odd)
    back_up(odd, tmp_path / "copy 100%.db")
    assert inspect(tmp_path / "copy 100%.db").papers == 1
    assert inspect(odd).papers == 1
