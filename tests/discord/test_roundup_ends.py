"""Roundups whose channel is gone, that were removed meanwhile, or whose zone no clock knows: what an admin reads."""

from __future__ import annotations

import argparse
import json
import sqlite3
from typing import TYPE_CHECKING

import pytest

from bot import previews
from tests.discord.test_roundups import MINUTE, forbid, posts, set_up, told
from tests.world import World, answer, words

if TYPE_CHECKING:
    from simcord import ChannelHandle

AWAY = "`/roundup off` removes its roundup, `/roundup setup` starts one in another channel."


async def made(world: World, name: str) -> ChannelHandle:
    channel = world.guild.create_text_channel(name)
    await world.env.settle()
    await set_up(world, channel)
    return channel


async def delete(world: World, channel: ChannelHandle) -> None:
    world.env.backend.delete_channel(channel.id)
    await world.env.settle()


async def test_off_removes_the_roundup_of_a_channel_that_cannot_be_named_any_more(world: World) -> None:
    gone, second = await made(world, "first"), await made(world, "second")
    await delete(world, gone)
    here = await world.admin.slash(second, "roundup off")
    assert words(answer(here)) == (
        f"The roundup of <#{gone.id}> is removed: that channel is gone.\n"
        "Any other is still there. `/roundup off` once more removes one."
    )
    assert [plan.channel_id for plan in await world.app.roundups.store.every()] == [second.id]
    again = await world.admin.slash(second, "roundup off")
    assert words(answer(again)).startswith(f"The roundup in <#{second.id}> is removed.")
    assert await world.app.roundups.store.every() == []


async def test_off_leaves_a_channel_alone_that_only_may_not_be_seen(world: World) -> None:
    hidden, second = await made(world, "hidden"), await made(world, "second")
    forbid(world, hidden, view_channel=False)
    await world.env.settle()
    assert await told(world, "off") == f"Which one? Name its channel: <#{hidden.id}>, <#{second.id}>."
    assert len(await world.app.roundups.store.every()) == 2


async def test_off_removes_nothing_that_discord_does_not_say_is_gone(world: World) -> None:
    gone, second = await made(world, "first"), await made(world, "second")
    await delete(world, gone)
    world.env.inject_error("GET", f"/channels/{gone.id}", status=404, code=0, times=1)
    assert (await told(world, "off")).startswith("Which one?")
    assert len(await world.app.roundups.store.every()) == 2
    assert (await told(world, "off", channel=second)).startswith(f"The roundup in <#{second.id}> is removed.")


async def test_setup_resume_and_the_doctor_say_how_to_be_rid_of_one_whose_channel_is_gone(world: World) -> None:
    gone = await made(world, "first")
    await delete(world, gone)
    assert await told(world, "resume") == f"<#{gone.id}> is gone. {AWAY}"
    doctor = words(answer(await world.admin.slash(world.channel, "doctor")))
    assert f"❌ **rights**: <#{gone.id}> is gone. {AWAY}" in doctor
    saved = await set_up(world)
    assert saved.endswith(f"\n-# <#{gone.id}> is gone: `/roundup off` removes its roundup.")
    assert await told(world, "off") == (
        f"The roundup of <#{gone.id}> is removed: that channel is gone.\n"
        "Any other is still there. `/roundup off` once more removes one."
    )
    assert words(answer(await world.admin.slash(world.channel, "doctor"))).startswith("### All is well.")


async def test_a_post_by_hand_of_a_roundup_that_was_removed_meanwhile_is_told_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await set_up(world)
    service = world.app.roundups
    real = service.deliver

    async def after_off(*arguments: object) -> object:
        await service.remove(1)
        return await real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(service, "deliver", after_off)
    assert await told(world, "now") == "That roundup has just been removed: nothing was posted."
    assert posts(world.channel) == []


async def test_posts_by_hand_and_the_days_own_are_told_apart(world: World) -> None:
    await set_up(world)
    await told(world, "now")
    await world.env.advance_time(7)
    await told(world, "now")
    await world.env.advance_time(6 * MINUTE)
    shown = (await told(world, "show", channel=world.channel)).splitlines()
    days = [line.split(":")[0] if "by hand" not in line else line.split(" UTC")[0] for line in shown[2:]]
    assert days == [
        "- posted on 2026-01-01 (by hand, 00:00:07",
        "- posted on 2026-01-01 (by hand, 00:00:00",
        "- posted on 2026-01-01",
    ]
    assert "Last: posted on 2026-01-01: " in await told(world, "show")


async def test_a_post_by_hand_that_failed_is_not_the_schedules_last_but_one_still_open_is_told(world: World) -> None:
    await set_up(world)
    await world.env.advance_time(6 * MINUTE)
    store, now = world.app.roundups.store, world.env.now()
    await store.close_slot(1, "now-2026-01-01T00:09:00", "failed", "Discord refused the message.", now)
    doctor = words(answer(await world.admin.slash(world.channel, "doctor")))
    assert doctor.startswith("### All is well.")
    assert "The last: posted on 2026-01-01: https" in doctor
    await store.close_slot(1, "now-2026-01-01T00:10:00", "claimed", "Discord did not answer.", now)
    lines = words(answer(await world.admin.slash(world.channel, "doctor"))).splitlines()
    assert lines[1].startswith(f"⚠️ **roundup in <#{world.channel.id}>**: next 2026-01-02 00:05 UTC.")
    assert lines[1].endswith(
        ". Still open: perhaps posted on 2026-01-01 (by hand, 00:10:00 UTC): Discord did not answer. "
        "I look in the channel within a minute."
    )


async def test_a_zone_that_no_clock_knows_is_told_and_the_other_roundups_are_shown(world: World) -> None:
    await set_up(world)
    other = await made(world, "other")
    async with world.app.notes._database.transaction() as writer:
        await writer.rows("UPDATE schedules SET zone = 'Gone/Nowhere' WHERE id = 1")
    shown = await told(world, "show")
    why = "No clock here knows the zone Gone/Nowhere. Run `/roundup setup` again with another."
    assert f"⚠️ {why}" in shown
    assert f"<#{other.id}>" in shown
    asked = argparse.Namespace(at=world.env.now(), json=False)
    said = await previews.preview(world.app, asked)
    assert said.splitlines()[0] == f"Roundup: channel {world.channel.id}. {why}"
    asked.json = True
    assert json.loads(await previews.preview(world.app, asked))["roundups"][0]["note"] == why
    assert (await told(world, "preview")).startswith("## 📰 Paper roundup")
    assert await told(world, "pause") != ""


@pytest.mark.parametrize("error", [sqlite3.OperationalError("database is locked"), OSError(28, "full"), MemoryError()])
async def test_roundups_go_on_while_the_index_cannot_take_in_what_came(
    world: World, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async def broken() -> None:
        raise error

    await set_up(world)
    monkeypatch.setattr(world.app.library, "catch_up", broken)
    await world.env.advance_time(7 * MINUTE)
    assert len(posts(world.channel)) == 1
