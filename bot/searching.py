"""What `search` on the command line asks for, and what it says about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.config import ConfigError
from bot.core.filters import Filter, Order
from bot.core.remarks import quoted, unmet

if TYPE_CHECKING:
    import argparse

    from bot.core.correction import Correction
    from bot.core.query import Query


def asked(options: argparse.Namespace, sources: list[str]) -> tuple[Filter | None, Order]:
    """Return the filter, None where nothing is left out, and the order.

    Raises ConfigError when a source is named that none of the papers here came from; `sources` are those they did.
    """
    if options.source is not None and options.source not in sources:
        raise ConfigError(f"no papers from {options.source[:40]!r} are here: there are some from {_all(sources)}")
    only = Filter(
        since=options.since[0] if options.since else None,
        until=options.until[1] if options.until else None,
        source=options.source,
        code=options.code,
        votes=options.votes,
        author=options.author,
    )
    return (None if only == Filter() else only), Order(options.order)


def remarks(read: Correction, *, found: bool, filtered: bool) -> list[str]:
    """Return how a query was read where that is not as it was typed, and why nothing was found."""
    said = unmet(read) + ([] if found else [f"Nothing found: {_why(read.query, filtered=filtered)}."])
    if read.changes:
        unknown = quoted(change.typed for change in read.changes)
        instead = "showing results for" if found else "looked for"
        return [f"Nothing here mentions {unknown}; {instead} “{_line(read.query.raw)}”.", *said]
    return [f"Did you mean “{_line(read.suggestion)}”?", *said] if read.suggestion else said


def _why(query: Query, *, filtered: bool) -> str:
    if not query.searchable:
        return "the query only says what to leave out" if query.excluded else "there is no word to search for"
    if filtered or query.required or query.excluded:
        return "no paper is all that was asked for"
    return "no paper mentions any of these words"


def _all(sources: list[str]) -> str:
    return ", ".join(_line(name) for name in sources) or "no source yet"


def _line(text: str) -> str:
    return " ".join(text.split())
