"""Roundups: what admins set up, and what channels are sent."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.core.roundup import Schedule
from bot.ui.client import Colloquium
from bot.ui.poster import ChannelPoster
from tests.world import World, answer, controls, silent, words

if TYPE_CHECKING:
    from pathlib import Path

    from simcord import ChannelHandle, InteractionResult

MINUTE = 60
DAY = 86_400
AWAY = "`/roundup off` removes its roundup, `/roundup setup` starts one in another channel."
ALL_SEEN = "This channel has seen every paper I have. I will post again when new ones come in."
NONE_HERE = "No roundup is set up here. Start with `/roundup setup`."


async def run(world: World, command: str, **options: object) -> InteractionResult:
    return await world.admin.slash(world.channel, f"roundup {command}", **options)


async def told(world: World, command: str, **options: object) -> str:
    """Run an admin's command and return what only the admin is told."""
    result = await run(world, command, **options)
    assert result.ephemeral
    return words(answer(result))


async def set_up(world: World, channel: ChannelHandle | None = None, **options: Any) -> str:
    # The simulation starts on Thursday 2026-01-01 at 00:00 UTC.
    return await told(world, "setup", **({"channel": channel or world.channel, "time": "0:05"} | options))


def posts(channel: ChannelHandle) -> list[discord.Message]:
    return [message for message in channel.history() if not message.flags.ephemeral]


def titles(message: Any) -> list[str]:
    return re.findall(r"^\*\*\d+\. \[?(.+?)(?:\]\(.*\))?\*\*$", words(message), re.MULTILINE)


def forbid(world: World, channel: ChannelHandle, **flags: bool) -> None:
    """Take permissions in a channel from the bot."""
    allow, deny = discord.PermissionOverwrite(**flags).pair()
    me = world.env.backend.bot_user.id
    world.env.backend.set_overwrite(
        channel.id, Overwrite(target_id=me, type=OverwriteType.MEMBER, allow=allow.value, deny=deny.value)
    )


async def days_pass(world: World, days: int) -> None:
    """Let days pass with a bot that looks at the schedules only twice an hour, to be quick."""
    bot = Colloquium(world.app, tick=30 * MINUTE)
    bot._beat.change_interval(hours=12)
    await world.env.restart_bot(bot)
    for _ in range(days):
        await world.env.advance_time(DAY)


async def take_in(world: World, folder: Path, title: str) -> None:
    file = folder / f"{title}.jsonl"
    file.write_text(json.dumps({"title": title, "abstract": f"{title} is about zebras."}), encoding="utf-8")
    assert (await world.app.library.ingest([file], datetime.now(UTC))).added == 1


# --- setting up


async def test_setup_says_what_it_saved(world: World) -> None:
    saved = await set_up(world, time="5:30 pm", zone="europe/berlin", days="Mon,Wed", papers=3, topics="music  audio")
    assert saved == (
        f"✅ Saved. <#{world.channel.id}>: **3 papers** Mon, Wed at **17:30** (Europe/Berlin), "
        "best first for *music audio*.\nNext: <t:1767630600:f>, <t:1767630600:R>."
    )
    assert datetime.fromtimestamp(1767630600, UTC) == datetime(2026, 1, 5, 16, 30, tzinfo=UTC)
    again = await set_up(world, time="9", papers=1)
    assert f"<#{world.channel.id}>: **1 paper** every day at **09:00** (UTC).\n" in again
    assert len(await world.app.roundups.store.every()) == 1
    assert silent(world.env)


@pytest.mark.parametrize(
    ("wrong", "reply"),
    [
        ({"time": "25:00"}, "I cannot read “25:00” as a time. Write it like `9:00` or `5:30 pm`."),
        ({"time": "@everyone"}, "I cannot read “@\u200beveryone” as a time. Write it like `9:00` or `5:30 pm`."),
        ({"zone": "Mars/Phobos"}, "I know no time zone “Mars/Phobos”. Start typing a city and pick one."),
        ({"zone": "../etc/passwd"}, "I know no time zone “../etc/passwd”. Start typing a city and pick one."),
        ({"days": "someday"}, "I cannot read “someday” as days. Write `daily`, `weekdays` or `Mon,Wed,Fri`."),
        ({"days": ", ,"}, "I cannot read “, ,” as days. Write `daily`, `weekdays` or `Mon,Wed,Fri`."),
    ],
)
async def test_setup_refuses_what_it_cannot_read_and_saves_nothing(
    world: World, wrong: dict[str, Any], reply: str
) -> None:
    assert await set_up(world, **wrong) == reply
    assert await world.app.roundups.store.every() == []


@pytest.mark.parametrize(
    ("denied", "named"),
    [
        ({"send_messages": False}, "**Send Messages**"),
        ({"read_message_history": False}, "**Read Message History**"),
        ({"send_messages": False, "read_message_history": False}, "**Send Messages**, **Read Message History**"),
    ],
)
async def test_setup_names_each_missing_permission(world: World, denied: dict[str, bool], named: str) -> None:
    other = world.guild.create_text_channel("other")
    forbid(world, other, **denied)
    await world.env.settle()
    assert await set_up(world, other) == f"I cannot post in <#{other.id}> yet. I still need there: {named}."
    assert await world.app.roundups.store.every() == []


async def test_setup_needs_to_see_the_channel(world: World) -> None:
    other = world.guild.create_text_channel("other")
    forbid(world, other, view_channel=False)
    await world.env.settle()
    assert "I still need there: **View Channel**" in await set_up(world, other)


async def test_zones_are_completed(world: World) -> None:
    async def offered(typed: str) -> list[str]:
        choices = await world.admin.autocomplete(
            world.channel, "roundup setup", "zone", typed, channel=world.channel, time="9"
        )
        assert len(choices) <= 25
        return [choice["value"] for choice in choices]

    assert (await offered(""))[0] == "UTC"
    assert (await offered("berl"))[0] == "Europe/Berlin"
    assert (await offered("new york")) == ["America/New_York"]
    assert len(await offered("a")) == 25
    assert await offered("zzxqy") == []


# --- who may


async def test_members_neither_see_nor_run_the_commands(world: World) -> None:
    seen = [name for name in world.member.available_commands(world.channel) if name.startswith("roundup")]
    assert seen == []
    assert "roundup setup" in world.admin.available_commands(world.channel)
    with pytest.raises(Exception, match="not visible to this user"):
        await world.member.slash(world.channel, "roundup now")


async def test_a_member_whom_the_server_lets_through_is_told_no(world: World) -> None:
    await set_up(world)
    command = world.env.backend.find_command("roundup", world.guild.id, type=1)
    assert command is not None
    world.guild.set_command_permissions(int(command["id"]), {world.member: True})
    for name in ("show", "preview", "now", "pause", "resume", "off"):
        result = await world.member.slash(world.channel, f"roundup {name}")
        assert result.ephemeral
        assert words(answer(result)) == "Only members with **Manage Server** can use `/roundup`."
        assert result.followups == []
    assert posts(world.channel) == []
    assert len(await world.app.roundups.store.every()) == 1
    assert all(isinstance(error, discord.app_commands.CheckFailure) for error in world.env.errors)


# --- looking after them


async def test_without_a_schedule_every_command_says_how_to_start(world: World) -> None:
    for name in ("show", "preview", "now", "pause", "resume", "off"):
        assert await told(world, name) == NONE_HERE


async def test_preview_is_private_and_posts_nothing(world: World) -> None:
    await set_up(world, papers=2, topics="music source separation")
    result = await run(world, "preview")
    assert result.ephemeral
    shown = words(answer(result))
    assert shown.startswith("## 📰 Paper roundup\n-# best first for: music source separation\n**1. Music Source")
    assert shown.endswith("-# preview, nothing was posted · 54 more papers waiting")
    assert titles(answer(await run(world, "preview"))) == titles(answer(result))
    assert posts(world.channel) == []


async def test_now_posts_at_once_and_the_schedule_goes_on(world: World) -> None:
    await set_up(world, papers=2)
    expected = titles(answer(await run(world, "preview")))
    reply = await told(world, "now")
    (post,) = posts(world.channel)
    assert reply == (
        "posted on 2026-01-01 (by hand, 00:00:00 UTC): "
        f"https://discord.com/channels/{world.guild.id}/{world.channel.id}/{post.id}"
    )
    assert titles(post) == expected
    await world.env.advance_time(6 * MINUTE)
    assert len(posts(world.channel)) == 2
    assert not set(titles(posts(world.channel)[1])) & set(expected)
    assert silent(world.env)


async def test_pause_resume_and_off(world: World) -> None:
    await set_up(world)
    assert await told(world, "pause") == (
        f"⏸ The roundup in <#{world.channel.id}> is paused. `/roundup resume` starts it again."
    )
    await world.env.advance_time(6 * MINUTE)
    assert posts(world.channel) == []
    assert "⏸ Paused." in await told(world, "show")
    assert (await told(world, "resume")).startswith(f"▶ The roundup in <#{world.channel.id}> goes on. Next: <t:")
    await world.env.advance_time(6 * MINUTE)
    assert posts(world.channel) == []  # what was missed while paused is not made up for
    assert "⏸" not in await told(world, "show")
    assert await told(world, "off") == (
        f"The roundup in <#{world.channel.id}> is removed. `/roundup setup` makes a new one."
    )
    assert await told(world, "show") == NONE_HERE


async def test_several_channels_need_a_choice(world: World) -> None:
    places = [world.guild.create_text_channel(name) for name in ("audio", "vision")]
    await world.env.settle()
    for place in places:
        await set_up(world, place, papers=1)
    question = f"Which one? Name its channel: <#{places[0].id}>, <#{places[1].id}>."
    for name in ("preview", "now", "pause", "resume", "off"):
        assert await told(world, name) == question
    assert (await told(world, "now", channel=places[1])).startswith("posted on")
    assert [len(posts(place)) for place in places] == [0, 1]
    assert (await told(world, "show")).count("**1 paper** every day") == 2
    # In a channel that has one, that one is meant.
    here = await world.admin.slash(places[0], "roundup off")
    assert words(answer(here)).startswith(f"The roundup in <#{places[0].id}> is removed.")


# --- the clock


@pytest.mark.parametrize(
    ("zone", "at"),
    [("UTC", "0:05"), ("Asia/Tokyo", "9:05"), ("America/New_York", "7:05 pm"), ("Asia/Kathmandu", "5:50")],
)
async def test_a_roundup_is_posted_at_its_minute_in_its_zone(world: World, zone: str, at: str) -> None:
    await set_up(world, time=at, zone=zone, papers=2)
    await world.env.advance_time(4 * MINUTE + 59)
    assert posts(world.channel) == []
    await world.env.advance_time(MINUTE + 1)
    (post,) = posts(world.channel)
    assert post.created_at - datetime(2026, 1, 1, 0, 5, tzinfo=UTC) <= timedelta(seconds=61)
    assert len(titles(post)) == 2
    assert words(post).endswith("· 54 more papers waiting")
    await world.restart()
    await world.env.advance_time(3 * MINUTE)
    assert len(posts(world.channel)) == 1
    assert silent(world.env)


async def test_a_slot_missed_while_the_bot_was_down_is_made_up_for_once(world: World) -> None:
    await set_up(world)
    world.env.backend.advance_clock(3600)
    await world.restart()
    await world.env.advance_time(2 * MINUTE)
    assert len(posts(world.channel)) == 1


async def test_weekdays_are_kept(world: World) -> None:
    await set_up(world, days="Sat,Mon", papers=1)
    await days_pass(world, 5)
    assert [post.created_at.strftime("%a") for post in posts(world.channel)] == ["Sat", "Mon"]


async def test_two_servers_have_their_own(world: World) -> None:
    other = World.build(world.env, world.app)
    await world.env.settle()
    await set_up(world, papers=1)
    await set_up(other, papers=2, topics="music source separation")
    assert (await told(world, "show")).count("<#") == 1
    await world.env.advance_time(6 * MINUTE)
    assert [len(titles(post)) for post in posts(world.channel)] == [1]
    assert [len(titles(post)) for post in posts(other.channel)] == [2]
    assert titles(posts(other.channel)[0])[0] == "Music Source Separation in the Waveform Domain"


async def test_the_menu_opens_abstracts_privately_also_after_a_restart(world: World) -> None:
    await set_up(world, papers=3)
    await told(world, "now")
    (post,) = posts(world.channel)
    menu = controls(post)[-1]
    assert [option.label for option in menu.options] == [
        title if len(title := f"{number}. {name}") <= 100 else option.label
        for number, (name, option) in enumerate(zip(titles(post), menu.options, strict=True), 1)
    ]
    await world.restart()
    read = await world.member.select(post, [menu.options[1].value])
    assert read.ephemeral
    assert words(answer(read)).startswith(f"### {titles(post)[1]}\n")
    assert len(posts(world.channel)) == 1


async def test_a_channel_that_has_seen_everything_is_told_once(world: World, tmp_path: Path) -> None:
    await set_up(world, papers=10)
    for _ in range(6):
        await told(world, "now")
        await world.env.advance_time(1)
    seen = [title for post in posts(world.channel) for title in titles(post)]
    assert len(seen) == len(set(seen)) == 56
    await days_pass(world, 3)
    *_, last = posts(world.channel)
    assert len(posts(world.channel)) == 7
    assert ALL_SEEN in words(last)
    assert "Last: nothing new to show on 2026-01-0" in await told(world, "show")
    assert (await told(world, "now")).startswith("nothing new to show on")
    await take_in(world, tmp_path, "Zebra networks")
    await world.env.advance_time(DAY)
    assert len(posts(world.channel)) == 8
    assert titles(posts(world.channel)[-1]) == ["Zebra networks"]
    await world.env.advance_time(DAY)
    assert ALL_SEEN in words(posts(world.channel)[-1])
    await world.env.advance_time(DAY)
    assert len(posts(world.channel)) == 9
    assert silent(world.env)


# --- what can go wrong


async def test_a_deleted_channel_pauses_its_roundup_with_a_note(world: World) -> None:
    other = world.guild.create_text_channel("other")
    await world.env.settle()
    await set_up(world, other)
    world.env.backend.delete_channel(other.id)
    await world.env.advance_time(8 * MINUTE)
    shown = await told(world, "show")
    assert f"⏸ Paused. <#{other.id}> is gone. `/roundup off` removes its roundup, `/roundup setup` starts" in shown
    assert "Last: not posted on 2026-01-01:" in shown
    assert await told(world, "resume") == f"<#{other.id}> is gone. {AWAY}"
    assert await told(world, "off") == f"The roundup of <#{other.id}> is removed: that channel is gone."


async def test_a_lost_permission_pauses_its_roundup_with_a_note_until_resumed(world: World) -> None:
    other = world.guild.create_text_channel("other")
    await world.env.settle()
    await set_up(world, other)
    forbid(world, other, send_messages=False)
    await world.env.advance_time(10 * MINUTE)
    tries = [made for made in world.env.http_requests if made.path == f"/channels/{other.id}/messages"]
    assert len([made for made in tries if made.method == "POST"]) <= 1
    assert f"⏸ Paused. I may not post in <#{other.id}>. Give me the permissions" in await told(world, "show")
    assert "**Send Messages**" in await told(world, "resume")
    forbid(world, other, send_messages=True)
    await world.env.settle()
    assert (await told(world, "resume")).startswith("▶")
    assert (await told(world, "now")).startswith("posted on")


async def test_whoever_set_it_up_is_told_directly_and_once(world: World) -> None:
    await set_up(world)
    forbid(world, world.channel, send_messages=False)
    await world.env.advance_time(10 * MINUTE)
    (notice,) = posts(world.admin.user.dm_channel)
    assert words(notice).startswith("⏸ Your paper roundup in **Reading Group** is paused.\nI may not post in")
    assert "Give me the permissions, then `/roundup resume`." in words(notice)


async def test_who_takes_no_direct_messages_is_told_where_the_servers_notices_go(world: World) -> None:
    notices = world.guild.create_text_channel("notices")
    await world.env.settle()
    world.env.backend.edit_guild(world.guild.id, {"system_channel_id": notices.id})
    await world.env.settle()
    await set_up(world)
    forbid(world, world.channel, send_messages=False)
    world.env.inject_error("POST", f"/channels/{world.admin.user.dm_channel.id}/messages", status=403, code=50007)
    await world.env.advance_time(10 * MINUTE)
    (notice,) = posts(notices)
    assert words(notice).startswith("⏸ Your paper roundup in **Reading Group** is paused.")
    assert silent(world.env)


async def test_the_receipts_of_a_channel_say_what_became_of_each_day(world: World) -> None:
    await set_up(world)
    await world.env.advance_time(6 * MINUTE)
    world.env.backend.advance_clock(3 * 86_400)
    await world.restart()
    await world.env.advance_time(2 * MINUTE)
    shown = words(answer(await world.admin.slash(world.channel, "roundup show", channel=world.channel)))
    days = [line for line in shown.splitlines() if line.startswith("- ")]
    assert len(days) == 4
    assert days[0].startswith("- posted on 2026-01-04: https://discord.com/channels/")
    assert "- not posted on 2026-01-03: I was not running then. Its papers come with the next post." in days
    assert words(posts(world.channel)[-1]).count("-# with those of 2 missed days") == 1


async def test_the_admin_chooses_what_becomes_of_a_missed_post(world: World) -> None:
    await world.admin.slash(world.channel, "roundup setup", channel=world.channel, time="0:05", missed="merge")
    (schedule,) = await world.app.roundups.store.every()
    assert schedule.missed == "merge"


async def test_one_failing_channel_leaves_the_others_alone(world: World) -> None:
    other = world.guild.create_text_channel("other")
    await world.env.settle()
    await set_up(world, other)
    await set_up(world)
    forbid(world, other, view_channel=False)
    await world.env.advance_time(6 * MINUTE)
    assert len(posts(world.channel)) == 1


async def test_an_answer_that_never_came_is_looked_into_and_sent_again(world: World) -> None:
    await set_up(world)
    world.env.inject_error("POST", f"/channels/{world.channel.id}/messages", status=500, times=1)
    await world.env.advance_time(5 * MINUTE + 1)
    assert posts(world.channel) == []
    await world.env.advance_time(3 * MINUTE)
    assert len(posts(world.channel)) == 1


async def test_a_message_that_discord_refuses_is_not_sent_again_and_its_papers_wait(world: World) -> None:
    await set_up(world)
    world.env.inject_error("POST", f"/channels/{world.channel.id}/messages", status=400, code=50035, times=1)
    await world.env.advance_time(8 * MINUTE)
    assert posts(world.channel) == []
    shown = words(answer(await world.admin.slash(world.channel, "roundup show")))
    assert "not posted on 2026-01-01: Discord refused the message (code 50035)." in shown
    assert await world.app.roundups.store.shown(world.channel.id) == frozenset()


async def test_one_schedule_that_cannot_be_read_leaves_the_others_alone(world: World) -> None:
    await set_up(world)
    other = world.guild.create_text_channel("other")
    await world.admin.slash(world.channel, "roundup setup", channel=other, time="0:05")
    async with world.app.notes._database.transaction() as writer:
        await writer.rows("UPDATE schedules SET zone = 'Gone/Nowhere' WHERE id = 1")
    await world.env.advance_time(8 * MINUTE)
    assert len(posts(other)) == 1


@pytest.mark.parametrize("sent", [True, False])
async def test_a_crash_after_the_claim_posts_once(world: World, sent: bool) -> None:
    await set_up(world, papers=2)
    (schedule,) = await world.app.roundups.store.every()
    digest = await world.app.roundups.digest(schedule, "2026-01-01")
    now = datetime(2026, 1, 1, 0, 5, tzinfo=UTC)
    claimed = [pick.paper.id for pick in digest.picks]
    assert await world.app.roundups.store.claim(schedule.id, "2026-01-01", claimed, now)
    if sent:
        bot = world.env.bot
        with world.env.time_context():
            assert isinstance(await ChannelPoster(bot).send(digest), int)
    await world.restart()
    await world.env.advance_time(8 * MINUTE)
    (post,) = posts(world.channel)
    last = await world.app.roundups.store.newest(schedule.id)
    assert last is not None
    assert (last.outcome, last.message_id) == ("posted", post.id)
    # A paper of several ids was shown under all of them.
    assert await world.app.roundups.store.shown(world.channel.id) >= frozenset(claimed)


async def test_a_message_of_somebody_else_is_never_taken_for_a_roundup(world: World) -> None:
    schedule = Schedule(
        1, world.guild.id, world.channel.id, 1, time(0, 5), "UTC", frozenset(range(7)), 2, "",
        paused=False, note="", since=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    await world.member.send(world.channel, "roundup 1 · 2026-01-01")
    with world.env.time_context():
        assert await ChannelPoster(world.env.bot).find(schedule, "2026-01-01", world.env.now()) is None


async def test_a_schedule_removed_and_made_again_posts_no_second_time_on_the_same_day(world: World) -> None:
    await set_up(world)
    await world.env.advance_time(6 * MINUTE)
    assert len(posts(world.channel)) == 1
    await world.admin.slash(world.channel, "roundup off")
    tomorrow = datetime(2026, 1, 2, 0, 30, tzinfo=UTC)
    assert f"Next: <t:{int(tomorrow.timestamp())}:f>" in await set_up(world, time="0:30")
    await days_pass(world, 2)
    assert [post.created_at.day for post in posts(world.channel)] == [1, 2]
    assert not set(titles(posts(world.channel)[0])) & set(titles(posts(world.channel)[1]))


async def test_a_day_that_was_posted_is_not_promised_again(world: World) -> None:
    await set_up(world)
    await world.env.advance_time(6 * MINUTE)
    assert len(posts(world.channel)) == 1
    saved = await world.admin.slash(world.channel, "roundup setup", channel=world.channel, time="0:30")
    tomorrow = datetime(2026, 1, 2, 0, 30, tzinfo=UTC)
    assert f"Next: <t:{int(tomorrow.timestamp())}:f>" in words(answer(saved))


async def test_ten_paused_schedules_with_long_topics_are_shown(world: World) -> None:
    for number in range(10):
        channel = world.guild.create_text_channel(f"papers-{number}")
        await world.admin.slash(world.channel, "roundup setup", channel=channel, time="9", topics="*" * 200)
    for schedule in await world.app.roundups.store.every():
        await world.app.roundups.store.pause(
            schedule.id, f"I may not post in <#{schedule.channel_id}>. " + "Give " * 20
        )
    shown = words(answer(await world.admin.slash(world.channel, "roundup show")))
    assert shown.count("⏸ Paused.") == 10


async def test_a_message_is_found_however_long_ago_it_was_claimed(world: World) -> None:
    await set_up(world)
    (schedule,) = await world.app.roundups.store.every()
    digest = await world.app.roundups.digest(schedule, "2026-01-01")
    claimed = world.env.now()
    with world.env.time_context():
        poster = ChannelPoster(world.env.bot)
        sent = await poster.send(digest)
        world.env.backend.advance_clock(5 * 24 * 3600)
        assert await poster.find(schedule, "2026-01-01", claimed) == sent
