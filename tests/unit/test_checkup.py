"""`python -m bot doctor` where something is wrong: each line says what, and what to do."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import random
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from bot import checkup
from bot.app import open_app
from bot.config import Settings, from_env
from bot.core.calendar import Reading
from bot.core.checks import Check, worst
from bot.core.roundup import Schedule
from bot.storage.database import open_database
from bot.storage.readings import Readings
from bot.storage.roundups import Roundups
from tests.unit.test_changes import bot, not_root, only_read

NOW = datetime.now(UTC)
RESTORE = "Restore a backup: `python -m bot restore FILE --force`; what is there now is kept beside it."
PLAN = Schedule(0, 1, 2, 3, time(9), "UTC", frozenset(range(7)), 3, "", paused=False, note="", since=NOW)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as the first start leaves it."""
    folder = tmp_path_factory.mktemp("filled") / "data"

    async def first_start() -> None:
        async with open_app(from_env({}, folder)):
            pass

    asyncio.run(first_start())
    return folder


@pytest.fixture
def data(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "data"))


def settings(folder: Path, **given: str) -> Settings:
    return from_env({"COLLOQUIUM_SOURCES": "off", **given}, folder)


async def lines(folder: Path, **given: str) -> list[str]:
    return checkup.shown(await checkup.look(settings(folder, **given)), as_json=False).splitlines()


def damage(file: Path, at: int, seed: int = 5) -> None:
    """Overwrite a file from a place on."""
    with file.open("r+b") as stream:
        stream.seek(at)
        stream.write(random.Random(seed).randbytes(file.stat().st_size - at))


async def test_a_folder_that_is_not_there_is_made_and_is_well(tmp_path: Path) -> None:
    found = await lines(tmp_path / "new" / "data")
    assert [line for line in found if not line.startswith("  ok  ")] == [
        "warn  bot: the bot is not running, or not yet connected to Discord. `python -m bot run` starts it.",
        "warn  token: none is set. Set DISCORD_TOKEN or DISCORD_TOKEN_FILE to be on Discord.",
    ]
    assert "  ok  index: holds every paper." in found


async def test_a_file_in_the_folders_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    first, *_ = await lines(tmp_path / "file")
    place = tmp_path / "file" / "colloquium.db"
    assert first == (
        f" bad  database: cannot open {place}: a file stands where its folder should be. "
        "Name another data folder, with `--data` or COLLOQUIUM_DATA."
    )


@pytest.mark.parametrize(
    ("at", "said"), [(4096, "database disk image is malformed"), (0, "file is not a database")], ids=str
)
async def test_a_damaged_database_says_so_and_names_the_way_back(data: Path, at: int, said: str) -> None:
    file = data / "colloquium.db"
    damage(file, at)
    found = await lines(data)
    assert found[0] == f" bad  database: cannot use {file}: {said}. {RESTORE}"
    assert found[1].startswith("  ok  disk: ")


async def test_damage_that_only_reading_everything_finds_is_found(data: Path) -> None:
    file = data / "colloquium.db"
    with closing(sqlite3.connect(file)) as made:
        made.execute("PRAGMA writable_schema = ON")
        # Two tables on one page: nothing that is read every day comes upon it.
        made.execute(
            "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'shown') "
            "WHERE name = 'searches'"
        )
        made.commit()
    first, *_ = await lines(data)
    assert first.startswith(" bad  integrity: the database is damaged: ")
    assert first.endswith(f". {RESTORE}")


async def test_a_damaged_index_file_is_made_anew(data: Path) -> None:
    file = data / "index.bin"
    file.write_bytes(random.Random(1).randbytes(3000))
    assert "  ok  index: holds every paper." in await lines(data)
    assert file.stat().st_size > 3000


async def test_a_paused_roundup_says_why_and_the_way_out_once(data: Path) -> None:
    database = await open_database(data / "colloquium.db")
    store = Roundups(database)
    first, second, third = [await store.save(dataclasses.replace(PLAN, channel_id=number)) for number in (10, 20, 30)]
    why = "I may not post in <#10>. Give me the permissions, then `/roundup resume`."
    await store.close_slot(first.id, "2026-01-01", "failed", why, NOW)
    await store.pause(first.id, why)
    await store.pause(second.id, "")
    refused = "Discord refused the message (code 50035). Its papers come with the next roundup."
    await store.close_slot(third.id, f"{NOW:%Y-%m-%d}", "failed", refused, NOW)
    await database.close()
    found = [line for line in await lines(data) if "roundup in" in line]
    assert found[:2] == [
        (
            "warn  roundup in channel 10: paused. I may not post in channel 10. Give me the permissions, then "
            "`/roundup resume`."
        ),
        "warn  roundup in channel 20: paused. `/roundup resume` starts it again.",
    ]
    assert found[2].startswith("warn  roundup in channel 30: next 20")
    assert found[2].endswith(f" UTC. The last: not posted on {NOW:%Y-%m-%d}: {refused}")


async def test_each_source_says_when_it_was_read_and_what_keeps_it(data: Path) -> None:
    on = {"COLLOQUIUM_SOURCES": "huggingface"}
    [never] = [line for line in await lines(data, **on) if "source" in line]
    asked = "The running bot asks by itself; `python -m bot ingest --source all` asks at once."
    assert never == f"warn  source huggingface: never read yet. {asked}"
    database = await open_database(data / "colloquium.db")
    readings = Readings(database)
    down = "127.0.0.1:9 cannot be reached"
    await readings.keep("huggingface", Reading(date(2026, 1, 2), None, 0, down))
    again = (
        "If it cannot be reached, check this machine's network; if it answers oddly, its own page may say why. "
        "The running bot asks again by itself, and no day is left out."
    )
    assert f"warn  source huggingface: never read yet. 2026-01-02: {down}. {again}" in await lines(data, **on)
    await readings.keep("huggingface", Reading(date(2026, 1, 1), datetime(2026, 1, 2, 3, tzinfo=UTC), 9, ""))
    read = "last read 2026-01-02 03:00 UTC, 9 papers in 1 day"
    assert f"warn  source huggingface: {read}. 2026-01-02: {down}. {again}" in await lines(data, **on)
    await database.close()


@not_root
def test_a_folder_that_may_only_be_read_says_so(data: Path) -> None:
    with only_read(data):
        done = bot("doctor", "--data", data)
    assert done.returncode == 1
    (told,) = [line for line in done.stdout.splitlines() if line.startswith(" bad")]
    assert told == (
        f" bad  database: cannot be written: cannot write {data / 'colloquium.db'}: the folder or the file is "
        "read-only. Make the data folder and its files writable for the user that I run as."
    )


def test_the_command_ends_with_1_and_one_document_where_something_is_broken(tmp_path: Path) -> None:
    (tmp_path / "colloquium.db").write_bytes(random.Random(2).randbytes(9000))
    done = bot("doctor", "--json", "--data", tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    found = json.loads(done.stdout)
    assert (found["state"], found["checks"][0]["cure"]) == ("bad", RESTORE)


def test_the_worst_decides() -> None:
    assert worst([]) == "ok"
    assert worst([Check("a", "ok", ""), Check("b", "warn", "")]) == "warn"
