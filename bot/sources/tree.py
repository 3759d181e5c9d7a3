"""XML from outside as a plain tree: no entities, no external files, bounded in depth and size.

The parser is expat, as in the standard library's own; what makes XML dangerous is refused, so no other is needed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.entities import html5
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from bot.core.paper import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_DEPTH: Final = 50
MAX_NODES: Final = 100_000
"""arXiv's longest lists, 2,000 entries, have some 40,000."""

_PREFIXES: Final = (
    ("http://www.w3.org/2005/Atom", ""),
    ("http://purl.org/atom/", ""),  # Atom 0.3
    ("http://purl.org/rss/1.0/modules/content/", "content:"),
    ("http://purl.org/rss/1.0/", ""),
    ("http://my.netscape.com/rdf/", ""),  # RSS 0.9
    ("http://backend.userland.com/", ""),  # RSS 2.0 with a namespace, as some write it
    ("http://www.openarchives.org/OAI/", ""),
    ("http://arxiv.org/OAI/", ""),
    ("http://www.w3.org/1999/xhtml", "html:"),
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf:"),
    ("http://purl.org/dc/", "dc:"),
    ("http://arxiv.org/schemas/", "arxiv:"),
    ("http://prismstandard.org/namespaces/", "prism:"),
    ("http://a9.com/-/spec/opensearch/", "opensearch:"),
)
"""Namespaces, by how they begin, and the prefixes that tags get here, whatever the document calls them."""
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NAMED: Final = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,30});")
_XML_NAMES: Final = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})


@dataclass(slots=True)
class Node:
    """An element. `pieces` are its text and its children, in order."""

    tag: str
    attributes: dict[str, str]
    pieces: list[str | Node] = field(default_factory=list)

    def children(self, *tags: str) -> Iterator[Node]:
        """Yield the children with one of the tags."""
        return (piece for piece in self.pieces if isinstance(piece, Node) and piece.tag in tags)

    def child(self, *tags: str) -> Node | None:
        """Return the first child with the first of the tags that any has."""
        return next((found for tag in tags for found in self.children(tag)), None)

    def text(self) -> str:
        """Return all text within, in order."""
        return "".join(piece if isinstance(piece, str) else piece.text() for piece in self.pieces)

    def said(self, *tags: str) -> str:
        """Return the text of the first child with one of the tags that says anything, stripped, or ""."""
        return next((text for tag in tags for one in self.children(tag) if (text := one.text().strip())), "")


class _RefusedError(Exception):
    """The document does what no feed needs to."""


class _Builder:
    def __init__(self) -> None:
        self.root: Node | None = None
        self._open: list[Node] = []
        self._left = MAX_NODES

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._left -= 1
        if self._left < 0 or len(self._open) >= MAX_DEPTH:
            raise _RefusedError("is too large or too deep")
        node = Node(_short(name), {_short(key): value for key, value in attributes.items()})
        if self._open:
            self._open[-1].pieces.append(node)
        else:
            self.root = node
        self._open.append(node)

    def end(self, _name: str) -> None:
        self._open.pop()

    def text(self, text: str) -> None:
        if self._open:
            self._open[-1].pieces.append(text)

    def refuse(self, *_declared: object) -> None:
        raise _RefusedError("declares entities")


def _short(name: str) -> str:
    """Return "prefix:local" for expat's "namespace local"; tags of unknown namespaces match nothing."""
    namespace, space, local = name.rpartition(" ")
    if not space:
        return name
    prefix = next((short for start, short in _PREFIXES if namespace.startswith(start)), "?:")
    return f"{prefix}{local}"


def parse(content: bytes) -> Node | Problem:
    """Read a document, or say why not: never raises. What feeds often do wrong is repaired where it is plain."""
    try:
        return _parse(content)
    except _RefusedError as error:
        return Problem(f"XML that {error}, which is not read")
    except (expat.ExpatError, LookupError, ValueError) as error:
        failure = _where(error)
    repaired = _NAMED.sub(_character, _CONTROL.sub(b" ", content))
    if repaired != content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return _parse(repaired)
        except (_RefusedError, expat.ExpatError, LookupError, ValueError):
            pass
    start = content[:1_000].lstrip().lower()
    return Problem("a web page, not XML" if start.startswith((b"<!doctype html", b"<html")) else failure)


def _parse(content: bytes) -> Node:
    builder = _Builder()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.EntityDeclHandler = builder.refuse
    parser.Parse(content, True)  # noqa: FBT003 - expat takes no keywords
    if builder.root is None:
        raise ValueError("no element")
    return builder.root


def _where(error: Exception) -> str:
    return f"not XML (line {error.lineno})" if isinstance(error, expat.ExpatError) else "not XML"


def _character(match: re.Match[bytes]) -> bytes:
    """Return HTML's named characters as numbers, which XML knows too; others as they stand, readable."""
    if match[1] in _XML_NAMES:
        return match[0]
    character = html5.get(f"{match[1].decode()};")
    return "".join(f"&#{ord(one)};" for one in character).encode() if character else b"&amp;" + match[0][1:]
