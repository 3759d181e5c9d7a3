"""A favourite: a paper that somebody saved or liked."""

from __future__ import annotations

from enum import Enum, StrEnum

MOST = 500
"""Papers of one kind that are kept for one person: years of reading, and a bound on what one can fill."""


class Kind(StrEnum):
    """What somebody said of a paper: "saved" to read it, "liked" it."""

    SAVED = "saved"
    LIKED = "liked"


class Outcome(Enum):
    """What became of a paper that somebody wanted to keep."""

    KEPT = "kept"
    ALREADY = "already"
    TAKEN_BACK = "taken back"
    FULL = "full"
    GONE = "gone"
