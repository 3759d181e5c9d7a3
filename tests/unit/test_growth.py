"""The benchmark of growing: real folders, a real rebuild, and folders that are none."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from benchmarks import growth

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_growing_is_measured_on_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(growth, "MANY", 600)
    asyncio.run(growth._opened(tmp_path / "data"))
    before = (tmp_path / "data" / "colloquium.db").stat().st_size
    assert growth.main([str(tmp_path / "data"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["papers"] == 56
    assert found["added_s"] > 0 < found["rebuild_s"]
    assert found["stall_p50_ms"] <= found["stall_p999_ms"] <= found["stall_max_ms"]
    assert "300 more papers can be found after, s: " in growth.table(found)
    assert (tmp_path / "data" / "colloquium.db").stat().st_size == before


def test_a_folder_that_is_none_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert growth.main([str(tmp_path)]) == 2
    assert "is no data folder: it has no colloquium.db" in capsys.readouterr().err
