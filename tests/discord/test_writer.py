"""The bot with a model behind it: what it says is checked, and the quotes come in any case."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import simcord

from bot.llm import Writer
from bot.services.answers import Answers
from bot.ui import answers as asking
from bot.ui.client import Colloquium
from tests.small_model import needs_model, serving
from tests.world import World, answer, words

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Sequence

    from bot.app import App
    from bot.services.answers import Writer as Rephraser

QUESTION = "How many languages does the GPipe translation corpus span?"
TRUE = "We train a Transformer model on a corpus spanning over 100 languages [P1]."
BY_A_MODEL = "put by a model"


class Said:
    """A writer that says one thing, in small pieces."""

    def __init__(self, text: str) -> None:
        self.text = text

    async def write(self, _question: str, _passages: Sequence[str]) -> AsyncGenerator[str, None]:
        for word in self.text.split(" "):
            yield word + " "


@asynccontextmanager
async def talking(app: App, writer: Rephraser) -> AsyncIterator[World]:
    """A world whose bot has a writer."""
    answers = Answers(app.library, app.answers._turns, writer)
    env = simcord.Env(Colloquium(replace(app, answers=answers)))
    await env.start()
    try:
        world = World.build(env, app)
        await env.settle()
        yield world
    finally:
        await env.shutdown()


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        (TRUE, True),
        (TRUE.replace("100", "300"), False),
        (TRUE.replace("We train", "We do not train"), False),
        ("Visit https://evil.example for a corpus spanning over 100 languages [P1].", False),
        ("CANNOT ANSWER", False),
    ],
)
async def test_only_what_the_quotes_bear_out_is_shown(app: App, said: str, *, stands: bool) -> None:
    async with talking(app, Said(said)) as world:
        shown = words(answer(await world.member.slash(world.channel, "ask", question=QUESTION)))
    assert (BY_A_MODEL in shown) is stands
    assert (said.replace(" [P1].", "") in shown) is stands
    assert "100 **languages**" in shown


async def test_what_the_writer_takes_back_goes(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "EDIT_EVERY", 0.0)
    async with talking(app, Said(f"{TRUE} CANNOT ANSWER")) as world:
        shown = words(answer(await world.member.slash(world.channel, "ask", question=QUESTION)))
    assert BY_A_MODEL not in shown
    assert "100 **languages**" in shown


async def test_a_mention_is_rephrased_too(app: App) -> None:
    async with talking(app, Said(TRUE)) as world:
        await world.member.send(world.channel, f"<@{world.env.backend.bot_user.id}> {QUESTION}")
        await world.env.settle()
        shown = words(world.channel.history()[-1])
    assert BY_A_MODEL in shown


@pytest.mark.slow_model
@needs_model
async def test_a_real_small_model_behind_the_bot(app: App) -> None:
    """The answer comes, its quotes are verbatim, and nothing stands of the model's but what they bear out."""
    async with serving() as address:
        # It writes on and on: what it has said when its time is up is what counts.
        writer = Writer(address, "smollm2", "", timeout=3)
        async with talking(app, writer) as world:
            for question in (QUESTION, "What does GPipe do?", "How do Tanh and ReLU networks differ?"):
                shown = words(answer(await world.member.slash(world.channel, "ask", question=question)))
                print(shown)  # noqa: T201 - seen with -s
                assert "> " in shown
                assert "**[1]**" in shown
        await writer.close()
