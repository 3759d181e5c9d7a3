"""The image, built and run: only where IMAGE_ENGINE names docker or podman (as root, where that is what it takes).

IMAGE_BUILD names a program that builds in its place, called as `PROGRAM -t TAG FOLDER`.
"""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.loopback.process import environment, until
from tests.loopback.server import DiscordServer, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
ENGINE = os.environ.get("IMAGE_ENGINE", "")
TAG = "colloquium:check"
HARDENED = ["--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--tmpfs=/tmp", "--pids-limit=128"]
pytestmark = pytest.mark.skipif(not ENGINE, reason="the image is built and run where IMAGE_ENGINE is docker or podman")
QUERY = [{"type": 3, "name": "query", "value": "layer normalization"}]


def engine(*arguments: str, check: bool = True) -> str:
    done = subprocess.run([ENGINE, *arguments], capture_output=True, encoding="utf-8", check=False)  # noqa: S603
    assert not check or done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def image() -> dict[str, Any]:
    """What the engine says of the image, once it is built."""
    build = shlex.split(os.environ.get("IMAGE_BUILD") or f"{ENGINE} build")
    done = subprocess.run([*build, "-t", TAG, str(ROOT)], capture_output=True, encoding="utf-8", check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(engine("image", "inspect", TAG))[0]
    return found


@contextmanager
def container(*arguments: str, command: tuple[str, ...] = ()) -> Iterator[str]:
    made = engine("run", "--detach", *HARDENED, *arguments, TAG, *command)
    try:
        yield made
    finally:
        engine("rm", "--force", "--volumes", made, check=False)


def test_what_the_image_says_of_itself(image: dict[str, Any]) -> None:
    config = image["Config"]
    assert config["User"] == "10001:10001"
    assert config["Labels"]["org.opencontainers.image.licenses"] == "MIT"
    assert not [line for line in config["Env"] if "TOKEN" in line]


def test_no_tool_that_builds_is_inside_and_nothing_can_be_written(image: dict[str, Any]) -> None:
    code = (
        "import importlib.util, os, pathlib, shutil\n"
        "print([name for name in ('gcc', 'make', 'git', 'pip', 'uv') if shutil.which(name)])\n"
        "print([name for name in ('pip', 'pytest', 'simcord') if importlib.util.find_spec(name)])\n"
        "print([os.access(place, os.W_OK) for place in ('/', '/app', '/venv', '/usr', '/data')])\n"
        "print(len([*pathlib.Path('/app/bot').rglob('*.pyc')]) > 100, os.getuid())\n"
    )
    said = engine("run", "--rm", *HARDENED, "--network=none", "--entrypoint=python", TAG, "-c", code)
    assert image
    assert said.splitlines() == ["[]", "[]", "[False, False, False, False, True]", "True 10001"]


def test_it_answers_without_a_network(image: dict[str, Any]) -> None:
    said = engine("run", "--rm", *HARDENED, "--network=none", TAG, "search", "music source separation", "--json")
    assert image
    assert json.loads(said)[0]["title"].startswith("Music Source Separation")


async def test_it_is_healthy_while_connected_and_ends_within_a_second(image: dict[str, Any], tmp_path: Path) -> None:
    server = DiscordServer()
    channel = server.channel(server.guild())
    async with serve(server):
        ours = {
            name: value for name, value in environment(server, tmp_path).items() if name.startswith(("DISC", "LOOP"))
        }
        given = [f"--env={name}={value}" for name, value in {**ours, "COLLOQUIUM_SOURCES": "off"}.items()]
        inside = [f"--volume={ROOT / 'tests'}:/app/tests:ro", "--entrypoint=python", "--network=host"]
        with container(*given, *inside, command=("-m", "tests.loopback.launch", "run")) as made:
            began = time.monotonic()
            await until(lambda: server.gateway.identified and bool(server.backend.commands.get(None)), 60)
            print(f"connected after {time.monotonic() - began:.1f} s")  # noqa: T201 - a figure for the README
            asked = server.slash(channel, "search", QUERY)
            await until(lambda: asked in server.rest.acknowledged)
            assert await until_well(made, health(image)) == "healthy"
            print(await asyncio.to_thread(memory, made))  # noqa: T201 - likewise
            told = time.monotonic()
            await asyncio.to_thread(engine, "kill", "--signal=TERM", made)
            assert await asyncio.to_thread(engine, "wait", made) == "0"
            assert time.monotonic() - told < 1.5  # a second, and the engine's own


def health(image: dict[str, Any]) -> list[str]:
    """Return the image's health check, wherever the engine says it."""
    places = (image["Config"].get("Healthcheck"), image.get("Healthcheck"), image.get("HealthCheck"))
    told: list[str] = next(place["Test"] for place in places if place)
    assert told[0] == "CMD"
    return told[1:]


async def until_well(made: str, check: list[str]) -> str:
    """Ask a container for its health as the engine would, until it is well or half a minute is over."""
    said = ""
    for _ in range(30):
        said = await asyncio.to_thread(engine, "exec", made, *check, check=False)
        if said == "healthy":
            return said
        await asyncio.sleep(1)
    return said


def memory(made: str) -> str:
    code = "print(*(line for line in open('/proc/1/status') if line.startswith(('VmRSS', 'Threads'))))"
    return " ".join(engine("exec", made, "python", "-c", code).split())
