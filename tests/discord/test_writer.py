"""The bot with a model behind it: what it says is checked, and the quotes come in any case."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import simcord

from bot.services.answers import Answers
from bot.ui.client import Colloquium
from tests.world import World, answer, words

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from bot.app import App

QUESTION = "How many languages does the GPipe translation corpus span?"


class Said:
    """A writer that says one thing, in small pieces."""

    def __init__(self, text: str) -> None:
        self.text = text

    async def write(self, _question: str, _passages: Sequence[str]) -> AsyncGenerator[str, None]:
        for word in self.text.split(" "):
            yield word + " "


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ("The Transformer model is trained on a corpus spanning over 100 languages [P1].", True),
        ("The Transformer model is trained on a corpus spanning over 300 languages [P1].", False),
        ("The Transformer model is not trained on a corpus spanning over 100 languages [P1].", False),
        ("Visit https://evil.example for a corpus spanning over 100 languages [P1].", False),
        ("CANNOT ANSWER", False),
    ],
)
async def test_only_what_the_quotes_bear_out_is_shown(app: App, said: str, *, stands: bool) -> None:
    answers = Answers(app.library, app.answers._turns, Said(said))
    env = simcord.Env(Colloquium(replace(app, answers=answers)))
    await env.start()
    try:
        world = World.build(env, app)
        await env.settle()
        shown = words(answer(await world.member.slash(world.channel, "ask", question=QUESTION)))
    finally:
        await env.shutdown()
    assert ("put by a model" in shown) is stands
    assert (said.replace(" [P1].", "") in shown) is stands
    assert "100 **languages**" in shown
