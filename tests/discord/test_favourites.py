"""Saved and liked papers: each person's own, and no business of anybody else's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.core.favourite import MOST, Kind
from bot.core.paper import Paper
from bot.ui.favourites import COUNTS
from bot.ui.papers import GONE
from tests.discord.test_papers import WAVE, WAVE_ID, ingest, search, titles
from tests.discord.test_roundups import posts, run, set_up
from tests.world import World, answer, controls, labels, silent, words

if TYPE_CHECKING:
    from pathlib import Path

    from simcord import MemberActor, ResponseMessage


async def saved(world: World, who: MemberActor | None = None, **options: object) -> ResponseMessage:
    result = await (who or world.member).slash(world.channel, "saved", **options)
    assert result.ephemeral
    return answer(result)


async def press(world: World, message: Any, label: str, who: MemberActor | None = None) -> str:
    result = await (who or world.member).click(message, label=label)
    assert result.ephemeral
    return words(answer(result))


async def card(world: World, title: str = WAVE) -> ResponseMessage:
    return answer(await world.member.slash(world.channel, "paper", title=title))


async def test_a_paper_is_saved_once_and_removed_again(world: World) -> None:
    assert "You have saved no paper yet" in words(await saved(world))
    shown = await card(world)
    assert labels(shown)[:4] == ["Similar", "Share", "🔖 Save", "♥ Like"]
    told = await press(world, shown, "🔖 Save")
    assert told == f"🔖 Saved: “{WAVE}”. `/saved` shows your list, only to you.{COUNTS}"
    again = answer(await world.member.click(shown, label="🔖 Save"))
    assert words(again).startswith(f"You have saved “{WAVE}” already.")
    listed = await saved(world)
    assert words(listed).startswith("### Saved papers\n-# 1 paper · page 1 of 1 · only you see this\n")
    assert titles(listed) == [WAVE]
    assert words(answer(await world.member.click(again, label="Remove"))) == (
        f"“{WAVE}” is no longer among your saved papers."
    )
    assert "You have saved no paper yet" in words(await saved(world))
    assert silent(world.env)


async def test_a_like_pressed_twice_is_taken_back(world: World) -> None:
    shown = await card(world)
    assert (await press(world, shown, "♥ Like")).startswith(f"♥ You like “{WAVE}”. Press ♥ again to take it back.")
    assert titles(await saved(world, which="liked")) == [WAVE]
    assert await press(world, shown, "♥ Like") == f"Your ♥ for “{WAVE}” is taken back."
    assert "You have liked no paper yet" in words(await saved(world, which="liked"))


async def test_results_and_roundups_have_the_buttons_and_they_outlive_a_restart(world: World) -> None:
    found = await search(world, "music source separation")
    assert labels(found)[:3] == ["Abstract", "🔖 Save", "♥ Like"]
    await world.restart()
    told = await world.member.click(found, custom_id=f"do:save:{WAVE_ID}")
    assert words(answer(told)).startswith(f"🔖 Saved: “{WAVE}”")
    await set_up(world, papers=5)
    await world.env.advance_time(6 * 60)
    [post] = posts(world.channel)
    assert labels(post) == ["🔖 Save", "♥ Like"] * 5
    told = await world.member.click(post, custom_id=controls(post)[1].custom_id)
    assert told.ephemeral
    assert len(titles(await saved(world, which="liked"))) == 1
    await set_up(world, papers=8)
    assert labels(answer(await run(world, "preview"))) == []


async def test_nobody_sees_or_changes_what_another_keeps(world: World) -> None:
    shared = await world.member.click(await card(world), label="Share")
    [post] = [
        message for message in world.channel.history() if WAVE in words(message) and "shared by" in words(message)
    ]
    await press(world, post, "🔖 Save")
    assert "You have saved no paper yet" in words(await saved(world, world.admin))
    told = answer(await world.admin.click(post, label="🔖 Save"))
    assert words(told).startswith("🔖 Saved")
    await world.admin.click(told, label="Remove")
    assert titles(await saved(world, world.admin)) == []
    assert titles(await saved(world)) == [WAVE]
    assert "🔖 Saved" not in words(shared.followups[0])


async def test_a_list_has_pages_and_shrinks(world: World) -> None:
    ids = (await world.app.library.newest())[:6]
    for number, paper_id in enumerate(ids):
        now = world.env.now().replace(microsecond=number * 1000)
        await world.app.favourites.save(world.member.user.id, paper_id, 0, now)
    shown = await saved(world)
    assert len(titles(shown)) == 5
    second = answer(await world.member.click(shown, label="Next"))
    assert "page 2 of 2" in words(second)
    assert re.findall(r"^\*\*(\d+)\.", words(second), re.MULTILINE) == ["6"]
    gone = answer(await world.member.click(second, label="Remove"))
    assert "5 papers · page 1 of 1" in words(gone)
    assert "Next" not in labels(gone)


async def test_a_list_quotes_the_abstract_whatever_a_source_says_of_the_paper(world: World) -> None:
    abstract = "It begins somewhere. The okapi sorter sorts okapis. It ends."
    made = Paper("2401.00009", "An okapi sorter", abstract, "huggingface", summary="A machine made up this sentence.")
    await world.app.library._papers.add([made], world.env.now())
    await world.app.favourites.save(world.member.user.id, made.id, 0, world.env.now())
    shown = words(await saved(world))
    assert "\nThe okapi sorter sorts okapis.\n" in shown
    assert "machine" not in shown


async def test_there_is_an_end_to_what_one_person_can_save(world: World, tmp_path: Path) -> None:
    user = world.member.user.id
    more: list[dict[str, object]] = [{"title": f"T{n}", "abstract": f"word{n}"} for n in range(MOST)]
    await ingest(world, tmp_path, *more)
    for paper_id in [key for key in await world.app.library.newest() if key != WAVE_ID][:MOST]:
        await world.app.favourites.save(user, paper_id, 0, world.env.now())
    shown = await card(world)
    told = await press(world, shown, "🔖 Save")
    assert told == f"You have saved {MOST} papers, as many as I keep for one person. `/saved` is where you make room."
    assert "♥ You like" in await press(world, shown, "♥ Like")


async def test_what_is_kept_is_forgotten_on_request_and_only_then(world: World) -> None:
    await world.app.favourites.save(world.admin.user.id, WAVE_ID, 0, world.env.now())
    shown = await card(world)
    await press(world, shown, "🔖 Save")
    await press(world, shown, "♥ Like")
    told = words(answer(await world.member.slash(world.channel, "forget")))
    assert told.startswith(
        "Forgotten: 0 questions of yours, and your searches.\n-# The 1 paper you saved or liked stay"
    )
    told = words(answer(await world.member.slash(world.channel, "forget", what="all")))
    assert told == "Forgotten: 0 questions of yours, and your searches; 1 paper you saved or liked."
    assert titles(await saved(world)) == []
    assert titles(await saved(world, world.admin)) == [WAVE]


async def test_a_paper_that_is_gone_is_said_to_be(world: World) -> None:
    shown = await card(world)
    async with world.app.notes._database.transaction() as writer:
        await writer.rows("DELETE FROM papers WHERE id = ?", (WAVE_ID,))
    assert await press(world, shown, "🔖 Save") == GONE
    assert await press(world, shown, "♥ Like") == GONE


async def test_a_saved_paper_is_found_under_the_id_of_the_one_it_became_part_of(world: World) -> None:
    user, abstract = world.member.user.id, "It separates all the things that sound, one after another."
    now, library = world.env.now(), world.app.library
    one = Paper("2401.00001", "Separating things", abstract, "huggingface")
    await library._papers.add([one, Paper("10.1000/abc", "Another name", "Short.", "file")], now)
    for paper_id in ("2401.00001", "10.1000/abc"):
        await world.app.favourites.save(user, paper_id, 7, now)
    # A third record that is known by both ids makes them one.
    await library._papers.add([Paper("2401.00001", "Separating things", abstract, "arxiv", doi="10.1000/abc")], now)
    page = await world.app.favourites.page(user, Kind.SAVED, 0, 5)
    assert [row.paper.id for row in page.rows] == ["2401.00001"]
    assert page.total == 1
