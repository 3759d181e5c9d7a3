"""Any RSS or Atom feed: journals, conferences, groups. What has a title and an abstract is taken for a paper."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.core.fetched import Fetched, Validators
from bot.core.hearsay import is_hearsay
from bot.core.paper import Batch, Paper, Problem, Rejection, arxiv_id
from bot.http import Response
from bot.sources import arxiv, atom, fields

if TYPE_CHECKING:
    from bot.core.fetched import Unchanged
    from bot.http import Client
    from bot.sources.atom import Entry, Feed

NAME: Final = "feed"
MOST: Final = 500
"""Entries of one answer that are read, the first: whoever writes a feed must not fill the library by it."""
_TITLE: Final = 200
"""Characters of a feed's title that are kept."""


def parse(content: bytes, where: str, source: str = NAME) -> Batch | Problem:
    """Read a feed; its papers are from `source`. An entry without a title or a text is a Rejection at "where:number".

    A paper's `date` is the day its entry was published, or changed where only that is told. A feed of arXiv's, the
    answer to a search for instance, is read as such.
    """
    return _read(atom.parse(content), where, source)


def _read(feed: Feed | Problem, where: str, source: str) -> Batch | Problem:
    if isinstance(feed, Problem):
        return Problem(f"{where}: {feed.message}")
    if arxiv.is_ours(feed):
        found = arxiv.read(feed, where, source=source)
        return found if isinstance(found, Problem) else replace(found, papers=tuple(map(_dated, found.papers)))
    return fields.gather((_paper(entry, source) for entry in feed.entries), where)


def _dated(paper: Paper) -> Paper:
    return replace(paper, date=paper.date or paper.published)


def _paper(entry: Entry, source: str) -> Paper | Problem:
    link = fields.address(entry.link) or fields.address(entry.id)
    known = next(filter(None, map(arxiv_id, (entry.id, entry.link))), None)
    found = fields.paper(known, entry.title, entry.summary, source)
    if isinstance(found, Problem):
        return found
    return replace(
        found,
        url=link,
        date=entry.published or entry.updated,
        published=entry.published,
        authors=entry.authors,
        doi=next(filter(None, map(fields.doi, (entry.doi, entry.link, entry.id))), None),
        keywords=entry.categories,
    )


async def fetch(
    client: Client, url: str, *, source: str = NAME, known: Validators | None = None
) -> Fetched | Problem | Unchanged:
    """Return what a feed holds now. `known` is what came with the last answer, if that was kept.

    The entries after the first MOST are one Rejection, but for a feed of arXiv's. Parsing leaves the event loop.
    """
    answer = await client.get(url, known=known or Validators())
    if not isinstance(answer, Response):
        return answer
    found, title = await asyncio.to_thread(_parse, answer.content, source)
    if isinstance(found, Problem):
        return found
    revisions = found.revisions if isinstance(found, Fetched) else ()
    return Fetched(found.papers, found.rejected, revisions, answer.validators, title=title)


def _parse(content: bytes, source: str) -> tuple[Batch | Problem, str]:
    """Return what a feed holds, and its title."""
    feed = atom.parse(content)
    if isinstance(feed, Problem):
        return _read(feed, source, source), ""
    return _bounded(feed, source), " ".join(feed.title.split())[:_TITLE]


def _bounded(feed: Feed, source: str) -> Batch | Problem:
    more = len(feed.entries) - MOST
    if more <= 0 or not is_hearsay(source):
        return _read(feed, source, source)
    found = _read(replace(feed, entries=feed.entries[:MOST]), source, source)
    if isinstance(found, Problem):
        return found
    why = f"{more:,} more: of one answer I read {MOST}"
    return replace(found, rejected=(Rejection(f"{source}:{MOST + 1}", why), *found.rejected))
