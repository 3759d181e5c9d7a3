"""The walls between the layers, as the design's import table draws them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "bot").rglob("*.py"))
MAY_IMPORT = {
    "core": {"bot.core"},
    "sources": {"bot.core", "bot.sources", "bot.http"},
    "storage": {"bot.core", "bot.storage"},
    "services": {"bot.core", "bot.storage", "bot.services"},
    "ui": {"bot", "bot.core", "bot.storage", "bot.services", "bot.app", "bot.ui"},
    "config.py": {"bot.core", "bot.credential"},
    "credential.py": set[str](),
    "health.py": set[str](),
    "logs.py": {"bot.config"},
    "metrics.py": {"bot", "bot.services", "bot.ui"},
    "web.py": {"bot.config"},
    "watch.py": {"bot.app", "bot.health", "bot.metrics", "bot.services", "bot.storage", "bot.ui", "bot.web"},
    "invite.py": {"bot.config"},
    "http.py": {"bot", "bot.core", "bot.pace"},
    "pace.py": {"bot.core"},
    "llm.py": {"bot.core"},
    "progress.py": {"bot.services"},
    "previews.py": {"bot.app", "bot.core", "bot.services", "bot.storage"},
    "checkup.py": {
        "bot",
        "bot.app",
        "bot.config",
        "bot.core",
        "bot.health",
        "bot.previews",
        "bot.services",
        "bot.storage",
    },
    "embed.py": {"bot.core", "bot.dictionary"},
    "dictionary.py": set[str](),
    "thesaurus.py": {"bot.core"},
    "app.py": {
        "bot.config",
        "bot.core",
        "bot.sources",
        "bot.storage",
        "bot.services",
        "bot.http",
        "bot.llm",
        "bot.embed",
        "bot.dictionary",
        "bot.thesaurus",
    },
}
IMPURE = {"asyncio", "aiohttp", "aiosqlite", "discord", "logging", "os", "pathlib", "random", "sqlite3", "time"}
SQL = re.compile(r"\b(?:SELECT .+ FROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM|CREATE TABLE|PRAGMA \w+)\b", re.DOTALL)


def layer(module: Path) -> str:
    return module.relative_to(ROOT / "bot").parts[0]


def imports(module: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports are absolute"
            below = node.module in {"bot", *(f"bot.{name}" for name in MAY_IMPORT)}
            found |= {f"{node.module}.{a.name}" if below else str(node.module) for a in node.names}
    return found


def within(name: str, allowed: set[str]) -> bool:
    return any(name == one or (one != "bot" and name.startswith(f"{one}.")) for one in allowed) or (
        "bot" in allowed and name == "bot.__version__"
    )


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(ROOT)))
def test_a_module_imports_only_what_its_layer_may(module: Path) -> None:
    names, place = imports(module), layer(module)
    if place in MAY_IMPORT:
        ours = {name for name in names if name.split(".")[0] == "bot"}
        assert {name for name in ours if not within(name, MAY_IMPORT[place])} == set()
    roots = {name.split(".")[0] for name in names}
    if place == "core":
        assert roots & IMPURE == set()
    if place not in {"ui", "run.py", "__main__.py"}:
        assert roots & {"discord", "simcord"} == set()
    if place != "storage":
        assert roots & {"aiosqlite", "sqlite3"} == set()


@pytest.mark.parametrize(
    "module", [m for m in MODULES if layer(m) != "storage"], ids=lambda module: str(module.relative_to(ROOT))
)
def test_sql_stands_in_storage_only(module: Path) -> None:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert not SQL.search(node.value), f"line {node.lineno}"


@pytest.mark.parametrize(
    "module", [m for m in MODULES if layer(m) == "core"], ids=lambda module: str(module.relative_to(ROOT))
)
def test_the_core_reads_no_clock_and_no_file(module: Path) -> None:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            assert node.attr not in {"now", "utcnow", "today", "read_text", "write_text"}, f"line {node.lineno}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"open", "print", "input"}, f"line {node.lineno}"


def test_the_search_for_sql_and_imports_finds_them_where_they_are() -> None:
    storage = ROOT / "bot" / "storage"
    assert SQL.search((storage / "papers.py").read_text(encoding="utf-8"))
    assert "aiosqlite" in imports(storage / "database.py")
    assert "discord" in imports(ROOT / "bot" / "ui" / "client.py")
