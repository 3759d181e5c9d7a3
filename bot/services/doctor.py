"""The doctor: looks at the database, the index and the roundups, and says what is wrong and what to do."""

from __future__ import annotations

import asyncio
import shutil
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfoNotFoundError

from bot.core.checks import Check
from bot.core.roundup import next_slot

if TYPE_CHECKING:
    from bot.core.roundup import Schedule
    from bot.services.refresh import Refresh
    from bot.services.shelf import Shelf
    from bot.storage.database import Database
    from bot.storage.papers import Papers
    from bot.storage.roundups import Roundups

LITTLE = 200 * 2**20
"""Free bytes below which a disk is nearly full: a day of papers and a new index file need some tens of megabytes."""


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
        found = [await self._writes(), await self._disk(), *await self._index()]
        if thorough:
            found.insert(0, await self._whole())
        schedules = await (self._roundups.of_guild(guild_id) if guild_id else self._roundups.every())
        found += [await self._roundup(schedule, now) for schedule in schedules]
        return found + (await self._refresh.look(now) if self._refresh else [])

    async def _writes(self) -> Check:
        if why := await self._database.trial():
            return Check("database", "bad", f"cannot be written: {why}", "Free space on the disk, or give it back.")
        return Check("database", "ok", f"can be written, schema {await self._database.version()}")

    async def _whole(self) -> Check:
        if why := await self._database.damage():
            return Check("integrity", "bad", f"the database is damaged: {why}", "Restore a backup.")
        return Check("integrity", "ok", "the database is whole")

    async def _disk(self) -> Check:
        free = (await asyncio.to_thread(shutil.disk_usage, self._papers.path.parent)).free
        said = f"{free / 2**30:,.1f} GiB free"
        return Check("disk", "ok", said) if free > LITTLE else Check("disk", "warn", said, "Free some space soon.")

    async def _index(self) -> list[Check]:
        stored, held = await self._papers.count(), len(self._shelf.index)
        last = await self._papers.last_added()
        came = f", the last came in {last[:16].replace('T', ' ')} UTC" if last else ""
        papers = (
            Check("papers", "ok", f"{stored:,} here{came}")
            if stored
            else Check("papers", "bad", "none is here", "Take some in: `python -m bot ingest FILE`.")
        )
        if stored == held:
            return [papers, Check("index", "ok", "holds every paper")]
        behind = f"holds {held:,} of {stored:,} papers"
        return [papers, Check("index", "warn", behind, "It catches up within a minute; if not, restart me.")]

    async def _roundup(self, schedule: Schedule, now: datetime) -> Check:
        name = f"roundup in <#{schedule.channel_id}>"
        newest = await self._roundups.newest(schedule.id)
        last = f"; last {newest.outcome} on {newest.day}" if newest else ""
        if schedule.paused:
            cure = "" if not schedule.note else "`/roundup resume` starts it again."
            return Check(name, "warn", f"paused. {schedule.note}".strip(), cure)
        if newest and newest.outcome in {"failed", "waiting"}:
            return Check(name, "warn", f"{newest.detail} ({newest.day})")
        try:
            moment = next_slot(schedule.at, schedule.zone, schedule.days, now, newest.day if newest else None)
        except ZoneInfoNotFoundError:
            cure = "Run `/roundup setup` again with a zone from the list."
            return Check(name, "bad", f"no clock knows the zone {schedule.zone}", cure)
        if moment is None or moment - now > timedelta(days=15):
            return Check(name, "warn", f"nothing is planned{last}", "Run `/roundup setup` again.")
        return Check(name, "ok", f"next {moment:%Y-%m-%d %H:%M} UTC{last}")
