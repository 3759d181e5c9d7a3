"""What `trending` and `recent` on the command line list, and why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot import searching
from bot.core import text
from bot.core.paper import Hit
from bot.core.period import Period

if TYPE_CHECKING:
    import argparse

    from bot.services.trending import Ranking, Trending


async def trending(service: Trending, options: argparse.Namespace) -> list[tuple[Hit, str]] | str:
    """Return what is trending, each paper with the reason in words; or why there is nothing."""
    found = await service.trending(Period(options.period), options.at or datetime.now(UTC), options.k)
    return await _rows(service, found, options.k)


async def recent(service: Trending, options: argparse.Namespace) -> tuple[list[tuple[Hit, str]] | str, list[str]]:
    """Return the newest papers, each with the reason in words, or why there are none; and how the words were read."""
    topics = " ".join(options.topics)
    if topics and not text.terms(topics):
        return "there is no word to look for", []
    found = await service.recent(topics, options.at or datetime.now(UTC), options.k)
    said = searching.remarks(found.read, found=bool(found.found), filtered=False) if found.read else []
    if said and not found.found:
        return " ".join(said), []
    return await _rows(service, found, options.k), said


async def _rows(service: Trending, ranking: Ranking, count: int) -> list[tuple[Hit, str]] | str:
    if not ranking.found:
        # Here commands begin with no stroke.
        return ranking.why.replace("/recent", "recent")
    rows = await service.rows(ranking, 0, count)
    return [(Hit(row.paper, row.score, row.sentence, row.reason.matched), str(row.reason)) for row in rows]
