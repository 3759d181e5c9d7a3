"""The bot as a process of its own, pointed at a loopback Discord."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from tests.loopback.server import TOKEN

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.loopback.server import DiscordServer

ROOT = Path(__file__).parents[2]
SECRETS = ("DISCORD", "COLLOQUIUM")


def environment(server: DiscordServer, data: Path, **extra: str) -> dict[str, str]:
    """Return the environment of a bot that takes `server` for Discord, with nothing of the caller's own settings."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(SECRETS)}
    clock = f"{server.clock.start.isoformat()} {server.clock.speed} {server.clock.origin}"
    return {
        **plain,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "DISCORD_TOKEN": TOKEN,
        "LOOPBACK_URL": server.url,
        "LOOPBACK_CLOCK": clock,
        "COLLOQUIUM_DATA": str(data),
        "COLLOQUIUM_SOURCES": "off",
        **extra,
    }


class BotProcess:
    """A running bot and its log."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self.process = process
        self.log = log

    @property
    def pid(self) -> int:
        return self.process.pid

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process.returncode is None:
            self.process.kill()

    async def stop(self, within: float = 15.0) -> int:
        """Ask it to stop (SIGTERM) and return its exit status. Raises TimeoutError."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), within)

    def text(self) -> str:
        """Return what it logged so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")


async def start(server: DiscordServer, data: Path, *arguments: str, **extra: str) -> BotProcess:
    """Start the bot (`run` unless told otherwise); it is not yet connected."""
    log = data.with_suffix(".log")
    with _opened(log) as stream:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.loopback.launch", *(arguments or ("run",)),
            env=environment(server, data, **extra), cwd=ROOT, stdout=stream, stderr=stream,
        )  # fmt: skip
    return BotProcess(process, log)


def _opened(log: Path) -> BinaryIO:
    log.parent.mkdir(parents=True, exist_ok=True)
    return log.open("ab")


@asynccontextmanager
async def running(server: DiscordServer, data: Path, **extra: str) -> AsyncIterator[BotProcess]:
    """Run the bot, wait until it is connected and its commands are known; it is ended with the block."""
    before = server.gateway.identified
    bot = await start(server, data, **extra)
    try:
        await until(lambda: server.gateway.identified > before and bool(server.backend.commands.get(None)), bot=bot)
        yield bot
    finally:
        bot.kill()
        await bot.process.wait()


async def until(condition: object, within: float = 30.0, bot: BotProcess | None = None) -> None:
    """Wait until a condition holds. Raises TimeoutError, or AssertionError with the log when the bot has ended."""
    async with asyncio.timeout(within):
        while not condition():  # type: ignore[operator]
            if bot is not None and bot.process.returncode is not None:
                raise AssertionError(f"the bot ended with {bot.process.returncode}: {bot.text()[-2000:]}")
            await asyncio.sleep(0.01)
