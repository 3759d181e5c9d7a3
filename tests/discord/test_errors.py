"""Unexpected errors: one friendly sentence with a reference that is in the log, never the error itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import discord

from tests.world import World, answer, silent, words

if TYPE_CHECKING:
    import pytest
    from simcord import InteractionResult, ResponseMessage

SENTENCE = re.compile(r"Something went wrong on my side\. If it happens again, tell my operator: `([0-9a-f]{6})`\.")


async def lose(world: World, table: str) -> None:
    """Take a table from under the bot: SQLite then raises what no code expects."""
    async with world.app.notes._database.transaction() as writer:
        await writer.rows(f"ALTER TABLE {table} RENAME TO lost")


def check(result: InteractionResult, shown: ResponseMessage, caplog: pytest.LogCaptureFixture, command: str) -> None:
    assert result.acknowledged
    assert shown.ephemeral
    match = SENTENCE.fullmatch(words(shown))
    assert match
    (record,) = [made for made in caplog.records if f"reference={match[1]}" in made.getMessage()]
    assert f"in={command}" in record.getMessage()
    assert record.exc_info
    assert "no such table" in str(record.exc_info[1])


async def test_an_error_in_a_command(world: World, caplog: pytest.LogCaptureFixture) -> None:
    await lose(world, "searches")
    result = await world.member.slash(world.channel, "search", query="music")
    check(result, answer(result), caplog, "search")
    assert len(world.env.errors) == 1
    assert silent(world.env)


async def test_an_error_in_a_button(world: World, caplog: pytest.LogCaptureFixture) -> None:
    found = answer(await world.member.slash(world.channel, "search", query="music"))
    await lose(world, "papers")
    result = await world.member.click(found, custom_id="do:abstract:music-source-separation-in-the-waveform-domain")
    check(result, answer(result), caplog, "button")
    assert world.env.errors == []
    assert silent(world.env)


async def test_an_error_after_the_bot_said_it_is_working(world: World, caplog: pytest.LogCaptureFixture) -> None:
    await world.admin.slash(world.channel, "roundup setup", channel=world.channel, time="9")
    await lose(world, "posts")
    result = await world.admin.slash(world.channel, "roundup now")
    check(result, result.followups[0] if result.followups else answer(result), caplog, "roundup now")
    assert len(world.env.errors) == 1


async def test_an_error_in_autocomplete_offers_nothing(world: World) -> None:
    await lose(world, "papers")
    assert await world.member.autocomplete(world.channel, "paper", "title", "music") == []


async def test_a_tick_that_fails_does_not_end_the_ticking(world: World, caplog: pytest.LogCaptureFixture) -> None:
    await world.admin.slash(world.channel, "roundup setup", channel=world.channel, time="0:03", papers=1)
    await lose(world, "shown")
    await world.env.advance_time(240)
    assert "roundup failed" in caplog.text
    async with world.app.notes._database.transaction() as writer:
        await writer.rows("ALTER TABLE lost RENAME TO shown")
    await world.env.advance_time(120)
    assert len([message for message in world.channel.history() if not message.flags.ephemeral]) == 1


async def test_a_button_of_another_version_says_so(world: World) -> None:
    found = answer(await world.member.slash(world.channel, "search", query="music source separation"))
    bot = world.env.bot
    assert isinstance(bot, discord.Client)
    vars(bot)["_verbs"].clear()
    result = await world.member.click(found, label="Next")
    assert result.ephemeral
    assert words(answer(result)) == "That button is from another version of me. Please run the command again."
