"""Forged buttons and commands: whatever is sent, it acts for whoever sent it, within what they may."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord
import pytest

from bot.core.favourite import Kind
from tests.discord.forged import Command, bot, commands, kept, payload, press, send, sent
from tests.discord.test_papers import WAVE_ID
from tests.world import World, answer, controls, silent, words

if TYPE_CHECKING:
    from simcord import ResponseMessage

QUESTION = "How many languages does the GPipe translation corpus span?"
SECRET = "zebrafish"
ODD = [
    "", ":", "::", ":::::", "-1", "0", "999999999999999999999", "None", "../../etc/passwd", "%s%n", "{0}", "\x00", "\n",
    "' OR 1=1 --", "'); DROP TABLE papers; --", "@everyone", "<@1>", "深" * 30, "saved", "saved:-1:", "saved:٣:p",
    "liked:1e9:x", "week:٣", "-:99999999999", "٣" * 80, "x" * 89,
]  # fmt: skip


async def of_the_admin(world: World) -> dict[str, str]:
    """Let the admin search, ask, save, like and set up a roundup; return the keys behind their private buttons."""
    searched = answer(await world.admin.slash(world.channel, "search", query=f"music {SECRET}"))
    asked = answer(await world.admin.slash(world.channel, "ask", question=QUESTION))
    listed = answer(await world.admin.slash(world.channel, "recent", topics="network learning"))
    now = world.env.now()
    await world.app.favourites.save(world.admin.id, WAVE_ID, world.guild.id, now)
    await world.app.favourites.like(world.admin.id, WAVE_ID, world.guild.id, now)
    await world.admin.slash(world.channel, "roundup setup", channel=world.channel, time="9:00")
    return {
        "search": key(searched, "sharesearch"),
        "question": key(asked, "why"),
        "topics": key(listed, "shareranking"),
    }


def key(message: ResponseMessage, verb: str) -> str:
    """Return what a button of a message carries, up to the number of the page."""
    [found] = {made.custom_id for made in controls(message) if str(made.custom_id).startswith(f"do:{verb}:")}
    return str(found).split(":")[2]


async def public(world: World) -> Any:
    """Return a message of the bot's that everybody sees."""
    shown = answer(await world.member.slash(world.channel, "paper", title=WAVE_ID))
    await world.member.click(shown, label="Share")
    return world.channel.history()[-1]


def owned(tables: dict[str, list[tuple[Any, ...]]], who: int) -> dict[str, list[tuple[Any, ...]]]:
    return {name: [row for row in rows if who in row] for name, rows in tables.items()}


async def test_no_forged_button_changes_or_shows_what_is_anothers(world: World) -> None:
    keys, post = await of_the_admin(world), await public(world)
    before = owned(await kept(world), world.admin.id)
    assert {name for name, rows in before.items() if rows} == {"favourites", "schedules", "searches", "turns"}
    arguments = [WAVE_ID, f"saved:0:{WAVE_ID}", f"liked:0:{WAVE_ID}", "saved:0", "liked:0", str(world.admin.id)]
    for verb in bot(world)._verbs:
        for argument in arguments:
            pressed = await press(world, world.member, post, f"do:{verb}:{argument}")
            assert pressed.acknowledged, (verb, argument)
            assert SECRET not in str([words(shown) for shown in (pressed.response, *pressed.followups) if shown])
    assert owned(await kept(world), world.admin.id) == before
    # Not one of these presses had to name, or could have found, what the admin's own buttons carry.
    assert not any(token in str(arguments) for token in keys.values())
    assert silent(world.env)


async def test_a_button_that_the_message_does_not_have_runs_nothing(world: World) -> None:
    post = await public(world)
    before = await kept(world)
    for verb in bot(world)._verbs:
        data = {"custom_id": f"do:{verb}:{WAVE_ID}", "component_type": 2}
        shown = payload(world, post) | {"components": []}
        assert not (await sent(world, world.member, post, data, shown)).acknowledged
    assert await kept(world) == before


async def test_what_a_button_carries_cannot_be_guessed(world: World) -> None:
    keys = {token for _ in range(3) for token in (await of_the_admin(world)).values()}
    assert len(keys) == 9
    assert all(re.fullmatch(r"[\w-]{12}", token) for token in keys)  # 72 bits


async def test_a_key_that_leaked_lets_nobody_write_into_the_conversation_or_the_searches(world: World) -> None:
    keys, post = await of_the_admin(world), await public(world)
    before = await kept(world, "turns", "searches")
    asked = await press(world, world.member, post, f"do:followup:{keys['question']}")
    assert asked.modal is not None
    await world.member.submit_modal(asked, {"question": "and on ImageNet?"})
    await press(world, world.member, post, f"do:meant:{keys['search']}:0")
    after = await kept(world, "turns", "searches")
    assert all(set(before[name]) <= set(after[name]) for name in before)
    [conversation] = {row[1] for row in before["turns"]}
    assert [row for row in after["turns"] if row[1] == conversation] == before["turns"]
    assert all(world.member.id in row for row in set(after["searches"]) - set(before["searches"]))


@pytest.mark.parametrize("part", range(4))
async def test_a_button_of_any_shape_is_answered_in_words(
    world: World, caplog: pytest.LogCaptureFixture, part: int
) -> None:
    post = await public(world)
    before = await kept(world, "papers", "schedules", "favourites")
    for verb in sorted([*bot(world)._verbs, "setup", "roundup", "eval"])[part::4]:
        for argument in filter(None, ODD):
            made = f"do:{verb}:{argument}"[:100]
            pressed = await press(world, world.member, post, made)
            # What is not shaped like one of the bot's is nobody's: no code of the bot's runs for it.
            assert pressed.acknowledged or "\n" in made, made
    after = await kept(world, "papers", "schedules", "favourites")
    assert after == before
    assert "failed reference=" not in caplog.text
    assert silent(world.env)


async def test_a_menu_with_a_forged_choice_opens_nothing_else(world: World, caplog: pytest.LogCaptureFixture) -> None:
    await world.admin.slash(world.channel, "roundup setup", channel=world.channel, time="9:00")
    await world.admin.slash(world.channel, "roundup now")
    post = world.channel.history()[-1]
    for choice in filter(None, ODD):
        for verb in ("abstract", "drop", "setup"):
            assert (await press(world, world.member, post, f"pick:{verb}:1.x", [choice])).acknowledged
    assert "failed reference=" not in caplog.text


def for_admins(world: World) -> list[Command]:
    return [command for command in commands(world) if command.admins_only]


async def test_no_button_leads_to_an_admins_command(world: World) -> None:
    assert {command.path[0] for command in for_admins(world)} == {"roundup", "doctor"}
    cogs = [bot(world).get_cog(name) for name in ("roundup", "Roundups", "Doctor")]
    assert [cog.verbs for cog in cogs if cog] == [{}, {}]  # type: ignore[attr-defined]


async def test_an_admins_command_sent_by_a_plain_member_does_nothing(world: World) -> None:
    await world.admin.slash(world.channel, "roundup setup", channel=world.channel, time="9:00")
    before = await kept(world)
    for command in for_admins(world):
        told = await send(world, world.member, command, "10:00")
        assert told.ephemeral, command.path
        assert words(answer(told)).startswith("Only members with **Manage Server** can use"), command.path
    assert await kept(world) == before
    assert world.channel.history() == []
    assert all(isinstance(error, discord.app_commands.CheckFailure) for error in world.env.errors)


async def test_an_admin_of_one_server_reaches_no_other(world: World) -> None:
    other = world.env.create_guild("Elsewhere")
    channel = other.create_text_channel("papers")
    await world.env.settle()
    await world.admin.slash(world.channel, "roundup setup", channel=world.channel, time="9:00")
    before = await kept(world, "schedules")
    theirs = other.add_member(world.env.create_user("eve"), roles=[
        other.create_role("Admins", permissions=discord.Permissions(manage_guild=True))
    ])  # fmt: skip
    for name in ("show", "preview", "now", "pause", "resume", "off"):
        told = await theirs.slash(channel, f"roundup {name}")
        assert words(answer(told)) == "No roundup is set up here. Start with `/roundup setup`."
    assert await kept(world, "schedules") == before
    assert await world.app.favourites.count(theirs.id) == 0
    assert (await world.app.favourites.page(theirs.id, Kind.SAVED, 0, 5)).total == 0
