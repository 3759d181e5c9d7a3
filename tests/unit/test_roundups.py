"""Roundups over a real database: restarts, crashes, and channels that go away."""

from __future__ import annotations

import asyncio
import dataclasses
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.core.paper import Problem
from bot.core.receipt import receipt
from bot.core.roundup import Schedule
from bot.services.library import Library
from bot.services.posting import Digest, Gone
from bot.services.roundups import Roundups
from bot.sources import files
from bot.storage.database import open_database
from bot.storage.papers import Papers
from bot.storage.roundups import Roundups as Store
from tests.unit.samples import made_up

if TYPE_CHECKING:
    from pathlib import Path

    from bot.storage.slots import Post

START = datetime(2024, 1, 1, tzinfo=UTC)


class CrashError(Exception):
    """The process dies here."""


@dataclass
class Channels:
    """Channels that keep what is posted, and answer the next sends as told."""

    messages: list[Digest] = field(default_factory=list)
    answers: list[Problem | CrashError | None] = field(default_factory=list)
    arrives: bool = True
    """Whether a send that ends in trouble reached the channel all the same."""
    told: list[str] = field(default_factory=list)
    reached: str | Problem = "directly"

    async def send(self, digest: Digest) -> int | Problem:
        trouble = self.answers.pop(0) if self.answers else None
        if trouble is None or self.arrives:
            self.messages.append(digest)
        if isinstance(trouble, CrashError):
            raise trouble
        return trouble or len(self.messages)

    async def find(self, schedule: Schedule, slot: str, _claimed: datetime) -> int | Problem | None:
        keys = [(digest.schedule.channel_id, digest.slot) for digest in self.messages]
        wanted = (schedule.channel_id, slot)
        return keys.index(wanted) + 1 if wanted in keys else None

    async def tell(self, schedule: Schedule) -> str | Problem:
        self.told.append(f"{schedule.creator_id}: {schedule.note}")
        return self.reached

    def shown(self, channel_id: int) -> list[str]:
        return [p.paper.id for d in self.messages if d.schedule.channel_id == channel_id for p in d.picks]


@asynccontextmanager
async def running(path: Path, papers: int = 0) -> AsyncIterator[Roundups]:
    """Start the services anew over the file, as a restart does."""
    database = await open_database(path)
    try:
        store = Papers(database)
        if papers:
            made = [made_up(f"Paper {n}", f"It is about topic{n % 3}.", id=f"p{n}") for n in range(papers)]
            await store.add(made, START)
        library = Library(store, files.parts)
        await library.catch_up()
        yield Roundups(Store(database), library)
    finally:
        await database.close()


async def plan(roundups: Roundups, channel: int = 1, zone: str = "UTC", size: int = 2, topics: str = "") -> Schedule:
    wanted = Schedule(
        0, 1, channel, 1, time(2, 30), zone, frozenset(range(7)), size, topics, paused=False, note="", since=START
    )
    return await roundups.store.save(wanted)


def say(post: Post) -> str:
    return receipt(post.outcome, post.day.isoformat(), post.detail, "LINK", papers=bool(post.papers))


def day(number: int, hour: int = 3) -> datetime:
    return START + timedelta(days=number, hours=hour)


@pytest.fixture
async def roundups(tmp_path: Path) -> AsyncIterator[Roundups]:
    async with running(tmp_path / "test.db", papers=6) as found:
        yield found


async def test_a_channel_that_has_seen_all_is_told_once_and_goes_on_with_new_papers(
    tmp_path: Path,
) -> None:
    path, channels = tmp_path / "test.db", Channels()
    async with running(path, papers=3) as roundups:
        await plan(roundups)
        for number in range(6):
            await roundups.deliver_due(day(number), channels)
        assert [len(digest.picks) for digest in channels.messages] == [2, 1, 0]
        assert [digest.waiting for digest in channels.messages] == [1, 0, 0]
        last = await roundups.store.newest(1)
        assert last is not None
        assert last.outcome == "empty"
    async with running(path, papers=4) as roundups:
        for number in range(6, 9):
            await roundups.deliver_due(day(number), channels)
    assert [len(digest.picks) for digest in channels.messages] == [2, 1, 0, 1, 0]
    assert channels.shown(1) == ["p0", "p1", "p2", "p3"]


async def test_topic_papers_come_first(roundups: Roundups) -> None:
    digest = await roundups.digest(await plan(roundups, size=3, topics="topic2"), "preview")
    assert [pick.paper.id for pick in digest.picks] == ["p2", "p5", "p0"]
    assert digest.picks[0].sentence == "It is about topic2."
    assert digest.waiting == 3


async def test_looking_at_the_next_digest_records_nothing(roundups: Roundups) -> None:
    schedule = await plan(roundups)
    first, second = [await roundups.digest(schedule, "preview") for _ in range(2)]
    assert first == second
    assert await roundups.store.newest(schedule.id) is None


async def test_a_channel_that_is_gone_pauses_its_schedule_and_leaves_the_others_alone(roundups: Roundups) -> None:
    channels = Channels(answers=[Gone("I may not send messages here.")], arrives=False)
    gone, other = await plan(roundups, 1), await plan(roundups, 2)
    for number in range(3):
        await roundups.deliver_due(day(number), channels)
    assert Counter(digest.schedule.id for digest in channels.messages) == {other.id: 3}
    [paused, _] = await roundups.store.every()
    assert (paused.paused, paused.note) == (True, "I may not send messages here.")
    await roundups.store.resume(gone.id, day(4, 0))
    await roundups.deliver_due(day(4), channels)
    assert channels.shown(1) == ["p0", "p1"]


@pytest.mark.parametrize("arrives", [True, False])
@pytest.mark.parametrize("trouble", [Problem("Discord did not answer."), CrashError()])
async def test_a_message_of_unknown_fate_is_looked_for_and_sent_exactly_once(
    tmp_path: Path, trouble: Problem | CrashError, arrives: bool
) -> None:
    path, channels = tmp_path / "test.db", Channels(answers=[trouble], arrives=arrives)
    async with running(path, papers=6) as roundups:
        await plan(roundups)
        try:
            await roundups.deliver_due(day(0), channels)
        except CrashError:
            assert trouble.__class__ is CrashError
        await roundups.deliver_due(day(0, 4), channels)
        assert [post.outcome for post in await roundups.store.claimed()] == ["claimed"]
        assert len(channels.messages) == int(arrives)
    async with running(path) as roundups:
        for hour in (5, 6, 7):
            await roundups.reconcile(day(0, hour), channels)
            await roundups.deliver_due(day(0, hour), channels)
        await roundups.deliver_due(day(1), channels)
        assert await roundups.store.claimed() == []
    assert [digest.slot for digest in channels.messages] == ["2024-01-01", "2024-01-02"]
    assert channels.shown(1) == ["p0", "p1", "p2", "p3"]


async def test_a_channel_that_cannot_be_looked_into_keeps_its_claim(roundups: Roundups) -> None:
    class Silent(Channels):
        async def find(self, schedule: Schedule, slot: str, _claimed: datetime) -> int | Problem | None:
            return Problem("Discord did not answer.")

    channels = Silent(answers=[Problem("Discord did not answer.")])
    await plan(roundups)
    await roundups.deliver_due(day(0), channels)
    await roundups.reconcile(day(0, 4), channels)
    assert [post.slot for post in await roundups.store.claimed()] == ["2024-01-01"]


async def test_a_channel_that_went_away_before_the_look_is_paused(roundups: Roundups) -> None:
    class Deleted(Channels):
        async def find(self, schedule: Schedule, slot: str, _claimed: datetime) -> int | Problem | None:
            return Gone("The channel was deleted.")

    channels = Deleted(answers=[Problem("Discord did not answer.")])
    await plan(roundups)
    await roundups.deliver_due(day(0), channels)
    await roundups.reconcile(day(0, 4), channels)
    assert [(p.paused, p.note) for p in await roundups.store.every()] == [(True, "The channel was deleted.")]
    ((slot, told),) = [(post.slot, say(post)) for post in await roundups.store.recent(1, 9)]
    assert (slot, told) == (
        "2024-01-01",
        "perhaps posted on 2024-01-01. I could not look whether it went out: The channel was deleted.",
    )


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_post_that_nobody_can_look_for_waits_for_the_admin_and_its_papers_do_not_come_twice(
    roundups: Roundups, arrives: bool
) -> None:
    class Shut(Channels):
        looks = 0

        async def find(self, schedule: Schedule, slot: str, claimed: datetime) -> int | Problem | None:
            self.looks += 1
            return Gone("I may not read it.") if self.looks == 1 else await super().find(schedule, slot, claimed)

    channels = Shut(answers=[Problem("Discord did not answer.")], arrives=arrives)
    await plan(roundups)
    await roundups.deliver_due(day(0), channels)
    for hour in (4, 5, 6):
        await roundups.reconcile(day(0, hour), channels)
        await roundups.deliver_due(day(0, hour), channels)
    # Until the admin acts nobody asks again, and what may have been shown is shown to nobody else.
    assert channels.looks == 1
    assert channels.told == ["1: I may not read it."]
    (schedule,) = await roundups.store.every()
    assert {"p0", "p1"} <= await roundups.store.shown(1)
    assert [pick.paper.id for pick in (await roundups.digest(schedule, "preview")).picks] == ["p2", "p3"]
    await roundups.store.resume(1, day(0, 7))
    await roundups.reconcile(day(0, 8), channels)
    (post,) = await roundups.store.recent(1, 9)
    assert (post.outcome, say(post)[:40]) == (
        ("posted", "posted on 2024-01-01: LINK") if arrives else ("waiting", "not posted yet on 2024-01-01: I was stop")
    )
    await roundups.deliver_due(day(1), channels)
    assert sorted(channels.shown(1)) == (["p0", "p1", "p2", "p3"] if arrives else channels.shown(1))
    assert len(channels.shown(1)) == len(set(channels.shown(1)))


async def test_what_may_have_been_posted_is_not_posted_again_by_a_schedule_made_anew(roundups: Roundups) -> None:
    channels = Channels(answers=[Problem("Discord did not answer.")])
    schedule = await plan(roundups)
    await roundups.deliver_due(day(0), channels)
    await roundups.remove(schedule.id)
    await roundups.save(dataclasses.replace(schedule, since=day(0, 4)))
    await roundups.deliver_due(day(1), channels)
    assert channels.shown(1) == ["p0", "p1", "p2", "p3"]


async def test_a_slow_look_into_one_channel_keeps_no_other_waiting(roundups: Roundups) -> None:
    class Busy(Channels):
        async def find(self, schedule: Schedule, slot: str, _claimed: datetime) -> int | Problem | None:
            looking.set()
            await done.wait()
            return await super().find(schedule, slot, _claimed)

    looking, done = asyncio.Event(), asyncio.Event()
    channels = Busy(answers=[Problem("Discord did not answer.")], arrives=False)
    await plan(roundups)
    await roundups.deliver_due(day(0), channels)
    await plan(roundups, channel=2)
    look = asyncio.create_task(roundups.reconcile(day(0, 4), channels))
    await looking.wait()
    await asyncio.wait_for(roundups.deliver_due(day(0, 4), channels), 10)
    assert [digest.schedule.channel_id for digest in channels.messages] == [2]
    done.set()
    await look
    await roundups.deliver_due(day(0, 5), channels)
    assert [digest.schedule.channel_id for digest in channels.messages] == [2, 1]


async def test_a_claim_that_was_settled_while_it_was_looked_for_stays_so(roundups: Roundups) -> None:
    class Slow(Channels):
        async def find(self, schedule: Schedule, slot: str, _claimed: datetime) -> int | Problem | None:
            await roundups.store.settle(schedule, slot, 7, day(0, 4))
            return None

    channels = Slow(answers=[Problem("Discord did not answer.")])
    await plan(roundups)
    await roundups.deliver_due(day(0), channels)
    await roundups.reconcile(day(0, 4), channels)
    assert [(post.outcome, post.message_id) for post in await roundups.store.recent(1, 9)] == [("posted", 7)]


async def test_a_claim_of_a_clock_that_was_ahead_is_looked_for_from_now_on_back(roundups: Roundups) -> None:
    class Asked(Channels):
        since: datetime | None = None

        async def find(self, _schedule: Schedule, _slot: str, claimed: datetime) -> int | Problem | None:
            self.since = claimed
            return 7

    channels, schedule = Asked(), await plan(roundups)
    assert await roundups.store.claim(schedule.id, "2024-01-04", ["p0"], day(3))
    await roundups.reconcile(day(0), channels)
    assert channels.since == day(0)


async def test_a_post_by_hand_neither_replaces_nor_repeats_the_days_own(roundups: Roundups) -> None:
    channels, schedule = Channels(), await plan(roundups)
    await roundups.deliver(schedule, "now-2024-01-01T01:00:00+00:00", day(0, 1), channels)
    await roundups.deliver_due(day(0), channels)
    assert [digest.slot[:10] for digest in channels.messages] == ["now-2024-0", "2024-01-01"]
    assert channels.shown(1) == ["p0", "p1", "p2", "p3"]


async def test_a_week_away_is_made_up_for_by_one_message_and_each_day_has_its_receipt(roundups: Roundups) -> None:
    channels = Channels()
    await plan(roundups, size=1)
    for number in (0, 7, 7):
        await roundups.deliver_due(day(number), channels)
    assert [(d.slot, d.missed, len(d.picks)) for d in channels.messages] == [("2024-01-01", 0, 1), ("2024-01-08", 6, 5)]
    receipts = {post.slot: post.outcome for post in await roundups.store.recent(1, 99)}
    assert receipts == {
        "2024-01-01": "posted",
        **{f"2024-01-{n:02}": "missed" for n in range(2, 8)},
        "2024-01-08": "posted",
    }


async def test_a_day_too_late_to_post_waits_for_the_next(roundups: Roundups) -> None:
    channels = Channels()
    schedule = await plan(roundups, size=1)
    await roundups.store.save(dataclasses.replace(schedule, missed="merge"))
    for moment in (day(0), day(1, 4), day(2)):
        await roundups.deliver_due(moment, channels)
    assert [(digest.slot, digest.missed) for digest in channels.messages] == [("2024-01-01", 0), ("2024-01-03", 1)]
    missed = (await roundups.store.recent(1, 9))[1]
    assert missed.detail == "I was not running then. Its papers come with the next post."


async def test_trouble_all_day_long_is_a_receipt_that_says_so_and_its_papers_come_next(roundups: Roundups) -> None:
    channels = Channels(arrives=False)
    await plan(roundups, size=1)
    for hour in range(3, 24):
        channels.answers = [Problem("Discord did not answer.")]
        await roundups.deliver_due(day(0, hour), channels)
        await roundups.reconcile(day(0, hour), channels)
    (receipt,) = await roundups.store.recent(1, 9)
    assert (receipt.outcome, receipt.detail) == ("missed", "Discord did not answer.")
    channels.answers = []
    await roundups.deliver_due(day(1), channels)
    assert channels.shown(1) == ["p0", "p1"]


async def test_whoever_set_it_up_is_told_once_that_it_is_paused(roundups: Roundups) -> None:
    channels = Channels(answers=[Gone("No rights.")], arrives=False, reached=Problem("Discord did not answer."))
    await plan(roundups)
    await roundups.deliver_due(day(0), channels)
    channels.reached = "directly"
    for number in range(1, 4):
        await roundups.deliver_due(day(number), channels)
    assert channels.told == ["1: No rights.", "1: No rights."]
    assert await roundups.store.untold() == []


async def test_a_pause_by_hand_is_no_news_to_anybody(roundups: Roundups) -> None:
    channels = Channels()
    schedule = await plan(roundups)
    await roundups.pause(schedule.id, START)
    await roundups.deliver_due(day(0), channels)
    assert (channels.messages, channels.told) == ([], [])
