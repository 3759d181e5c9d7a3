"""/trending and /recent as people use them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.core.fetched import Fetched
from bot.core.paper import Paper
from bot.ui.sharing import NO_SHARE
from bot.ui.trending import TOO_OLD
from tests.discord.test_papers import quiet_channel, titles
from tests.world import World, answer, controls, labels, silent, words

if TYPE_CHECKING:
    from simcord import ResponseMessage


async def listed(world: World, *votes: int, days: int = 1, **more: Any) -> None:
    day = world.env.now().date() - timedelta(days=days)
    papers = [
        Paper(
            f"2601.{days:02}{n:03}",
            abstract=f"It prunes thing{n}.",
            source="huggingface",
            date=day,
            upvotes=many,
            **{"title": f"Paper {n}", **more},
        )
        for n, many in enumerate(votes)
    ]
    await world.app.library.take_in(Fetched(tuple(papers)), world.env.now())


async def shown(world: World, command: str, **options: object) -> ResponseMessage:
    result = await world.member.slash(world.channel, command, **options)
    assert result.ephemeral
    return answer(result)


async def test_trending_shows_the_best_of_a_period_with_the_reason(world: World) -> None:
    await listed(world, 3, 48, code=("https://github.com/a/b",))
    await listed(world, 999, days=5)
    found = await shown(world, "trending", period="day")
    assert words(found).startswith("### Trending · the last day\n-# 2 papers · page 1 of 1\n")
    assert titles(found) == ["Paper 1", "Paper 0"]
    assert "\n-# 2025-12-31 · [look up](" in words(found)
    assert "-# why: 48 votes, [code](https://github.com/a/b)\n" in words(found)
    assert "▲" not in words(found)
    assert labels(found) == ["Abstract", "🔖 Save", "♥ Like"] * 2 + ["Share"]
    week = words(await shown(world, "trending"))
    assert week.startswith("### Trending · the last week\n-# 3 papers")
    assert "-# why: 999 votes, 200 a day" in week
    assert silent(world.env)


async def test_what_members_keep_counts_here_without_a_name(world: World) -> None:
    await listed(world, 2, 0)
    await world.member.click(await shown(world, "trending"), custom_id="do:save:2601.01001")
    found = await shown(world, "trending")
    assert titles(found) == ["Paper 1", "Paper 0"]
    assert "-# why: saved by 1 here\n" in words(found)
    assert "ben" not in words(found).lower()
    direct = answer(await world.member.user.slash("trending"))
    assert "here" not in words(direct)
    assert "Share" not in labels(direct)


async def test_pages_turn_and_are_shared_as_they_stand(world: World) -> None:
    await listed(world, *range(12))
    first = await shown(world, "trending", period="day")
    await world.restart()
    second = answer(await world.member.click(first, label="Next"))
    assert second.id == first.id
    assert "page 2 of 3" in words(second)
    shared = await world.member.click(second, label="Share")
    assert words(answer(shared)).splitlines()[1].endswith("· shared")
    (post,) = (message for message in world.channel.history() if not message.flags.ephemeral)
    assert "page 2 of 3 · shared by ben" in words(post)
    mine = await world.admin.click(post, label="Next")
    assert mine.ephemeral
    assert "page 3 of 3" in words(answer(mine))
    assert silent(world.env)


async def test_recent_shows_the_newest_on_a_topic(world: World) -> None:
    await listed(world, 1, *([0] * 6), days=2)
    found = await shown(world, "recent", topics="pruned *things*")
    assert words(found).startswith(
        "### Recent · pruned \\*things\\*\nNo paper here mentions “things”.\n-# 13 papers · page 1 of 3\n"
    )
    assert "· ▲ 1 · [look up](" in words(found)
    assert "-# why: matches *pruned*" in words(found)
    following = answer(await world.member.click(found, label="Next"))
    assert "page 2 of 3" in words(following)
    every = await shown(world, "recent")
    assert titles(every)[0] == "Paper 0"
    assert "\n-# the first 50 of 63 papers · page 1 of 10\n" in words(every)
    assert "why" not in words(every)
    await world.app.answers.forget(world.member.user.id)
    assert words(answer(await world.member.click(following, label="Previous"))) == TOO_OLD
    assert "page 2 of 10" in words(answer(await world.member.click(every, label="Next")))


async def test_recent_puts_a_slip_right_and_says_so_as_a_search_does(world: World) -> None:
    await listed(world, 1, title="Zebra crossings")
    found = await shown(world, "recent", topics="zebar crossings")
    assert "\nNothing here mentions *zebar*; showing results for *zebra*.\n-# 1 paper" in words(found)
    assert "-# why: matches *zebra*, *crossings*" in words(found)
    found = await shown(world, "recent", topics='"crossings of a zebra"')
    assert "\nNo paper here has “crossings of a zebra” word for word; showing what has its words.\n" in words(found)
    assert titles(found) == ["Zebra crossings"]
    found = await shown(world, "recent", topics="zebar author:nobody")
    assert words(found).splitlines()[0] == "Nothing here mentions *zebar*; I looked for *zebra*."
    assert words(found).endswith("\nNo paper here is all that you ask for.")


async def test_nothing_to_show_is_said_in_words(world: World) -> None:
    said = words(await shown(world, "trending"))
    assert said == "None of the papers here says on which day it was listed, so none can be trending. Try /recent."
    await listed(world, 1, days=20)
    said = words(await shown(world, "trending"))
    assert said == "No paper here was listed in the last week; the newest is from 2025-12-12. Try the last month."
    assert words(await shown(world, "recent", topics="zebra crossings")) == "No paper here is about that."
    assert "There is no word to look for in “of the”" in words(await shown(world, "recent", topics="of the"))
    async with world.app.notes._database.transaction() as writer:
        await writer.rows("DELETE FROM papers")
    assert words(await shown(world, "trending")) == "I have no papers yet."
    assert words(await shown(world, "recent")) == "I have no papers yet."


async def test_nobody_shares_where_they_may_not_write(world: World) -> None:
    await listed(world, 1)
    found = answer(await world.member.slash(quiet_channel(world), "trending"))
    share = next(control for control in controls(found) if control.label == "Share")
    told = await world.member.click(found, custom_id=share.custom_id)
    assert words(answer(told)) == NO_SHARE
