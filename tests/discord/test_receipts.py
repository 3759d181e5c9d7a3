"""The very words an admin reads of each outcome: in `/roundup show` and in `roundup --preview`."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot import previews
from bot.core.roundup import CHANGED, HURRIED, PAUSED, STUMBLED
from bot.services.roundups import UNSENT
from tests.world import World, answer, words

if TYPE_CHECKING:
    from bot.core.roundup import Schedule
    from bot.storage.roundups import Roundups

DAY = "2026-01-01"
NOW = datetime(2026, 1, 1, 0, 6, tzinfo=UTC)
LATE_LIST = "huggingface has not given its list of 2025-12-31 yet"
Arrange = Callable[[World, "Roundups", "Schedule"], Awaitable[object]]


async def pass_five_minutes(world: World, _store: Roundups, _schedule: Schedule) -> None:
    await world.env.advance_time(8 * 60)


async def say_that_nothing_is_new(_world: World, store: Roundups, schedule: Schedule) -> None:
    assert await store.claim(schedule.id, DAY, [], NOW)
    await store.settle(schedule, DAY, 7, NOW)


async def claim(_world: World, store: Roundups, schedule: Schedule) -> None:
    assert await store.claim(schedule.id, DAY, ["a"], NOW)


def close(outcome: str, detail: str) -> Arrange:
    return lambda _world, store, schedule: store.close_slot(schedule.id, DAY, outcome, detail, NOW)


def wait(outcome: str, detail: str) -> Arrange:
    return lambda _world, store, schedule: store.wait(schedule.id, DAY, outcome, detail, NOW)


def miss(*, waited_for: str = "", why: str = "") -> Arrange:
    async def arrange(_world: World, store: Roundups, schedule: Schedule) -> None:
        if waited_for:
            await store.wait(schedule.id, DAY, "waiting", waited_for, NOW)
        await store.miss(schedule.id, [DAY], NOW, *([why] if why else []))

    return arrange


def drop(why: str) -> Arrange:
    async def arrange(_world: World, store: Roundups, schedule: Schedule) -> None:
        await store.wait(schedule.id, DAY, "waiting", "Discord did not answer.", NOW)
        await store.drop(schedule.id, [DAY], NOW, why)

    return arrange


def fail(status: int, code: int = 0, times: int = 99) -> Arrange:
    async def arrange(world: World, store: Roundups, schedule: Schedule) -> None:
        path = f"/channels/{schedule.channel_id}/messages"
        for method in ("POST", "GET") if status == 500 else ("POST",):
            world.env.inject_error(method, path, status=status, code=code, times=times)
        await pass_five_minutes(world, store, schedule)

    return arrange


async def forbid(world: World, store: Roundups, schedule: Schedule) -> None:
    deny = discord.Permissions(send_messages=True).value
    mine = Overwrite(target_id=world.env.backend.bot_user.id, type=OverwriteType.MEMBER, allow=0, deny=deny)
    world.env.backend.set_overwrite(schedule.channel_id, mine)
    await pass_five_minutes(world, store, schedule)


async def delete_the_channel(world: World, store: Roundups, schedule: Schedule) -> None:
    world.env.backend.delete_channel(schedule.channel_id)
    await pass_five_minutes(world, store, schedule)


OUTCOMES: dict[str, tuple[Arrange, str]] = {
    "posted": (pass_five_minutes, "posted on 2026-01-01: https://discord.com/channels/{guild}/{channel}/{message}"),
    "posted that nothing is new": (
        say_that_nothing_is_new,
        "posted on 2026-01-01 that nothing is new: https://discord.com/channels/{guild}/{channel}/7",
    ),
    "nothing new": (close("empty", "nothing new to show"), "nothing new to show on 2026-01-01."),
    "held back": (
        wait("held", LATE_LIST),
        (
            "held back on 2026-01-01: huggingface has not given its list of 2025-12-31 yet. "
            "After three hours I post without it."
        ),
    ),
    "being posted": (
        claim,
        "being posted on 2026-01-01; if that was cut off, I look in the channel within a minute.",
    ),
    "answer that never came": (
        fail(500),
        "perhaps posted on 2026-01-01: Discord did not answer. I look in the channel within a minute.",
    ),
    "waiting": (
        wait("waiting", UNSENT),
        "not posted yet on 2026-01-01: I was stopped before I could send it. I try again every minute.",
    ),
    "missed while asleep": (
        miss(),
        "not posted on 2026-01-01: I was not running then. Its papers come with the next post.",
    ),
    "missed while Discord was down": (
        miss(waited_for="Discord did not answer."),
        "not posted on 2026-01-01: Discord did not answer. Its papers come with the next post.",
    ),
    "missed by a fault": (
        miss(why=STUMBLED),
        (
            "not posted on 2026-01-01: An error of mine kept me from it; my log tells which. "
            "Its papers come with the next post."
        ),
    ),
    "missed while others were posted to": (
        miss(why=HURRIED),
        (
            "not posted on 2026-01-01: Discord took too long over the posts of other channels. "
            "Its papers come with the next post."
        ),
    ),
    "paused meanwhile": (
        drop(PAUSED),
        (
            "not posted on 2026-01-01: The roundup was paused before I could post it. "
            "Its papers come with the next post."
        ),
    ),
    "its day taken out meanwhile": (
        drop(CHANGED),
        (
            "not posted on 2026-01-01: `/roundup setup` took that day out before I could post it. "
            "Its papers come with the next post."
        ),
    ),
    "refused": (
        fail(400, 50035),
        "not posted on 2026-01-01: Discord refused the message (code 50035). Its papers come with the next roundup.",
    ),
    "no rights": (
        forbid,
        "not posted on 2026-01-01: I may not post in <#{channel}>. Give me the permissions, then `/roundup resume`.",
    ),
    "channel deleted": (
        delete_the_channel,
        (
            "not posted on 2026-01-01: <#{channel}> is gone. `/roundup off` removes its roundup, "
            "`/roundup setup` starts one in another channel."
        ),
    ),
}
STOPPED = {"no rights", "channel deleted"}


@pytest.mark.parametrize("outcome", OUTCOMES)
async def test_an_admin_reads_what_became_of_a_day(world: World, outcome: str) -> None:
    arrange, sentence = OUTCOMES[outcome]
    channel = world.guild.create_text_channel("elsewhere")
    await world.env.settle()
    await world.admin.slash(world.channel, "roundup setup", channel=channel, time="0:05", papers=2)
    store = world.app.roundups.store
    (schedule,) = await store.every()
    await arrange(world, store, schedule)
    (post,) = await store.recent(schedule.id, 9)
    told = sentence.format(guild=world.guild.id, channel=channel.id, message=post.message_id)

    every = words(answer(await world.admin.slash(world.channel, "roundup show"))).splitlines()
    assert every[2] == f"Last: {told}"
    if outcome not in STOPPED:
        one = words(answer(await world.admin.slash(world.channel, "roundup show", channel=channel))).splitlines()
        assert (every[1], one[2]) == (one[1], f"- {told}")
        assert one[1].startswith("Next: <t:")

    said = await previews.preview(world.app, argparse.Namespace(at=world.env.now(), json=False))
    plain = told.replace(f"<#{channel.id}>", f"channel {channel.id}")
    assert said.splitlines()[-1] == f"    {plain}"
    first = said.splitlines()[0]
    if outcome in STOPPED:
        # The way out stands where the pause is told.
        why = told.removeprefix(f"not posted on {DAY}: ")
        assert every[1] == f"⏸ Paused. {why}"
        assert first == f"Roundup: channel {channel.id}, paused. {plain.removeprefix(f'not posted on {DAY}: ')}"
    else:
        assert first.startswith(f"Roundup: channel {channel.id}, next at 2026-01-0")


async def test_all_receipts_of_two_weeks_are_shown_whole(world: World) -> None:
    await world.admin.slash(world.channel, "roundup setup", channel=world.channel, time="0:05", topics="x " * 90)
    store = world.app.roundups.store
    (schedule,) = await store.every()
    why = f"I may not post in <#{schedule.channel_id}>. Give me the permissions, then `/roundup resume`."
    for day in range(1, 15):
        await store.close_slot(schedule.id, f"2026-01-{day:02}", "failed", why, NOW)
    shown = words(answer(await world.admin.slash(world.channel, "roundup show", channel=world.channel)))
    assert [line for line in shown.splitlines() if line.startswith("- ")] == [
        f"- not posted on 2026-01-{day:02}: {why}" for day in range(14, 0, -1)
    ]
    assert len(shown) < 4000
