"""The benchmarks of long use: what counts as grown, and that both run on a small world."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from benchmarks import flat, guilds, soak
from benchmarks.footprint import footprint

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux' /proc")


def row(**more: float) -> dict[str, float]:
    level = {"rss_mb": 100.0, "own_mb": 70.0, "tasks": 8, "threads": 7, "files": 15, "connections": 4}
    return level | more


def test_what_stays_level_after_the_warm_up_is_flat() -> None:
    warm = [row(rss_mb=80.0), row(rss_mb=95.0)]
    assert flat.grown([*warm, *[row()] * 8]) == []
    assert flat.grown([*warm, row(files=30), *[row()] * 7]) == []  # come and gone
    assert flat.grown([row()] * 7) is None


@pytest.mark.parametrize("name", flat.KEPT)
def test_a_slow_leak_is_named(name: str) -> None:
    rows = [row(**{name: row()[name] + number * 0.6}) for number in range(30)]
    assert flat.grown(rows) == [name]


def test_what_this_process_holds_is_seen() -> None:
    before = footprint(os.getpid())
    with Path(os.devnull).open(), Path(os.devnull).open():
        assert footprint(os.getpid()).files == before.files + 2
    assert 0 < before.own_mb <= before.rss_mb <= before.peak_mb
    assert before.threads >= 1


def test_a_world_is_dealt_out_over_its_shards() -> None:
    made = guilds.world(6, 2, channels=3, roles=1)
    assert [(guild.id >> 22) % 2 for guild in made.backend.guilds.values()] == [0, 1] * 3
    assert len(made.backend.channels) == 18


def test_the_soak_of_some_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--minutes", "0.05", "--every", "1.5", "--rest", "0.2", "--rate", "20", "--papers", "1"]
    status = soak.main([*arguments, "--json"])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (status, found["lost"], found["exit"], found["grown"]) == (0, 0, 0, None)
    assert found["asked"] > 0
    assert found["rows"][0]["tasks"] > 0
    assert "too short to say" in soak.table(found)


async def test_the_memory_of_a_few_servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guilds, "REST", 0.1)
    found = await guilds.measure(guilds.world(4, 2, channels=2, roles=1), tmp_path / "data", 2)
    assert 20 < found.rss_mb < 500


def test_memory_is_told_by_the_thousand() -> None:
    rows = [{"shards": 1, "guilds": count, "rss_mb": 80 + count / 100, "peak_mb": 99} for count in (0, 500, 1000)]
    found = {"machine": {"cpu": "x", "python": "3"}, "channels": 2, "roles": 1}
    shown = guilds.table({**found, "rows": [guilds._rated(row, rows) for row in rows]}).splitlines()
    assert shown[4] == "| 1 | 0 | 80 MB | 99 MB | – |"
    assert shown[5] == "| 1 | 500 | 85 MB | 99 MB | 10.0 MB |"
