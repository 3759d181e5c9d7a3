"""/doctor as an admin reads it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import discord
import simcord
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.ui.client import ShardedColloquium
from tests.world import World, answer, hasten, words

if TYPE_CHECKING:
    from bot.app import App


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


async def test_a_paused_roundup_and_one_that_failed_say_what_to_do(world: World) -> None:
    other = world.guild.create_text_channel("other")
    await world.env.settle()
    for channel in (world.channel, other):
        await world.admin.slash(world.channel, "roundup setup", channel=channel, time="0:05")
    first, second = await world.app.roundups.store.every()
    now = datetime(2026, 1, 1, 0, 5, tzinfo=UTC)
    why = f"I may not post in <#{other.id}>. Give me the permissions, then `/roundup resume`."
    await world.app.roundups.store.close_slot(second.id, "2026-01-01", "failed", why, now)
    await world.app.roundups.store.pause(second.id, why)
    refused = "Discord refused the message (code 50035). Its papers come with the next roundup."
    await world.app.roundups.store.close_slot(first.id, "2026-01-01", "failed", refused, now)
    lines = (await look(world)).splitlines()
    assert lines[:3] == [
        "### I work, but look at this:",
        (
            f"⚠️ **roundup in <#{world.channel.id}>**: next 2026-01-02 00:05 UTC. "
            f"The last: not posted on 2026-01-01: {refused}"
        ),
        f"⚠️ **roundup in <#{other.id}>**: paused. {why}",
    ]


async def test_a_database_that_cannot_be_read_leaves_the_other_looks(world: World) -> None:
    async with world.app.notes._database.transaction() as writer:
        await writer.rows("ALTER TABLE schedules RENAME TO lost")
    lines = (await look(world)).splitlines()
    assert lines[:3] == [
        "### Something is broken:",
        "❌ **roundups**: no such table: schedules. My log tells more.",
        "❌ **rights**: no such table: schedules. My log tells more.",
    ]
    assert any(line.startswith("✅ **papers**: 56 here") for line in lines)


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


async def test_a_shard_that_is_down_is_named(app: App) -> None:
    bot = ShardedColloquium(app, shards=3)
    env = hasten(simcord.Env(bot))
    await env.start()
    try:
        world = World.build(env, app)
        await env.settle()
        here = (world.guild.id >> 22) % 3
        assert f"✅ **shards**: 3 of 3 are connected; this server is on {here}." in await look(world)
        other = (here + 1) % 3
        await bot._get_websocket(shard_id=other).close()
        lines = (await look(world)).splitlines()
        assert lines[1].startswith(f"❌ **shards**: 2 of 3 are connected; this server is on {here}; down: {other}.")
    finally:
        await env.shutdown()
