"""BibTeX: entries of bibliographies, read as forgivingly as programs write them.

Own code: the library there is reads no "#", takes the whole file at once, and logs what a stranger wrote.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.core.paper import Paper, Problem, arxiv_id, slug
from bot.core.tidy import tidy
from bot.sources import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.sources.reading import Read

MAX_ENTRY: Final = 1_000_000
"""Characters; an entry that is longer has lost its closing brace."""
START: Final = re.compile(r"\s*@\s*([A-Za-z]+)\s*([{(])")
_FIELD: Final = re.compile(r"(?:^|,)\s*([A-Za-z][\w:+./-]*)\s*=\s*")
_BARE: Final = re.compile(r"[^\s,#{}\"=()]+")
_NEXT: Final = re.compile(r"\s*#\s*")
_BRACE: Final = re.compile(r"\\.|[{}]", re.DOTALL)
_BRACE_OR_QUOTE: Final = re.compile(r"\\.|[{}\"]", re.DOTALL)
_AND: Final = re.compile(r"\s+and\s+", re.IGNORECASE)
_ARXIV: Final = re.compile(
    r"arxiv(?:\.org/(?:abs|pdf)/|[:\s]+)\s*(\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+/\d{7})", re.IGNORECASE
)


def read(lines: Iterable[str | Problem]) -> Iterator[Read]:
    """Yield each entry's paper, or why it has none, with the number of its first line."""
    names: dict[str, str] = {}
    for number, entry in _entries(lines):
        if isinstance(entry, Problem):
            yield number, entry
            continue
        start = START.match(entry)
        kind = start[1].lower() if start else "comment"
        if start is None or kind in {"comment", "preamble"}:
            continue
        found = _fields(entry[start.end() :].rstrip()[:-1], names)
        if kind == "string":
            names |= {name: value for name, value in found.items() if len(value) < 1_000}  # noqa: PLR2004 - words
        else:
            yield number, _paper(found)


def _entries(lines: Iterable[str | Problem]) -> Iterator[tuple[int, str | Problem]]:
    """Yield each entry, through the brace that closes it or up to the next entry; text between entries is comment."""
    entry = _Entry(0)
    for number, line in enumerate(lines, 1):
        if isinstance(line, Problem):
            yield number, line
            continue
        place: int | None = 0
        while place is not None:
            if START.match(line, place):
                if entry.lines:
                    yield entry.first, Problem("a brace is not closed")
                entry = _Entry(number)
            elif not entry.lines:
                break
            place = entry.add(line, place)
            if place is not None:
                yield entry.first, "\n".join(entry.lines)
                entry = _Entry(0)
            elif entry.size > MAX_ENTRY:
                yield entry.first, Problem(f"longer than {MAX_ENTRY:,} characters: a brace is not closed")
                entry = _Entry(0)
    if entry.lines:
        yield entry.first, Problem("a brace is not closed")


class _Entry:
    """The lines of an entry so far; `first` is the number of the first."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.lines: list[str] = []
        self.size = 0
        self._depth = 0
        self._round = False

    def add(self, line: str, place: int) -> int | None:
        """Take a line from `place` on. If it closes the entry, return where."""
        self._round = self._round if self.lines else bool((start := START.match(line, place)) and start[2] == "(")
        for brace in _BRACE.finditer(line, place):
            self._depth += (brace[0] == "{") - (brace[0] == "}")
            if self._depth <= 0 and brace[0] == "}" and not self._round:
                self._take(line[place : brace.end()])
                return brace.end()
        self._take(line[place:])
        # A parenthesis may stand in a value too: only the last on a line closes.
        return len(line) if self._round and self._depth <= 0 and line.rstrip().endswith(")") else None

    def _take(self, piece: str) -> None:
        self.lines.append(piece)
        self.size += len(piece) + 1


def _fields(text: str, names: dict[str, str]) -> dict[str, str]:
    """Return the fields of an entry by name, in lower case; the first of two with one name."""
    found: dict[str, str] = {}
    place = 0
    while field := _FIELD.search(text, place):
        value, place = _value(text, field.end(), names)
        found.setdefault(field[1].lower(), value)
    return found


def _value(text: str, place: int, names: dict[str, str]) -> tuple[str, int]:
    """Read a value, parts joined by "#" included: return it and where it ends."""
    parts: list[str] = []
    while True:
        if text.startswith(("{", '"'), place):
            end = _closing(text, place)
            parts.append(text[place + 1 : end])
            place = end + 1
        elif bare := _BARE.match(text, place):
            parts.append(names.get(bare[0].lower(), bare[0]))
            place = bare.end()
        else:
            break
        following = _NEXT.match(text, place)
        if following is None:
            break
        place = following.end()
    return "".join(parts), place


def _closing(text: str, place: int) -> int:
    """Return where the brace or the quote at `place` is closed, or the end of the text."""
    quoted = text[place] == '"'
    depth = 0 if quoted else -1
    for mark in (_BRACE_OR_QUOTE if quoted else _BRACE).finditer(text, place + quoted):
        depth += (mark[0] == "{") - (mark[0] == "}")
        if mark[0] == ('"' if quoted else "}") and depth == (0 if quoted else -1):
            return mark.start()
    return len(text)


def _paper(found: dict[str, str]) -> Paper | Problem:
    eprint, link = found.get("eprint", ""), re.search(r"https?://[^\s{}]+", found.get("howpublished", ""))
    # The key ("smith2020") names a paper in one file only; arXiv's id is worth keeping.
    known = eprint if arxiv_id(eprint) else _named_arxiv(found)
    return record.paper(
        {
            "title": found.get("title"),
            "abstract": found.get("abstract"),
            "id": known or slug(tidy(found.get("title", ""))),
            "url": found.get("url", link[0] if link else "").replace("\\", ""),
            "doi": found.get("doi"),
            "authors": _authors(found.get("author", "")),
            "year": found.get("date") or found.get("year"),
            "month": None if found.get("date") else found.get("month"),
            "keywords": found.get("keywords"),
            "categories": found.get("primaryclass"),
        }
    )


def _named_arxiv(found: dict[str, str]) -> str | None:
    for name in ("journal", "journaltitle", "note", "howpublished", "url", "doi"):
        if match := _ARXIV.search(found.get(name, "")[:500]):
            return match[1]
    return None


def _authors(text: str) -> list[dict[str, str]]:
    """Return the names as `record` takes them; "and" within braces belongs to a name."""
    names: list[str] = []
    depth = 0
    for piece in _AND.split(text[:50_000]):
        if depth > 0:
            names[-1] = f"{names[-1]} and {piece}"
        else:
            names.append(piece)
        depth += piece.count("{") - piece.count("}")
    return [{"name": _turned(name.strip())} for name in names if name.strip() not in {"", "others"}]


def _turned(name: str) -> str:
    """Return "Lovelace, Ada" as "Ada Lovelace", "King, Jr., Martin Luther" as "Martin Luther King Jr."."""
    if name.startswith("{") and name.endswith("}"):
        return name[1:-1]
    last, *rest = (part.strip() for part in name.split(","))
    return " ".join(filter(None, [*rest[-1:], last, *rest[:-1]]))
