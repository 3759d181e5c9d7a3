"""arXiv: a category's list of the day, and its API for single papers and days gone by.

The list (`rss.arxiv.org/atom/cs.LG+cs.CL`) has what was announced last: new papers, those listed from other categories,
and new versions of old ones; it is empty at weekends and on holidays. The API (`export.arxiv.org/api/query`) allows one
request in three seconds. Metadata is CC0; files are never served.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from bot.core.addresses import ARXIV_API, ARXIV_LISTS
from bot.core.fetched import Fetched, Unchanged, Validators
from bot.core.paper import Paper, Problem, Rejection, arxiv_id
from bot.http import Response
from bot.sources import atom, fields

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from bot.http import Client
    from bot.sources.atom import Entry, Feed

NAME: Final = "arxiv"
PAGE: Final = 200
MAX_PAGES: Final = 25
"""5,000 papers: more than all of arXiv takes in on its busiest day."""
MAX_IDS: Final = 100
"""Ids in one request, which must fit into an address."""

_HEAD: Final = re.compile(r"\AarXiv:\S+\s+Announce Type:\s*(?P<kind>[a-z-]+)\s+(?:Abstract:\s*)?", re.IGNORECASE)
_OAI: Final = re.compile(r"oai:arxiv\.org:", re.IGNORECASE)
_VERSION: Final = re.compile(r"v(\d{1,4})$", re.ASCII)
_CATEGORY: Final = re.compile(r"[a-z][a-z-]+(?:\.[A-Za-z-]+)?")
_ERRORS: Final = "/api/errors"


def parse(content: bytes, where: str, day: date | None = None) -> Fetched | Problem:
    """Read a list (Atom or RSS) or an answer of the API. `day` is the list's, where the feed names none.

    A listed paper has the list's day as its `date`; one from the API has only the day it was `published`.
    """
    feed = atom.parse(content)
    return Problem(f"{where}: {feed.message}") if isinstance(feed, Problem) else read(feed, where, day)


def read(feed: Feed, where: str, day: date | None = None, source: str = NAME) -> Fetched | Problem:
    """Return the papers of a feed that is arXiv's, as `parse` does."""
    for entry in feed.entries:
        if _ERRORS in entry.id:  # by its id: a paper may be called "Error"
            return Problem(f"{where}: arXiv answers with an error: {fields.text(entry.summary, 100)}")
    records = [_paper(entry, day, source) for entry in feed.entries]
    batch = fields.gather(records, where)
    kinds: dict[str, str] = {}
    for entry, record in zip(feed.entries, records, strict=True):
        if isinstance(record, Paper):
            kinds.setdefault(record.id, _kind(entry))  # as in the batch, the first of two counts
    revised = {known for known, kind in kinds.items() if kind.startswith("replace")}
    return Fetched(
        tuple(paper for paper in batch.papers if paper.id not in revised),
        batch.rejected,
        tuple(paper for paper in batch.papers if paper.id in revised),
        total=feed.total,
    )


def _paper(entry: Entry, day: date | None, source: str) -> Paper | Problem:
    known, version = _identity(entry)
    if known is None:
        return Problem("no arXiv id")
    found = fields.paper(known, entry.title, _HEAD.sub("", entry.summary, count=1), source, places=(entry.comment,))
    if isinstance(found, Problem):
        return found
    listed = bool(_kind(entry))
    return replace(
        found,
        url=f"https://arxiv.org/abs/{known}",
        date=(listed and entry.published) or day,
        published=None if listed else entry.published,
        version=version,
        authors=entry.authors,
        doi=fields.doi(entry.doi),
        categories=tuple(name for name in entry.categories if _CATEGORY.fullmatch(name)),
    )


def is_ours(feed: Feed) -> bool:
    """Return whether a feed's entries are arXiv's own, not another site's."""
    return any(entry.announced or arxiv_id(_OAI.sub("", entry.id)) or _ERRORS in entry.id for entry in feed.entries)


def _identity(entry: Entry) -> tuple[str | None, int | None]:
    """Return an entry's arXiv id and version."""
    for said in (_OAI.sub("", entry.id), entry.link):
        if known := arxiv_id(said):
            version = _VERSION.search(said)
            return known, int(version[1]) if version else None
    return None, None


def _kind(entry: Entry) -> str:
    """Return "new", "cross", "replace" or "replace-cross"; "" for an entry of the API."""
    head = _HEAD.match(entry.summary)
    return entry.announced or (head["kind"].lower() if head else "")


async def fetch(
    client: Client, categories: Sequence[str], *, base: str = ARXIV_LISTS, known: Validators | None = None
) -> Fetched | Problem | Unchanged:
    """Return the latest list of the categories ("cs.LG"), in one request.

    `known` is what came with the last answer, if that was kept. Parsing leaves the event loop.
    """
    names = "+".join(quote(name, safe="") for name in categories)
    answer = await client.get(f"{base.rstrip('/')}/atom/{names}", known=known or Validators())
    if not isinstance(answer, Response):
        return answer
    found = await asyncio.to_thread(parse, answer.content, f"{NAME} list")
    return found if isinstance(found, Problem) else replace(found, validators=answer.validators)


async def fetch_ids(client: Client, ids: Sequence[str], *, base: str = ARXIV_API) -> Fetched | Problem:
    """Return the papers with these arXiv ids, MAX_IDS at most; none for an id that is well-formed but not in use."""
    return await _query(client, base, {"id_list": ",".join(ids[:MAX_IDS]), "max_results": str(MAX_IDS)})


async def fetch_submitted(
    client: Client, categories: Sequence[str], start: datetime, end: datetime, *, base: str = ARXIV_API
) -> Fetched | Problem:
    """Return the papers first submitted from `start` until `end` (aware), oldest first: days that were missed.

    Asks for as many pages as it takes. A part of the days is a Problem, so that nothing is taken for all of them.
    """
    sought = " OR ".join(f"cat:{name}" for name in categories)
    # Both ends are included, to the minute.
    window = f"{start.astimezone(UTC):%Y%m%d%H%M} TO {end.astimezone(UTC) - timedelta(minutes=1):%Y%m%d%H%M}"
    query = {"search_query": f"({sought}) AND submittedDate:[{window}]", "max_results": str(PAGE)}
    query |= {"sortBy": "submittedDate", "sortOrder": "ascending"}
    papers: dict[str, Paper] = {}
    rejected: list[Rejection] = []
    for start_at in range(0, MAX_PAGES * PAGE, PAGE):
        page = await _query(client, base, query | {"start": str(start_at)})
        if isinstance(page, Problem):
            return page
        papers |= {paper.id: paper for paper in page.papers}
        rejected += page.rejected
        read = len(page.papers) + len(page.rejected)
        if page.total is None or start_at + read >= page.total:
            return Fetched(tuple(papers.values()), tuple(rejected), total=page.total)
        if read < PAGE:  # the API's searches sometimes end early
            break
    return Problem("arXiv answered with a part of what it has")


async def _query(client: Client, base: str, query: dict[str, str]) -> Fetched | Problem:
    answer = await client.get(f"{base.rstrip('/')}/api/query?{urlencode(query)}", accept={400})
    if isinstance(answer, Unchanged):
        return Problem("arXiv answered a question that was not asked")
    if isinstance(answer, Problem):
        return answer
    found = await asyncio.to_thread(parse, answer.content, f"{NAME} API")
    if answer.status != 200 and not isinstance(found, Problem):  # noqa: PLR2004 - OK
        return Problem(f"arXiv answered with HTTP {answer.status}")
    return found
