"""One paper, once, as people see it: an old button still works, and a pasted arXiv link shows the same card."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from tests.unit.samples import made_up, seed_papers
from tests.world import answer, words

if TYPE_CHECKING:
    from tests.world import World

WAVE = "Music Source Separation in the Waveform Domain"


async def test_a_button_from_before_and_an_arxiv_link_lead_to_the_same_card(world: World) -> None:
    found = answer(await world.member.slash(world.channel, "search", query=WAVE))
    [seed] = [paper for paper in seed_papers() if paper.title == WAVE]
    copy = made_up(
        WAVE,
        seed.abstract + " Revised.",
        id="1911.13254",
        source="arxiv",
        url="https://arxiv.org/abs/1911.13254",
        date=date(2019, 11, 27),
        authors=("Alexandre Défossez",),
        version=2,
    )
    assert await world.app.library._papers.add([copy], datetime.now(UTC)) == (0, 1)
    await world.restart()
    pressed = answer(await world.member.click(found, custom_id=f"do:abstract:{seed.id}"))
    sentence = "I mean [this](https://www.alphaxiv.org/abs/1911.13254v2), please"
    pasted = answer(await world.member.slash(world.channel, "paper", title=sentence))
    assert words(pressed) == words(pasted)
    assert "Alexandre Défossez" in words(pressed)
    assert "Revised." in words(pressed)
    again = words(answer(await world.member.slash(world.channel, "search", query=WAVE)))
    assert again.count(f"[{WAVE}](https://arxiv.org/abs/1911.13254)") == 1
    assert again.count(WAVE) == 2  # the query, and the paper
