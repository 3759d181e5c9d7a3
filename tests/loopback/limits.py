"""Discord's rate limits: so many requests of a route in so many seconds, said in headers, answered 429 beyond."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field

_ID = re.compile(r"/\d{15,}")
_MAJOR = re.compile(r"^(/(?:channels|guilds|webhooks)/\d+)")


@dataclass
class Bucket:
    """Requests left until `reset`, a moment of the monotonic clock."""

    left: int
    reset: float


@dataclass
class Limits:
    """`allowed` requests of one route and channel in `window` seconds; 0 allows all."""

    allowed: int = 0
    window: float = 1.0
    refused: int = 0
    _buckets: dict[str, Bucket] = field(default_factory=dict)

    def spend(self, method: str, path: str) -> tuple[dict[str, str], float]:
        """Return the headers of the answer, and the seconds to wait if it is refused (else 0)."""
        if not self.allowed or path.startswith("/interactions/"):
            return {}, 0.0
        key = _route(method, path)
        now = time.monotonic()
        bucket = self._buckets.get(key)
        if bucket is None or bucket.reset <= now:
            bucket = self._buckets[key] = Bucket(self.allowed, now + self.window)
        wait = bucket.reset - now
        refused = bucket.left <= 0
        bucket.left = max(bucket.left - 1, 0)
        self.refused += refused
        headers = {
            "X-RateLimit-Limit": str(self.allowed),
            "X-RateLimit-Remaining": str(bucket.left),
            "X-RateLimit-Reset-After": f"{wait:.3f}",
            "X-RateLimit-Bucket": f"{abs(hash(_ID.sub('/id', path))) & 0xFFFFFF:x}",
        }
        return headers, wait if refused else 0.0


def _route(method: str, path: str) -> str:
    major = _MAJOR.match(path)
    return f"{method} {major[1] if major else ''} {_ID.sub('/id', path)}"
