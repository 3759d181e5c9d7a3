"""Two pages for machines: `/healthz` and `/metrics`, over plain HTTP, read only."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from aiohttp import web

from bot.config import ConfigError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

log = logging.getLogger(__name__)
CLOSING = 0.5
"""Seconds that a page under way may still take when the bot stops."""


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
    try:
        await _listen(runner, *listen)
        port = int(runner.addresses[0][1])
        log.info("pages open at=%s port=%d", listen[0], port)
        yield port
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, address: str, port: int) -> None:
    try:
        await web.TCPSite(runner, address, port).start()
    except OSError as error:
        why = (error.strerror or "no reason is known").split(": ")[-1]
        raise ConfigError(f"COLLOQUIUM_HTTP: port {port} of {address} cannot be had: {why}") from error
