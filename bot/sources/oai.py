"""Records harvested from arXiv by OAI-PMH, in its forms `arXiv` and `arXivRaw`: files that people keep."""

from __future__ import annotations

from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from bot.core.fetched import Fetched
from bot.core.paper import Paper, Problem, arxiv_id
from bot.sources import atom, fields, tree

if TYPE_CHECKING:
    from datetime import date

    from bot.sources.tree import Node

NAME: Final = "arxiv"


def parse(content: bytes, where: str) -> Fetched | Problem:
    """Read a ListRecords or GetRecord answer. A record deleted or without a text is a Rejection at "where:number".

    `published` is the day of the first version.
    """
    root = tree.parse(content)
    if isinstance(root, Problem):
        return Problem(f"{where}: {root.message}")
    if root.tag != "OAI-PMH":
        return Problem(f"{where}: XML, but no records of OAI-PMH")
    failure = root.child("error")
    if failure is not None and failure.attributes.get("code") != "noRecordsMatch":
        return Problem(f"{where}: the archive answers with an error: {fields.text(failure.text(), 100)}")
    listing = root.child("ListRecords", "GetRecord")
    records = listing.children("record") if listing else ()
    found = fields.gather(map(_record, records), where)
    return Fetched(found.papers, found.rejected)


def _record(record: Node) -> Paper | Problem:
    header, metadata = record.child("header"), record.child("metadata")
    if header is not None and header.attributes.get("status") == "deleted":
        return Problem("deleted from the archive")
    data = metadata.child("arXiv", "arXivRaw") if metadata else None
    known = arxiv_id(data.said("id")) if data else None
    if data is None or known is None:
        return Problem("no arXiv id")
    found = fields.paper(known, data.said("title"), data.said("abstract"), NAME, places=(data.said("comments"),))
    return found if isinstance(found, Problem) else _enriched(found, data)


def _enriched(found: Paper, data: Node) -> Paper:
    versions = list(data.children("version"))
    return replace(
        found,
        url=f"https://arxiv.org/abs/{found.id}",
        published=fields.day(data.said("created")) or (_first(versions[0]) if versions else None),
        version=len(versions) or None,
        authors=_authors(data),
        doi=fields.doi(data.said("doi")),
        categories=tuple(fields.text(name) for name in data.said("categories").split()[:50]),
    )


def _authors(data: Node) -> tuple[str, ...]:
    listed = data.child("authors")
    if listed is None:
        return ()
    people = [
        " ".join(filter(None, (one.said("forenames"), one.said("keyname"), one.said("suffix"))))
        for one in listed.children("author")
    ]
    return fields.names(people or atom.split_names(listed.text().replace(" and ", ", ")))


def _first(version: Node) -> date | None:
    try:
        return parsedate_to_datetime(version.said("date")).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
