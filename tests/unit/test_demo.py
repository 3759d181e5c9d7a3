"""The demo as a process: a page, its own folder, and an end when asked."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import simcord

from bot.app import open_app
from bot.config import Settings
from bot.run import apart
from bot.services.trending import NO_SOURCE as NONE_SET_UP
from bot.ui.about import NO_SOURCE
from bot.ui.client import Colloquium
from tests.world import World, answer, hasten, words

ROOT = Path(__file__).parents[2]


def test_the_demo_serves_a_page_leaves_live_data_alone_and_ends_when_asked(tmp_path: Path) -> None:
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", "demo", "--port", "0", "--no-browser", "--data", str(tmp_path)],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith(("DISCORD_", "COLLOQUIUM_"))},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as demo:
        assert demo.stdout is not None
        url = demo.stdout.readline().split()[-1]
        with urllib.request.urlopen(url, timeout=10) as page:  # noqa: S310 - the demo's own address
            assert page.status == 200
        demo.terminate()
        assert demo.wait(timeout=10) == 0
    assert [entry.name for entry in tmp_path.iterdir()] == ["demo"]


async def test_the_demo_claims_no_source_that_it_does_not_ask(tmp_path: Path) -> None:
    own = apart(Settings(data=tmp_path, arxiv=("cs.LG",), feeds=("https://journal.example/feed",)))
    assert (own.live, own.data) == (False, tmp_path / "demo")
    own.data.mkdir()
    async with open_app(own) as app:
        env = hasten(simcord.Env(Colloquium(app)))
        await env.start()
        try:
            world = World.build(env, app)
            about = words(answer(await world.member.slash(world.channel, "about")))
            trending = words(answer(await world.member.slash(world.channel, "trending")))
        finally:
            await env.shutdown()
    assert f"### Where the papers come from\n{NO_SOURCE}" in about
    assert trending.endswith(NONE_SET_UP)
