"""Fidelity: whether a claim keeps the small words that make a sentence true: figures, bounds, conditions, sides, roles.

Each rule leans to "no": a true claim that is lost costs nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.core import text
from bot.core.wording import CONTRAST, PIVOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.statement import Statement

_EDGES: Final = ".,;:!?()[]{}\"'“”‘’`*_"
_BOUND: Final = re.compile(
    r"\b(?:(?:to|by|from|over|at|up to|around|about|nearly)(?= ?[~≈$]?\d)|under|below|above|beyond|within|unless|until"
    r"|if|when|whether|only|few|some|many|most|several|before|after|up to|at least|at most|more|less|fewer)\b",
    re.IGNORECASE,
)
"""Words that bound, condition or count what is said: a claim has those of its source, in the same order."""
_FRAME: Final = re.compile(
    r"\b(?:refut|disprov|unclear|whether|disagree|doubt|question|claim|aim|hypothes|believ|assum|only|unless|until|if|when"
    r"|would|should|could|want|some|few|most|overly|too|partly|intend|plan|hope|attempt|try|expect"
    r"|(?:previous|prior|earlier) (?:work|stud|approach|method))\w*",
    re.IGNORECASE,
)
"""Words that say how far what follows them holds: a claim that drops one says more than its source."""
_DENIES: Final = re.compile(
    r"\b(?:not(?!\s+only\b)|no|never|neither|nor|cannot|avoid\w*|prevent\w*|than)\b|n['’]t\b", re.IGNORECASE
)
"""What a claim may not leave out from between its words."""
_PLAIN: Final = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?\\?%?|[0-9.]+[x×]", re.ASCII)
_TOP: Final = re.compile(r"top-?\d+", re.IGNORECASE)


class _Token(NamedTuple):
    """A name or a figure where it stands."""

    text: str
    figure: bool


def faithful(source: Statement, claim: Statement) -> bool:
    """Say whether a claim keeps its source's figures, bounds, frames, and who does what."""
    return (
        _figures(claim.raw) <= _figures(source.raw)
        and _runs(_words(_BOUND, claim), _words(_BOUND, source))
        and {word[:5] for word in _words(_FRAME, source)} <= {word[:5] for word in _words(_FRAME, claim)}
        and _roles_kept(_tokens(source.raw), _tokens(claim.raw))
        and _sides_kept(source, claim)
    )


def _words(pattern: re.Pattern[str], said: Statement) -> list[str]:
    return [match[0].lower() for match in pattern.finditer(said.raw)]


def _figures(raw: str) -> set[str]:
    """Return the words with a numeral, as they stand; plain numbers are compared by value elsewhere."""
    words = (word.strip(_EDGES) for word in raw.split())
    return {word.lower() for word in words if any(map(str.isnumeric, word)) and not _PLAIN.fullmatch(word)}


def _runs(some: Iterable[object], every: Iterable[object]) -> bool:
    """Say whether one sequence is part of another, in order."""
    rest = iter(every)
    return all(any(one == other for other in rest) for one in some)


def _tokens(raw: str) -> list[_Token]:
    """Return the names and figures of a text in order; "top-1" is neither. A capital that opens it names nothing."""
    words = [word.strip(_EDGES) for word in raw.split()]
    return [
        _Token(word.lower(), any(letter.isnumeric() for letter in word) and not any(map(str.isupper, word)))
        for place, word in enumerate(words)
        if not _TOP.fullmatch(word)
        and (any(letter.isnumeric() for letter in word) or any(map(str.isupper, word if place else word[1:])))
    ]


def _roles_kept(source: Sequence[_Token], claim: Sequence[_Token]) -> bool:
    """Names and figures come as in the source, and no name takes a figure past another figure."""
    if all(sum(token.figure is kind for token in source) < 2 for kind in (True, False)):  # noqa: PLR2004 - one of each
        return True
    at = -1
    last: _Token | None = None
    for token in claim:
        found = next((n for n in range(at + 1, len(source)) if source[n].text == token.text), None)
        if found is None:
            if token in source:
                return False
            continue
        skipped = source[at + 1 : found]
        if last and not last.figure and token.figure and any(other.figure for other in skipped):
            return False
        at, last = found, token
    return True


def _sides_kept(source: Statement, claim: Statement) -> bool:
    """Where the source contrasts, compares or denies, the claim keeps its order and what it spans of such words."""
    if not any(pattern.search(source.raw) for pattern in (CONTRAST, PIVOT, _DENIES)):
        return True
    there = [(term, word.start) for word in text.words(source.raw) for term in word.terms]
    places: list[int] = []
    at = 0
    for term in (term for word in text.words(claim.raw) for term in word.terms if term in source.stems):
        found = next((n for n in range(at, len(there)) if there[n][0] == term), None)
        if found is None:
            return False
        places.append(there[found][1])
        at = found + 1
    turns = [match for pattern in (CONTRAST, _DENIES) for match in pattern.finditer(source.raw)]
    spanned = [match for match in turns if places and places[0] <= match.start() <= places[-1]]
    return all(match[0].lower() in claim.raw.lower() for match in spanned)
