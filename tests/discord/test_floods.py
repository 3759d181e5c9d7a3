"""One person's flood: searches, pages, papers that arXiv has to be asked for; others are answered all the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
import simcord

from bot.core.fetched import Fetched
from bot.core.hearsay import feed_name
from bot.core.paper import Paper, Problem
from bot.services.lookup import Lookup
from bot.storage.papers import Papers
from bot.ui.client import Colloquium
from bot.ui.papers import LOOKUPS, SEARCHES
from tests.world import BEAT, World, answer, hasten, words

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from simcord import MemberActor

    from bot.app import App

ASKED: list[str] = []
QUICK = "That was quick! Give me "
RIVERS = "We measure how fast 1,000 rivers flow, and why some of them flow slower than others do."


async def arxiv(arxiv_id: str) -> Fetched | Problem:
    """Answer as arXiv would, which has no paper of an id that ends in 9 and is away for those that end in 8."""
    ASKED.append(arxiv_id)
    if arxiv_id.endswith("8"):
        return Problem("arXiv cannot be reached")
    paper = Paper(arxiv_id, f"River {arxiv_id}", RIVERS, "arxiv", date=date(2026, 1, 1))
    return Fetched(() if arxiv_id.endswith("9") else (paper,))


@pytest.fixture
async def live(app: App) -> AsyncIterator[World]:
    """A server whose bot may ask arXiv, which the function above speaks for."""
    ASKED.clear()
    joined = replace(app, lookup=Lookup(app.library, Papers(app.notes._database), arxiv))
    env = hasten(simcord.Env(Colloquium(joined, beat=BEAT)))
    await env.start()
    try:
        yield World.build(env, joined)
    finally:
        await env.shutdown()


async def search(world: World, who: MemberActor) -> str:
    return words(answer(await who.slash(world.channel, "search", query="learning")))


async def paper(world: World, who: MemberActor, title: str) -> str:
    result = await who.slash(world.channel, "paper", title=title)
    return words(answer(result))


async def test_one_person_cannot_flood_with_searches(world: World) -> None:
    times, seconds = SEARCHES
    first = await world.member.slash(world.channel, "search", query="learning")
    for _ in range(times - 1):
        assert QUICK not in await search(world, world.member)
    assert await search(world, world.member) == f"{QUICK}{seconds:.0f} more seconds for your next search."
    for button in ("Next", "Share"):
        pressed = await world.member.click(answer(first), label=button)
        assert QUICK in words((pressed.followups or [answer(pressed)])[0])
    similar = await world.member.slash(world.channel, "similar", title="Music Source Separation in the Waveform Domain")
    assert QUICK in words(answer(similar))
    # Nobody else waits for that, and it passes.
    assert QUICK not in await search(world, world.admin)
    await world.env.advance_time(seconds + 1)
    assert QUICK not in await search(world, world.member)


async def test_one_person_cannot_keep_arxiv_busy(live: World) -> None:
    times, seconds = LOOKUPS
    for number in range(times):
        assert "River" in await paper(live, live.member, f"1905.1000{number}")
    told = await paper(live, live.member, "1905.10007")
    assert told == f"{QUICK}{seconds:.0f} more seconds for the next paper that I have to ask arXiv for."
    assert len(ASKED) == times
    # What is here is shown, and others may ask.
    assert "River 1905.10000" in await paper(live, live.member, "1905.10000")
    assert "River 1905.10007" in await paper(live, live.admin, "https://arxiv.org/abs/1905.10007")
    await live.env.advance_time(seconds + 1)
    assert "Neither I nor arXiv" in await paper(live, live.member, "1905.10009")


async def test_of_an_arxiv_paper_that_only_a_feed_told_of_arxivs_word_is_shown(live: World) -> None:
    feed = feed_name("https://coins.example/feed")
    lies = [Paper(f"1801.0000{end}", f"Coin {end}", "Buy this coin today, it is cheap.", feed) for end in (1, 8, 9)]
    await live.app.library.take_in(Fetched(tuple(lies)), datetime.now(UTC))
    shown = await paper(live, live.member, "1801.00001")
    assert RIVERS in shown
    assert "Coin" not in shown
    assert "River 1801.00001" in await paper(live, live.member, "1801.00001")
    assert ASKED == ["1801.00001"]
    # Where arXiv says nothing, or is not to be asked, there is only the feed.
    for end in (8, 9):
        assert f"Coin {end}" in await paper(live, live.member, f"Coin {end}")
    for _ in range(LOOKUPS[0]):
        assert "Coin 9" in await paper(live, live.member, "1801.00009")
    assert len(ASKED) == LOOKUPS[0]


async def test_without_live_sources_arxiv_is_not_asked_and_paper_says_so(world: World) -> None:
    assert world.app.lookup is None
    told = await paper(world, world.member, "1905.10000")
    assert told == "I have no paper called “1905.10000”, and here I ask no source for what I lack."
