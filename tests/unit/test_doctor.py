"""The doctor: each thing that can be wrong is named with what to do."""

from __future__ import annotations

import dataclasses
import random
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.app import App, open_app
from bot.config import from_env
from bot.core.checks import Check, worst
from bot.core.roundup import Schedule
from bot.services import doctor as services
from bot.services import shelf
from bot.storage.faults import fault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
PLAN = Schedule(0, 1, 2, 3, time(9), "UTC", frozenset(range(7)), 3, "", paused=False, note="", since=NOW)


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with open_app(from_env({}, tmp_path / "data")) as opened:
        yield opened


def named(found: list[Check]) -> dict[str, Check]:
    return {check.name: check for check in found}


async def test_all_is_well_on_a_fresh_folder(app: App) -> None:
    found = named(await app.doctor.look(NOW, thorough=True))
    assert {check.state for check in found.values()} == {"ok"}
    assert found["papers"].said.startswith("56 here, the last came in 20")
    assert found["index"].said == "holds every paper"
    assert found["integrity"].said == "the database is whole"


async def test_a_database_that_cannot_be_written_is_broken(app: App) -> None:
    await app.doctor._database.rows("PRAGMA query_only = ON")
    found = await app.doctor.look(NOW)
    told = named(found)["database"]
    assert told.said.startswith("cannot be written: ")
    assert told.cure == "Make the data folder and its files writable for the user that I run as."
    assert worst(found) == "bad"


@pytest.mark.parametrize("whole", [False, True])
async def test_a_database_that_is_gone_while_it_is_open_is_broken(app: App, *, whole: bool) -> None:
    place = app.settings.data if whole else app.settings.database
    elsewhere = place.with_name("elsewhere")
    place.rename(elsewhere)
    found = await app.doctor.look(NOW)
    assert worst(found) == "bad"
    assert "colloquium.db was moved, deleted or replaced while I use it. Put it back" in named(found)["database"].said
    if not whole:
        # Another in its place is not the one that is written to.
        app.settings.database.touch()
        assert named(await app.doctor.look(NOW))["database"].state == "bad"
    elsewhere.rename(place)
    assert named(await app.doctor.look(NOW))["database"].state == "ok"


async def test_an_index_whose_file_cannot_be_written_is_a_warning_until_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = from_env({}, tmp_path / "data")
    (settings.data / "index.bin").mkdir(parents=True)
    async with open_app(settings) as app:
        told = named(await app.doctor.look(NOW))["index"]
    assert told.state == "warn"
    assert told.said == (
        "holds every paper, but its file cannot be written, so each start makes it anew: a folder stands in its place"
    )
    assert told.cure.startswith("Move away what stands at index.bin in the data folder")
    (settings.data / "index.bin").rmdir()
    (settings.data / "index.bin.lock").unlink(missing_ok=True)
    (settings.data / "index.bin.lock").mkdir()
    async with open_app(settings) as app:
        assert "anew: cannot use " in named(await app.doctor.look(NOW))["index"].said
    (settings.data / "index.bin.lock").rmdir()
    monkeypatch.setattr(shelf, "writable", lambda path: False)
    async with open_app(settings) as app:
        assert named(await app.doctor.look(NOW))["index"].said.endswith("anew: it may only be read")
    monkeypatch.undo()
    async with open_app(settings) as app:
        assert named(await app.doctor.look(NOW))["index"] == Check("index", "ok", "holds every paper")
    assert (settings.data / "index.bin").is_file()


async def test_a_full_disk_is_told_from_a_locked_database(app: App) -> None:
    database = app.doctor._database
    with closing(sqlite3.connect(":memory:")) as full:
        full.execute("PRAGMA max_page_count = 2")
        full.execute("CREATE TABLE t (x)")
        with pytest.raises(sqlite3.OperationalError) as error:
            full.execute("INSERT INTO t VALUES (zeroblob(99999))")
    assert fault(error.value) == ("database or disk is full", "Free some space on the disk.")
    await database.rows("PRAGMA busy_timeout = 20")
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        told = named(await app.doctor.look(NOW))["database"]
    assert told.said == "cannot be written: database is locked"
    assert told.cure == "Another program holds the database: end it, or wait until it is done."


async def test_a_database_that_breaks_while_it_is_open_leaves_the_other_looks(app: App) -> None:
    path = app.doctor._database.path
    await app.doctor._database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as stream:
        stream.seek(4096)
        stream.write(random.Random(3).randbytes(path.stat().st_size - 4096))
    await app.doctor._database.rows("PRAGMA cache_size = 0")
    await app.doctor._database.rows("PRAGMA mmap_size = 0")
    found = named(await app.doctor.look(NOW, thorough=True))
    assert found["integrity"].state == found["roundups"].state == "bad"
    assert found["roundups"].cure.startswith("Restore a backup: ")
    assert found["disk"].state == "ok"


async def test_a_disk_that_is_nearly_full_is_a_warning(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "LITTLE", 2**70)
    assert named(await app.doctor.look(NOW))["disk"].cure == "Free some space soon."


async def test_each_roundup_says_how_it_is(app: App) -> None:
    store = app.roundups.store
    well = await store.save(PLAN)
    paused = await store.save(dataclasses.replace(PLAN, channel_id=4))
    failed = await store.save(dataclasses.replace(PLAN, channel_id=5))
    other = await store.save(dataclasses.replace(PLAN, channel_id=6, guild_id=9))
    await store.pause(paused.id, "No rights.")
    await store.close_slot(failed.id, "2027-03-01", "failed", "Discord refused the message.", NOW)
    found = named(await app.doctor.look(NOW, 1))
    assert found[f"roundup in <#{well.channel_id}>"] == Check("roundup in <#2>", "ok", "next 2027-03-02 09:00 UTC")
    assert found["roundup in <#4>"].said == "paused. No rights."
    assert found["roundup in <#5>"].said == (
        "next 2027-03-02 09:00 UTC. The last: not posted on 2027-03-01: Discord refused the message."
    )
    assert f"roundup in <#{other.channel_id}>" not in found
    assert "roundup in <#6>" in named(await app.doctor.look(NOW + timedelta(days=1)))


async def test_a_zone_that_no_clock_knows_is_broken(app: App) -> None:
    await app.roundups.store.save(dataclasses.replace(PLAN, zone="Gone/Nowhere"))
    assert named(await app.doctor.look(NOW))["roundup in <#2>"].state == "bad"
