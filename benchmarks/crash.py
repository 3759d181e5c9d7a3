"""Kill the bot at every step of a roundup and at random moments; count what was lost and what came twice.

`python -m benchmarks.crash [--kills N] [--weeks N] [--speed N] [--least SHARE] [--seed N] [--json]` runs the unmodified
bot as a process against a Discord on loopback, in time that runs fast: weeks of daily roundups in eight zones, across
changes of clocks. It is killed (SIGKILL) once at each named step and at N random moments spread over the weeks, and
started again each time. Exits with 1 if anything was lost or doubled, or if so few roundups were posted that this says
little: a slot that passes while the bot starts can only be recorded as not posted.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.weeks import ZONES, Tally, count, set_up
from tests.loopback.clock import FastClock
from tests.loopback.launch import STEPS
from tests.loopback.process import BotProcess, start, until
from tests.loopback.server import DiscordServer, serve

if TYPE_CHECKING:
    from simcord.backend.models import Channel

START = datetime(2027, 3, 12, 0, 30, tzinfo=UTC)
"""Clocks change in New York on 14 March 2027 and in Berlin on the 28th."""
WEEKS = 2.5
SPEED = 1_500.0
"""Simulated seconds in each real one: a day in 58 seconds, the twelve hours of grace for a late post in 29.

A start that takes longer than that on a busy machine costs the roundups that fell due meanwhile.
"""
LEAST = 0.7
"""Share of the roundups due that must have been posted for the counts to mean something."""
EARLY = 0.2
"""Share of the random kills that hit the bot while it starts."""
TICK = "0.05"
"""Real seconds between the bot's looks at its schedules."""
CHANNELS = 16
SETTLING = 21_600.0
"""Simulated seconds that are left at the end for what is still open."""


class Run:
    """One world, one data folder, and the bot in it, killed and started again."""

    def __init__(self, folder: Path, seed: int, weeks: float, speed: float) -> None:
        self.data = folder / "data"
        self.random = random.Random(seed)
        self.server = DiscordServer(FastClock(START))
        self.speed, self.end = speed, START + timedelta(weeks=weeks)
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
            for number in range(kills):
                await self._die_somewhere(self._left() / (kills - number))
            return await self._rest()

    def _left(self) -> float:
        """Return the real seconds until the weeks are over, 0 afterwards."""
        return max((self.end - self.server.clock.now()).total_seconds() / self.speed, 0)

    async def _set_up(self, channels: list[Channel]) -> None:
        # At full speed no interaction would be young enough to be answered.
        bot = await self._start()
        await until(lambda: bool(self.server.backend.commands.get(None)), bot=bot)
        await set_up(self.server, channels)
        await bot.stop()
        self.server.clock.go(self.speed)

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

    async def _die_somewhere(self, share: float) -> None:
        """Start, and die at a random moment; on average after `share` real seconds, starting included."""
        began, connected = time.monotonic(), self.server.gateway.identified
        bot = await start(self.server, self.data, LOOPBACK_TICK=TICK)
        if self.random.random() < EARLY:
            await asyncio.sleep(self.random.uniform(0, 2))
        else:
            await until(lambda: self.server.gateway.identified > connected, within=120, bot=bot)
            spare = max(share - (time.monotonic() - began), 1)
            await asyncio.sleep(self.random.uniform(0, 2 * spare))
        bot.kill()
        await bot.process.wait()
        self.kills += 1

    async def _rest(self) -> Tally:
        bot = await self._start()
        await asyncio.sleep(self._left())
        until_moment = self.server.clock.now()
        # What is open is settled, and what is late is posted, within hours of theirs.
        await asyncio.sleep(SETTLING / self.speed)
        await bot.stop()
        return count(self.server, self.data / "colloquium.db", until_moment - timedelta(hours=2))


async def measure(kills: int, seed: int, weeks: float, speed: float) -> dict[str, object]:
    """Run it all in a folder of its own and return the figures."""
    with tempfile.TemporaryDirectory() as folder:
        run = Run(Path(folder), seed, weeks, speed)
        tally = await run.go(kills)
        lived = (run.server.clock.now() - START) / timedelta(weeks=1)
    return {
        "kills": run.kills,
        "steps": run.died_at,
        "weeks": round(lived, 1),
        "zones": len(ZONES),
        "nonces_dropped": run.server.rest.dropped_nonces,
        **asdict(tally),
        "share_posted": round(tally.posted / tally.slots, 3) if tally.slots else 0.0,
    }


def summary(found: dict[str, Any], least: float) -> tuple[list[str], bool]:
    """Return what to print, and whether it is as it must be."""
    lost, doubled, share = len(found["lost"]), len(found["doubled"]), found["share_posted"]
    counts = (
        f"{found['kills']} kills over {found['weeks']} simulated weeks in {found['zones']} zones: {found['slots']} "
        f"roundups due, {found['posted']} posted ({share:.0%}), {found['told']} recorded as not posted, "
        f"lost {lost}, doubled {doubled}"
    )
    said = [counts]
    if share < least:
        said.append(
            f"Only {share:.0%} were posted and {least:.0%} were asked for: most passed while the bot was starting, so "
            "this says little. Run it on a machine that is idle, or with a lower --speed."
        )
    return said, not lost and not doubled and share >= least


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crash", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--kills", type=int, default=200, help="random moments to kill at (default: 200)")
    parser.add_argument("--weeks", type=float, default=WEEKS, help="simulated weeks, at least (default: %(default)s)")
    parser.add_argument("--speed", type=float, default=SPEED, help="simulated seconds a second (default: %(default)s)")
    parser.add_argument("--least", type=float, default=LEAST, help="share that must be posted (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    options = parser.parse_args()
    found = asyncio.run(measure(options.kills, options.seed, options.weeks, options.speed))
    said, well = summary(found, options.least)
    print(json.dumps(found, indent=2) if options.json else "\n".join(said))
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
