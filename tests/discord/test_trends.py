"""/trends as people use it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import discord

from bot.core.fetched import Fetched
from bot.core.paper import Paper
from bot.core.trends import WEEKS
from bot.ui import chart, response
from bot.ui.sharing import NO_SHARE
from bot.ui.trends import NO_DAY, ORDER
from tests.discord.test_papers import quiet_channel
from tests.world import World, answer, labels, parts, silent, words

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from bot.core.trends import Rising


async def fill(world: World, each: int = 20, rising: int = 12, name: str = "Agent *memory* of") -> None:
    today = world.env.now().date()
    papers = [
        Paper(f"p{w}.{n}", f"Title{w} {n}", f"Thing{n}.", "file", date=today - timedelta(days=7 * w + 3))
        for w in range(WEEKS)
        for n in range(each)
    ]
    papers += [
        Paper(f"{name[:1]}{n}", f"{name} {n}", "It is *kept*.", "file", date=today - timedelta(days=2 * n))
        for n in range(rising)
    ]
    await world.app.library.take_in(Fetched(tuple(papers)), world.env.now())


def pictures(message: Any) -> list[dict[str, Any]]:
    return [item for part in parts(message) for item in part.get("items", [])]


def told(found: Any) -> str:
    [picture] = pictures(found)
    return str(picture["description"])


async def test_the_chart_has_words_for_those_who_do_not_see_it(world: World) -> None:
    await fill(world)
    result = await world.member.slash(world.channel, "trends")
    assert result.ephemeral
    found = answer(result)
    assert words(found) == ORDER
    [picture] = pictures(found)
    assert picture["media"]["url"].endswith("trends.png") or "attachment" in picture["media"]["url"]
    assert picture["description"] == (
        "Bar chart of rising topics in the 4 weeks to 2026-01-01, as a share of all papers. "
        "agent memory: 12 papers, new."
    )
    assert labels(found) == ["Share"]
    assert silent(world.env)


async def test_it_is_shared_with_its_picture_and_only_where_one_may_write(world: World) -> None:
    await fill(world)
    found = answer(await world.member.slash(world.channel, "trends"))
    await world.restart()
    shared = await world.member.click(found, label="Share")
    assert words(answer(shared)).endswith("· shared")
    [post] = [message for message in world.channel.history() if not message.flags.ephemeral]
    assert words(post).endswith("· shared by ben")
    assert len(pictures(shared.followups[0])) == 1
    quiet = answer(await world.member.slash(quiet_channel(world), "trends"))
    assert words(answer(await world.member.click(quiet, label="Share"))) == NO_SHARE


async def test_a_name_that_cannot_be_drawn_is_told_in_words(world: World) -> None:
    await fill(world, name="深度 学习")
    alone = answer(await world.member.slash(world.channel, "trends"))
    assert words(alone).splitlines()[2:] == ["**深度 学习** new", ORDER]
    assert pictures(alone) == []
    await fill(world)
    both = answer(await world.member.slash(world.channel, "trends"))
    assert words(both) == f"and **深度 学习** new\n{ORDER}"
    assert "agent memory" in told(both)
    assert "学习" not in told(both)


async def test_too_little_to_tell_is_said_in_words(world: World) -> None:
    assert words(answer(await world.member.slash(world.channel, "trends"))) == NO_DAY
    await fill(world, each=2, rising=1)
    assert words(answer(await world.member.slash(world.channel, "trends"))) == (
        "That is too few papers to tell what rises: 9 papers in the 4 weeks to 2026-01-01, 16 in the 8 before. "
        "I need 60 in each."
    )
    await fill(world, rising=0)
    said = words(answer(await world.member.slash(world.channel, "trends")))
    assert said == "No topic stands out in the 4 weeks to 2026-01-01."


async def test_without_a_picture_the_words_stand_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import ImageFont  # noqa: PLC0415 - only here

    def broken(_size: float | None = None) -> Any:
        raise OSError("no font")

    chart._font.cache_clear()
    monkeypatch.setattr(ImageFont, "load_default", broken)
    await fill(world)
    found = answer(await world.member.slash(world.channel, "trends"))
    assert words(found).startswith(
        "### Rising topics\n-# 4 weeks to 2026-01-01, against the 8 before\n**agent memory** new\n"
    )
    assert pictures(found) == []
    assert not any(isinstance(item, discord.ui.MediaGallery) for item in parts(found))


async def test_a_look_that_takes_long_is_answered_late_with_its_picture(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(world)
    rising = world.app.trends.rising

    async def slowly(now: datetime) -> Rising | None:
        await asyncio.sleep(response.LATE + 0.2)
        return await rising(now)

    monkeypatch.setattr(world.app.trends, "rising", slowly)
    result = await world.member.slash(world.channel, "trends")
    assert result.ephemeral
    assert "agent memory: 12 papers, new" in told(answer(result))
