"""Hugging Face on loopback: it plays recorded days, whose votes grow, and has bad hours."""

from __future__ import annotations

import asyncio
import json
import random
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.core.calendar import huggingface_closes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

OPEN_HOUR = time(1)
"""When a day's list begins to fill (UTC)."""


@dataclass
class Listed:
    """One paper of a day: its votes grow to `votes` within three days."""

    day: date
    id: str
    title: str
    abstract: str
    votes: int
    more: dict[str, Any] = field(default_factory=dict)

    def at(self, now: datetime) -> dict[str, Any]:
        """Return the record as the source shows it at a moment."""
        begun = datetime.combine(self.day, OPEN_HOUR, now.tzinfo)
        share = min(max((now - begun) / timedelta(days=3), 0), 1)
        paper = {
            "id": self.id,
            "title": self.title,
            "summary": self.abstract,
            "upvotes": round(self.votes * share),
            "submittedOnDailyAt": f"{self.day}T01:02:03.000Z",
            "publishedAt": f"{self.day - timedelta(days=1)}T10:00:00.000Z",
            **self.more,
        }
        return {"paper": paper, "title": self.title, "numComments": 1}


class Days:
    """Serves the days. `now` is the simulated moment; `trouble` is the chance that a request goes wrong."""

    def __init__(self, papers: list[Listed], *, trouble: float, seed: int = 1) -> None:
        self.by_day: dict[date, list[Listed]] = {}
        for paper in papers:
            self.by_day.setdefault(paper.day, []).append(paper)
        self.now = datetime.min.replace(tzinfo=UTC)
        self.trouble = trouble
        self.down = False
        self.asked = 0
        self._random = random.Random(seed)
        self._huge = b"[" + b" " * (17 * 2**20)
        self._ways: tuple[Callable[[list[Any]], web.Response], ...] = (
            lambda _: web.Response(status=500, text="oops"),
            lambda _: web.Response(status=429, headers={"Retry-After": "0"}),
            lambda _: web.Response(text="<!doctype html><title>Sorry</title>", content_type="text/html"),
            lambda rows: web.Response(text=json.dumps(rows)[: len(rows) * 40], content_type="application/json"),
            lambda rows: web.json_response({"papers": rows}),
            lambda _: web.json_response([{"article": {"name": "a new shape"}}] * 3),
            lambda _: web.Response(body=self._huge, content_type="application/json"),
        )

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one request as the source would at this moment."""
        self.asked += 1
        day = date.fromisoformat(request.query["date"])
        rows = self._rows(day)
        if self.down:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if self._random.random() < self.trouble:
            if self._random.random() < 0.02:
                await asyncio.sleep(0.4)  # longer than the client waits
            return self._random.choice(self._ways)(rows)
        # The same paper twice in one list, as it has happened.
        return web.json_response(rows + rows[:1])

    def _rows(self, day: date) -> list[dict[str, Any]]:
        listed = self.by_day.get(day, [])
        begun = datetime.combine(day, OPEN_HOUR, self.now.tzinfo)
        share = min(max((self.now - begun) / (huggingface_closes(day) - begun), 0), 1)
        return [paper.at(self.now) for paper in listed[: round(len(listed) * share)]]


@asynccontextmanager
async def serving(days: Days) -> AsyncIterator[str]:
    """Listen on loopback; yields the base address."""
    app = web.Application()
    app.router.add_get("/api/daily_papers", days.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
