"""SECURITY.md: each threat has a test, and that test exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in (ROOT / "SECURITY.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| somebody")
]


@cache
def named_in(file: str) -> set[str]:
    """Return the tests that pytest finds in a file."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in tree.body if isinstance(node, kinds) and node.name.startswith("test_")}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_each_threat_names_a_test_that_exists(row: list[str]) -> None:
    tried, stopped, named = row
    assert tried
    assert stopped
    found = re.fullmatch(r"`(tests/\w+/test_\w+\.py)::(test_\w+)`", named)
    assert found
    assert found[2] in named_in(found[1])


def test_no_threat_stands_there_twice() -> None:
    assert len(ROWS) > 40
    assert len({row[0] for row in ROWS}) == len(ROWS)
