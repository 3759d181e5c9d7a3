"""A change of a query: what was typed, and what was likely meant."""

from __future__ import annotations

from typing import NamedTuple


class Change(NamedTuple):
    """A word, or a part of one, and the word that was likely meant: `start:end` in the query (characters)."""

    typed: str
    meant: str
    start: int
    end: int
