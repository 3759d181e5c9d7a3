"""A thousand slash commands while hundreds of roundups fall due at the same minute and papers are taken in.

`python -m benchmarks.load [--commands N] [--roundups N] [--papers N] [--rate R]` runs the unmodified bot as a process
against a Discord on loopback and prints how long the first reply to each command took, what was lost, and the longest
stall of the bot's event loop, each beside its limit: with two cores at the bot's disposal it should keep them, so a
figure beyond one is for a person to judge. Exits with 1 if a command or a roundup was lost or came twice.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.machine import describe
from bot.app import open_app
from bot.config import from_env
from bot.core.roundup import Schedule
from tests.loopback.process import running, start, until
from tests.loopback.server import DiscordServer, serve

if TYPE_CHECKING:
    from simcord.backend.models import Channel

    from tests.loopback.process import BotProcess

WORDS = """
    attention graph diffusion pruning robot speech translation protein video retrieval alignment sparse neural
    transformer convolution quantization federated reward language vision segmentation detection generative memory
    recurrent causal bayesian kernel optimization gradient contrastive adversarial multimodal reasoning agent
""".split()  # noqa: SIM905 - words read better as prose
QUESTIONS = ("How does {} help {}?", "Which papers use {} for {}?", "What is {} in {}?")


LIMITS = {"slowest_ms": ("at most", 1000.0), "p95_ms": ("under", 250.0), "longest_stall_ms": ("under", 50.0)}
"""What the figures should be on two cores, in milliseconds; Discord itself waits three seconds for a first reply."""


def judged(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return of each figure that has a limit the limit in words, and whether it is kept."""
    return {
        name: {
            "limit": f"{words} {most:,.0f} ms",
            "kept": bool(found[name] < most or (words == "at most" and found[name] == most)),
        }
        for name, (words, most) in LIMITS.items()
    }


def shown(found: dict[str, Any]) -> str:
    """Return the figures as lines, those that have a limit with it."""
    limits = judged(found)
    rows = []
    for name, value in found.items():
        beside = f"  ({limits[name]['limit']}: {'yes' if limits[name]['kept'] else 'NO'})" if name in limits else ""
        rows.append(f"{name.replace('_', ' '):>18}  {value}{beside}")
    return "\n".join(rows)


BEAT = 15
"""Seconds between two heartbeats; each tells of the longest stall since the one before."""


class Load:
    """The numbers asked for, the world, and what was seen."""

    def __init__(self, folder: Path, commands: int, roundups: int, papers: int, rate: float) -> None:
        self.data = folder / "data"
        self.feed = folder / "more.jsonl"
        self.commands, self.roundups, self.papers = commands, roundups, papers
        self.rate = rate
        self.random = random.Random(1)
        self.server = DiscordServer()
        self.asked: list[int] = []

    async def go(self) -> dict[str, Any]:
        """Prepare, let everything happen in the same minute, and return the figures."""
        async with serve(self.server):
            guild = self.server.guild()
            channels = [self.server.channel(guild, f"papers-{n}") for n in range(self.roundups)]
            due = await self._prepare(channels)
            self.feed.write_text("\n".join(self._line(n) for n in range(self.papers, self.papers + 300)), "utf-8")
            async with running(self.server, self.data, LOOPBACK_TICK="1") as bot:
                await asyncio.sleep(max((due - datetime.now(UTC)).total_seconds(), 0))
                began = time.monotonic()
                stalls: dict[str, float] = {}
                watching = asyncio.create_task(self._stalls(stalls))
                await asyncio.gather(self._ask(channels[0], bot), self._take_in())
                await until(lambda: self._posted(channels) >= self.roundups, within=300, bot=bot)
                took = time.monotonic() - began
                await asyncio.sleep(BEAT + 1)
                watching.cancel()
            return self._figures(channels, took, max(stalls.values()))

    async def _stalls(self, found: dict[str, float]) -> None:
        """Keep the longest stall that each heartbeat tells of, from the first one that was not there before."""
        file = self.data / "heartbeat.json"
        before = json.loads(file.read_text("utf-8"))["at"]
        while True:
            beat = json.loads(file.read_text("utf-8"))
            if beat["at"] != before:
                found[beat["at"]] = beat["stall_ms"]
            await asyncio.sleep(1)

    async def _prepare(self, channels: list[Channel]) -> datetime:
        """Fill the folder and set the roundups up; return when they fall due, after the bot's start has settled."""
        settings = from_env({"COLLOQUIUM_DATA": str(self.data)}, None)
        async with open_app(settings) as app:
            self.feed.write_text("\n".join(self._line(n) for n in range(self.papers)), "utf-8")
            await app.library.ingest([self.feed], datetime.now(UTC))
            await app.library.settle()
            due = datetime.now(UTC) + timedelta(seconds=2 * BEAT)
            due = due.replace(second=0, microsecond=0) + timedelta(minutes=1)
            for channel in channels:
                wanted = Schedule(
                    0, channel.guild_id or 0, channel.id, self.server.admin.id, due.time().replace(tzinfo=None), "UTC",
                    frozenset(range(7)), 3, self.random.choice(WORDS), paused=False, note="", since=due,
                )  # fmt: skip
                await app.roundups.store.save(wanted)
        return due

    def _line(self, number: int) -> str:
        words = self.random.choices(WORDS, k=130)
        title = f"{' '.join(words[:7])} {number}".capitalize()
        abstract = ". ".join(" ".join(words[n : n + 13]).capitalize() for n in range(0, 130, 13)) + "."
        return json.dumps({"id": f"made-{number}", "title": title, "abstract": abstract})

    async def _ask(self, channel: Channel, bot: BotProcess) -> None:
        for number in range(self.commands):
            one, two = self.random.sample(WORDS, 2)
            if number % 4:
                self._slash(channel, "search", "query", f"{one} {two} {self.random.choice(WORDS)}")
            else:
                self._slash(channel, "ask", "question", self.random.choice(QUESTIONS).format(one, two))
            await asyncio.sleep(self.random.expovariate(self.rate))
        # One that is never answered is counted as lost, so this wait may end in vain.
        with contextlib.suppress(TimeoutError):
            await until(lambda: len(self.server.rest.acknowledged) == len(self.asked), within=20, bot=bot)

    def _slash(self, channel: Channel, name: str, option: str, value: str) -> None:
        who = self.server.backend.make_user(f"person{len(self.asked)}")
        self.server.backend.add_member(channel.guild_id or 0, who.id)
        options = [{"type": 3, "name": option, "value": value}]
        self.asked.append(self.server.slash(channel, name, options, user_id=who.id))

    async def _take_in(self) -> None:
        shell = await start(self.server, self.data, "ingest", str(self.feed))
        await shell.process.wait()

    def _posted(self, channels: list[Channel]) -> int:
        return sum(bool(self.server.posts(channel)) for channel in channels)

    def _figures(self, channels: list[Channel], took: float, stall: float) -> dict[str, Any]:
        rest = self.server.rest
        waits = np.array([rest.acknowledged[one] - rest.asked[one] for one in self.asked if one in rest.acknowledged])
        p50, p95, p99 = (round(float(1000 * np.percentile(waits, q)), 1) for q in (50, 95, 99))
        return {
            "machine": describe(),
            "papers": self.papers,
            "commands": self.commands,
            "asked_per_second": self.rate,
            "per_second": round(self.commands / took, 1),
            "p50_ms": p50,
            "p95_ms": p95,
            "p99_ms": p99,
            "slowest_ms": round(float(1000 * waits.max()), 1),
            "commands_lost": self.commands - len(waits),
            "roundups": self.roundups,
            "roundups_lost": sum(not self.server.posts(channel) for channel in channels),
            "roundups_doubled": sum(len(self.server.posts(channel)) > 1 for channel in channels),
            "seconds": round(took, 1),
            "longest_stall_ms": stall,
        }


async def measure(commands: int, roundups: int, papers: int, rate: float) -> dict[str, Any]:
    """Run it in a folder of its own and return the figures."""
    with tempfile.TemporaryDirectory() as folder:
        return await Load(Path(folder), commands, roundups, papers, rate).go()


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--commands", type=int, default=1000)
    parser.add_argument("--roundups", type=int, default=500)
    parser.add_argument("--papers", type=int, default=10_000, help="papers in the index at the start")
    parser.add_argument("--rate", type=float, default=20.0, help="commands a second, as a Poisson process")
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    options = parser.parse_args()
    found = asyncio.run(measure(options.commands, options.roundups, options.papers, options.rate))
    if options.json:
        print(json.dumps({**found, "limits": judged(found)}, indent=2))
    else:
        print(shown(found))
    return 1 if found["commands_lost"] or found["roundups_lost"] or found["roundups_doubled"] else 0


if __name__ == "__main__":
    sys.exit(main())
