"""Schedules, and what was posted where."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.core.roundup import ASLEEP, Schedule

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

    def link(self, schedule: Schedule) -> str | None:
        """Return the address of its message, None where there is none."""
        place = f"{schedule.guild_id}/{schedule.channel_id}/{self.message_id}"
        return f"https://discord.com/channels/{place}" if self.outcome == "posted" else None


class Roundups:
    """Reads and writes schedules and their posts."""

    def __init__(self, database: Database) -> None:
        """Use an open database."""
        self._database = database

    async def save(self, schedule: Schedule) -> Schedule:
        """Keep the one schedule of a channel, in place of an earlier one; its id is given here."""
        async with self._database.transaction() as writer:
            rows = await writer.rows(
                "INSERT INTO schedules (guild_id, channel_id, creator_id, at, zone, days, size, topics, since, "
                "missed, quiet) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (channel_id) DO UPDATE SET guild_id = excluded.guild_id, at = excluded.at, "
                "creator_id = excluded.creator_id, zone = excluded.zone, days = excluded.days, "
                "size = excluded.size, topics = excluded.topics, since = excluded.since, missed = excluded.missed, "
                "quiet = excluded.quiet, paused = 0, note = '', notice = '' "
                "RETURNING *",
                (
                    schedule.guild_id,
                    schedule.channel_id,
                    schedule.creator_id,
                    schedule.at.isoformat("minutes"),
                    schedule.zone,
                    "".join(map(str, sorted(schedule.days))),
                    schedule.size,
                    schedule.topics,
                    schedule.since.isoformat(),
                    schedule.missed,
                    schedule.quiet,
                ),
            )
            return _schedule(rows[0])

    async def every(self) -> list[Schedule]:
        """Return all schedules."""
        return [_schedule(row) for row in await self._database.rows("SELECT * FROM schedules ORDER BY id")]

    async def of_guild(self, guild_id: int) -> list[Schedule]:
        """Return the schedules of one server."""
        sql = "SELECT * FROM schedules WHERE guild_id = ? ORDER BY id"
        return [_schedule(row) for row in await self._database.rows(sql, (guild_id,))]

    async def get(self, schedule_id: int) -> Schedule | None:
        """Return one schedule, or None."""
        row = await self._database.row("SELECT * FROM schedules WHERE id = ?", (schedule_id,))
        return _schedule(row) if row else None

    async def pause(self, schedule_id: int, note: str) -> None:
        """Stop a schedule until it is resumed. A `note` says why; whoever set it up is then still to be told."""
        sql = "UPDATE schedules SET paused = 1, note = ?, notice = ? WHERE id = ?"
        async with self._database.transaction() as writer:
            await writer.rows(sql, (note, "due" if note else "", schedule_id))

    async def untold(self) -> list[Schedule]:
        """Return the paused schedules whose admin has not been told yet."""
        rows = await self._database.rows("SELECT * FROM schedules WHERE paused = 1 AND notice = 'due' ORDER BY id")
        return [_schedule(row) for row in rows]

    async def told(self, schedule_id: int, where: str) -> None:
        """Record where an admin was told that a schedule is paused."""
        async with self._database.transaction() as writer:
            await writer.rows("UPDATE schedules SET notice = ? WHERE id = ?", (where, schedule_id))

    async def resume(self, schedule_id: int, since: datetime) -> None:
        """Start a schedule again; slots before `since` are not made up for."""
        sql = "UPDATE schedules SET paused = 0, note = '', notice = '', since = ? WHERE id = ?"
        async with self._database.transaction() as writer:
            await writer.rows(sql, (since.isoformat(), schedule_id))

    async def remove(self, schedule_id: int) -> None:
        """Forget a schedule and its posts; what the channel has seen, or may have, is kept."""
        async with self._database.transaction() as writer:
            await writer.rows(
                "INSERT INTO shown (channel_id, paper_id, shown_at) SELECT schedules.channel_id, paper.value, "
                "posts.updated_at FROM posts JOIN schedules ON schedules.id = posts.schedule_id, "
                "json_each(posts.papers) AS paper WHERE schedules.id = ? AND posts.outcome = 'claimed' "
                "ON CONFLICT DO NOTHING",
                (schedule_id,),
            )
            await writer.rows("DELETE FROM schedules WHERE id = ?", (schedule_id,))

    async def claim(self, schedule_id: int, slot: str, papers: Sequence[str], now: datetime) -> bool:
        """Take a slot for sending. False when it was dealt with before: by an earlier run, or another process."""
        async with self._database.transaction() as writer:
            rows = await writer.rows(
                "INSERT INTO posts (schedule_id, slot, outcome, papers, updated_at) VALUES (?, ?, 'claimed', ?, ?) "
                "ON CONFLICT (schedule_id, slot) DO UPDATE SET outcome = 'claimed', papers = excluded.papers, "
                "updated_at = excluded.updated_at WHERE posts.outcome IN ('waiting', 'held') RETURNING slot",
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
        """Record a slot that was not posted (`empty` or `failed`); its papers stay unseen."""
        async with self._database.transaction() as writer:
            await writer.rows(
                "INSERT INTO posts (schedule_id, slot, outcome, detail, updated_at) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (schedule_id, slot) DO UPDATE SET outcome = excluded.outcome, "
                "detail = excluded.detail, updated_at = excluded.updated_at",
                (schedule_id, slot, outcome, detail, now.isoformat()),
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

    async def tidy(self, now: datetime) -> None:
        """Close open slots that a later one has overtaken, and forget days missed by a clock that was ahead."""
        async with self._database.transaction() as writer:
            await writer.rows(
                "UPDATE posts SET outcome = 'missed' WHERE outcome IN ('waiting', 'held') AND slot NOT LIKE 'now-%' "
                "AND EXISTS (SELECT 1 FROM posts AS later WHERE later.schedule_id = posts.schedule_id "
                "AND later.slot > posts.slot AND later.slot NOT LIKE 'now-%' "
                "AND later.outcome NOT IN ('waiting', 'held'))"
            )
            ahead = (now + timedelta(hours=1)).isoformat()
            await writer.rows("DELETE FROM posts WHERE outcome = 'missed' AND updated_at > ?", (ahead,))

    async def claimed(self) -> list[Post]:
        """Return the slots whose message may or may not have gone out before a crash."""
        rows = await self._database.rows("SELECT * FROM posts WHERE outcome = 'claimed' ORDER BY updated_at")
        return [_post(row) for row in rows]

    async def last_days(self, now: datetime) -> dict[int, date]:
        """Return, of every schedule, the newest local day that is dealt with.

        Posts made by hand ("now-…") and open slots do not count, nor days that lie ahead: a clock that was
        ahead and was set right must not silence a channel until then.
        """
        tomorrow = (now + timedelta(days=1)).date().isoformat()
        rows = await self._database.rows(
            "SELECT schedule_id, MAX(slot) AS slot FROM posts WHERE slot NOT LIKE 'now-%' AND slot <= ? "
            "AND outcome NOT IN ('waiting', 'held') GROUP BY schedule_id",
            (tomorrow,),
        )
        return {row["schedule_id"]: date.fromisoformat(row["slot"][:10]) for row in rows}

    async def held(self) -> dict[int, Post]:
        """Return, of every schedule that has one, the newest slot that is held back."""
        rows = await self._database.rows("SELECT * FROM posts WHERE outcome = 'held' ORDER BY slot")
        return {row["schedule_id"]: _post(row) for row in rows}

    async def last_post(self, schedule_id: int) -> datetime | None:
        """Return when (UTC) the last post by the clock was made, None before the first: one by hand comes on top."""
        row = await self._database.row(
            "SELECT max(updated_at) AS at FROM posts WHERE schedule_id = ? AND outcome = 'posted' "
            "AND slot NOT LIKE 'now-%'",
            (schedule_id,),
        )
        return datetime.fromisoformat(row["at"]) if row and row["at"] else None

    async def recent(self, schedule_id: int, count: int) -> list[Post]:
        """Return the last slots of a schedule, the newest first."""
        sql = "SELECT * FROM posts WHERE schedule_id = ? ORDER BY updated_at DESC, slot DESC LIMIT ?"
        return [_post(row) for row in await self._database.rows(sql, (schedule_id, count))]

    async def missed(self, schedule_id: int) -> int:
        """Return how many days were missed since the channel last heard from the schedule."""
        row = await self._database.row(
            "SELECT count(*) AS n FROM posts WHERE schedule_id = ? AND outcome = 'missed' AND slot > coalesce("
            "(SELECT MAX(slot) FROM posts WHERE schedule_id = ? AND outcome IN ('posted', 'empty', 'failed') "
            "AND slot NOT LIKE 'now-%'), '')",
            (schedule_id, schedule_id),
        )
        return int(row["n"]) if row else 0

    async def newest(self, schedule_id: int) -> Post | None:
        """Return the post touched last, made by hand or by the clock."""
        sql = "SELECT * FROM posts WHERE schedule_id = ? ORDER BY updated_at DESC, slot DESC LIMIT 1"
        row = await self._database.row(sql, (schedule_id,))
        return _post(row) if row else None

    async def shown(self, channel_id: int) -> frozenset[str]:
        """Return the ids of the papers that a channel has been shown, or perhaps, all that each paper has."""
        # A paper may become part of another at any moment: after it was chosen, or before the index knows.
        sql = """
            WITH seen AS (
                SELECT paper_id FROM shown WHERE channel_id = ?
                UNION SELECT paper.value FROM posts JOIN schedules ON schedules.id = posts.schedule_id,
                    json_each(posts.papers) AS paper
                WHERE schedules.channel_id = ? AND posts.outcome = 'claimed'
            )
            SELECT paper_id FROM seen
            UNION SELECT aliases.paper_id FROM seen JOIN aliases ON aliases.id = seen.paper_id
            UNION SELECT aliases.id FROM seen JOIN aliases ON aliases.paper_id = seen.paper_id
        """
        rows = await self._database.rows(sql, (channel_id, channel_id))
        return frozenset(row["paper_id"] for row in rows)

    async def told_empty(self, schedule_id: int) -> bool:
        """Say whether the channel has been told that it has seen everything."""
        row = await self._database.row("SELECT told_empty FROM schedules WHERE id = ?", (schedule_id,))
        return bool(row and row["told_empty"])


def _schedule(row: sqlite3.Row) -> Schedule:
    return Schedule(
        id=row["id"],
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        creator_id=row["creator_id"],
        at=time.fromisoformat(row["at"]),
        zone=row["zone"],
        days=frozenset(map(int, row["days"])),
        size=row["size"],
        topics=row["topics"],
        paused=bool(row["paused"]),
        note=row["note"],
        since=datetime.fromisoformat(row["since"]),
        missed=row["missed"],
        quiet=row["quiet"],
    )


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
