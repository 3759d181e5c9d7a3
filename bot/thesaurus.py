"""The thesaurus that ships with the bot (`vocabulary/thesaurus.txt`)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from bot.core.thesaurus import Thesaurus

_FILE: Final = Path(__file__).parent / "vocabulary" / "thesaurus.txt"


def lines() -> list[str]:
    """Return the file's lines; none where it cannot be read: then only the same words meet."""
    try:
        return _FILE.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return []


@cache
def shipped() -> Thesaurus:
    """Return the thesaurus; its file is read at the first question."""
    return Thesaurus(lines)
