"""Conversation: when a question leans on the one before, and what it takes from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core import text

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 600
"""Characters of earlier talk that a question takes along."""

_OPENS = re.compile(
    r"^\s*(?:and|but|so|or|also|then|what about|how about|what if|why\??$|how\??$|ok(?:ay)?[,.])\b", re.IGNORECASE
)
_POINTS = re.compile(
    r"\b(?:it|its|they|them|their|that|those|these|this|he|she|the (?:same|paper|authors?|method|model|approach|result"
    r"|results|first|second|other)|there)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was asked: `context` is the earlier talk it took along; `token` finds it again."""

    token: str
    conversation: str
    owner_id: int
    question: str
    context: str


def leans(question: str) -> bool:
    """Say whether a question cannot stand alone: it opens with "and", points with "that", or is a word or two."""
    if _OPENS.search(question):
        return True
    few = len(text.terms(question)) <= 4  # noqa: PLR2004 - enough words of its own, and it may say "this paper" freely
    return few and bool(_POINTS.search(question))


def context(question: str, turns: Sequence[Turn]) -> str:
    """Return the earlier talk that a leaning question takes along: the last question and what that one took."""
    if not turns or not leans(question):
        return ""
    return f"{turns[0].question} {turns[0].context}".strip()[:LONGEST]
