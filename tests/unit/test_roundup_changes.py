"""Schedules that are changed, paused or removed while a post is owed, and clocks that were ahead."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.core.paper import Problem
from bot.core.receipt import NEXT
from bot.core.roundup import CHANGED, PAUSED, Due, Schedule, due
from bot.services.posting import Gone
from bot.services.roundups import UNSENT
from tests.unit.test_news import at, listed, newsroom
from tests.unit.test_roundups import START, Channels, day, plan, running, say

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.services.posting import Digest
    from bot.services.roundups import Roundups

SILENCE = Problem("Discord did not answer.")
SOON = day(0) + timedelta(seconds=40)
FIRST = "2024-01-01"


@pytest.fixture
async def roundups(tmp_path: Path) -> AsyncIterator[Roundups]:
    async with running(tmp_path / "test.db", papers=40) as found:
        yield found


async def tick(roundups: Roundups, moment: datetime, channels: Channels) -> None:
    await roundups.reconcile(moment, channels)
    await roundups.deliver_due(moment, channels)


async def unanswered(roundups: Roundups) -> tuple[Schedule, Channels]:
    """Leave the first day's post waiting: Discord did not answer, and the channel does not have it."""
    schedule, channels = await plan(roundups), Channels(answers=[SILENCE], arrives=False)
    await roundups.deliver_due(day(0), channels)
    await roundups.reconcile(day(0), channels)
    return schedule, channels


async def told(roundups: Roundups) -> list[str]:
    return [say(post) for post in await roundups.store.recent(1, 9)]


# --- a change while today's post waits


async def test_a_schedule_that_is_edited_keeps_the_post_that_waits(roundups: Roundups) -> None:
    schedule, channels = await unanswered(roundups)
    await roundups.save(dataclasses.replace(schedule, topics="other", since=SOON))
    await tick(roundups, SOON + timedelta(minutes=1), channels)
    assert [(digest.slot, digest.schedule.topics) for digest in channels.messages] == [(FIRST, "other")]
    assert await told(roundups) == [f"posted on {FIRST}: LINK"]


async def test_resuming_a_schedule_that_runs_takes_nothing_away(roundups: Roundups) -> None:
    schedule, channels = await unanswered(roundups)
    await roundups.resume(schedule.id, SOON)
    await tick(roundups, SOON + timedelta(minutes=1), channels)
    assert [digest.slot for digest in channels.messages] == [FIRST]


@pytest.mark.parametrize("unsure", [True, False])
async def test_a_pause_closes_the_post_that_waits_with_its_reason(roundups: Roundups, unsure: bool) -> None:
    schedule, channels = await plan(roundups), Channels(answers=[SILENCE], arrives=False)
    await roundups.deliver_due(day(0), channels)
    if not unsure:
        await roundups.reconcile(day(0), channels)
    await roundups.pause(schedule.id, SOON)
    if unsure:
        # Whether it went out was not known yet when it was paused.
        await tick(roundups, SOON + timedelta(minutes=1), channels)
    assert await told(roundups) == [f"not posted on {FIRST}: The roundup was paused before I could post it. {NEXT}"]
    await roundups.resume(schedule.id, day(0, 5))
    for hour in (5, 6, 27):
        await tick(roundups, day(0, hour), channels)
    assert [(digest.slot, digest.missed) for digest in channels.messages] == [("2024-01-02", 1)]


async def test_a_day_that_an_edit_takes_out_is_closed_and_one_it_moves_comes_later(roundups: Roundups) -> None:
    schedule, channels = await unanswered(roundups)
    await roundups.save(dataclasses.replace(schedule, at=time(18), since=SOON))
    assert await told(roundups) == []
    for hour in (4, 12, 18, 19):
        await tick(roundups, START + timedelta(hours=hour), channels)
    assert [digest.slot for digest in channels.messages] == [FIRST]
    channels.answers = [SILENCE]
    await tick(roundups, START + timedelta(days=1, hours=19), channels)
    moment = START + timedelta(days=1, hours=20)
    await roundups.reconcile(moment, channels)
    await roundups.save(dataclasses.replace(schedule, days=frozenset({0}), since=moment))
    assert (await told(roundups))[0] == (
        f"not posted on 2024-01-02: `/roundup setup` took that day out before I could post it. {NEXT}"
    )


async def test_a_change_that_was_cut_off_is_finished_by_the_next_look(roundups: Roundups) -> None:
    schedule, channels = await unanswered(roundups)
    await roundups.store.pause(schedule.id, "")
    await tick(roundups, SOON, channels)
    assert await told(roundups) == [f"not posted on {FIRST}: {PAUSED}"]


def test_what_was_owed_stays_owed_unless_its_day_is_taken_out() -> None:
    daily = frozenset(range(7))
    made = Schedule(1, 1, 1, 1, time(9), "UTC", daily, 3, "", paused=False, note="", since=day(2, 10))
    monday, tuesday, wednesday = (date(2024, 1, n) for n in (1, 2, 3))
    waits = {wednesday: "waiting"}
    assert due(made, tuesday, day(2, 11)) == Due(None)
    assert due(made, tuesday, day(2, 11), waits) == Due(wednesday)
    assert due(made, tuesday, day(2, 22), waits) == Due(None, (wednesday,))
    assert due(made, wednesday, day(2, 11), {tuesday: "held"}) == Due(None, (tuesday,))
    assert due(made, monday, day(2, 8), waits) == Due(None)
    other = dataclasses.replace(made, days=frozenset({0}))
    assert due(other, tuesday, day(2, 11), waits) == Due(None, dropped=(wednesday,))
    paused = dataclasses.replace(made, paused=True)
    assert due(paused, tuesday, day(2, 11), waits) == Due(None, dropped=(wednesday,))
    assert CHANGED.endswith(NEXT)


async def test_an_edit_while_another_channel_is_posted_to_holds_at_once(roundups: Roundups) -> None:
    await plan(roundups, 1)
    second = await plan(roundups, 2)

    class Slow(Channels):
        async def send(self, digest: Digest) -> int | Problem:
            if digest.schedule.channel_id == 1:
                edits.append(asyncio.create_task(roundups.save(moved)))
                await asyncio.sleep(0)
            return await super().send(digest)

    moved = dataclasses.replace(second, at=time(18), since=day(0))
    edits, channels = list[asyncio.Task[Schedule]](), Slow()
    await roundups.deliver_due(day(0), channels)
    assert [digest.schedule.channel_id for digest in channels.messages] == [1]
    assert await roundups.next_post(await edits[0], day(0)) == START + timedelta(hours=18)
    await roundups.deliver_due(START + timedelta(hours=18), channels)
    assert [(d.schedule.channel_id, d.slot) for d in channels.messages] == [(1, FIRST), (2, FIRST)]


# --- off and set up again


async def test_what_was_posted_on_a_day_counts_for_the_channel_whoever_set_it_up(roundups: Roundups) -> None:
    schedule, channels = await plan(roundups), Channels()
    await roundups.deliver_due(day(0), channels)
    await roundups.remove(schedule.id)
    assert (await roundups.store.every(), await roundups.store.get(schedule.id)) == ([], None)
    again = await roundups.save(dataclasses.replace(schedule, creator_id=8, at=time(4), since=day(0, 3)))
    assert await roundups.next_post(again, day(0, 3)) == datetime(2024, 1, 2, 4, tzinfo=UTC)
    for hour in (4, 5, 28):
        await tick(roundups, day(0, hour), channels)
    assert [digest.slot for digest in channels.messages] == [FIRST, "2024-01-02"]
    assert len(channels.shown(1)) == len(set(channels.shown(1)))


async def test_a_day_that_failed_or_waited_may_be_posted_by_a_roundup_that_is_set_up_anew(roundups: Roundups) -> None:
    schedule, channels = await plan(roundups), Channels(answers=[Gone("No rights."), SILENCE], arrives=False)
    second = await plan(roundups, channel=2)
    await roundups.deliver_due(day(0), channels)
    await roundups.reconcile(day(0), channels)
    assert [(await roundups.store.recent(one.id, 9))[0].outcome for one in (schedule, second)] == ["failed", "waiting"]
    for one in (schedule, second):
        await roundups.remove(one.id)
        await roundups.save(dataclasses.replace(one, at=time(18), since=day(0, 5)))
    await tick(roundups, day(0, 6), channels)
    assert channels.messages == []
    await tick(roundups, START + timedelta(hours=18), channels)
    assert [(digest.schedule.channel_id, digest.slot) for digest in channels.messages] == [(1, FIRST), (2, FIRST)]


async def test_a_post_that_is_held_back_stays_so_when_its_schedule_is_edited(roundups: Roundups) -> None:
    schedule, channels = await plan(roundups), Channels()
    schedule = await roundups.save(dataclasses.replace(schedule, missed="merge"))
    await roundups.store.wait(schedule.id, FIRST, "held", "the list is not there yet", day(0))
    await roundups.save(dataclasses.replace(schedule, topics="other", since=SOON))
    await tick(roundups, day(0, 5), channels)
    assert [(digest.slot, digest.schedule.topics) for digest in channels.messages] == [(FIRST, "other")]


async def test_who_set_a_roundup_up_is_forgotten_with_it(roundups: Roundups) -> None:
    schedule = await plan(roundups, topics="quokkas")
    await roundups.remove(schedule.id)
    row = await roundups.store._database.row("SELECT creator_id, topics FROM schedules")
    assert row is not None
    assert tuple(row) == (0, "")


async def test_a_lost_answer_is_looked_for_after_off_and_setup_too(roundups: Roundups) -> None:
    schedule, channels = await plan(roundups), Channels(answers=[SILENCE])
    await roundups.deliver_due(day(0), channels)
    await roundups.remove(schedule.id)
    await tick(roundups, day(0), channels)
    await roundups.save(dataclasses.replace(schedule, at=time(4), since=SOON))
    for hour in (4, 5, 28):
        await tick(roundups, day(0, hour), channels)
    assert [digest.slot for digest in channels.messages] == [FIRST, "2024-01-02"]
    assert await told(roundups) == ["posted on 2024-01-02: LINK", f"posted on {FIRST}: LINK"]


async def test_a_roundup_set_up_months_later_tells_of_no_news_from_months_ago(tmp_path: Path) -> None:
    async with newsroom(tmp_path, listed(60)) as news:
        schedule = await news.plan()
        await news.live(at(0, 5), at(1, 6))
        assert await news.roundups.store.last_post(schedule.id) is not None
        await news.roundups.remove(schedule.id)
        await news.roundups.save(dataclasses.replace(schedule, since=at(50, 5)))
        assert await news.roundups.store.last_post(schedule.id) is None


# --- a clock that was ahead


async def test_a_clock_that_was_days_ahead_swallows_no_day(roundups: Roundups) -> None:
    channels = Channels()
    await plan(roundups, size=1)
    await tick(roundups, day(0), channels)
    await tick(roundups, day(6), channels)
    for number in range(1, 9):
        for hour in (3, 10, 20):
            await tick(roundups, day(number, hour), channels)
    days = [f"2024-01-{n:02}" for n in range(1, 10)]
    assert sorted(digest.slot for digest in channels.messages) == days
    assert {post.slot: post.outcome for post in await roundups.store.recent(1, 99)} == dict.fromkeys(days, "posted")


async def test_what_came_while_the_clock_was_ahead_is_news_when_it_is_right(tmp_path: Path) -> None:
    async with newsroom(tmp_path, listed(12)) as news:
        await news.plan()
        await news.live(at(0, 5), at(1, 6))
        await news.roundups.deliver_due(at(7, 8), news.channels)
        before = len(news.channels.messages)
        await news.live(at(1, 6.5), at(4, 6))
        found = [(digest.slot, bool(digest.picks)) for digest in news.channels.messages[before:]]
        assert found == [("2024-01-03", True), ("2024-01-04", True), ("2024-01-05", True)]


async def test_a_roundup_that_was_set_up_while_the_clock_was_ahead_begins_when_it_is_right(roundups: Roundups) -> None:
    schedule, channels = await plan(roundups), Channels()
    saved = await roundups.save(dataclasses.replace(schedule, since=day(30)))
    # Until the next look, what is promised is what would hold.
    assert await roundups.next_post(saved, day(0, 1)) == START + timedelta(days=31, hours=2, minutes=30)
    for number in range(3):
        await tick(roundups, day(number, 1), channels)
        await tick(roundups, day(number, 3), channels)
    assert [digest.slot for digest in channels.messages] == [FIRST, "2024-01-02", "2024-01-03"]


# --- what each is told


async def test_a_post_by_hand_is_told_by_its_own_fate_whatever_the_clock_says(roundups: Roundups) -> None:
    schedule, channels = await plan(roundups), Channels()
    await roundups.deliver_due(day(0), channels)
    earlier = day(0) - timedelta(minutes=10)
    channels.answers, channels.arrives = [SILENCE], False
    post = await roundups.deliver(schedule, f"now-{earlier:%Y-%m-%dT%H:%M:%S}", earlier, channels)
    assert post is not None
    assert (post.slot[:4], post.outcome, post.detail) == ("now-", "claimed", "Discord did not answer.")
    newest = await roundups.store.newest(schedule.id)
    assert newest is not None
    assert newest.slot == FIRST


async def test_a_post_that_was_held_and_is_being_sent_is_not_told_as_held(roundups: Roundups) -> None:
    schedule = await plan(roundups)
    await roundups.store.wait(schedule.id, FIRST, "held", "the list is not there yet", day(0))
    assert await roundups.store.claim(schedule.id, FIRST, ["p0"], day(0, 6))
    assert (await told(roundups))[0].startswith(f"being posted on {FIRST}")
    await roundups.reconcile(day(0, 6), Channels())
    assert await told(roundups) == [f"not posted yet on {FIRST}: {UNSENT} I try again every minute."]


async def test_a_channel_that_is_gone_pauses_in_one_step_with_its_receipt(
    roundups: Roundups, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule, channels = await plan(roundups), Channels(answers=[Gone("No rights.")], arrives=False)
    # Nothing is written after the one step: killed right after it, all is there.
    monkeypatch.setattr(roundups.store, "pause", None)
    monkeypatch.setattr(roundups.store, "close_slot", None)
    await roundups.deliver_due(day(0), channels)
    assert await told(roundups) == [f"not posted on {FIRST}: No rights."]
    current = await roundups.store.get(schedule.id)
    assert current is not None
    assert (current.paused, current.note, channels.told) == (True, "No rights.", ["1: No rights."])


async def test_half_an_hour_is_half_an_hour_however_long_the_others_take(roundups: Roundups) -> None:
    plans = [await plan(roundups, channel) for channel in range(1, 81)]
    for one in plans:
        await roundups.store.save(dataclasses.replace(one, missed="merge"))
    moment, sent = [START + timedelta(hours=2, minutes=30)], list[int]()

    class Slow(Channels):
        async def send(self, digest: Digest) -> int | Problem:
            moment[0] += timedelta(seconds=25)
            sent.append(digest.schedule.channel_id)
            return 1

    await roundups.deliver_due(moment[0], Slow(), lambda: moment[0])
    assert sent == list(range(1, 74))
    late = [say(post) for post in await roundups.store.recent(plans[-1].id, 9)]
    assert late == [f"not posted on {FIRST}: Discord took too long over the posts of other channels. {NEXT}"]


async def test_a_zone_that_no_clock_knows_is_told_and_can_be_paused(roundups: Roundups) -> None:
    schedule = await plan(roundups, zone="Gone/Nowhere")
    assert await roundups.next_post(schedule, day(0)) == Problem(
        "No clock here knows the zone Gone/Nowhere. Run `/roundup setup` again with another."
    )
    await roundups.pause(schedule.id, day(0))
    assert [plan.paused for plan in await roundups.store.every()] == [True]
