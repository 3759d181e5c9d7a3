"""Roundups: for each schedule that is due, one message in its channel."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfoNotFoundError

from bot.core.paper import Problem
from bot.core.receipt import BLIND, blind
from bot.core.roundup import (
    ASLEEP,
    CHANGED,
    HOLD,
    HURRIED,
    MAX_PAPERS,
    PAUSED,
    STUMBLED,
    Due,
    Schedule,
    due,
    instant,
    next_slot,
)
from bot.services.picking import Picking
from bot.services.posting import Digest, Gone, Refused
from bot.storage.slots import NOWHERE, Standing

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from bot.services.library import Library
    from bot.services.picking import Live
    from bot.services.posting import Poster
    from bot.storage.roundups import Roundups as Store
    from bot.storage.slots import Post

log = logging.getLogger(__name__)
UNSENT = "I was stopped before I could send it."
CUT_OFF = "I was stopped while I sent it."


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
        missed = await self.store.missed(schedule.id, slot)
        picks, more, news = await self._picking.pick(schedule, min(schedule.size * (1 + missed), MAX_PAPERS))
        return Digest(schedule, slot, picks, more, missed, news, note)

    async def deliver_due(self, now: datetime, poster: Poster, clock: Callable[[], datetime] | None = None) -> None:
        """Post every roundup whose time has come. One channel's failure leaves the others alone.

        `clock` is asked anew for each schedule: with hundreds of them, or a slow Discord, `now` is soon long past.
        """
        await self.store.tidy(now)
        standing, clock = await self.store.standing(now), clock or (lambda: now)
        with self._picking.shared():
            for schedule in await self.store.every():
                await self._one(schedule, standing.get(schedule.id, NOWHERE), now, clock, poster)
        await self._tell(poster)

    async def _one(
        self, schedule: Schedule, standing: Standing, began: datetime, clock: Callable[[], datetime], poster: Poster
    ) -> None:
        try:
            if _due(schedule, standing, clock()) != Due(None):
                async with self._sending:
                    await self._owed(schedule.id, began, clock, poster)
            self._stumbled.discard(schedule.id)
        except ZoneInfoNotFoundError:
            log.error("roundup without a zone schedule=%d zone=%s", schedule.id, schedule.zone)  # noqa: TRY400
        except Exception:
            log.exception("roundup failed schedule=%d", schedule.id)
            self._stumbled.add(schedule.id)

    async def _owed(self, schedule_id: int, began: datetime, clock: Callable[[], datetime], poster: Poster) -> None:
        """Post what is owed now. The schedule may have been changed while another channel's post was being sent."""
        schedule = await self.store.get(schedule_id)
        if schedule is None:
            return
        now = clock()
        standing = await self._standing(schedule.id, now)
        owed = _due(schedule, standing, now)
        if owed.missed and owed.missed[-1] == _due(schedule, standing, began).slot:
            # In time when this look began: the others' posts took the time that it had.
            await self.store.miss(schedule.id, [owed.missed[-1].isoformat()], now, HURRIED)
        await self._close(schedule, owed, now)
        if owed.slot is None:
            return
        why, slot, before = await self._holding(schedule, owed.slot, now), owed.slot.isoformat(), standing.opened
        if not why:
            await self._deliver(schedule, slot, now, poster)
        elif owed.slot not in before or before[owed.slot].detail != why:
            await self.store.wait(schedule.id, slot, "held", why, now)
            log.info("roundup held schedule=%d slot=%s why=%s", schedule.id, slot, why)

    async def _standing(self, schedule_id: int, now: datetime) -> Standing:
        return (await self.store.standing(now, schedule_id)).get(schedule_id, NOWHERE)

    async def _close(self, schedule: Schedule, owed: Due, now: datetime) -> None:
        """Record the days that are not posted any more, with the reason."""
        if owed.missed:
            why = STUMBLED if schedule.id in self._stumbled else ASLEEP
            await self.store.miss(schedule.id, [day.isoformat() for day in owed.missed], now, why)
            log.warning("roundups missed schedule=%d days=%d", schedule.id, len(owed.missed))
        if owed.dropped:
            why = PAUSED if schedule.paused else CHANGED
            await self.store.drop(schedule.id, [day.isoformat() for day in owed.dropped], now, why)
            log.info("roundups dropped schedule=%d days=%d", schedule.id, len(owed.dropped))

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
        """Keep the one schedule of a channel, once nothing is being sent; today's post, if it waits, stays owed."""
        async with self._sending:
            saved = await self.store.save(schedule)
            await self._reconsider(saved, schedule.since)
            return saved

    async def pause(self, schedule_id: int, now: datetime) -> None:
        """Stop a schedule until it is resumed, once nothing is being sent; what waits is not posted any more."""
        async with self._sending:
            await self.store.pause(schedule_id, "")
            await self._reconsider(await self.store.get(schedule_id), now)

    async def resume(self, schedule_id: int, now: datetime) -> None:
        """Let a paused schedule go on from now; one that runs stays as it is, with what it owes."""
        async with self._sending:
            await self._reconsider(await self.store.get(schedule_id), now)
            await self.store.resume(schedule_id, now)

    async def _reconsider(self, schedule: Schedule | None, now: datetime) -> None:
        """Close the slots that a change has left without a day. Where this is cut off, the next look does it."""
        if schedule is None:
            return
        opened = (await self._standing(schedule.id, now)).opened
        with suppress(ZoneInfoNotFoundError):
            owed = _due(schedule, Standing(None, opened), now)
            await self._close(schedule, Due(None, dropped=owed.dropped), now)
            ahead = [day.isoformat() for day in opened if instant(day, schedule.at, schedule.zone) > now]
            await self.store.forget(schedule.id, ahead)

    async def remove(self, schedule_id: int) -> None:
        """Forget a schedule, once nothing is being sent."""
        async with self._sending:
            await self.store.remove(schedule_id)

    async def next_post(self, schedule: Schedule, now: datetime) -> datetime | Problem | None:
        """Return the UTC moment of the next post, None while paused, a problem where no clock knows the zone."""
        if schedule.paused:
            return None
        last = (await self._standing(schedule.id, now)).last
        try:
            return next_slot(schedule.at, schedule.zone, schedule.days, max(now, schedule.since), last)
        except ZoneInfoNotFoundError:
            return Problem(f"No clock here knows the zone {schedule.zone}. Run `/roundup setup` again with another.")

    async def _deliver(self, schedule: Schedule, slot: str, now: datetime, poster: Poster) -> Post | None:
        digest = await self.digest(schedule, slot, await self._picking.missing(now))
        if not digest.picks and (why := await self._silent(digest)):
            await self.store.close_slot(schedule.id, slot, "empty", why, now)
            return await self.store.post(schedule.id, slot)
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
                await self.store.fail(schedule.id, slot, message, now)
                log.warning("roundup paused schedule=%d slot=%s why=%s", schedule.id, slot, message)
            case Refused(message):
                await self.store.close_slot(schedule.id, slot, "failed", message, now)
                log.error("roundup refused schedule=%d slot=%s why=%s", schedule.id, slot, message)
            case Problem(message):
                # It may have gone out all the same: the claim stays, and `reconcile` looks.
                await self.store.close_slot(schedule.id, slot, "claimed", message, now)
                log.warning("roundup unsure schedule=%d slot=%s why=%s", schedule.id, slot, message)
        return await self.store.post(schedule.id, slot)

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


def _due(schedule: Schedule, standing: Standing, now: datetime) -> Due:
    return due(schedule, standing.last, now, {day: post.outcome for day, post in standing.opened.items()})
