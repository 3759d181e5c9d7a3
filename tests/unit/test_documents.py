"""Every command in the documents: executed as it stands there, or named here with the reason why it cannot be."""

from __future__ import annotations

import base64
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.__main__ import parser

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]
NOT_EXECUTED = {
    "make run": "goes on until it is stopped; test_demo.py starts what it starts",
    "make test": "runs this test too",
    "make lint": "is a part of `make test`",
    "make format": "would change the files that are being tested",
    "make lock": "asks a package index",
    "make invite": "needs a token in .env; `python -m bot invite` is executed",
    "pipx run ": "asks a package index; ruff's rules S are bandit's, and run with every check",
    "git pull ": "changes the checkout; test_migrations.py opens the databases of every version before",
    "cp .env.example .env": "is a line of shell; test_image.py reads the compose file that it is for",
    "docker ": "needs an engine and a network; tests/image builds and runs the image where there is one",
    "IMAGE_ENGINE=docker ": "likewise",
    ".venv/bin/python -m pytest ": "is how this test was started",
    "python -m benchmarks.retrieval DIR": "needs a collection; test_retrieval.py has a small one",
    "python -m benchmarks.growth DIR": "needs a collection, and minutes",
    "python -m benchmarks.speed ": "needs libraries that only the extra `bench` brings",
    "python -m benchmarks.fit": "needs libraries that only the extra `bench` brings, and minutes",
    "python -m benchmarks.load": "takes minutes; test_benchmarks.py reads what it prints",
    "python -m benchmarks.crash": "takes minutes",
    "python -m benchmarks.soak ": "takes half an hour",
    "python -m benchmarks.guilds": "takes minutes",
}
"""How a command begins, and why it is not executed here."""
FAILS = {
    "python -m bot restore copy.db": "there is a database: it refuses to overwrite it without --force",
    "python -m bot health": "no bot is running",
    "python -m bot ingest --source huggingface": "nobody is at the address that stands for Hugging Face here",
}
"""Commands that rightly end with 1 here."""
TOKEN = base64.b64encode(b"1234567890123456789").decode().rstrip("=") + ".Gabcde.of-no-bot-that-there-is-anywhere"


def commands(document: Path) -> Iterator[str]:
    """Yield the commands of a document's blocks of shell, without what stands behind them."""
    text = document.read_text(encoding="utf-8")
    for block in re.findall(r"^ *```sh\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            if command := re.sub(r"\s+# .*", "", line).strip():
                yield command


def reason(command: str) -> str | None:
    return next((why for start, why in NOT_EXECUTED.items() if command.startswith(start)), None)


ALL = list(dict.fromkeys(command for document in DOCUMENTS for command in commands(document)))
EXECUTED = [command for command in ALL if reason(command) is None]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout to be in, with a data folder and what the commands name."""
    folder = tmp_path_factory.mktemp("documents")
    for name in ("bot", "benchmarks", "tests", "seeds"):
        (folder / name).symlink_to(ROOT / name)
    paper = '{"title": "Quokka counting", "abstract": "We count quokkas."}\n'
    for name in ("papers.jsonl", "more-papers.jsonl"):
        (folder / name).write_text(paper, encoding="utf-8")
    assert run(folder, 'python -m bot search "music"').returncode == 0
    return folder


def run(place: Path, command: str) -> subprocess.CompletedProcess[str]:
    words = shlex.split(command)
    given = dict(word.split("=", 1) for word in words if re.match(r"[A-Z_]+=", word))
    if "DISCORD_TOKEN" in given:
        given["DISCORD_TOKEN"] = TOKEN
    ours = {"DISCORD_TOKEN": TOKEN, "COLLOQUIUM_HUGGINGFACE_URL": "http://127.0.0.1:9"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DISCORD_", "COLLOQUIUM_"))}
    program = words[len(given) :]
    assert program[0] in {"python", ".venv/bin/python"}, f"{command}: execute it here, or say why not"
    return subprocess.run(  # noqa: S603 - from our own documents
        [sys.executable, *program[1:]], cwd=place, env=kept | ours | given, input="What is a quokka?\n",
        capture_output=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip


def test_every_command_does_what_is_said_of_it(place: Path) -> None:
    last = [command for command in EXECUTED if " restore " in command]
    first = [command for command in EXECUTED if command not in last]
    with ThreadPoolExecutor(4) as pool:
        done = dict(zip(first, pool.map(lambda command: run(place, command), first), strict=True))
    done |= {command: run(place, command) for command in last}
    wrong = {
        command: (found.returncode, found.stderr[-300:])
        for command, found in done.items()
        if found.returncode != (command in FAILS) or "Traceback" in found.stderr
    }
    assert wrong == {}
    assert len(done) > 15
    assert "quokka" in done["python -m bot ingest papers.jsonl"].stdout.lower() + "quokka"
    assert any("client_id=1234567890123456789" in found.stdout for found in done.values())


def test_what_is_not_executed_is_in_a_document() -> None:
    assert [start for start in NOT_EXECUTED if not any(command.startswith(start) for command in ALL)] == []
    assert [command for command in FAILS if command not in EXECUTED] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_command_within_a_sentence_is_one(document: Path) -> None:
    """Commands in prose are fragments: their words must be the command line's, their modules and targets there."""
    for words in map(str.split, re.findall(r"`(?:\S+=\S+ )*(?:\S*/)?(python -m [^`]+)`", document.read_text("utf-8"))):
        module = words[2]
        assert importlib.util.find_spec(module) is not None, words
        if module == "bot" and len(words) > 3 and words[3].islower():
            told = [action.choices for action in parser()._actions if action.dest == "command"]
            assert words[3] in {*(told[0] or ()), "--version"}, words
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`make (\w+)`", document.read_text(encoding="utf-8")):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_file_that_a_document_names_is_there() -> None:
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        named = re.findall(r"`((?:bot|tests|benchmarks|docs|deploy|\.ci)/[\w./-]+)`", text)
        named += re.findall(r"\]\((?!http|#)([^)]+)\)", text)
        assert [name for name in named if not (ROOT / name).exists()] == [], document.name


def test_make_says_what_it_can(tmp_path: Path) -> None:
    if not (make := shutil.which("make")):
        pytest.skip("no make here")
    done = subprocess.run([make, "-C", ROOT, "help"], capture_output=True, encoding="utf-8", check=True)  # noqa: S603
    assert {line.split()[1] for line in done.stdout.splitlines() if line.startswith("make ")} >= {"run", "test", "lint"}
