"""Hugging Face Daily Papers: what the community picked on a day, with its votes.

`GET /api/daily_papers?date=YYYY-MM-DD`, at most 100 papers a page; 500 requests in five minutes are allowed. The
shape has changed before (2024: `mediaUrl`; 2025: `ai_keywords`; 2026: `submittedOnDailyAt`, stars): all is optional but
a title and an abstract.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from bot.core.addresses import HUGGINGFACE
from bot.core.fetched import Fetched, Validators
from bot.core.paper import Batch, Paper, Problem, arxiv_id
from bot.http import Response
from bot.sources import fields

if TYPE_CHECKING:
    from datetime import date

    from bot.core.fetched import Unchanged
    from bot.http import Client

NAME: Final = "huggingface"
PAGE: Final = 100
MAX_PAGES: Final = 10
"""Busy days of 2026 have 50 papers; ten pages are a bound, not an expectation."""


def parse(content: bytes, where: str, day: date | None = None) -> Batch | Problem:
    """Read a response, or a saved one. `day` is the one asked for: the list's day where a record names none.

    Another shape than a list of papers is a Problem; a record that is no paper is a Rejection at "where:number".
    """
    found = fields.document(content)
    if isinstance(found, dict) and isinstance(found.get("title"), str):
        found = [found]  # one paper, as /api/papers/ID answers
    if isinstance(found, Problem):
        return Problem(f"{where}: {found.message}")
    if not isinstance(found, list):
        return Problem(f"{where}: not a list of papers")
    return fields.gather((_record(record, day) for record in found), where)


def _record(record: object, day: date | None) -> Paper | Problem:
    if not isinstance(record, dict):
        return Problem("not a JSON object")
    # Votes, stars and links stand in the inner object, comments and the image in the outer.
    inner = record.get("paper", record)
    if not isinstance(inner, dict):
        return Problem("its paper is not a JSON object")
    given = fields.text(inner.get("id"))
    page = f"https://huggingface.co/papers/{given}" if arxiv_id(given) else None
    found = fields.paper(
        given,
        inner.get("title") or record.get("title"),
        inner.get("summary") or record.get("summary"),
        NAME,
        places=(*(fields.address(inner.get(key)) for key in ("githubRepo", "projectPage")), page),
    )
    return found if isinstance(found, Problem) else _enriched(found, record, inner, day)


def _enriched(found: Paper, record: dict[str, Any], inner: dict[str, Any], day: date | None) -> Paper:
    published = fields.day(inner.get("publishedAt"))
    known = arxiv_id(found.id)
    return replace(
        found,
        url=f"https://arxiv.org/abs/{known}" if known else None,
        date=fields.day(inner.get("submittedOnDailyAt")) or day or _listed(record, published),
        published=published,
        authors=fields.names(_names(inner.get("authors"))),
        upvotes=fields.count(inner.get("upvotes")),
        comments=fields.count(record.get("numComments")),
        stars=fields.count(inner.get("githubStars")),
        keywords=fields.names(inner.get("ai_keywords")),
        summary=fields.text(inner.get("ai_summary"), 1_000),
        organization=_organization(record) or _organization(inner),
        thumbnail=fields.address(record.get("thumbnail")) or _image(record.get("mediaUrl")),
    )


def _listed(record: dict[str, Any], published: date | None) -> date | None:
    """Return the list's day as older responses tell it.

    Until 2024 the outer `publishedAt` was the time of listing. Since then it is the paper's own, some hours
    early, so that it says nothing: the paper's own day is the nearest there is.
    """
    outer = fields.day(record.get("publishedAt"))
    return max(outer, published) if outer and published else published or outer


def _names(authors: object) -> list[object]:
    return (
        [author.get("name") if isinstance(author, dict) else author for author in authors]
        if isinstance(authors, list)
        else []
    )


def _organization(record: dict[str, Any]) -> str:
    found = record.get("organization")
    return fields.text(found.get("fullname")) or fields.text(found.get("name")) if isinstance(found, dict) else ""


def _image(value: object) -> str | None:
    """Return the address if it is an image's: films stood there too."""
    found = fields.address(value)
    return found if found and found.lower().endswith((".png", ".jpg", ".jpeg", ".webp", ".gif")) else None


async def fetch(
    client: Client, day: date, *, base: str = HUGGINGFACE, known: Validators | None = None
) -> Fetched | Problem | Unchanged:
    """Return a day's papers: none at weekends and before the day begins. Parsing leaves the event loop.

    `known` is what came with the same day's last answer, if that was kept.
    """
    first = await _page(client, base, day, 0, known)
    if not isinstance(first, Fetched) or _size(first) < PAGE:
        return first
    papers, rejected = {paper.id: paper for paper in first.papers}, [*first.rejected]
    for number in range(1, MAX_PAGES):
        page = await _page(client, base, day, number)
        if not isinstance(page, Fetched):
            return page
        fresh = {paper.id: paper for paper in page.papers if paper.id not in papers}
        papers |= fresh
        rejected += page.rejected
        if not fresh or _size(page) < PAGE:
            break
    # Without validators: those of the first page say nothing of the others.
    return Fetched(tuple(papers.values()), tuple(rejected))


async def _page(
    client: Client, base: str, day: date, number: int, known: Validators | None = None
) -> Fetched | Problem | Unchanged:
    query = f"date={day:%Y-%m-%d}&limit={PAGE}" + (f"&p={number}" if number else "")
    answer = await client.get(f"{base.rstrip('/')}/api/daily_papers?{query}", known=known or Validators())
    if not isinstance(answer, Response):
        return answer
    where = f"{NAME} {day}" + (f" p{number}" if number else "")
    found = await asyncio.to_thread(parse, answer.content, where, day)
    return found if isinstance(found, Problem) else Fetched(found.papers, found.rejected, validators=answer.validators)


def _size(batch: Batch) -> int:
    return len(batch.papers) + len(batch.rejected)
