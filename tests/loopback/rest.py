"""The HTTP half: Discord's API over simcord's routes, with nonces, rate limits and broken answers."""

from __future__ import annotations

import asyncio
import io
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web
from simcord.backend.errors import BackendError
from simcord.http import router

from tests.loopback import history
from tests.loopback.edges import Edge, Edges
from tests.loopback.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from simcord.backend import Backend

NONCE_SECONDS = 300.0
"""Discord remembers nonces for "the past few minutes" (API reference, Create Message)."""
_VIA = {"Via": "1.1 loopback"}


@dataclass
class Upload:
    """A file of a request, as simcord's routes take it."""

    filename: str
    fp: io.BytesIO
    description: str | None = None


@dataclass
class Rest:
    """Answers requests below /api/vN. `heard` counts what was asked, by method and path."""

    backend: Backend
    edges: Edges = field(default_factory=Edges)
    limits: Limits = field(default_factory=Limits)
    heard: list[tuple[float, str, str]] = field(default_factory=list)
    dropped_nonces: int = 0
    asked: dict[int, float] = field(default_factory=dict)
    """When each interaction was sent to the bot, monotonic seconds."""
    acknowledged: dict[int, float] = field(default_factory=dict)
    """When each interaction was first answered, monotonic seconds."""
    special: dict[tuple[str, str], Callable[[], Any]] = field(default_factory=dict)
    _nonces: dict[tuple[str, str], tuple[float, Any]] = field(default_factory=dict)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        path = "/" + request.match_info["path"]
        self.heard.append((time.monotonic(), request.method, path))
        edge = self.edges.take(request.method, path)
        if edge and not edge.kind.startswith("do_"):
            return await self._broken(request, edge)
        headers, wait = self.limits.spend(request.method, path)
        if wait:
            body = {"message": "You are being rate limited.", "retry_after": wait, "global": False}
            return _json(body, status=429, headers={**headers, **_VIA, "Retry-After": f"{wait:.3f}"})
        response = await self._answer(request, path, headers)
        return await self._broken(request, edge) if edge else response

    async def _answer(self, request: web.Request, path: str, headers: dict[str, str]) -> web.Response:
        body, files = await _read(request)
        try:
            result = self._do(request, path, body, files)
        except BackendError as error:
            return _json(error.to_json(), status=error.status, headers={**headers, **_VIA})
        if result is None:
            return web.Response(status=204, headers=headers)
        return _json(result, headers=headers)

    def _do(self, request: web.Request, path: str, body: Any, files: list[Upload]) -> Any:
        if (special := self.special.get((request.method, path))) is not None:
            return special()
        if request.method == "GET" and (asked := history.asked(path)):
            return history.page(self.backend, asked, request.query)
        key = (path, str(body["nonce"])) if isinstance(body, dict) and body.get("enforce_nonce") else None
        if key and key in self._nonces and time.monotonic() - self._nonces[key][0] < NONCE_SECONDS:
            self.dropped_nonces += 1
            return self._nonces[key][1]
        reason = request.headers.get("X-Audit-Log-Reason")
        result = router.dispatch(
            self.backend, request.method, path, json=body, params=dict(request.query), files=files, reason=reason
        )
        if path.startswith("/interactions/"):
            self.acknowledged.setdefault(int(path.split("/")[2]), time.monotonic())
        if key:
            self._nonces[key] = (time.monotonic(), result)
        return result

    async def _broken(self, request: web.Request, edge: Edge) -> web.StreamResponse:
        breaks: dict[str, Callable[[], Awaitable[web.StreamResponse]]] = {
            "drop": lambda: _drop(request),
            "hang": lambda: _hang(request),
        }
        kind = edge.kind.removeprefix("do_then_")
        if kind in breaks:
            return await breaks[kind]()
        if kind == "garbage":
            return web.Response(text="<html><body>It works!</body></html>", content_type="text/html")
        if kind == "huge":
            return web.Response(body=b"[" * 10_000_000, headers={"Content-Type": "application/json"})
        return _json(edge.body, status=edge.status, headers=_VIA)


def _json(document: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    # discord.py reads a body as JSON only if the type is exactly this, as Discord sends it.
    kept = {"Content-Type": "application/json", **(headers or {})}
    return web.Response(body=json.dumps(document).encode(), status=status, headers=kept)


async def _drop(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _hang(_request: web.Request) -> web.StreamResponse:
    # aiohttp ends the handler when the caller leaves or the server stops.
    await asyncio.Event().wait()
    return web.Response()


async def _read(request: web.Request) -> tuple[Any, list[Upload]]:
    """Return the JSON body and the files of a request, plain or multipart."""
    if not request.can_read_body:
        return None, []
    if request.content_type == "application/json":
        return await request.json(), []
    body: Any = None
    files = []
    async for part in await request.multipart():
        content = await part.read()  # type: ignore[union-attr]  # nested multiparts are not sent
        if part.name == "payload_json":  # type: ignore[union-attr]
            body = json.loads(content)
        else:
            files.append(Upload(part.filename or "file", io.BytesIO(content)))  # type: ignore[union-attr]
    return body, files
