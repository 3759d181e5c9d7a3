"""Servers on loopback that misbehave as they are told to, and a pace that waits for nothing."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from aiohttp import web

from bot.pace import Pace

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

START = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@dataclass
class Clock:
    """Time that passes only by sleeping, at once; `slept` is what was slept, in seconds."""

    slept: list[float] = field(default_factory=list)
    passed: float = 0.0

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.passed += seconds
        await asyncio.sleep(0)

    def now(self) -> datetime:
        return START + timedelta(seconds=self.passed)

    def pace(self, **changes: object) -> Pace:
        ours = {"clock": lambda: self.passed, "now": self.now, "sleep": self.sleep, "luck": lambda: 0.0}
        return Pace(**ours | changes)  # type: ignore[arg-type]


@dataclass
class Site:
    """A web server: `asked` are the requests, in order."""

    base: str = ""
    asked: list[web.Request] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def port(self) -> int:
        return int(self.base.rpartition(":")[2])


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[Site]:
    """Answer every request by the handler."""
    site = Site()

    async def answer(request: web.Request) -> web.StreamResponse:
        site.asked.append(request)
        site.reached.set()
        site.at_once += 1
        site.most_at_once = max(site.most_at_once, site.at_once)
        try:
            return await handler(request)
        finally:
            site.at_once -= 1

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.01)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield site
    finally:
        await runner.cleanup()


@asynccontextmanager
async def saying(*answers: bytes) -> AsyncIterator[Site]:
    """Answer each connection with the next bytes, the last again and again, and hang up: what no library would."""
    site = Site()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answers[min(len(spoken), len(answers) - 1)])
            spoken.append(1)
            await writer.drain()
        writer.close()

    spoken: list[int] = []
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    site.base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield site
    finally:
        server.close()
        await server.wait_closed()
