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
    r"^\s*(?:(?:and|but|so|or|also|then|what about|how about|what if)\b|(?:why|how)\W*$|ok(?:ay)?[,.]"
    r"|(?:which|what|how) \w+\W*$)",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:it|its|they|them|their|that|those|these|this|he|she|the (?:same|paper|authors?|method|model|approach|result"
    r"|results|first|second|other)|there)\b",
    re.IGNORECASE,
)
_COMPARES = re.compile(r"\b(?:compar\w*|than|vs\.?|versus|(?:what|how) about)\b", re.IGNORECASE)
_OF_MINE = re.compile(
    r"^\W*(?:help|hi|hello|hey|yo|thanks?|thank you|thx|ok(?:ay)?|cool|nice|great|good (?:morning|evening|bot)|bye)\W*$"
    r"|^\W*(?:(?:who|what) are you|what can you do|how do you work"
    r"|how many papers (?:do you (?:have|hold|know)|are (?:here|there)|have you(?: got)?))\W*$",
    re.IGNORECASE,
)
_ENOUGH = 3
"""Words of its own with which a question that opens with "and" may be about something new."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the earlier talk it took along (`context`), and the ids of the papers it was asked of, if not all."""

    question: str
    context: str = ""
    papers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was asked in a conversation; `token` finds it again."""

    token: str
    conversation: str
    owner_id: int
    asked: Asked


def of_mine(question: str) -> bool:
    """Say whether a message is about the bot, or says no more than "hello": no abstract answers it."""
    return bool(_OF_MINE.search(question))


def stays(question: str) -> bool:
    """Say whether a question that leans is about the papers just quoted and no others.

    It is not if it compares, says "what about", or has words enough of its own and points at nothing.
    """
    if _COMPARES.search(question):
        return False
    return bool(_POINTS.search(question)) or sum(bool(word.terms) for word in text.words(question)) < _ENOUGH


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
    return f"{turns[0].asked.question} {turns[0].asked.context}".strip()[:LONGEST]
