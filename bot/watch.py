"""What `/healthz` and `/metrics` tell of the bot, also while it is not there yet."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot import health
from bot.metrics import Facts, Metrics
from bot.storage.faults import FAULTS
from bot.ui.shards import shards
from bot.web import serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.app import App
    from bot.services.lag import Lag
    from bot.services.vitals import Holdings
    from bot.ui.client import Colloquium

log = logging.getLogger(__name__)
_NOT_YET = ["the bot is not yet connected to Discord"]


class Watch:
    """Looks at a client once there is one."""

    def __init__(self, app: App, lag: Lag) -> None:
        """Look at an open app, and at `client` when it is set."""
        self.client: Colloquium | None = None
        self.metrics = Metrics(lag)
        self._app = app

    def problems(self) -> list[str]:
        """Return what `health` finds."""
        beat = self.client.heart.beat if self.client else {}
        return health.problems(beat, datetime.now(UTC)) if beat else _NOT_YET

    async def page(self, accept: str) -> tuple[bytes, str]:
        """Return the metrics and their content type."""
        seen = tuple(shards(self.client)) if self.client else ()
        return self.metrics.page(Facts(not self.problems(), seen, await self._holdings()), accept)

    async def _holdings(self) -> Holdings | None:
        try:
            return await self._app.vitals.holdings(datetime.now(UTC))
        except FAULTS as error:
            log.warning("metrics without the database why=%s", error)
            return None


@asynccontextmanager
async def watched(app: App, listen: tuple[str, int], lag: Lag) -> AsyncIterator[Watch]:
    """Serve both pages at an address while the block runs. Raises ConfigError where it cannot be had."""
    watch = Watch(app, lag)
    async with serving(listen, watch.problems, watch.page):
        yield watch
