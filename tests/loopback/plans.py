"""Schedules put into a data folder before a bot starts over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.roundup import Schedule
from bot.storage.database import open_database
from bot.storage.roundups import Roundups

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, time
    from pathlib import Path

    from simcord.backend.models import Channel

    from bot.storage.slots import Post


async def plan(data: Path, channels: Iterable[Channel], at: time, since: datetime, creator: int) -> None:
    """Let each channel have one paper a day at a UTC time."""
    database = await open_database(data / "colloquium.db")
    try:
        for channel in channels:
            wanted = Schedule(
                0, channel.guild_id or 0, channel.id, creator, at, "UTC", frozenset(range(7)), 1, "",
                paused=False, note="", since=since,
            )  # fmt: skip
            await Roundups(database).save(wanted)
    finally:
        await database.close()


async def receipts(data: Path) -> dict[int, list[Post]]:
    """Return what became of every slot, by channel, the newest first."""
    database = await open_database(data / "colloquium.db")
    try:
        store = Roundups(database)
        return {plan.channel_id: await store.recent(plan.id, 99) for plan in await store.every()}
    finally:
        await database.close()
