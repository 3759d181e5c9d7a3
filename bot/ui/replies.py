"""When Discord has taken the first reply to an interaction: seen where the request leaves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import aiohttp

if TYPE_CHECKING:
    from collections.abc import Callable

_CALLBACK = re.compile(r"/interactions/(\d+)/[^/]+/callback")
_REFUSED = 300


def trace(replied: Callable[[int], None]) -> aiohttp.TraceConfig:
    """Return a trace for discord.py's requests that tells the id of every interaction whose first reply was taken."""

    async def ended(_session: Any, _context: Any, request: aiohttp.TraceRequestEndParams) -> None:
        found = _CALLBACK.search(request.url.path)
        if found and request.response.status < _REFUSED:
            replied(int(found[1]))

    config = aiohttp.TraceConfig()
    config.on_request_end.append(ended)
    return config
