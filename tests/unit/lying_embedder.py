"""A loopback server that answers embeddings requests, and lies as it is told to."""

from __future__ import annotations

import asyncio
import hashlib
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from aiohttp import web

from bot.core import text

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from numpy.typing import NDArray

DIMENSIONS: Final = 256

BODIES: Final[dict[str, bytes]] = {
    "html": b"<html><body>Please log in</body></html>",
    "nothing": b"",
    "cut": b'{"data":[{"index":0,"embedding":[0.1,',
    "a list": b"[]",
    "null": b"null",
    "a string": b'"vectors"',
    "no data": b'{"object":"list"}',
    "no vectors": b'{"data":[]}',
    "null data": b'{"data":null}',
    "odd items": b'{"data":[null]}',
    "odd index": b'{"data":[{"index":"x","embedding":[1,2]}]}',
    "listed index": b'{"data":[{"index":[],"embedding":[1,2]}]}',
    "index beyond": b'{"data":[{"index":7,"embedding":[1,2]}]}',
    "no embedding": b'{"data":[{"index":0}]}',
    "null embedding": b'{"data":[{"index":0,"embedding":null}]}',
    "empty embedding": b'{"data":[{"index":0,"embedding":[]}]}',
    "base64": b'{"data":[{"index":0,"embedding":"AACAPwAAAAA="}]}',
    "words": b'{"data":[{"index":0,"embedding":["one","two"]}]}',
    "nested": b'{"data":[{"index":0,"embedding":[[1],[2]]}]}',
    "zeros": b'{"data":[{"index":0,"embedding":[0,0]}]}',
    "NaN": b'{"data":[{"index":0,"embedding":[NaN,1]}]}',
    "infinite": b'{"data":[{"index":0,"embedding":[1e999,1]}]}',
    "huge": b'{"data":[{"index":0,"embedding":[1e300,1]}]}',
    "huge integer": b'{"data":[{"index":0,"embedding":[1' + b"0" * 400 + b"]}]}",
    "an error": b'{"error":{"message":"bad key sk-secret-123","type":"x"}}',
    "not UTF-8": b"\xff\xfe\xff",
    "deep": b"[" * 100_000,
}
"""Bodies of a 200 response that hold no vector."""


@dataclass
class Embeddings:
    """What to do next, and what was asked."""

    mode: str = "well"
    url: str = ""
    dimensions: int = DIMENSIONS
    most: int = 1_000_000
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        return [one for request in self.asked for one in request["input"]]

    async def embed(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(await request.json())
        self.headers.append(dict(request.headers))
        if self.mode.isdigit():
            echo = request.headers.get("Authorization", "")
            return web.json_response({"error": {"message": f"no: {echo}"}}, status=int(self.mode))
        if self.mode == "redirect":
            raise web.HTTPTemporaryRedirect("/elsewhere")
        if self.mode == "silence":
            await asyncio.sleep(30)
        if self.mode == "reset":
            assert request.transport is not None
            request.transport.abort()
        return await self._answer(request)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if self.mode in BODIES:
            return web.Response(body=BODIES[self.mode], content_type="application/json")
        if self.mode == "endless":
            response = web.StreamResponse()
            await response.prepare(request)
            for _ in range(1_000):
                await response.write(b" " * 65_536)
            return response
        asked = self.asked[-1]["input"]
        if any(len(one) > self.most for one in asked):
            return web.json_response({"error": {"message": "too long"}}, status=400)
        mean = direction if self.mode == "at random" else meaning
        data = [{"index": n, "embedding": list(mean(one, self.dimensions))} for n, one in enumerate(asked)]
        if self.mode == "backwards":
            data.reverse()
        if self.mode == "unnumbered":
            data = [{"embedding": row["embedding"]} for row in data]
        if self.mode == "one short":
            del data[-1]
        if self.mode == "ragged":
            data[-1] = {**data[-1], "embedding": [1.0]}
        return web.Response(body=json.dumps({"data": data}).encode(), content_type="application/json")


def meaning(passage: str, dimensions: int) -> list[float]:
    """A vector that is near that of a text with the same words."""
    found = np.full(dimensions, 1e-3)
    for term in text.terms(passage):
        found += direction(term, dimensions)
    return [round(float(number), 4) for number in found]


@cache
def direction(term: str, dimensions: int) -> NDArray[np.float64]:
    seed = int.from_bytes(hashlib.sha256(term.encode()).digest()[:4])
    return np.random.default_rng(seed).normal(size=dimensions)


@asynccontextmanager
async def lying_embedder(port: int = 0) -> AsyncIterator[Embeddings]:
    """Serve at /v1/embeddings until left."""
    liar = Embeddings()
    app = web.Application()
    app.router.add_post("/v1/embeddings", liar.embed)
    app.router.add_post("/elsewhere", liar.embed)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    liar.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        yield liar
    finally:
        await runner.cleanup()
