"""Roundups: for each schedule that is due, one message in its channel."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfoNotFoundError

from bot.core.paper import Problem
from bot.core.receipt import BLIND, blind
from bot.core.roundup import ASLEEP, HOLD, MAX_PAPERS, STUMBLED, Schedule, due, instant, next_slot
from bot.services.picking import Picking

if TYPE_CHECKING:
    from datetime import date, datetime

    from bot.services.library import Library
    from bot.services.picking import Live, Pick
    from bot.storage.roundups import Post
    from bot.storage.roundups import Roundups as Store

log = logging.getLogger(__name__)
UNSENT = "I was stopped before I could send it."
CUT_OFF = "I was stopped while I sent it."


@dataclass(frozen=True, slots=True)
class Digest:
    """What one message says. No picks: nothing came since the last post, or the channel has seen every paper."""

    schedule: Schedule
    slot: str
    picks: tuple[Pick, ...]
    waiting: int
    """How many more papers the channel has not seen, of the new ones if it is `news`."""
    missed: int = 0
    """How many days' posts this one makes up for."""
    news: bool = False
    """Whether only what came since the last post is shown."""
    note: str = ""
    """What is missing from it: a list that its source has not given yet."""


class Gone(Problem):
    """The channel cannot be posted to until an admin acts."""


class Refused(Problem):
    """Discord took the message for wrong and did not post it: the same would happen again."""


class Poster(Protocol):
    """Where digests go. Implemented over Discord."""

    async def send(self, digest: Digest) -> int | Problem:
        """Post and return the message's id; `Gone` when trying again is of no use."""

    async def find(self, schedule: Schedule, slot: str, claimed: datetime) -> int | Problem | None:
        """Return the id of a message that was posted for a slot since it was claimed, None if there is none.

        `Gone` when nobody can look until an admin acts; another `Problem` when it is to be asked again, and goes on
        where it stopped.
        """

    async def tell(self, schedule: Schedule) -> str | Problem:
        """Tell whoever set a schedule up why it is paused; return where, or "nowhere" when that cannot be."""


class Roundups:
    """All use cases of roundups."""

    def __init__(self, store: Store, library: Library, live: Live | None = None) -> None:
        """Use stored schedules, the library, and the live sources if there are any."""
        self.store = store
        self._picking = Picking(store, library, live)
        # A claim that is being sent must not look to `reconcile` like one that a crash left.
        self._sending = asyncio.Lock()
        # While the disk is full, nothing of what goes wrong can be kept but here.
        self._stumbled: set[int] = set()

    async def digest(self, schedule: Schedule, slot: str, note: str = "") -> Digest:
        """Choose what a channel is shown next, with a note on what is missing; nothing is recorded."""
        missed = await self.store.missed(schedule.id)
        picks, more, news = await self._picking.pick(schedule, min(schedule.size * (1 + missed), MAX_PAPERS))
        return Digest(schedule, slot, picks, more, missed, news, note)

    async def deliver_due(self, now: datetime, poster: Poster) -> None:
        """Post every roundup whose time has come. One channel's failure leaves the others alone."""
        await self.store.tidy(now)
        dealt_with, held = await self.store.last_days(now), await self.store.held()
        with self._picking.shared():
            for schedule in await self.store.every():
                await self._one(schedule, dealt_with.get(schedule.id), held.get(schedule.id), now, poster)
        await self._tell(poster)

    async def _one(
        self, schedule: Schedule, last: date | None, held: Post | None, now: datetime, poster: Poster
    ) -> None:
        try:
            await self._owed(schedule, last, held, now, poster)
            self._stumbled.discard(schedule.id)
        except ZoneInfoNotFoundError:
            log.error("roundup without a zone schedule=%d zone=%s", schedule.id, schedule.zone)  # noqa: TRY400
        except Exception:
            log.exception("roundup failed schedule=%d", schedule.id)
            self._stumbled.add(schedule.id)

    async def _owed(
        self, schedule: Schedule, last: date | None, held: Post | None, now: datetime, poster: Poster
    ) -> None:
        owed = due(schedule, last, now, held.day if held else None)
        if owed.missed:
            why = STUMBLED if schedule.id in self._stumbled else ASLEEP
            await self.store.miss(schedule.id, [day.isoformat() for day in owed.missed], now, why)
            log.warning("roundups missed schedule=%d days=%d", schedule.id, len(owed.missed))
        if owed.slot is None:
            return
        why = await self._holding(schedule, owed.slot, now)
        if not why:
            await self.deliver(schedule, owed.slot.isoformat(), now, poster)
        elif held is None or (held.day, held.detail) != (owed.slot, why):
            await self.store.wait(schedule.id, owed.slot.isoformat(), "held", why, now)
            log.info("roundup held schedule=%d slot=%s why=%s", schedule.id, owed.slot, why)

    async def _holding(self, schedule: Schedule, slot: date, now: datetime) -> str:
        """Return what a post waits for; "" when that is there, or was waited for long enough."""
        missing = await self._picking.missing(now)
        return missing if now - instant(slot, schedule.at, schedule.zone) < HOLD else ""

    async def _tell(self, poster: Poster) -> None:
        for schedule in await self.store.untold():
            where = await poster.tell(schedule)
            if not isinstance(where, Problem):
                await self.store.told(schedule.id, where)
                log.info("pause told schedule=%d where=%s", schedule.id, where)

    async def deliver(self, schedule: Schedule, slot: str, now: datetime, poster: Poster) -> Post | None:
        """Claim, send, settle one slot. Returns what became of it, None when another took it."""
        async with self._sending:
            # It may have been changed, paused or removed while another was being sent.
            current = await self.store.get(schedule.id)
            if current is None or (current.paused and not slot.startswith("now-")):
                return None
            return await self._deliver(current, slot, now, poster)

    async def save(self, schedule: Schedule) -> Schedule:
        """Keep the one schedule of a channel, once nothing is being sent."""
        async with self._sending:
            return await self.store.save(schedule)

    async def pause(self, schedule_id: int) -> None:
        """Stop a schedule until it is resumed, once nothing is being sent."""
        async with self._sending:
            await self.store.pause(schedule_id, "")

    async def remove(self, schedule_id: int) -> None:
        """Forget a schedule, once nothing is being sent."""
        async with self._sending:
            await self.store.remove(schedule_id)

    async def next_post(self, schedule: Schedule, now: datetime) -> datetime | None:
        """Return the UTC moment of the next post, or None while paused."""
        dealt_with = (await self.store.last_days(now)).get(schedule.id)
        if schedule.paused:
            return None
        return next_slot(schedule.at, schedule.zone, schedule.days, now, dealt_with)

    async def _deliver(self, schedule: Schedule, slot: str, now: datetime, poster: Poster) -> Post | None:
        digest = await self.digest(schedule, slot, await self._picking.missing(now))
        if not digest.picks and (why := await self._silent(digest)):
            await self.store.close_slot(schedule.id, slot, "empty", why, now)
            return await self.store.newest(schedule.id)
        if not await self.store.claim(schedule.id, slot, [pick.paper.id for pick in digest.picks], now):
            return None
        return await self._send(digest, now, poster)

    async def _silent(self, digest: Digest) -> str:
        """Return why a channel is not told that nothing is new; "" if it is told."""
        if digest.schedule.quiet == "silent":
            return "nothing new to show, and then I am to be silent"
        by_hand = digest.slot.startswith("now-")
        told = by_hand if digest.news else await self.store.told_empty(digest.schedule.id)
        return "nothing new to show" if told else ""

    async def _send(self, digest: Digest, now: datetime, poster: Poster) -> Post | None:
        schedule, slot = digest.schedule, digest.slot
        match await poster.send(digest):
            case int(message_id):
                await self.store.settle(schedule, slot, message_id, now)
                log.info("roundup posted schedule=%d slot=%s papers=%d", schedule.id, slot, len(digest.picks))
            case Gone(message):
                await self.store.close_slot(schedule.id, slot, "failed", message, now)
                await self.store.pause(schedule.id, message)
                log.warning("roundup paused schedule=%d slot=%s why=%s", schedule.id, slot, message)
            case Refused(message):
                await self.store.close_slot(schedule.id, slot, "failed", message, now)
                log.error("roundup refused schedule=%d slot=%s why=%s", schedule.id, slot, message)
            case Problem(message):
                # It may have gone out all the same: the claim stays, and `reconcile` looks.
                await self.store.close_slot(schedule.id, slot, "claimed", message, now)
                log.warning("roundup unsure schedule=%d slot=%s why=%s", schedule.id, slot, message)
        return await self.store.newest(schedule.id)

    async def reconcile(self, now: datetime, poster: Poster) -> None:
        """Look in the channel for each message that may have gone out, then settle it or let it be sent again.

        Claims are left by a crash between claim and settle, and by an answer of Discord's that never came. Looking
        may take long in a busy channel, so what is due elsewhere is sent meanwhile.
        """
        async with self._sending:
            claimed = await self.store.claimed()
        for post in claimed:
            try:
                await self._look_for(post, now, poster)
            except Exception:
                log.exception("claim not checked schedule=%d slot=%s", post.schedule_id, post.slot)

    async def _look_for(self, post: Post, now: datetime, poster: Poster) -> None:
        schedule = await self.store.get(post.schedule_id)
        if schedule is None or (schedule.paused and blind(post.detail)):
            # Whoever resumes it has given the rights to look.
            return
        # A claim that lies ahead was written by a clock that was wrong: its message was sent before now.
        found = await poster.find(schedule, post.slot, min(post.updated_at, now))
        async with self._sending:
            current = await self.store.get(schedule.id)
            if current is not None and post in await self.store.claimed():
                await self._found(current, post, found, now)

    async def _found(self, schedule: Schedule, post: Post, found: int | Problem | None, now: datetime) -> None:
        slot = post.slot
        match found:
            case int(message_id):
                # What came since it was claimed is news for the next post.
                await self.store.settle(schedule, slot, message_id, min(post.updated_at, now))
            case None if slot.startswith("now-"):
                detail = "Discord did not take the message. Try `/roundup now` again."
                await self.store.close_slot(schedule.id, slot, "failed", detail, now)
            case None:
                # Nobody saw it: the next look sends it again, or records it as missed if it is too late by then.
                why = UNSENT if blind(post.detail) else post.detail or UNSENT
                await self.store.wait(schedule.id, slot, "waiting", why, now)
            case Gone(message):
                # It may stand there: nobody knows until somebody lets me look. Killed in between, I look again.
                await self.store.close_slot(schedule.id, slot, "claimed", f"{BLIND} {message}", post.updated_at)
                if not schedule.paused:
                    await self.store.pause(schedule.id, message)
                log.warning("claim cannot be checked schedule=%d slot=%s why=%s", schedule.id, slot, message)
            case Problem(message):
                await self.store.close_slot(schedule.id, slot, "claimed", post.detail or CUT_OFF, post.updated_at)
                log.info("claim not checked yet schedule=%d slot=%s why=%s", schedule.id, slot, message)
