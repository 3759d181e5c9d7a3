"""How much memory the bot takes for every 1,000 Discord servers that it is in.

`python -m benchmarks.guilds [--guilds N] [--shards N…] [--channels N] [--roles N] [--json]` runs the unmodified bot as
a process against a Discord on loopback, in no server, in N and in twice as many, over each number of shards, and reads
its memory once it has them all and is well. A server has so many channels and roles; members are never sent, since the
bot asks for none. Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.footprint import Footprint, footprint
from benchmarks.machine import describe
from bot.app import open_app
from bot.config import from_env
from bot.health import check
from tests.loopback.process import running, until
from tests.loopback.server import DiscordServer, serve

if TYPE_CHECKING:
    from collections.abc import Sequence

REST = 3.0
"""Seconds after which the memory of the start is given back, or never."""


def world(guilds: int, shards: int, channels: int, roles: int) -> DiscordServer:
    """Return a Discord with so many servers, dealt out evenly over the shards."""
    server = DiscordServer()
    server.shards = shards
    for number in range(guilds):
        made = server.backend.create_guild(
            f"Group {number}", owner_id=server.admin.id, shard_id=number % shards, shard_count=shards
        )
        for role in range(roles):
            server.backend.create_role(made.id, f"role {role}")
        for channel in range(channels):
            server.channel(made, f"channel-{channel}")
    return server


async def measure(server: DiscordServer, data: Path, shards: int) -> Footprint:
    """Return what a bot holds that has joined all of a world."""
    async with serve(server), running(server, data, LOOPBACK_BEAT="0.5") as bot:
        heartbeat = data / "heartbeat.json"
        await until(lambda: server.gateway.identified == shards and check(heartbeat) is None, 300, bot)
        await asyncio.sleep(REST)
        found = footprint(bot.pid)
        await bot.stop()
    return found


async def _fill(data: Path) -> None:
    """Take the seed papers in, so that no measured start does."""
    async with open_app(from_env({}, data)):
        pass


def run(guilds: int, shards: Sequence[int], channels: int, roles: int) -> dict[str, Any]:
    """Measure each number of servers over each number of shards."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_fill(Path(folder) / "data"))
        for over in shards:
            for count in (0, guilds, 2 * guilds):
                made = world(count, over, channels, roles)
                found = asyncio.run(measure(made, Path(folder) / "data", over))
                rows.append({"shards": over, "guilds": count, "rss_mb": found.rss_mb, "peak_mb": found.peak_mb})
    return {"machine": describe(), "channels": channels, "roles": roles, "rows": [_rated(row, rows) for row in rows]}


def _rated(row: dict[str, Any], rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    empty = next(one for one in rows if one["shards"] == row["shards"] and not one["guilds"])
    more = row["rss_mb"] - empty["rss_mb"]
    return row | {"mb_per_1000": round(1000 * more / row["guilds"], 1) if row["guilds"] else None}


def table(found: dict[str, Any]) -> str:
    """Return the figures as Markdown."""
    head = ["| shards | servers | resident | at most | per 1,000 servers |", "|---|---|---|---|---|"]
    lines = [
        f"| {row['shards']} | {row['guilds']:,} | {row['rss_mb']:.0f} MB | {row['peak_mb']:.0f} MB | "
        + (f"{row['mb_per_1000']:.1f} MB |" if row["guilds"] else "– |")
        for row in found["rows"]
    ]
    machine = found["machine"]
    said = f"{machine['cpu']}, Python {machine['python']}; {found['channels']} channels and {found['roles']} roles each"
    return "\n".join([said, "", *head, *lines])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.guilds", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--guilds", type=int, default=1000)
    parser.add_argument("--shards", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--channels", type=int, default=25, help="channels of each server")
    parser.add_argument("--roles", type=int, default=10, help="roles of each server")
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    options = parser.parse_args(arguments)
    found = run(options.guilds, options.shards, options.channels, options.roles)
    print(json.dumps(found, indent=2) if options.json else table(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
