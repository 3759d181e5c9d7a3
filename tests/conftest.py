"""Fixtures: the unmodified bot under a simulated Discord, over real SQLite on disk."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
import simcord
from hypothesis import settings

from bot.app import App, open_app
from bot.config import Settings
from bot.ui.client import Colloquium
from tests.world import BEAT, World, hasten

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


# A third of the usual examples keep the whole suite under five minutes; every run tries others.
settings.register_profile("quick", max_examples=30)
settings.register_profile("thorough", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    """An open app on a fresh data folder, filled from the seeds."""
    async with open_app(Settings(data=tmp_path / "data")) as opened:
        yield opened


@pytest.fixture
async def world(app: App) -> AsyncIterator[World]:
    """A server with the bot, an admin, a member and a channel."""
    env = hasten(simcord.Env(Colloquium(app, beat=BEAT)))
    await env.start()
    try:
        made = World.build(env, app)
        await env.settle()
        yield made
    finally:
        await env.shutdown()
    # Errors that a test has read are its own business; any other fails it.
    env._raise_errors_since(env._errors_acknowledged)
