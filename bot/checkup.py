"""`doctor`: a look at everything that needs no Discord, also where the data folder cannot be opened."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import bot
from bot import health
from bot.app import open_app
from bot.core import checks
from bot.core.checks import Check
from bot.previews import plain
from bot.services.doctor import disk
from bot.storage.faults import FAULTS, fault
from bot.storage.lock import refuse_lost

if TYPE_CHECKING:
    from bot.config import Settings

_ON_DISCORD = "`python -m bot run` starts it."
_ALONE = "Set DISCORD_TOKEN or DISCORD_TOKEN_FILE to be on Discord."


async def look(settings: Settings) -> list[Check]:
    """Return what was found. Raises ConfigError."""
    return [*await _inside(settings), *_outside(settings)]


async def _inside(settings: Settings) -> list[Check]:
    try:
        refuse_lost(settings.database)
        # The sources are told of, and asked nothing.
        async with open_app(settings, live=True) as app:
            return await app.doctor.look(datetime.now(UTC), thorough=True)
    except (*FAULTS, OSError) as error:
        what = fault(error)
        return [Check("database", "bad", what.said, what.cure), *await disk(settings.data)]


def _outside(settings: Settings) -> list[Check]:
    running = health.check(settings.heartbeat)
    return [
        Check("bot", "warn", running, _ON_DISCORD) if running else Check("bot", "ok", "running and connected"),
        Check("token", "ok", "is set") if settings.token else Check("token", "warn", "none is set", _ALONE),
        Check("version", "ok", f"{bot.__version__} on Python {platform.python_version()}"),
    ]


def shown(found: list[Check], *, as_json: bool) -> str:
    """Return the findings as lines, or as one JSON document."""
    if as_json:
        document = {"state": checks.worst(found), "checks": [asdict(check) for check in found]}
        return json.dumps(document, ensure_ascii=False, indent=2)
    return "\n".join(plain(f"{check.state:>4}  {check.name}: {checks.sentence(check)}") for check in found)
