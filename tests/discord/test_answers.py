"""Asking the bot, in all the places people ask."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord

from tests.world import World, answer, labels, words

if TYPE_CHECKING:
    from simcord import InteractionResult

QUESTION = "How many languages does the GPipe translation corpus span?"


def plain(message: Any) -> str:
    """Return a message's text without its markup."""
    return words(message).replace("**", "").replace("\\", "")


async def ask(world: World, question: str) -> InteractionResult:
    return await world.member.slash(world.channel, "ask", question=question)


async def test_an_answer_is_private_quoted_and_names_its_paper(world: World) -> None:
    result = await ask(world, QUESTION)
    assert result.ephemeral
    shown = plain(answer(result))
    assert "spanning over 100 languages" in shown
    assert "[1]" in shown
    assert "GPipe: Efficient Training of Giant Neural Networks" in shown
    assert labels(answer(result)) == ["Abstract", "Follow-up", "Why", "Share", "Thread"]


async def test_a_refusal_says_what_is_missing_and_offers_the_nearest(world: World) -> None:
    result = await ask(world, "How does AlphaFold fold proteins?")
    shown = words(answer(result))
    assert "The papers here do not say." in shown
    assert "AlphaFold" in shown.split("do not say.")[1]
    assert labels(answer(result))[-1] == "Follow-up"


async def test_a_follow_up_uses_the_last_question(world: World) -> None:
    first = await ask(world, QUESTION)
    form = await world.member.click(answer(first), label="Follow-up")
    second = await world.member.submit_modal(form, {"question": "and on ImageNet?"})
    assert second.ephemeral
    assert "84.4%" in plain(answer(second))


async def test_why_shows_the_words_that_matched(world: World) -> None:
    first = await ask(world, QUESTION)
    why = await world.member.click(answer(first), label="Why")
    assert why.ephemeral
    assert re.search(r"I am \*\*(?:quite|fairly|not very) sure\*\* \(\d+%\)", words(answer(why)))
    assert "matched:" in words(answer(why))
    assert "**languages**" in words(answer(why))


async def test_sharing_posts_the_answer_for_everybody(world: World) -> None:
    first = await ask(world, QUESTION)
    await world.member.click(answer(first), label="Share")
    public = world.channel.history(viewer=world.admin)
    assert len(public) == 1
    assert "shared by ben" in words(public[0])


async def test_a_mention_is_answered_in_the_channel_without_a_ping(world: World) -> None:
    me = world.guild.me
    assert me is not None
    await world.member.send(world.channel, f"{me.mention} {QUESTION}")
    said = world.channel.history()[-1]
    assert said.author.id == me.id
    assert "spanning over 100" in plain(said)
    assert not said.mentions


async def test_talk_that_is_not_for_the_bot_is_left_alone(world: World) -> None:
    await world.member.send(world.channel, QUESTION)
    assert len(world.channel.history()) == 1


async def test_a_bare_mention_is_greeted(world: World) -> None:
    me = world.guild.me
    assert me is not None
    await world.member.send(world.channel, me.mention)
    assert "Ask me something" in words(world.channel.history()[-1])


async def test_a_direct_message_is_answered_and_understands_what_came_before(world: World) -> None:
    await world.member.send_dm(QUESTION)
    await world.member.send_dm("and on ImageNet?")
    channel = world.member.user.dm_channel
    assert "84.4%" in plain(channel.history()[-1])


async def test_a_thread_is_opened_with_the_answer(world: World) -> None:
    helpers = world.guild.create_role(
        "Helpers", permissions=discord.Permissions(create_public_threads=True, send_messages_in_threads=True)
    )
    member = world.guild.add_member(world.env.create_user("eve"), roles=[helpers])
    first = await member.slash(world.channel, "ask", question=QUESTION)
    opened = await member.click(answer(first), label="Thread")
    (thread,) = world.channel.threads
    assert thread.mention in words(opened.followups[0])
    assert "Thread" not in labels(answer(opened))
    assert "spanning over 100" in plain(thread.history()[-1])
    me = world.guild.me
    assert me is not None
    await member.send(thread, f"{me.mention} and on ImageNet?")
    assert "84.4%" in plain(thread.history()[-1])


async def test_what_is_asked_privately_is_not_heard_in_anybody_elses_conversation(world: World) -> None:
    me = world.guild.me
    assert me is not None
    await world.member.send(world.channel, f"{me.mention} {QUESTION}")
    form = await world.admin.click(world.channel.history()[-1], label="Follow-up")
    await world.admin.submit_modal(form, {"question": "How does layer normalization differ from batch normalization?"})
    await world.member.send(world.channel, f"{me.mention} and why?")
    assert "ormalization" not in plain(world.channel.history()[-1])


async def test_one_person_cannot_flood(world: World) -> None:
    for _ in range(6):
        await ask(world, QUESTION)
    refused = await ask(world, QUESTION)
    assert "That was quick!" in words(answer(refused))
    await world.env.advance_time(31)
    assert "spanning over 100" in plain(answer(await ask(world, QUESTION)))


async def test_forget_deletes_questions_and_their_buttons(world: World) -> None:
    first = await ask(world, QUESTION)
    told = await world.member.slash(world.channel, "forget")
    assert words(answer(told)) == "Forgotten: 1 question of yours, and your searches."
    again = await world.member.click(answer(first), label="Why")
    assert "forgotten that question" in words(answer(again))
