"""What is counted of what people do: by the bot's own names and what became of it, with nothing of theirs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import simcord

from bot.metrics import Facts, Metrics
from bot.services.lag import Lag
from bot.ui.client import Colloquium
from tests.world import World, answer, hasten

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.app import App

QUESTION = "How many languages does the GPipe translation corpus span?"


@pytest.fixture
async def counted(app: App) -> AsyncIterator[tuple[World, Metrics]]:
    metrics = Metrics(Lag())
    env = hasten(simcord.Env(Colloquium(app, meter=metrics)))
    await env.start()
    try:
        world = World.build(env, app)
        await env.settle()
        yield world, metrics
    finally:
        await env.shutdown()


def counts(metrics: Metrics) -> dict[tuple[str, str], float]:
    shown = metrics.page(Facts(healthy=True, shards=(), holdings=None))[0].decode()
    assert "GPipe" not in shown
    assert metrics._open == {}
    found = re.findall(r'^colloquium_commands_total\{command="([^"]+)",outcome="(\w+)"\} (\S+)$', shown, re.MULTILINE)
    return {(command, outcome): float(count) for command, outcome, count in found}


async def test_commands_buttons_forms_and_messages_are_counted(counted: tuple[World, Metrics]) -> None:
    world, metrics = counted
    asked = answer(await world.member.slash(world.channel, "ask", question=QUESTION))
    await world.admin.slash(world.channel, "roundup show")
    form = await world.member.click(asked, label="Follow-up")
    await world.member.submit_modal(form, {"question": "and on ImageNet?"})
    me = world.env.backend.bot_user
    await world.member.send(world.channel, f"<@{me.id}> {QUESTION}")
    await world.member.send(world.channel, "not for the bot")
    names = ("ask", "roundup show", "button followup", "form followup", "message")
    assert counts(metrics) == {(name, "answered"): 1 for name in names}


async def test_errors_of_the_bots_own_are_counted_as_failed(counted: tuple[World, Metrics]) -> None:
    world, metrics = counted
    asked = answer(await world.member.slash(world.channel, "ask", question=QUESTION))
    form = await world.member.click(asked, label="Follow-up")
    async with world.app.notes._database.transaction() as writer:
        await writer.rows("ALTER TABLE turns RENAME TO lost")
    await world.member.slash(world.channel, "ask", question=QUESTION)
    await world.member.click(asked, label="Why")
    await world.member.submit_modal(form, {"question": "and on ImageNet?"})
    await world.member.send(world.channel, f"<@{world.env.backend.bot_user.id}> {QUESTION}")
    failed = {name for name, outcome in counts(metrics) if outcome == "failed"}
    assert failed == {"ask", "button why", "form followup", "message"}
    world.env._errors_acknowledged = len(world.env._errors)
