"""/about: how much is here, whose it is, what is kept of a person, and the licence."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import simcord

import bot
from bot.core.credit import Credit
from bot.services.library import Size
from bot.storage import notes, turns
from bot.ui.about import MOST, NO_SOURCE, PRIVACY, about_page
from bot.ui.client import Colloquium
from tests.discord.test_limits import HOSTILE, check
from tests.world import World, answer, hasten, silent, words

if TYPE_CHECKING:
    from bot.app import App


async def about(world: World) -> str:
    result = await world.member.slash(world.channel, "about")
    assert result.ephemeral
    return words(answer(result))


async def test_about_says_how_much_is_here(world: World) -> None:
    shown = await about(world)
    assert shown.startswith(f"### Colloquium {bot.__version__}\nI hold **56 papers**, the last added on **20")
    assert re.search(r"^Discord answers me in (\d+ ms|not measured yet)\.$", shown, re.MULTILINE)
    assert "Your questions and searches never leave it.\n" in shown
    assert silent(world.env)


async def test_about_credits_every_source_on_its_terms(world: World) -> None:
    shown = await about(world)
    assert "- **[Hugging Face Daily Papers](https://huggingface.co/papers)**: " in shown
    assert "[Terms of use](https://huggingface.co/terms-of-service)." in shown
    assert "- **[arXiv](https://arxiv.org)**: Thank you to arXiv for use of its open access interoperability." in shown
    assert "CC0 1.0" in shown
    assert "[Terms of use](https://info.arxiv.org/help/api/tou.html)." in shown


async def test_about_says_what_is_kept_as_long_as_it_is(world: World) -> None:
    shown = await about(world)
    assert PRIVACY in shown
    assert f"the last {turns.MOST} of a conversation, for {turns.KEEP.days} days" in shown
    assert f"searches, for {notes.KEEP.days} days" in shown
    assert shown.endswith("-# Free software under the MIT licence. The papers are their authors' and publishers'.")


async def test_about_without_sources_and_with_feeds_and_services_elsewhere(app: App) -> None:
    settings = replace(app.settings, sources=(), feeds=("https://journal.example/feed?key=secret",))
    env = hasten(simcord.Env(Colloquium(replace(app, settings=settings))))
    await env.start()
    try:
        shown = await about(World.build(env, app))
    finally:
        await env.shutdown()
    assert "- **[journal.example](https://journal.example)**: Its papers are under its own terms." in shown
    assert "secret" not in shown
    assert "Hugging Face" not in shown


def test_about_of_no_source_says_so_and_what_leaves() -> None:
    page = about_page(Size(1, None), "3 ms", [], ["A model rephrases answers."])
    shown = str(page.to_components())  # type: ignore[no-untyped-call]
    assert NO_SOURCE in shown
    assert "A model rephrases answers." in shown
    assert "never leave" not in shown


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_about_keeps_discords_limits_whatever_feeds_call_themselves(piece: str) -> None:
    feeds = [Credit((piece * 200)[:200], f"https://{'a' * 60}.example", "Its papers.") for _ in range(MOST + 9)]
    check(about_page(Size(10**9, "2026-01-01"), "3 ms", feeds, ["A sentence."]))
