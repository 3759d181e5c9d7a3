"""Simulated weeks of roundups in several zones: setting them up over Discord, and counting what came of each day."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.core.roundup import instant
from tests.loopback.process import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, time
    from pathlib import Path

    from simcord.backend.models import Channel

    from tests.loopback.server import DiscordServer

ZONES = (
    "Pacific/Kiritimati",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Europe/Berlin",
    "UTC",
    "America/Sao_Paulo",
    "America/New_York",
    "America/Los_Angeles",
)
_MARKER = re.compile(r"roundup (\d+) · (\d{4}-\d\d-\d\d)")


@dataclass(frozen=True)
class Tally:
    """What became of all slots. `lost`: neither posted nor recorded as not posted; `doubled`: posted more than once."""

    slots: int
    posted: int
    told: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]


async def set_up(server: DiscordServer, channels: list[Channel]) -> None:
    """Give each channel a daily roundup through `/roundup setup`, an hour and a zone of its own."""
    for number, channel in enumerate(channels):
        options = [
            {"type": 7, "name": "channel", "value": str(channel.id)},
            {"type": 3, "name": "time", "value": f"{number * 5 % 24}:{number * 7 % 60:02}"},
            {"type": 3, "name": "zone", "value": ZONES[number % len(ZONES)]},
            {"type": 4, "name": "papers", "value": 1},
        ]
        asked = server.slash(channel, "roundup setup", options, resolve=channel)
        await until(lambda asked=asked: asked in server.rest.acknowledged)


def count(server: DiscordServer, database: Path, until_moment: datetime) -> Tally:
    """Compare every slot that came due before a moment with the channels and with the bot's own records."""
    posts = Counter(_posted(server))
    told = _told(database)
    slots = [(key, day) for key, day in _due(database, until_moment)]
    lost = [f"{key} {day}" for key, day in slots if (key, day) not in posts and (key, day) not in told]
    doubled = [f"{key} {day}" for (key, day), times in posts.items() if times > 1]
    posted = sum((key, day) in posts for key, day in slots)
    return Tally(len(slots), posted, len(slots) - posted - len(lost), tuple(lost), tuple(doubled))


def _posted(server: DiscordServer) -> Iterator[tuple[int, str]]:
    """Yield the schedule and day of each roundup that stands in a channel."""
    for channel in list(server.backend.channels.values()):
        for message in server.posts(channel):
            for schedule, day in _MARKER.findall(str(message.components) + str(message.content)):
                yield int(schedule), day


def _told(database: Path) -> set[tuple[int, str]]:
    """Return the slots that the bot recorded as not posted, with a reason."""
    with sqlite3.connect(database) as connection:
        rows = connection.execute(
            "SELECT schedule_id, slot FROM posts WHERE outcome NOT IN ('claimed', 'posted') AND detail != ''"
        ).fetchall()
    connection.close()
    return {(int(schedule), str(slot)[:10]) for schedule, slot in rows}


def _due(database: Path, until_moment: datetime) -> Iterator[tuple[int, str]]:
    """Yield every schedule and local day whose moment lies between the setup and `until_moment`."""
    with sqlite3.connect(database) as connection:
        rows = connection.execute("SELECT id, at, zone, since FROM schedules").fetchall()
    connection.close()
    for schedule, at, zone, since in rows:
        for day in days(datetime.fromisoformat(since), until_moment, _clock(at), zone):
            yield int(schedule), day.isoformat()


def _clock(text: str) -> time:
    return datetime.strptime(text, "%H:%M").replace(tzinfo=UTC).time()


def days(since: datetime, until_moment: datetime, at: time, zone: str) -> Iterator[date]:
    """Yield the local days whose moment lies in [since, until_moment]."""
    day = since.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    while instant(day, at, zone) <= until_moment:
        if instant(day, at, zone) >= since:
            yield day
        day += timedelta(days=1)
