"""Health: each thing that is wrong has a reason of its own, and the answer comes at once."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.health import check, problems

ROOT = Path(__file__).parents[2]
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
WELL: dict[str, Any] = {"at": NOW.isoformat(), "ready": True, "shards": 1, "down": [], "ticking": True}


@pytest.mark.parametrize(
    ("beat", "said"),
    [
        ({}, []),
        ({"down": [0]}, ["the bot is not connected to Discord"]),
        ({"ready": False}, ["the bot is not connected to Discord"]),
        ({"shards": 3, "down": [1]}, ["1 of 3 shards are not connected to Discord: 1"]),
        ({"shards": 9, "down": [*range(6)]}, ["6 of 9 shards are not connected to Discord: 0, 1, 2, 3, 4 and more"]),
        ({"shards": 2, "down": [0, 1]}, ["the bot is not connected to Discord"]),
        ({"ticking": False}, ["the clock that posts roundups has stopped"]),
        ({"database": "disk full"}, ["the database cannot be written: disk full"]),
        ({"unwritten": "No such file"}, ["the heartbeat cannot be written: No such file"]),
        ({"index": "no such table"}, ["the index failed: no such table"]),
        ({"database": "x", "index": "y"}, ["the database cannot be written: x", "the index failed: y"]),
    ],
)
def test_each_has_a_reason_of_its_own(beat: dict[str, Any], said: list[str]) -> None:
    assert problems(WELL | beat, NOW) == said


def test_an_old_beat_tells_its_age_and_nothing_else() -> None:
    later = NOW + timedelta(minutes=2)
    assert problems(WELL | {"ready": False}, later) == ["the bot's last heartbeat was 120 seconds ago"]


def test_a_beat_from_the_future_is_no_sign_of_life(tmp_path: Path) -> None:
    file = tmp_path / "heartbeat.json"
    file.write_text(json.dumps(WELL | {"at": "2099-01-01T00:00:00+00:00"}), encoding="utf-8")
    said = (
        "the bot's last heartbeat is from the future (2099-01-01T00:00:00+00:00): the clock of this machine was changed"
    )
    assert check(file, NOW) == said
    # Two clocks may differ a little.
    file.write_text(json.dumps(WELL | {"at": (NOW + timedelta(seconds=2)).isoformat()}), encoding="utf-8")
    assert check(file, NOW) is None


@pytest.mark.parametrize(
    "content",
    [
        *[
            "",
            "[" * 100_000,
            "[" * 60_000,
            "null",
            "[]",
            '{"at": 5}',
            '{"at": "2027-03-01T12:00"}',
            "\x00",
            "9" * 9_000,
        ],
        *[json.dumps(WELL | {"down": 7}), json.dumps(WELL | {"shards": "x", "down": [1]})],
    ],
    ids=lambda content: content[:30] or "empty",
)
def test_what_is_no_heartbeat_is_said_to_be_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "heartbeat.json").write_text(content, encoding="utf-8")
    assert check(tmp_path / "heartbeat.json", NOW) == "the heartbeat file cannot be read"


def test_several_reasons_are_one_line(tmp_path: Path) -> None:
    file = tmp_path / "heartbeat.json"
    file.write_text(json.dumps(WELL | {"down": [0], "ticking": False}), encoding="utf-8")
    said = "the bot is not connected to Discord; the clock that posts roundups has stopped"
    assert check(file, NOW) == said


def test_a_full_disk_is_seen_although_no_beat_can_be_written(tmp_path: Path) -> None:
    full = Path("/proc/self")  # a file system that never has a block to spare
    if not full.is_dir():
        pytest.skip("this system has no /proc")
    said = check(full / "heartbeat.json", NOW)
    assert said is not None
    assert said.endswith(("the disk of /proc/self is full", "/proc/self cannot be written"))
    assert check(tmp_path / "heartbeat.json", NOW) == "the bot is not running, or not yet connected to Discord"


def test_the_answer_comes_in_less_than_150_ms_of_work(tmp_path: Path) -> None:
    (tmp_path / "heartbeat.json").write_text(json.dumps(WELL | {"at": datetime.now(UTC).isoformat()}), "utf-8")
    code = "import sys, bot.__main__ as m; m.main(sys.argv[1:]); print(*sorted(sys.modules))"
    took, loaded = [], ""
    for _ in range(5):
        before = _spent()
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-c", code, "health", "--data", tmp_path], cwd=ROOT, capture_output=True, check=True
        )
        took.append(_spent() - before)
        loaded = done.stdout.decode()
    assert loaded.startswith("healthy")
    assert not {"asyncio", "discord", "numpy", "sqlite3", "aiohttp", "ssl"} & set(loaded.split())
    assert min(took) < 0.150


def _spent() -> float:
    """Return the processor's seconds that ended children took."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime
