"""Health: what a running bot's heartbeat says. Standard library only, so that it answers at once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

STALE = 60.0
"""Seconds after which a heartbeat no longer counts; one comes every 15."""


def check(heartbeat: Path, now: datetime | None = None) -> str | None:
    """Return what is wrong with the running bot, or None when it is well."""
    try:
        beat = json.loads(heartbeat.read_text(encoding="utf-8"))
        age = ((now or datetime.now(UTC)) - datetime.fromisoformat(beat["at"])).total_seconds()
    except OSError:
        return "the bot is not running, or not yet connected to Discord"
    except (ValueError, KeyError, TypeError):
        return "the heartbeat file cannot be read"
    if age > STALE:
        return f"the bot's last heartbeat was {age:.0f} seconds ago"
    if not beat.get("ready"):
        return "the bot is not connected to Discord"
    return None if beat.get("ticking") else "the clock that posts roundups has stopped"
