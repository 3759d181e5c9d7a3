"""Two pages for machines: `/healthz` and `/metrics`, over plain HTTP, read only."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from aiohttp import web

from bot.config import ConfigError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from socket import socket

log = logging.getLogger(__name__)
CLOSING = 0.5
"""Seconds that a page under way may still take when the bot stops."""
MOST = 32
"""Connections at a time. Each is a file that is open, and the bot's own ones need room beside them."""
PATIENCE = 10.0
"""Seconds that a connection may last: Prometheus waits no longer for a page either, unless it is told to."""


@asynccontextmanager
async def serving(
    listen: tuple[str, int], problems: Callable[[], list[str]], page: Callable[[str], Awaitable[tuple[bytes, str]]]
) -> AsyncIterator[int]:
    """Answer at an address until the block ends; yields the port. Raises ConfigError where it cannot be had.

    `problems` says what is wrong, `page` makes the metrics for an Accept header: the bytes and their type.
    """

    async def healthz(_request: web.Request) -> web.Response:
        found = problems()
        body = {"healthy": not found, "problem": "; ".join(found) or None, "problems": found}
        return web.json_response(body, status=503 if found else 200, headers={"Cache-Control": "no-store"})

    async def metrics(request: web.Request) -> web.Response:
        body, content_type = await page(request.headers.get("Accept", ""))
        return web.Response(body=body, headers={"Content-Type": content_type})

    app = web.Application(client_max_size=1)
    app.add_routes([web.get("/healthz", healthz), web.get("/metrics", metrics)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSING)
    await runner.setup()
    assert runner.server is not None  # noqa: S101 - set up one line above
    door = Door(runner.server)
    try:
        server = await _listen(door, *listen)
        try:
            port = _port(server.sockets[0])
            log.info("pages open at=%s port=%d", listen[0], port)
            yield port
        finally:
            server.close()
    finally:
        door.close()
        await runner.cleanup()


class Door:
    """Lets connections in: only so many, and none for long. For one too many, the oldest goes: it had its time."""

    def __init__(self, serve: Callable[[], asyncio.Protocol]) -> None:
        """Hand each connection to what `serve` returns."""
        self._serve = serve
        self._inside: dict[asyncio.Transport, asyncio.TimerHandle] = {}

    def enter(self, transport: asyncio.Transport) -> None:
        """Let a new connection in."""
        self._inside = {one: timer for one, timer in self._inside.items() if not self._gone(one, timer)}
        if len(self._inside) >= MOST:
            oldest = next(iter(self._inside))
            self._inside.pop(oldest).cancel()
            oldest.abort()
        self._inside[transport] = asyncio.get_running_loop().call_later(PATIENCE, transport.abort)
        handler = self._serve()
        transport.set_protocol(handler)
        handler.connection_made(transport)

    def close(self) -> None:
        """Stop the clocks."""
        for timer in self._inside.values():
            timer.cancel()

    @staticmethod
    def _gone(transport: asyncio.Transport, timer: asyncio.TimerHandle) -> bool:
        if transport.is_closing():
            timer.cancel()
        return transport.is_closing()


class _Entering(asyncio.Protocol):
    """A connection that has just been made."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - TCP
        self._door.enter(transport)


def _port(listening: socket) -> int:
    return int(listening.getsockname()[1])


async def _listen(door: Door, address: str, port: int) -> asyncio.Server:
    try:
        # As many are let in at once as may wait: few, or they are all open files before the first of them is sent away.
        return await asyncio.get_running_loop().create_server(lambda: _Entering(door), address, port, backlog=MOST // 2)
    except OSError as error:
        why = (error.strerror or "no reason is known").split(": ")[-1]
        raise ConfigError(f"COLLOQUIUM_HTTP: port {port} of {address} cannot be had: {why}") from error
