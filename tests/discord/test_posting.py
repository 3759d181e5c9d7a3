"""The way back to a post whose answer was lost: what is found, what nobody can know, and what stands for what."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import TYPE_CHECKING

import discord
import pytest

from bot.core.receipt import receipt
from bot.services.posting import Digest, Gone
from bot.ui import render
from bot.ui.poster import ChannelPoster
from tests.discord.test_roundups import MINUTE, days_pass, forbid, posts, set_up, titles, told
from tests.world import World, words

if TYPE_CHECKING:
    from simcord import ChannelHandle

    from bot.core.roundup import Schedule
    from bot.storage.roundups import Roundups

SLOT = "2026-01-01"


async def planned(world: World, **options: object) -> tuple[ChannelHandle, Roundups, Schedule]:
    channel = world.guild.create_text_channel("elsewhere")
    await world.env.settle()
    await set_up(world, channel, **options)
    store = world.app.roundups.store
    (schedule,) = await store.every()
    return channel, store, schedule


async def said(store: Roundups, schedule: Schedule) -> list[str]:
    posts = await store.recent(schedule.id, 9)
    return [receipt(p.outcome, p.day.isoformat(), p.detail, "LINK", papers=bool(p.papers)) for p in posts]


async def leave_a_claim(world: World, store: Roundups, schedule: Schedule, *, sent: bool = True) -> Digest:
    """Do what a bot does that is killed after it sent a roundup, or right before."""
    digest = await world.app.roundups.digest(schedule, SLOT)
    assert await store.claim(schedule.id, SLOT, [pick.paper.id for pick in digest.picks], world.env.now())
    if sent:
        with world.env.time_context():
            assert isinstance(await ChannelPoster(world.env.bot).send(digest), int)
    return digest


@pytest.mark.parametrize("lost", ["read_message_history", "view_channel"])
async def test_who_may_not_look_does_not_know_and_says_so_until_the_right_is_back(world: World, lost: str) -> None:
    channel, store, schedule = await planned(world, papers=2)
    await leave_a_claim(world, store, schedule)
    forbid(world, channel, **{lost: False})
    await world.restart()
    await world.env.advance_time(10 * MINUTE)
    rights = {"read_message_history": "**Read Message History**", "view_channel": "**View Channel**"}[lost]
    note = f"I may not read <#{channel.id}>. Give me {rights} there, then `/roundup resume`."
    if lost == "view_channel":
        note = note.replace("**View Channel**", "**View Channel** and **Read Message History**")
    assert await said(store, schedule) == [f"perhaps posted on {SLOT}. I could not look whether it went out: {note}"]
    assert f"⏸ Paused. {note}" in await told(world, "show")
    (notice,) = posts(world.admin.user.dm_channel)
    assert note in words(notice)

    forbid(world, channel, **{lost: True})
    await world.env.settle()
    assert (await told(world, "resume", channel=channel)).startswith("▶")
    await world.env.advance_time(2 * MINUTE)
    assert await said(store, schedule) == [f"posted on {SLOT}: LINK"]
    await days_pass(world, 1)
    first, second = posts(channel)
    assert not set(titles(first)) & set(titles(second))


async def test_a_right_that_went_unheard_is_asked_for_before_a_post_counts_as_never_sent(world: World) -> None:
    channel, store, schedule = await planned(world)
    await leave_a_claim(world, store, schedule)
    known = world.env.bot.get_channel(channel.id)
    assert isinstance(known, discord.TextChannel)
    before = list(known._overwrites)
    forbid(world, channel, read_message_history=False)
    await world.env.settle()
    known._overwrites = before  # the connection has not brought the news yet
    with world.env.time_context():
        found = await ChannelPoster(world.env.bot).find(schedule, SLOT, world.env.now())
    assert isinstance(found, Gone)
    assert "**Read Message History**" in found.message


async def test_what_a_member_makes_the_bot_say_is_no_roundup(world: World) -> None:
    channel, store, schedule = await planned(world)
    name = render.marker(schedule.id, SLOT)
    me = world.env.backend.bot_user.id
    for text in (name, f"what is {name}", f"-# {name}", f"x\n-# {name}", f"{render.NOTHING_NEW}\n-# {name}"):
        await world.member.send(channel, f"<@{me}> {text}")
        await world.member.slash(channel, "search", query=text)
        await world.member.slash(channel, "ask", question=text)
    await world.env.settle()
    mine = posts(channel)
    assert any(name in words(message) for message in mine)
    # The bot was killed before it sent.
    await leave_a_claim(world, store, schedule, sent=False)
    await world.restart()
    await world.env.advance_time(10 * MINUTE)
    (sent,) = [message for message in posts(channel) if message not in mine]
    assert titles(sent)
    assert await said(store, schedule) == [f"posted on {SLOT}: LINK"]


@pytest.mark.parametrize("news", [True, False])
async def test_a_roundup_without_papers_is_found_too_and_only_by_its_own_slot(world: World, news: bool) -> None:
    _channel, _store, schedule = await planned(world)
    note = "huggingface has not given its list yet" if news else ""
    with world.env.time_context():
        poster, now = ChannelPoster(world.env.bot), world.env.now()
        sent = await poster.send(Digest(schedule, SLOT, (), 0, news=news, note=note))
        assert isinstance(sent, int)
        assert await poster.find(schedule, SLOT, now) == sent
        assert await poster.find(schedule, f"now-{SLOT}T00:00:00", now) is None


async def test_a_claim_of_a_clock_that_was_ahead_is_found(world: World) -> None:
    channel, store, schedule = await planned(world, papers=2)
    digest = await world.app.roundups.digest(schedule, "2026-01-02")
    shown = [pick.paper.id for pick in digest.picks]
    assert await store.claim(schedule.id, "2026-01-02", shown, world.env.now() + timedelta(hours=30))
    with world.env.time_context():
        assert isinstance(await ChannelPoster(world.env.bot).send(digest), int)
    await world.restart()
    await world.env.advance_time(2 * MINUTE)
    assert await said(store, schedule) == ["posted on 2026-01-02: LINK"]
    assert len(posts(channel)) == 1


async def test_a_message_is_found_under_many_others(world: World) -> None:
    channel, store, schedule = await planned(world)
    for number in range(120):
        world.env.backend.create_message(channel.id, world.member.id, f"before {number}")
    await leave_a_claim(world, store, schedule)
    for number in range(250):
        world.env.backend.create_message(channel.id, world.member.id, f"after {number}")
    await world.restart()
    await world.env.advance_time(8 * MINUTE)
    assert await said(store, schedule) == [f"posted on {SLOT}: LINK"]
    assert len([message for message in posts(channel) if titles(message)]) == 1


# --- what Discord's refusals mean


@pytest.mark.parametrize(("status", "code"), [(403, 0), (404, 0), (403, 40333), (401, 0)])
async def test_a_refusal_that_is_not_of_discords_rights_is_tried_again(world: World, status: int, code: int) -> None:
    channel, store, schedule = await planned(world)
    world.env.inject_error("POST", f"/channels/{channel.id}/messages", status=status, code=code, times=1)
    await world.env.advance_time(6 * MINUTE)
    why = f"Discord turned me away (status {status}, code {code})."
    if await said(store, schedule) != [f"perhaps posted on {SLOT}: {why} I look in the channel within a minute."]:
        assert await said(store, schedule) == [f"not posted yet on {SLOT}: {why} I try again every minute."]
    await world.env.advance_time(10 * MINUTE)
    assert await said(store, schedule) == [f"posted on {SLOT}: LINK"]
    assert "Paused" not in await told(world, "show")


@pytest.mark.parametrize(
    ("status", "code", "why"),
    [
        (403, 50001, "I may not post in <#{}>. Give me the permissions, then `/roundup resume`."),
        (403, 50013, "I may not post in <#{}>. Give me the permissions, then `/roundup resume`."),
        (404, 10003, "<#{}> is gone."),
        (404, 10004, "<#{}> is gone."),
    ],
)
async def test_rights_and_places_that_are_gone_pause(world: World, status: int, code: int, why: str) -> None:
    channel, store, schedule = await planned(world)
    world.env.inject_error("POST", f"/channels/{channel.id}/messages", status=status, code=code, times=1)
    await world.env.advance_time(8 * MINUTE)
    (line,) = await said(store, schedule)
    assert line.startswith(f"not posted on {SLOT}: {why.format(channel.id)}")
    assert "⏸ Paused." in await told(world, "show")


@pytest.mark.parametrize(("status", "code"), [(403, 50001), (404, 10003)])
async def test_a_look_that_is_refused_never_says_not_posted(world: World, status: int, code: int) -> None:
    channel, store, schedule = await planned(world)
    await leave_a_claim(world, store, schedule)
    world.env.inject_error("GET", f"/channels/{channel.id}/messages", status=status, code=code, times=1)
    await world.restart()
    await world.env.advance_time(8 * MINUTE)
    (line,) = await said(store, schedule)
    assert line.startswith(f"perhaps posted on {SLOT}. I could not look whether it went out: ")
    assert "⏸ Paused." in await told(world, "show")
    await told(world, "resume", channel=channel)
    await world.env.advance_time(2 * MINUTE)
    assert await said(store, schedule) == [f"posted on {SLOT}: LINK"]


# --- the notice of a pause


async def notices_go_to(world: World, name: str = "notices") -> ChannelHandle:
    notices = world.guild.create_text_channel(name)
    await world.env.settle()
    world.env.backend.edit_guild(world.guild.id, {"system_channel_id": notices.id})
    world.env.inject_error("POST", "/users/@me/channels", status=403, code=50007, times=99)
    await world.env.settle()
    return notices


async def test_a_notice_that_discord_could_not_take_is_tried_again_and_comes_once(world: World) -> None:
    channel, _store, _schedule = await planned(world)
    notices = await notices_go_to(world)
    world.env.inject_error("POST", f"/channels/{notices.id}/messages", status=503, code=0, times=7)
    forbid(world, channel, send_messages=False)
    await world.env.advance_time(30 * MINUTE)
    (notice,) = posts(notices)
    assert words(notice).startswith("⏸ Your paper roundup in **Reading Group** is paused.")


async def test_a_notice_that_cannot_be_recorded_comes_once_for_each_pause(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    channel, store, _schedule = await planned(world)
    notices = await notices_go_to(world)
    monkeypatch.setattr(type(store), "told", full)
    for count in (1, 2):
        forbid(world, channel, send_messages=False)
        await world.env.advance_time(6 * MINUTE)
        await told(world, "now", channel=channel)
        await world.env.advance_time(20 * MINUTE)
        assert len(posts(notices)) == count
        forbid(world, channel, send_messages=True)
        await world.env.settle()
        assert (await told(world, "resume", channel=channel)).startswith("▶")


async def test_a_notice_says_its_nonce_so_that_one_whose_answer_was_lost_comes_once(world: World) -> None:
    channel, _store, _schedule = await planned(world)
    notices = await notices_go_to(world)
    forbid(world, channel, send_messages=False)
    await world.env.advance_time(8 * MINUTE)
    sent = [made.json for made in world.env.http_requests if made.path == f"/channels/{notices.id}/messages"]
    assert [(len(body["nonce"]), body["enforce_nonce"]) for body in sent if isinstance(body, dict)] == [(24, True)]
