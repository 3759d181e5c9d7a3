"""What is said about the conditions of a search that no paper meets, or that are too many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.query import MAX_CLAUSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.core.correction import Correction

_NAMED = 3
"""Conditions that are named; more would be a wall."""


def unmet(read: Correction, shown: Callable[[str], str] = str) -> list[str]:
    """Return a sentence for each thing to be said; `shown` makes what was typed safe to show."""
    said = []
    if read.unknown and any(word.surface not in read.unknown for word in read.query.words):
        said.append(f"No paper here mentions {quoted(read.unknown, shown)}.")
    if read.wishes:
        said.append(f"No paper here has {quoted(read.wishes, shown)} word for word; showing what has its words.")
    if read.unmet:
        said.append(f"No paper here has {quoted(read.unmet, shown)} where you look for it.")
    if read.vain:
        said.append(f"No paper here has {quoted(read.vain, shown)}: leaving it out changes nothing.")
    if read.query.beyond:
        said.append(f"Only the first {MAX_CLAUSES} conditions count; {read.query.beyond} more were left out.")
    return said


def quoted(typed: Iterable[str], shown: Callable[[str], str] = str) -> str:
    """Return what was typed in quotation marks, on one line; no more than is pleasant to read."""
    every = [f"“{shown(' '.join(one.split()))}”" for one in dict.fromkeys(typed)]
    return ", ".join(every[:_NAMED]) + (" and others" if len(every) > _NAMED else "")
