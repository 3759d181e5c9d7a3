"""Half an hour of steady use: whether memory, tasks, threads, open files and connections stay flat.

`python -m benchmarks.soak [--minutes N] [--every SECONDS] [--rate R] [--json]` runs the unmodified bot as a process
against a Discord on loopback: R commands and pressed buttons a second, a roundup a minute, papers taken in from the
shell each minute. It rests before each look, so that nothing under way is counted. Exits with 1 if something
grew, or a command or roundup was lost. Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import re
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp

from benchmarks.flat import KEPT, grown
from benchmarks.footprint import footprint
from benchmarks.load import QUESTIONS, WORDS
from benchmarks.machine import describe
from tests.loopback.plans import plan
from tests.loopback.process import BotProcess, running, start, until
from tests.loopback.server import DiscordServer, serve

if TYPE_CHECKING:
    from collections.abc import Sequence


REST = 17.0
"""Seconds of quiet before a look: aiohttp lets go of a connection that was idle for 15."""


@dataclass(frozen=True, slots=True)
class Use:
    """How long it lasts, how many seconds pass between looks, how much is asked a second, how long it rests."""

    minutes: float
    every: float
    rate: float
    papers: int
    rest: float


class Soak:
    """A world in steady use, and what was seen of the bot in it."""

    def __init__(self, folder: Path, use: Use) -> None:
        self.data = folder / "data"
        self.feed = folder / "feed.jsonl"
        self.use = use
        self.random = random.Random(1)
        self.server = DiscordServer()
        guild = self.server.guild()
        self.channel = self.server.channel(guild)
        self.due = [self.server.channel(guild, f"papers-{n}") for n in range(int(use.minutes) + 1)]
        self.asked: list[int] = []
        self.papers = 0
        self.rows: list[dict[str, Any]] = []
        self.began = datetime.now(UTC)

    def _moment(self, number: int) -> datetime:
        """Return when a channel's roundup is due: each a minute after the one before."""
        return self.began.replace(second=0, microsecond=0) + timedelta(minutes=1 + number)

    async def go(self) -> dict[str, Any]:
        """Use it for as long as was asked for, and return the figures."""
        for number, channel in enumerate(self.due):
            moment = self._moment(number)
            await plan(self.data, [channel], moment.time(), moment, self.server.admin.id)
        async with serve(self.server), running(self.server, self.data, COLLOQUIUM_HTTP="0", LOOPBACK_TICK="5") as bot:
            began = time.monotonic()
            while True:
                await self._look(bot, time.monotonic() - began)
                left = began + 60 * self.use.minutes - time.monotonic()
                if left <= 0:
                    break
                await self._go_on(bot, min(self.use.every, left))
            status = await bot.stop()
        return self._figures(status)

    async def _go_on(self, bot: BotProcess, seconds: float) -> None:
        ends = time.monotonic() + seconds - self.use.rest
        taking = asyncio.create_task(self._take_in())
        while time.monotonic() < ends:
            self._ask()
            await asyncio.sleep(self.random.expovariate(self.use.rate))
        await taking
        # One that is never answered is counted as lost, so this wait may end in vain.
        with contextlib.suppress(TimeoutError):
            await until(lambda: self.answered == len(self.asked), within=20, bot=bot)
        await asyncio.sleep(self.use.rest)

    @property
    def answered(self) -> int:
        """How many of what was asked had a first reply."""
        return sum(one in self.server.rest.acknowledged for one in self.asked)

    def _ask(self) -> None:
        one, two = self.random.sample(WORDS, 2)
        wanted: list[tuple[str, dict[str, str]]] = [
            ("search", {"query": f"{one} {two}"}),
            ("ask", {"question": self.random.choice(QUESTIONS).format(one, two)}),
            ("paper", {"title": one}),
            ("similar", {"title": one}),
            ("saved", {}),
            ("about", {}),
        ]
        name, options = self.random.choice(wanted)
        if self.random.random() < 0.3 and (pressed := self._press()):
            self.asked.append(pressed)
            return
        given = [{"type": 3, "name": key, "value": value} for key, value in options.items()]
        self.asked.append(self.server.slash(self.channel, name, given))

    def _press(self) -> int | None:
        """Press a button of one of the last answers."""
        here = list(self.server.backend.messages.get(self.channel.id, {}).values())[-20:]
        buttons = [
            (message, found)
            for message in here
            for found in re.findall(
                r'"(do:(?:page|abstract|similar|save|like|why):[^"]+)"', json.dumps(message.components)
            )
        ]
        return self.server.press(*self.random.choice(buttons)) if buttons else None

    async def _take_in(self) -> None:
        lines: list[str] = []
        for _ in range(self.use.papers):
            self.papers += 1
            words = self.random.choices(WORDS, k=120)
            title = f"{' '.join(words[:7])} {self.papers}".capitalize()
            lines.append(json.dumps({"title": title, "abstract": " ".join(words).capitalize() + "."}))
        if not lines:
            return
        self.feed.write_text("\n".join(lines), "utf-8")
        shell = await start(self.server, self.data, "ingest", str(self.feed))
        await shell.process.wait()

    async def _look(self, bot: BotProcess, at: float) -> None:
        tasks = await _tasks(bot)
        await asyncio.sleep(0.2)  # until the connection of that question is closed
        row = {"minute": round(at / 60, 1), "tasks": tasks, **asdict(footprint(bot.pid))}
        self.rows.append(row)
        print("  ".join(f"{name} {value}" for name, value in row.items()), file=sys.stderr, flush=True)

    def _figures(self, status: int) -> dict[str, Any]:
        past = datetime.now(UTC) - timedelta(minutes=1)
        ought = [channel for number, channel in enumerate(self.due) if self._moment(number) < past]
        return {
            "machine": describe(),
            "minutes": self.rows[-1]["minute"],
            "asked": len(self.asked),
            "lost": len(self.asked) - self.answered,
            "roundups": sum(len(self.server.posts(channel)) for channel in self.due),
            "roundups_lost": sum(not self.server.posts(channel) for channel in ought),
            "papers": self.papers,
            "exit": status,
            "grown": grown(self.rows),
            "rows": self.rows,
        }


async def _tasks(bot: BotProcess) -> int:
    """Return how many asyncio tasks the bot says that it has."""
    port = re.findall(r"pages open at=\S+ port=(\d+)", bot.text())[-1]
    address = f"http://127.0.0.1:{port}/metrics"
    async with aiohttp.ClientSession() as session, session.get(address, headers={"Connection": "close"}) as answer:
        found = re.search(r"^colloquium_tasks (\S+)$", await answer.text(), re.MULTILINE)
    assert found is not None
    return int(float(found[1]))


def table(found: dict[str, Any]) -> str:
    """Return the looks as Markdown, and whether things stayed as they were."""
    names = ("minute", *KEPT)
    lines = [f"| {' | '.join(names)} |", f"|{'---|' * len(names)}"]
    lines += [f"| {' | '.join(str(row[name]) for name in names)} |" for row in found["rows"]]
    what = ", ".join(found["grown"]) if found["grown"] is not None else "too short to say"
    said = (
        f"{found['asked']:,} commands, {found['lost']} lost; {found['roundups']} roundups, "
        f"{found['roundups_lost']} lost; {found['papers']} papers; exit {found['exit']}. "
    )
    return "\n".join([*lines, "", said + (f"Grew: {what}." if what else "All of it is flat.")])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--every", type=float, default=60, metavar="SECONDS", help="between looks")
    parser.add_argument("--rate", type=float, default=2.0, help="commands a second, as a Poisson process")
    parser.add_argument("--rest", type=float, default=REST, metavar="SECONDS", help="of quiet before each look")
    parser.add_argument("--papers", type=int, default=5, help="papers that come in between looks")
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    options = parser.parse_args(arguments)
    use = Use(options.minutes, options.every, options.rate, options.papers, options.rest)
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(Soak(Path(folder), use).go())
    print(json.dumps(found, indent=2) if options.json else table(found))
    return 1 if found["grown"] or found["lost"] or found["roundups_lost"] or found["exit"] else 0


if __name__ == "__main__":
    sys.exit(main())
