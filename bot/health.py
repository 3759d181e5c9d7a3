"""Health: what a running bot's heartbeat says. Standard library only, so that it answers at once."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

STALE = 60.0
"""Seconds after which a heartbeat no longer counts; one comes every 15."""
LARGEST = 65_536
"""Characters of a heartbeat that are read; one is some hundreds."""
NAMED = 5
"""How many shards that are down are named."""


def check(heartbeat: Path, now: datetime | None = None) -> str | None:
    """Return what is wrong with the running bot, on one line, or None when it is well."""
    try:
        with heartbeat.open(encoding="utf-8") as file:
            found = problems(json.loads(file.read(LARGEST)), now or datetime.now(UTC))
    except OSError:
        found = ["the bot is not running, or not yet connected to Discord"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        found = ["the heartbeat file cannot be read"]
    # A heartbeat that is missing or old may be one that could not be written.
    return "; ".join(found + _folder(heartbeat.parent)) or None


def problems(beat: Mapping[str, Any], now: datetime) -> list[str]:
    """Return a reason for each thing that is wrong, none when all is well.

    Raises ValueError, KeyError or TypeError for what is no heartbeat.
    """
    age = (now - datetime.fromisoformat(beat["at"])).total_seconds()
    if age > STALE:
        return [f"the bot's last heartbeat was {age:.0f} seconds ago"]
    if age < -STALE:
        return [
            f"the bot's last heartbeat is from the future ({beat['at'][:25]}): the clock of this machine was changed"
        ]
    found = []
    if gateway := _gateway(beat):
        found.append(gateway)
    if why := beat.get("database"):
        found.append(f"the database cannot be written: {why}")
    if not beat.get("ticking"):
        found.append("the clock that posts roundups has stopped")
    if why := beat.get("unwritten"):
        found.append(f"the heartbeat cannot be written: {why}")
    if why := beat.get("index"):
        found.append(f"the index failed: {why}")
    return found


def _gateway(beat: Mapping[str, Any]) -> str:
    down, shards = beat.get("down") or [], beat.get("shards") or 1
    if not beat.get("ready") or len(down) >= shards:
        return "the bot is not connected to Discord"
    if not down:
        return ""
    named = ", ".join(map(str, down[:NAMED])) + (" and more" if len(down) > NAMED else "")
    return f"{len(down)} of {shards} shards are not connected to Discord: {named}"


def _folder(folder: Path) -> list[str]:
    """Return why nothing can be written to the data folder, if it is there and that can be seen from outside."""
    if not folder.is_dir():
        return []
    if not os.access(folder, os.W_OK):
        return [f"{folder} cannot be written"]
    if hasattr(os, "statvfs") and not os.statvfs(folder).f_bavail:
        return [f"the disk of {folder} is full"]
    return []
