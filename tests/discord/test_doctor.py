"""/doctor as an admin reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from tests.world import answer, words

if TYPE_CHECKING:
    from tests.world import World


async def look(world: World) -> str:
    result = await world.admin.slash(world.channel, "doctor")
    assert result.ephemeral
    return words(answer(result))


async def test_all_is_well(world: World) -> None:
    await world.admin.slash(world.channel, "roundup setup", channel=world.channel, time="9:00")
    shown = await look(world)
    assert shown.startswith("### All is well.")
    assert "✅ **papers**: 56 here" in shown
    assert f"✅ **rights**: I may post in <#{world.channel.id}>." in shown
    assert "✅ **gateway**:" in shown
    assert f"✅ **roundup in <#{world.channel.id}>**: next 2026-01-01 09:00 UTC." in shown


async def test_what_is_wrong_comes_first_with_what_to_do(world: World) -> None:
    await world.admin.slash(world.channel, "roundup setup", channel=world.channel, time="9:00")
    deny = discord.Permissions(send_messages=True).value
    me = world.env.backend.bot_user.id
    world.env.backend.set_overwrite(
        world.channel.id, Overwrite(target_id=me, type=OverwriteType.MEMBER, allow=0, deny=deny)
    )
    await world.env.settle()
    lines = (await look(world)).splitlines()
    assert lines[0] == "### Something is broken:"
    assert lines[1] == (
        f"❌ **rights**: in <#{world.channel.id}> I lack **Send Messages**. Give me them in the channel's settings."
    )


async def test_members_are_told_no(world: World) -> None:
    assert "doctor" not in world.member.available_commands(world.channel)


async def test_fifty_roundups_fit_in_one_answer(world: World) -> None:
    for number in range(50):
        other = world.guild.create_text_channel(f"c{number}")
        await world.env.settle()
        await world.admin.slash(world.channel, "roundup setup", channel=other, time="9:00")
    shown = await look(world)
    assert len(shown) <= 4000
    assert "more" in shown.splitlines()[-1]
