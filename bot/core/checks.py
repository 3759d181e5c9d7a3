"""Checks: what a look at the bot's parts found, in words for whoever runs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warn", "bad"]
MARKS: dict[State, str] = {"ok": "✅", "warn": "⚠️", "bad": "❌"}


@dataclass(frozen=True, slots=True)
class Check:
    """One look: `said` is what was found, `cure` what to do about it (empty where nothing is to be done)."""

    name: str
    state: State
    said: str
    cure: str = ""


def sentence(check: Check) -> str:
    """Return what was found and what to do, in whole sentences."""
    stop = "" if check.said.endswith((".", "!", "?")) else "."
    return f"{check.said}{stop} {check.cure}".rstrip()


def worst(checks: list[Check]) -> State:
    """Return the worst state among checks; ok where there is none."""
    found = {check.state for check in checks}
    return "bad" if "bad" in found else "warn" if "warn" in found else "ok"
