"""Schedules, and what was posted where."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.core.roundup import Schedule
from bot.storage.slots import Slots

if TYPE_CHECKING:
    import sqlite3

REACH = timedelta(days=3)
"""How long before a schedule that is set up anew the channel's earlier posts still count as its last ones."""


class Roundups(Slots):
    """Reads and writes schedules and their posts.

    A channel keeps its row, and with it the days that were posted, when its schedule is removed: set up again on the
    same day, it is not posted to a second time. One post a channel and day is what a channel's readers count.
    """

    async def save(self, schedule: Schedule) -> Schedule:
        """Keep the one schedule of a channel, in place of an earlier one; its id is given here."""
        begun = (schedule.since - REACH).isoformat()
        async with self._database.transaction() as writer:
            rows = await writer.rows(
                "INSERT INTO schedules (guild_id, channel_id, creator_id, at, zone, days, size, topics, since, "
                "missed, quiet) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (channel_id) DO UPDATE SET guild_id = excluded.guild_id, at = excluded.at, "
                "creator_id = excluded.creator_id, zone = excluded.zone, days = excluded.days, "
                "size = excluded.size, topics = excluded.topics, since = excluded.since, missed = excluded.missed, "
                "quiet = excluded.quiet, paused = 0, note = '', notice = '', removed = 0, "
                "begun = CASE removed WHEN 1 THEN ? ELSE begun END "
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
                    begun,
                ),
            )
            return _schedule(rows[0])

    async def every(self) -> list[Schedule]:
        """Return all schedules."""
        rows = await self._database.rows("SELECT * FROM schedules WHERE removed = 0 ORDER BY id")
        return [_schedule(row) for row in rows]

    async def of_guild(self, guild_id: int) -> list[Schedule]:
        """Return the schedules of one server."""
        sql = "SELECT * FROM schedules WHERE guild_id = ? AND removed = 0 ORDER BY id"
        return [_schedule(row) for row in await self._database.rows(sql, (guild_id,))]

    async def get(self, schedule_id: int) -> Schedule | None:
        """Return one schedule, or None."""
        row = await self._database.row("SELECT * FROM schedules WHERE id = ? AND removed = 0", (schedule_id,))
        return _schedule(row) if row else None

    async def pause(self, schedule_id: int, note: str) -> None:
        """Stop a schedule until it is resumed. A `note` says why; whoever set it up is then still to be told."""
        sql = "UPDATE schedules SET paused = 1, note = ?, notice = ? WHERE id = ?"
        async with self._database.transaction() as writer:
            await writer.rows(sql, (note, "due" if note else "", schedule_id))

    async def untold(self) -> list[Schedule]:
        """Return the paused schedules whose admin has not been told yet."""
        rows = await self._database.rows(
            "SELECT * FROM schedules WHERE paused = 1 AND notice = 'due' AND removed = 0 ORDER BY id"
        )
        return [_schedule(row) for row in rows]

    async def told(self, schedule_id: int, where: str) -> None:
        """Record where an admin was told that a schedule is paused."""
        async with self._database.transaction() as writer:
            await writer.rows("UPDATE schedules SET notice = ? WHERE id = ?", (where, schedule_id))

    async def resume(self, schedule_id: int, since: datetime) -> None:
        """Start a paused schedule again; slots before `since` are not made up for. One that runs stays as it is."""
        sql = "UPDATE schedules SET paused = 0, note = '', notice = '', since = ? WHERE id = ? AND paused = 1"
        async with self._database.transaction() as writer:
            await writer.rows(sql, (since.isoformat(), schedule_id))

    async def remove(self, schedule_id: int) -> None:
        """Forget a schedule, who made it and what for; what the channel has seen, or may have, is kept with its day.

        Days that were certainly not posted are forgotten: set up again, the channel may be posted to on them.
        """
        sql = (
            "UPDATE schedules SET removed = 1, creator_id = 0, topics = '', paused = 0, note = '', notice = '', "
            "told_empty = 0 WHERE id = ?"
        )
        async with self._database.transaction() as writer:
            await writer.rows(sql, (schedule_id,))
            await writer.rows(
                "DELETE FROM posts WHERE schedule_id = ? AND outcome NOT IN ('posted', 'claimed')", (schedule_id,)
            )

    async def tidy(self, now: datetime) -> None:
        """Take back what a clock that was ahead has left, so that it silences nobody and hides no paper.

        Days that it missed or found nothing new on are open again, schedules begin now at the latest, and a post
        counts as made when the one before it was: what came since then is compared with what the channel has seen.
        """
        ahead = (now + timedelta(hours=1)).isoformat()
        async with self._database.transaction() as writer:
            await writer.rows(
                "DELETE FROM posts WHERE outcome IN ('missed', 'empty') AND updated_at > ? AND slot NOT LIKE 'now-%'",
                (ahead,),
            )
            await writer.rows("UPDATE schedules SET since = ?, begun = '' WHERE since > ?", (now.isoformat(), ahead))
            await writer.rows(
                "UPDATE posts SET updated_at = coalesce((SELECT max(updated_at) FROM posts AS before WHERE "
                "before.schedule_id = posts.schedule_id AND before.outcome = 'posted' AND before.updated_at <= ?), "
                "(SELECT min(since, ?) FROM schedules WHERE id = posts.schedule_id)) "
                "WHERE outcome = 'posted' AND updated_at > ?",
                (now.isoformat(),) * 3,
            )

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
