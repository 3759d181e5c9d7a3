"""Slots: one row for each time that a channel's hour came, and what became of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from bot.core.roundup import ASLEEP, Schedule, local_day

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Post:
    """What became of one slot, in words for the admin in `detail`.

    `outcome`: claimed (being sent, or to be looked for), waiting (to be tried again), held (until its source is
    done), posted, empty (nothing new), missed (not posted; its papers come with the next), failed.
    """

    schedule_id: int
    slot: str
    outcome: str
    papers: tuple[str, ...]
    message_id: int | None
    detail: str
    updated_at: datetime

    @property
    def day(self) -> date:
        """The local day the slot belongs to; a post made by hand has the slot "now-<moment>"."""
        return date.fromisoformat(self.slot.removeprefix("now-")[:10])

    @property
    def by_hand(self) -> bool:
        """Whether somebody asked for it, and not the clock."""
        return self.slot.startswith("now-")

    @property
    def when(self) -> str:
        """The day in words; of a post made by hand with its time (UTC), for there may be several on a day."""
        moment = self.slot.removeprefix("now-")
        return f"{moment[:10]} (by hand, {moment[11:19]} UTC)" if self.by_hand else moment[:10]

    def link(self, schedule: Schedule) -> str | None:
        """Return the address of its message, None where there is none."""
        place = f"{schedule.guild_id}/{schedule.channel_id}/{self.message_id}"
        return f"https://discord.com/channels/{place}" if self.outcome == "posted" else None


class Standing(NamedTuple):
    """How far a schedule has come: the newest local day that is dealt with, and the slots that are still open."""

    last: date | None
    opened: dict[date, Post]


NOWHERE = Standing(None, {})
"""Where a schedule stands that has not come to its first slot."""


class Slots:
    """Reads and writes what became of each slot."""

    def __init__(self, database: Database) -> None:
        """Use an open database."""
        self._database = database

    async def claim(self, schedule_id: int, slot: str, papers: Sequence[str], now: datetime) -> bool:
        """Take a slot for sending. False when it was dealt with before: by an earlier run, or another process."""
        async with self._database.transaction() as writer:
            rows = await writer.rows(
                "INSERT INTO posts (schedule_id, slot, outcome, papers, updated_at) VALUES (?, ?, 'claimed', ?, ?) "
                "ON CONFLICT (schedule_id, slot) DO UPDATE SET outcome = 'claimed', papers = excluded.papers, "
                "detail = '', updated_at = excluded.updated_at "
                "WHERE posts.outcome IN ('waiting', 'held') RETURNING slot",
                (schedule_id, slot, json.dumps(list(papers)), now.isoformat()),
            )
            return bool(rows)

    async def settle(self, schedule: Schedule, slot: str, message_id: int, now: datetime) -> None:
        """Record that a claimed slot was posted, and that its channel has now seen the papers."""
        async with self._database.transaction() as writer:
            rows = await writer.rows(
                "UPDATE posts SET outcome = 'posted', message_id = ?, updated_at = ? "
                "WHERE schedule_id = ? AND slot = ? RETURNING papers",
                (message_id, now.isoformat(), schedule.id, slot),
            )
            papers = json.loads(rows[0]["papers"]) if rows else []
            await writer.many(
                "INSERT INTO shown (channel_id, paper_id, shown_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                [(schedule.channel_id, paper, now.isoformat()) for paper in papers],
            )
            await writer.rows("UPDATE schedules SET told_empty = ? WHERE id = ?", (0 if papers else 1, schedule.id))

    async def close_slot(self, schedule_id: int, slot: str, outcome: str, detail: str, now: datetime) -> None:
        """Record what became of a slot that is not known to be posted, and why; its papers stay as claimed.

        `empty` and `failed` are final; `claimed` keeps it for `reconcile`, and its papers from being shown again.
        """
        async with self._database.transaction() as writer:
            await writer.rows(
                "INSERT INTO posts (schedule_id, slot, outcome, detail, updated_at) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (schedule_id, slot) DO UPDATE SET outcome = excluded.outcome, "
                "detail = excluded.detail, updated_at = excluded.updated_at",
                (schedule_id, slot, outcome, detail, now.isoformat()),
            )

    async def fail(self, schedule_id: int, slot: str, detail: str, now: datetime) -> None:
        """Record that a slot failed for what an admin must mend, and stop its schedule, in one step: both or none."""
        async with self._database.transaction() as writer:
            await writer.rows(
                "INSERT INTO posts (schedule_id, slot, outcome, detail, updated_at) VALUES (?, ?, 'failed', ?, ?) "
                "ON CONFLICT (schedule_id, slot) DO UPDATE SET outcome = 'failed', detail = excluded.detail, "
                "updated_at = excluded.updated_at",
                (schedule_id, slot, detail, now.isoformat()),
            )
            await writer.rows(
                "UPDATE schedules SET paused = 1, note = ?, notice = 'due' WHERE id = ?", (detail, schedule_id)
            )

    async def wait(self, schedule_id: int, slot: str, outcome: str, detail: str, now: datetime) -> None:
        """Leave a slot open, `waiting` or `held`, to be tried again; one that is dealt with stays as it is."""
        async with self._database.transaction() as writer:
            await writer.rows(
                "INSERT INTO posts (schedule_id, slot, outcome, detail, updated_at) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (schedule_id, slot) DO UPDATE SET outcome = excluded.outcome, "
                "detail = excluded.detail, updated_at = excluded.updated_at "
                "WHERE posts.outcome IN ('claimed', 'waiting', 'held')",
                (schedule_id, slot, outcome, detail, now.isoformat()),
            )

    async def miss(self, schedule_id: int, slots: Iterable[str], now: datetime, why: str = ASLEEP) -> None:
        """Record slots that are too late to be posted; one that was tried keeps the reason it failed for."""
        async with self._database.transaction() as writer:
            await writer.many(
                "INSERT INTO posts (schedule_id, slot, outcome, detail, updated_at) VALUES (?, ?, 'missed', ?, ?) "
                "ON CONFLICT (schedule_id, slot) DO UPDATE SET outcome = 'missed', updated_at = excluded.updated_at "
                "WHERE posts.outcome IN ('waiting', 'held')",
                [(schedule_id, slot, why, now.isoformat()) for slot in slots],
            )

    async def drop(self, schedule_id: int, slots: Iterable[str], now: datetime, why: str) -> None:
        """Record open slots that are not owed any more, with the reason for that; others stay as they are."""
        async with self._database.transaction() as writer:
            await writer.many(
                "UPDATE posts SET outcome = 'missed', detail = ?, updated_at = ? "
                "WHERE schedule_id = ? AND slot = ? AND outcome IN ('waiting', 'held')",
                [(why, now.isoformat(), schedule_id, slot) for slot in slots],
            )

    async def forget(self, schedule_id: int, slots: Iterable[str]) -> None:
        """Forget open slots whose time has not come any more, since the schedule was moved to a later one."""
        async with self._database.transaction() as writer:
            await writer.many(
                "DELETE FROM posts WHERE schedule_id = ? AND slot = ? AND outcome IN ('waiting', 'held')",
                [(schedule_id, slot) for slot in slots],
            )

    async def claimed(self) -> list[Post]:
        """Return the slots whose message may or may not have gone out before a crash."""
        rows = await self._database.rows("SELECT * FROM posts WHERE outcome = 'claimed' ORDER BY updated_at")
        return [_post(row) for row in rows]

    async def standing(self, now: datetime, schedule_id: int | None = None) -> dict[int, Standing]:
        """Return how far every schedule has come, or one; those without a slot yet are left out.

        Posts made by hand ("now-…") do not count, nor days that lie ahead in the schedule's own zone: a clock that
        was ahead and was set right must silence a channel neither until then nor for a day.
        """
        found = {row["id"]: Standing(_last(row, now), {}) for row in await self._last(now, schedule_id)}
        for post in await self._open(schedule_id):
            found.setdefault(post.schedule_id, Standing(None, {})).opened[post.day] = post
        return found

    async def _last(self, now: datetime, schedule_id: int | None) -> list[sqlite3.Row]:
        """Return the newest days dealt with up to yesterday, today and tomorrow in UTC: in a zone it is one of them."""
        one = "" if schedule_id is None else " AND schedules.id = ?"
        sql = (
            "SELECT schedules.id, zone, max(CASE WHEN slot <= ? THEN slot END) AS before, "  # noqa: S608 - our own words
            "max(CASE WHEN slot <= ? THEN slot END) AS today, max(slot) AS after "
            "FROM schedules JOIN posts ON posts.schedule_id = schedules.id WHERE slot NOT LIKE 'now-%' "
            f"AND slot <= ? AND outcome NOT IN ('waiting', 'held'){one} GROUP BY schedules.id"
        )
        days = [(now + timedelta(days=number)).astimezone(UTC).date().isoformat() for number in (-1, 0, 1)]
        return await self._database.rows(sql, (*days, *(() if schedule_id is None else (schedule_id,))))

    async def _open(self, schedule_id: int | None) -> list[Post]:
        one = "" if schedule_id is None else " AND schedule_id = ?"
        sql = f"SELECT * FROM posts WHERE outcome IN ('waiting', 'held') AND slot NOT LIKE 'now-%'{one}"  # noqa: S608
        return [_post(row) for row in await self._database.rows(sql, () if schedule_id is None else (schedule_id,))]

    async def last_post(self, schedule_id: int) -> datetime | None:
        """Return when (UTC) the last post by the clock was made, None before the first: one by hand comes on top."""
        row = await self._database.row(
            "SELECT max(updated_at) AS at FROM posts JOIN schedules ON schedules.id = posts.schedule_id "
            "WHERE schedule_id = ? AND outcome = 'posted' AND slot NOT LIKE 'now-%' AND updated_at >= begun",
            (schedule_id,),
        )
        return datetime.fromisoformat(row["at"]) if row and row["at"] else None

    async def missed(self, schedule_id: int, slot: str) -> int:
        """Return how many days before a slot were missed since the channel last heard from the schedule."""
        row = await self._database.row(
            "SELECT count(*) AS n FROM posts JOIN schedules ON schedules.id = posts.schedule_id "
            "WHERE schedule_id = ? AND outcome = 'missed' AND slot < ? AND slot >= begun AND slot > coalesce("
            "(SELECT MAX(slot) FROM posts WHERE schedule_id = ? AND outcome IN ('posted', 'empty', 'failed') "
            "AND slot < ? AND slot NOT LIKE 'now-%'), '')",
            (schedule_id, slot, schedule_id, slot),
        )
        return int(row["n"]) if row else 0

    async def recent(self, schedule_id: int, count: int) -> list[Post]:
        """Return the last slots of a schedule, the newest day first, whenever they were touched."""
        sql = "SELECT * FROM posts WHERE schedule_id = ? ORDER BY replace(slot, 'now-', '') DESC LIMIT ?"
        return [_post(row) for row in await self._database.rows(sql, (schedule_id, count))]

    async def newest(self, schedule_id: int) -> Post | None:
        """Return the newest slot of the clock; while there is none, the newest post made by hand."""
        sql = "SELECT * FROM posts WHERE schedule_id = ? ORDER BY slot LIKE 'now-%', slot DESC LIMIT 1"
        row = await self._database.row(sql, (schedule_id,))
        return _post(row) if row else None

    async def post(self, schedule_id: int, slot: str) -> Post | None:
        """Return what became of one slot, None if it was never touched."""
        row = await self._database.row("SELECT * FROM posts WHERE schedule_id = ? AND slot = ?", (schedule_id, slot))
        return _post(row) if row else None


def _post(row: sqlite3.Row) -> Post:
    return Post(
        schedule_id=row["schedule_id"],
        slot=row["slot"],
        outcome=row["outcome"],
        papers=tuple(json.loads(row["papers"])),
        message_id=row["message_id"],
        detail=row["detail"],
        updated_at=datetime.fromisoformat(row["updated_at"]),
    )


def _last(row: sqlite3.Row, now: datetime) -> date | None:
    ahead = (local_day(row["zone"], now) - now.astimezone(UTC).date()).days
    newest = row[("before", "today", "after")[ahead + 1]]
    return date.fromisoformat(newest[:10]) if newest else None
