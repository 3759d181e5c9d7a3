"""The doctor: looks at the database, the index and the roundups, and says what is wrong and what to do."""

from __future__ import annotations

import asyncio
import logging
import shutil
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfoNotFoundError

from bot.core.checks import Check
from bot.core.receipt import receipt
from bot.core.roundup import next_slot
from bot.storage.faults import FAULTS, fault
from bot.storage.slots import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from datetime import date, datetime
    from pathlib import Path

    from bot.core.checks import State
    from bot.core.roundup import Schedule
    from bot.services.refresh import Refresh
    from bot.services.shelf import Shelf
    from bot.storage.database import Database
    from bot.storage.papers import Papers
    from bot.storage.roundups import Roundups
    from bot.storage.slots import Post

log = logging.getLogger(__name__)
LITTLE = 200 * 2**20
"""Free bytes below which a disk is nearly full: a day of papers and a new index file need some tens of megabytes."""
_UNWRITTEN = (
    "Move away what stands at index.bin in the data folder, see that the folder has space and is writable for the user "
    "that I run as, and restart me."
)
TROUBLE = {"failed", "waiting", "missed"}
"""Outcomes of a roundup's last day that are worth a look; a claim is, if something has gone wrong with it."""


class Doctor:
    """Looks at the parts that need no Discord."""

    def __init__(
        self, database: Database, papers: Papers, shelf: Shelf, roundups: Roundups, refresh: Refresh | None = None
    ) -> None:
        """Look at these parts."""
        self._refresh = refresh
        self._database = database
        self._papers = papers
        self._shelf = shelf
        self._roundups = roundups

    async def look(self, now: datetime, guild_id: int | None = None, *, thorough: bool = False) -> list[Check]:
        """Return what was found; the roundups of one server, or of all. `thorough` reads the whole database."""
        found = await safely("integrity", self._whole()) if thorough else []
        found += await safely("database", self._writes())
        found += await disk(self._papers.path.parent)
        found += await safely("papers", self._index())
        found += await safely("roundups", self._schedules(now, guild_id))
        return found + (await safely("sources", self._refresh.look(now)) if self._refresh else [])

    async def _writes(self) -> list[Check]:
        try:
            await self._database.trial()
        except FAULTS as error:
            what = fault(error)
            return [Check("database", "bad", f"cannot be written: {what.said}", what.cure)]
        return [Check("database", "ok", f"can be written, schema {await self._database.version()}")]

    async def _whole(self) -> list[Check]:
        await self._database.examine()
        return [Check("integrity", "ok", "the database is whole")]

    async def _index(self) -> list[Check]:
        stored, held = await self._papers.count(), len(self._shelf.index)
        last = await self._papers.last_added()
        came = f", the last came in {last[:16].replace('T', ' ')} UTC" if last else ""
        papers = (
            Check("papers", "ok", f"{stored:,} here{came}")
            if stored
            else Check("papers", "bad", "none is here", "Take some in: `python -m bot ingest FILE`.")
        )
        if self._shelf.failure:
            cure = "I try again each minute; restart me if it stays so."
            return [papers, Check("index", "bad", f"failed: {self._shelf.failure}", cure)]
        if stored == held and self._shelf.unwritten:
            said = "holds every paper, but its file cannot be written, so each start makes it anew: "
            said += self._shelf.unwritten
            return [papers, Check("index", "warn", said, _UNWRITTEN)]
        if stored == held:
            return [papers, Check("index", "ok", "holds every paper")]
        behind = f"holds {held:,} of {stored:,} papers"
        return [papers, Check("index", "warn", behind, "It catches up within a minute; if not, restart me.")]

    async def _schedules(self, now: datetime, guild_id: int | None) -> list[Check]:
        schedules = await (self._roundups.of_guild(guild_id) if guild_id else self._roundups.every())
        standing = await self._roundups.standing(now)
        newest = [await self._roundups.newest(schedule.id) for schedule in schedules]
        unsure = {post.schedule_id: post for post in await self._roundups.claimed() if post.detail}
        return [
            _roundup(schedule, _worth(post, unsure.get(schedule.id)), standing.get(schedule.id, NOWHERE).last, now)
            for schedule, post in zip(schedules, newest, strict=True)
        ]


async def safely(name: str, look: Awaitable[list[Check]]) -> list[Check]:
    """Return what a look found; where the database does not let it, that."""
    try:
        return await look
    except FAULTS as error:
        log.warning("look failed at=%s", name, exc_info=error)
        what = fault(error)
        return [Check(name, "bad", what.said, what.cure)]


async def disk(folder: Path) -> list[Check]:
    """Return how much room is left where the data is; nothing where no folder is."""
    try:
        free = (await asyncio.to_thread(shutil.disk_usage, folder)).free
    except OSError:
        return []
    said = f"{free / 2**30:,.1f} GiB free" if free > LITTLE else f"{free / 2**20:,.0f} MiB free"
    return [Check("disk", "ok", said) if free > LITTLE else Check("disk", "warn", said, "Free some space soon.")]


def _roundup(schedule: Schedule, posts: list[Post], dealt_with: date | None, now: datetime) -> Check:
    name = f"roundup in <#{schedule.channel_id}>"
    if schedule.paused:
        # The note of a pause by itself says what to do.
        cure = "" if schedule.note else "`/roundup resume` starts it again."
        return Check(name, "warn", f"paused. {schedule.note}".strip(), cure)
    try:
        moment = next_slot(schedule.at, schedule.zone, schedule.days, max(now, schedule.since), dealt_with)
    except ZoneInfoNotFoundError:
        cure = "Run `/roundup setup` again with a zone from the list."
        return Check(name, "bad", f"no clock knows the zone {schedule.zone}", cure)
    if moment is None or moment - now > timedelta(days=15):
        return Check(name, "warn", "nothing is planned", "Run `/roundup setup` again.")
    *before, last = [_told(schedule, post) for post in posts] or [""]
    told = "".join(f"{said.removesuffix('.')}. Still open: " for said in before) + last
    state: State = "warn" if any(post.outcome in TROUBLE or _unsure(post) for post in posts) else "ok"
    return Check(name, state, f"next {moment:%Y-%m-%d %H:%M} UTC{'. The last: ' if told else ''}{told}")


def _worth(newest: Post | None, unsure: Post | None) -> list[Post]:
    """Return the posts to tell of: the schedule's last, and an earlier one, or one by hand, that is still open."""
    return list(dict.fromkeys(post for post in (newest, unsure) if post))


def _unsure(post: Post) -> bool:
    return post.outcome == "claimed" and bool(post.detail)


def _told(schedule: Schedule, post: Post) -> str:
    link = post.link(schedule) or ""
    return receipt(post.outcome, post.when, post.detail, link, papers=bool(post.papers))
