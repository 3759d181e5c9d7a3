"""Answers of Semantic Scholar's paper search and lookup: files that people keep."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from bot.core.paper import Batch, Paper, Problem, arxiv_id
from bot.sources import fields

NAME: Final = "semanticscholar"


def parse(content: bytes, where: str) -> Batch | Problem:
    """Read a search's answer (`{"data": […]}`) or a list of papers. A record without an abstract is a Rejection."""
    found = fields.document(content)
    if isinstance(found, Problem):
        return Problem(f"{where}: {found.message}")
    records = found.get("data") if isinstance(found, dict) else found
    if not isinstance(records, list):
        return Problem(f"{where}: not a list of papers")
    return fields.gather(map(_record, records), where)


def _record(record: object) -> Paper | Problem:
    if not isinstance(record, dict):
        return Problem("not a JSON object")
    known = _others(record)
    arxiv = arxiv_id(fields.text(known.get("ArXiv")))
    found = fields.paper(arxiv, record.get("title"), record.get("abstract"), NAME)
    if isinstance(found, Problem):
        return found
    authors = record.get("authors")
    people = [one.get("name") for one in authors if isinstance(one, dict)] if isinstance(authors, list) else None
    return replace(
        found,
        url=f"https://arxiv.org/abs/{arxiv}" if arxiv else fields.address(record.get("url")),
        published=fields.day(record.get("publicationDate")),
        authors=fields.names(people),
        doi=fields.doi(known.get("DOI")),
    )


def _others(record: dict[str, Any]) -> dict[str, Any]:
    """Return the ids that others know the paper by: "ArXiv", "DOI"."""
    found = record.get("externalIds")
    return found if isinstance(found, dict) else {}
