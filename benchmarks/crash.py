"""Kill the bot at every step of a roundup and at random moments; count what was lost and what came twice.

`python -m benchmarks.crash [--kills N] [--seed N] [--json]` runs the unmodified bot as a process against a Discord
on loopback, in time that runs fast: weeks of daily roundups in eight zones, across changes of clocks. It is killed
(SIGKILL) once at each named step and at N random moments, and started again each time. Exits with 1 if anything was
lost or doubled.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.weeks import ZONES, Tally, count, set_up
from tests.loopback.clock import FastClock
from tests.loopback.launch import STEPS
from tests.loopback.process import BotProcess, start, until
from tests.loopback.server import DiscordServer, serve

if TYPE_CHECKING:
    from simcord.backend.models import Channel

START = datetime(2027, 3, 1, 0, 30, tzinfo=UTC)
"""Clocks change in New York on 14 March 2027 and in Berlin on the 28th."""
SPEED = 3_600.0
"""Simulated seconds in each real one: a day in 24 seconds."""
TICK = "0.05"
"""Real seconds between the bot's looks at its schedules."""
CHANNELS = 16


class Run:
    """One world, one data folder, and the bot in it, killed and started again."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.data = folder / "data"
        self.random = random.Random(seed)
        self.server = DiscordServer(FastClock(START))
        self.kills = 0
        self.died_at: list[str] = []

    async def go(self, kills: int) -> Tally:
        """Live through the kills, then let the bot rest and settle what is open."""
        async with serve(self.server):
            guild = self.server.guild()
            channels = [self.server.channel(guild, f"papers-{n}") for n in range(CHANNELS)]
            await self._set_up(channels)
            for step in STEPS:
                await self._die_at(step)
            for _ in range(kills):
                await self._die_somewhere()
            return await self._rest()

    async def _set_up(self, channels: list[Channel]) -> None:
        # At full speed no interaction would be young enough to be answered.
        bot = await self._start()
        await until(lambda: bool(self.server.backend.commands.get(None)), bot=bot)
        await set_up(self.server, channels)
        await bot.stop()
        self.server.clock.go(SPEED)

    async def _start(self, **extra: str) -> BotProcess:
        before = self.server.gateway.identified
        bot = await start(self.server, self.data, LOOPBACK_TICK=TICK, **extra)
        await until(lambda: self.server.gateway.identified > before or bot.process.returncode is not None, within=120)
        return bot

    async def _die_at(self, step: str) -> None:
        if step.endswith("find"):
            # Only a claim that was left behind is looked for.
            await self._die_at("after send")
        bot = await self._start(LOOPBACK_DIE=step)
        await asyncio.wait_for(bot.process.wait(), 180)
        self.kills += 1
        self.died_at.append(step)

    async def _die_somewhere(self) -> None:
        bot = await start(self.server, self.data, LOOPBACK_TICK=TICK)
        connected = self.server.gateway.identified
        # One in five dies while it starts, the others after they have joined.
        if self.random.random() < 0.2:
            await asyncio.sleep(self.random.uniform(0, 2))
        else:
            await until(lambda: self.server.gateway.identified > connected, within=120, bot=bot)
            await asyncio.sleep(self.random.uniform(0, 2))
        bot.kill()
        await bot.process.wait()
        self.kills += 1

    async def _rest(self) -> Tally:
        bot = await self._start()
        await asyncio.sleep(2)
        until_moment = self.server.clock.now()
        await asyncio.sleep(6)
        await bot.stop()
        return count(self.server, self.data / "colloquium.db", until_moment - timedelta(hours=2))


async def measure(kills: int, seed: int) -> dict[str, object]:
    """Run it all in a folder of its own and return the figures."""
    with tempfile.TemporaryDirectory() as folder:
        run = Run(Path(folder), seed)
        tally = await run.go(kills)
        weeks = (run.server.clock.now() - START).days / 7
    return {
        "kills": run.kills,
        "steps": run.died_at,
        "weeks": round(weeks, 1),
        "zones": len(ZONES),
        "nonces_dropped": run.server.rest.dropped_nonces,
        **asdict(tally),
    }


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crash", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--kills", type=int, default=200, help="random moments to kill at (default: 200)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    options = parser.parse_args()
    found = asyncio.run(measure(options.kills, options.seed))
    if options.json:
        print(json.dumps(found, indent=2))
    else:
        print(
            f"{found['kills']} kills over {found['weeks']} simulated weeks in {found['zones']} zones: {found['slots']} "
            f"roundups due, {found['posted']} posted, {found['told']} recorded as not posted, "
            f"lost {len(found['lost'])}, doubled {len(found['doubled'])}"  # type: ignore[arg-type]
        )
    return 1 if found["lost"] or found["doubled"] else 0


if __name__ == "__main__":
    sys.exit(main())
