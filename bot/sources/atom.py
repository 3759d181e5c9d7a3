"""Feeds: Atom, RSS 2.0 and RSS 1.0, each entry in one shape."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from bot.core.paper import Problem
from bot.sources import fields, tree
from bot.sources.markup import plain

if TYPE_CHECKING:
    from datetime import date

    from bot.sources.tree import Node

_TEXTS: Final = ("summary", "description", "content:encoded", "content", "dc:description")
_ENOUGH: Final = 200
"""Characters. Teasers are shorter, and the text in full is behind them then."""
_ROOTS: Final = {"feed", "rss", "rdf:RDF"}
_NUMBER: Final = re.compile(r"\d{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: "" or None where the feed says nothing. In `title` and `summary`, HTML has been read."""

    id: str
    title: str
    summary: str
    link: str
    doi: str
    published: date | None
    updated: date | None
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    announced: str
    comment: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's entries and its title; `total` is how many there are in all, where it says so."""

    entries: tuple[Entry, ...]
    total: int | None = None
    title: str = ""


def parse(content: bytes) -> Feed | Problem:
    """Read a feed, or say why not. An empty feed is one without entries."""
    root = tree.parse(content)
    if isinstance(root, Problem):
        return root
    if root.tag not in _ROOTS:
        return Problem("a web page, not a feed" if root.tag.endswith("html") else "XML, but no feed")
    channel = root.child("channel") or root
    nodes = [*channel.children("item", "entry"), *(root.children("item") if channel is not root else ())]
    total = _NUMBER.fullmatch(root.said("opensearch:totalResults"))
    return Feed(tuple(map(_entry, nodes)), int(total[0]) if total else None, _read(channel, "title"))


def _entry(node: Node) -> Entry:
    return Entry(
        id=node.said("id", "guid", "dc:identifier"),
        title=_read(node, "title") or _read(node, "dc:title"),
        summary=_summary(node),
        link=_link(node),
        doi=node.said("arxiv:doi", "prism:doi", "dc:identifier"),
        published=_day(node.said("published", "pubDate", "dc:date", "prism:publicationDate", "issued", "created")),
        updated=_day(node.said("updated", "modified")),
        authors=_authors(node),
        categories=_categories(node),
        announced=node.said("arxiv:announce_type").lower(),
        comment=node.said("arxiv:comment"),
    )


def _summary(node: Node) -> str:
    """Return the first of an entry's texts that is long enough for an abstract, else the longest."""
    texts = [_read(node, tag) for tag in _TEXTS]
    return next((text for text in texts if len(text) >= _ENOUGH), max(texts, key=len))


def _read(node: Node, tag: str) -> str:
    """Return a child's text. Atom says whether it is HTML; RSS's always may be."""
    child = node.child(tag)
    if child is None:
        return ""
    kind = child.attributes.get("type", "text" if node.tag == "entry" else "html")
    raw = child.text()
    return plain(raw) if kind in {"html", "text/html"} else raw.strip()


def _link(node: Node) -> str:
    links = [*node.children("link")]
    own = (one.attributes.get("href", "") for one in links if one.attributes.get("rel", "alternate") == "alternate")
    return next(filter(None, own), "") or next((one.text().strip() for one in links if one.text().strip()), "")


def _authors(node: Node) -> tuple[str, ...]:
    """Return author elements' names, else the creators, whom arXiv and journals write in one line."""
    found = [one.said("name") or _address_name(one.text()) for one in node.children("author")]
    found = found or [name for one in node.children("dc:creator") for name in split_names(one.text())]
    return fields.names(found)


def _address_name(text: str) -> str:
    """Return the name in RSS's "who@example.org (Name)"."""
    match = re.fullmatch(r"\s*\S+@\S+\s+\(([^()]+)\)\s*", text)
    return match[1] if match else text


def split_names(line: str) -> list[str]:
    """Return the names in "Ada Lovelace (London), Sammy Davis, Jr.": affiliations go, suffixes stay."""
    names: list[str] = []
    for part in _outside_brackets(line).split(","):
        name = " ".join(part.split())
        if names and name.rstrip(".") in {"Jr", "Sr", "II", "III", "IV"}:
            names[-1] += f", {name}"
        elif name:
            names.append(name)
    return names


def _outside_brackets(line: str) -> str:
    depth, kept = 0, []
    for character in line:
        depth += (character == "(") - (character == ")" and depth > 0)
        if depth == 0 and character != ")":
            kept.append(character)
    return "".join(kept)


def _categories(node: Node) -> tuple[str, ...]:
    found: list[object] = [one.attributes.get("term") or one.text() for one in node.children("category", "dc:subject")]
    primary = node.child("arxiv:primary_category")
    return fields.names([primary.attributes.get("term", ""), *found] if primary else found)


def _day(text: str) -> date | None:
    """Return the day in an ISO 8601 or RFC 822 date, as the feed's own clock has it."""
    if found := fields.day(text):
        return found
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return fields.day(moment.isoformat())
