"""The shelf: however the index came to be, and whatever happened to its file, it answers the same."""

from __future__ import annotations

import dataclasses
import random
import shutil
from typing import TYPE_CHECKING

import pytest

from bot.services import binder
from bot.storage.index_file import read_meta
from tests.unit.samples import seed_papers
from tests.unit.shelves import NOW, fill, identity, invented, opened, same, stored

if TYPE_CHECKING:
    from pathlib import Path


async def test_the_first_start_writes_the_file_and_the_next_maps_it(tmp_path: Path) -> None:
    await fill(tmp_path, seed_papers())
    async with opened(tmp_path) as (_, found):
        await found.open()
        assert same(found.index, seed_papers())
    before = identity(tmp_path)
    async with opened(tmp_path) as (_, found):
        await found.open()
        assert (len(found.index.base), len(found.index.delta)) == (56, 0)
        assert same(found.index, seed_papers())
    assert identity(tmp_path) == before


async def test_an_empty_library_has_no_file_and_finds_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, found):
        await found.open()
        await found.settle()
        assert found.index.search("bato") == []
    assert not (tmp_path / "index.bin").exists()


async def test_additions_and_changes_are_found_at_once_and_after_a_restart_without_a_new_file(tmp_path: Path) -> None:
    await fill(tmp_path, seed_papers())
    async with opened(tmp_path) as (papers, found):
        await found.open()
        before, base = identity(tmp_path), found.index.base
        changed = [dataclasses.replace(p, abstract=p.abstract + " Bato zural.", upvotes=5) for p in seed_papers()[:7]]
        for batch in (invented(20), changed, invented(20, 20), [dataclasses.replace(changed[0], title="Bato")]):
            await papers.add(batch, NOW)
            await found.catch_up()
            assert same(found.index, stored(tmp_path / "test.db"))
        assert found.index.base is base
    async with opened(tmp_path) as (_, found):
        await found.open()
        assert (len(found.index.base), len(found.index)) == (56, 96)
        assert same(found.index, stored(tmp_path / "test.db"))
    assert identity(tmp_path) == before


async def test_without_a_file_all_is_in_memory(tmp_path: Path) -> None:
    async with opened(tmp_path, file=False) as (papers, found):
        await found.open()
        for start in (0, 50):
            await papers.add(invented(50, start), NOW)
            await found.catch_up()
            assert same(found.index, stored(tmp_path / "test.db"))
    assert not (tmp_path / "index.bin").exists()


@pytest.mark.parametrize("seed", range(6))
async def test_a_damaged_file_is_noticed_and_written_anew(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, seed: int
) -> None:
    await fill(tmp_path, seed_papers())
    async with opened(tmp_path) as (_, found):
        await found.open()
    file, rng = tmp_path / "index.bin", random.Random(seed)
    whole = file.read_bytes()
    place = rng.randrange(len(whole) - 700)
    file.write_bytes(
        [
            whole[:place],
            whole[:place] + bytes(b ^ 255 for b in whole[place : place + 700]) + whole[place + 700 :],
            bytes(len(whole)),
        ][seed % 3]
    )
    async with opened(tmp_path) as (_, found):
        await found.open()
        assert same(found.index, seed_papers())
        assert len(found.index.base) == 56
    assert [record.levelname for record in caplog.records if "no use of" in record.message] == ["WARNING"]
    assert file.read_bytes() == whole


async def test_a_folder_in_the_files_place_is_no_end_of_the_world(tmp_path: Path) -> None:
    (tmp_path / "index.bin").mkdir()
    await fill(tmp_path, seed_papers())
    async with opened(tmp_path) as (_, found):
        await found.open()
        assert same(found.index, seed_papers())


async def test_a_file_of_other_code_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await fill(tmp_path, seed_papers())
    with monkeypatch.context() as patch:
        patch.setattr(binder, "made_by", lambda: "an older version")
        async with opened(tmp_path) as (_, found):
            await found.open()
    async with opened(tmp_path) as (_, found):
        await found.open()
        assert same(found.index, seed_papers())
    meta = read_meta(tmp_path / "index.bin")
    assert isinstance(meta, dict)
    assert meta["made_by"] == binder.made_by()
    used = {
        "bot.core.text",
        "bot.core.paper",
        "bot.core.segment",
        "bot.core.builder",
        "snowballstemmer.english_stemmer",
    }
    assert used <= binder.makers()


async def test_a_file_of_another_database_is_not_used(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder, papers in ((one, invented(40)), (other, invented(40, 100))):
        await fill(folder, papers)
        async with opened(folder) as (_, found):
            await found.open()
    shutil.copy(one / "index.bin", other / "index.bin")
    async with opened(other) as (_, found):
        await found.open()
        assert same(found.index, invented(40, 100))


@pytest.mark.parametrize("regrown", [0, 20, 30])
async def test_a_restored_older_database_is_noticed(tmp_path: Path, regrown: int) -> None:
    await fill(tmp_path, invented(40))
    shutil.copy(tmp_path / "test.db", tmp_path / "backup.db")
    await fill(tmp_path, invented(20, 40))
    async with opened(tmp_path) as (_, found):
        await found.open()
    shutil.copy(tmp_path / "backup.db", tmp_path / "test.db")
    await fill(tmp_path, invented(regrown, 500))
    async with opened(tmp_path) as (_, found):
        await found.open()
        assert same(found.index, stored(tmp_path / "test.db"))
        assert len(found.index) == 40 + regrown


async def test_a_database_restored_under_a_running_bot_is_noticed(tmp_path: Path) -> None:
    await fill(tmp_path, invented(40))
    async with opened(tmp_path) as (papers, found):
        await found.open()
        async with papers._database.transaction() as writer:
            await writer.rows("DELETE FROM papers WHERE place >= 30")
            await writer.rows("UPDATE changes SET seq = 30, token = 'another'")
        await found.settle()
        assert same(found.index, invented(40)[:30])


async def test_papers_deleted_by_hand_are_noticed_at_the_next_start(tmp_path: Path) -> None:
    await fill(tmp_path, invented(40))
    async with opened(tmp_path) as (papers, found):
        await found.open()
        async with papers._database.transaction() as writer:
            await writer.rows("DELETE FROM papers WHERE place = 3")
    async with opened(tmp_path) as (_, found):
        await found.open()
        assert same(found.index, stored(tmp_path / "test.db"))
