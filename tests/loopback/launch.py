"""Starts the unmodified bot against a loopback Discord: `python -m tests.loopback.launch run --data DIR`.

`LOOPBACK_URL` is the server's address. `LOOPBACK_CLOCK` ("start speed origin") sets a faster clock,
`LOOPBACK_TICK`, `LOOPBACK_BEAT` and `LOOPBACK_STUCK` the seconds between looks at the schedules, between heartbeats,
and until a tick counts as stopped, `LOOPBACK_BACKOFF` those before each new try to connect, `LOOPBACK_LOOK` those of
one look into a channel. `LOOPBACK_DIE`, `LOOPBACK_FULL` and `LOOPBACK_HANG` name a step to be killed at, to find the
disk full at, or to get no further than.
Only where Discord lives and how time runs is changed.
"""

from __future__ import annotations

import asyncio
import functools
import importlib
import os
import resource
import signal
import sys
import threading
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

import discord
from discord.backoff import ExponentialBackoff
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from tests.loopback.clock import FastClock

if TYPE_CHECKING:
    from collections.abc import Callable


def point_at(url: str) -> None:
    """Let discord.py take this address for Discord."""
    Route.BASE = f"{url}/api/v10"
    discord.Asset.BASE = f"{url}/cdn"
    DiscordWebSocket.DEFAULT_GATEWAY = URL(url.replace("http", "ws", 1) + "/gateway")


def run_fast(clock: str) -> None:
    """Let the bot's clock run as the server's does."""
    start, speed, origin = clock.split()
    fast = FastClock(datetime.fromisoformat(start), float(speed), float(origin))
    discord.utils.utcnow = fast.now


def hurry(**seconds: str | None) -> None:
    """Let the bot look at things more often than it does by itself."""
    from bot.ui import client  # noqa: PLC0415 - after the addresses are set

    asked = {name: float(given) for name, given in seconds.items() if given}
    client.Colloquium.__init__.__kwdefaults__ = (client.Colloquium.__init__.__kwdefaults__ or {}) | asked


async def identify_at_once(_client: discord.Client, _shard: int | None, *, initial: bool = False) -> None:
    """Begin a session without the five seconds that discord.py leaves between two shards: ours takes 16 at once."""


def give_up_after(seconds: float) -> None:
    """Let discord.py take a silent connection for dead after so many seconds; it waits 60."""
    discord.Client.__init__ = functools.partialmethod(discord.Client.__init__, heartbeat_timeout=seconds)  # type: ignore[assignment]


STEPS = {
    "before claim": ("bot.storage.roundups", "Roundups", "claim", False),
    "after claim": ("bot.storage.roundups", "Roundups", "claim", True),
    "before send": ("bot.ui.poster", "ChannelPoster", "send", False),
    "after send": ("bot.ui.poster", "ChannelPoster", "send", True),
    "before settle": ("bot.storage.roundups", "Roundups", "settle", False),
    "after settle": ("bot.storage.roundups", "Roundups", "settle", True),
    "before find": ("bot.ui.poster", "ChannelPoster", "find", False),
    "after find": ("bot.ui.poster", "ChannelPoster", "find", True),
}
"""The steps of a delivery that a process can be killed at: module, class, method, and whether it is done first."""


def at(step: str, strike: Callable[[], None]) -> None:
    """Let something happen each time that this process comes to a step."""
    module, owner, method, done_first = STEPS[step]
    target = getattr(importlib.import_module(module), owner)
    real = getattr(target, method)

    @functools.wraps(real)
    async def struck(*arguments: Any, **named: Any) -> Any:
        if done_first:
            result = await real(*arguments, **named)
            strike()
            return result
        strike()
        return await real(*arguments, **named)

    setattr(target, method, struck)


def try_again_after(seconds: float) -> None:
    """Let discord.py try to connect again after so many seconds; it waits longer with each failure."""
    ExponentialBackoff.delay = lambda _backoff: seconds  # type: ignore[assignment]


def look_for(seconds: float) -> None:
    """Let one look into a channel's messages take so many seconds; it takes up to 30."""
    from bot.ui import poster  # noqa: PLC0415 - after the addresses are set

    poster.LOOK = seconds


def hang(step: str) -> None:
    """Let this process get no further than a step, and do everything else."""
    module, owner, method, _ = STEPS[step]

    async def hung(*_arguments: Any, **_named: Any) -> Any:
        await asyncio.Event().wait()

    setattr(getattr(importlib.import_module(module), owner), method, hung)


def die() -> None:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


@functools.cache
def fill_the_disk(seconds: float = 2.0) -> None:
    """Let no file of this process grow for some seconds, once: what a full disk, or a quota, does."""
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, most))
    threading.Timer(seconds, resource.setrlimit, (resource.RLIMIT_FSIZE, (before, most))).start()


def end_with(parent: int) -> None:
    """End this process soon after the one that started it: a test that is killed leaves no bot behind."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def main() -> int:
    """Set up, then run the command line."""
    end_with(os.getppid())
    point_at(os.environ["LOOPBACK_URL"])
    discord.Client.before_identify_hook = identify_at_once  # type: ignore[assignment]
    if seconds := os.environ.get("LOOPBACK_SILENCE"):
        give_up_after(float(seconds))
    if seconds := os.environ.get("LOOPBACK_BACKOFF"):
        try_again_after(float(seconds))
    if seconds := os.environ.get("LOOPBACK_LOOK"):
        look_for(float(seconds))
    if step := os.environ.get("LOOPBACK_DIE"):
        at(step, die)
    if step := os.environ.get("LOOPBACK_FULL"):
        at(step, fill_the_disk)
    if step := os.environ.get("LOOPBACK_HANG"):
        hang(step)
    if clock := os.environ.get("LOOPBACK_CLOCK"):
        run_fast(clock)
    hurry(**{name: os.environ.get(f"LOOPBACK_{name.upper()}") for name in ("tick", "beat", "stuck")})
    from bot.__main__ import main as run  # noqa: PLC0415 - after the addresses are set

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
