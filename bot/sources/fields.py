"""Fields of a record from outside: checked, bounded and tidied. What does not fit is left out, and nothing raises."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from bot.core.identity import names as names_of
from bot.core.links import find_links, honest
from bot.core.paper import Batch, Paper, Problem, Rejection, canonical_id
from bot.core.paper import doi as read_doi
from bot.core.tidy import tidy

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_TITLE: Final = 1_000
MAX_ABSTRACT: Final = 50_000
MAX_ADDRESS: Final = 500
_MANY: Final = 200
"""Most authors, keywords or categories kept, and characters of each."""

_DAY: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?!\d)", re.ASCII)
_LATEX: Final = re.compile(r"[\\{$]")


def document(content: bytes) -> Any | Problem:
    """Read JSON, or say why not: never raises. Numbers of twenty digits and more, NaN and infinities are None."""
    try:
        return json.loads(content, parse_int=_number, parse_constant=_nothing)
    except (ValueError, RecursionError):
        page = content[:1_000].lstrip().startswith(b"<")
        return Problem("a web page, not JSON" if page else "not JSON")


def _number(digits: str) -> int | None:
    return int(digits) if len(digits) < 20 else None  # noqa: PLR2004 - stated above


def _nothing(_name: str) -> None:
    return None


def whole(value: object) -> str:
    """Return text as it came, but without halves of surrogate pairs and null characters; "" for no text."""
    if not isinstance(value, str):
        return ""
    if value.isascii():
        return value.replace("\0", " ")
    # Half a pair is valid JSON but no text; a whole pair that came as two halves is one character.
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", " ")


def text(value: object, longest: int = _MANY) -> str:
    """Return text on one line, "…" at its end where it was longer than `longest` characters; "" for no text."""
    line = " ".join(whole(value).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def address(value: object) -> str | None:
    """Return an http(s) address that is safe to put into a message, or None."""
    if not isinstance(value, str) or len(value) > MAX_ADDRESS:
        return None
    value = value.strip()
    if not re.match(r"https?://[\w\[]", value) or any(
        c in "<>()\"'`\\" or c <= " " or not c.isprintable() for c in value
    ):
        return None
    return value if honest(value) else None


def count(value: object) -> int | None:
    """Return a count, 0 to 2^31 - 1, or None."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else None


def day(value: object) -> date | None:
    """Return the calendar day at the start of an ISO 8601 text, as written there, or None."""
    match = _DAY.match(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    try:
        found = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2200 else None  # noqa: PLR2004 - others are slips


def doi(value: object) -> str | None:
    """Return a DOI in lower case (they are alike in both), without "doi:" or its resolver's address, or None."""
    return read_doi(text(value, 300))


def names(values: object) -> tuple[str, ...]:
    """Return the names in a list, tidied, each once; entries that are no text are left out."""
    found = (text(value) for value in values) if isinstance(values, list) else ()
    readable = (tidy(name) if _LATEX.search(name) else name for name in found)
    return tuple(dict.fromkeys(filter(None, readable)))[:_MANY]


def paper(
    given: object, title: object, abstract: object, source: str, *, places: Iterable[str | None] = ()
) -> Paper | Problem:
    """Return a paper with what every record must have, or why it is none.

    `given` is the source's own id; `places` are addresses that the source names, more telling than those
    found in the abstract.
    """
    raw_title, raw_abstract = text(title, MAX_TITLE + 1), whole(abstract).strip()
    if why := _unfit("title", raw_title, MAX_TITLE) or _unfit("abstract", raw_abstract, MAX_ABSTRACT):
        return Problem(why)
    title, abstract = tidy(raw_title), tidy(" ".join(raw_abstract.split()))
    if why := _empty("title", title) or _empty("abstract", abstract):
        return Problem(why)
    code, links = find_links("\n".join([*filter(None, places), raw_abstract]))
    return Paper(
        id=canonical_id(text(str(given) if isinstance(given, int) else given) or None, raw_title),
        title=title,
        abstract=abstract,
        source=source,
        code=code,
        links=links,
        original_title=raw_title,
        original_abstract=raw_abstract,
    )


def _unfit(field: str, value: str, longest: int) -> str | None:
    return f"the {field} is longer than {longest:,} characters" if len(value) > longest else None


def _empty(field: str, tidied: str) -> str | None:
    return None if any(c.isalnum() for c in tidied) else f"no {field}"


def gather(records: Iterable[Paper | Problem], where: str) -> Batch:
    """Return the papers, each once, and a rejection for every other record, at "where:number" from 1.

    Two without an id may have one title ("Editorial") and still be two papers.
    """
    papers: dict[str, Paper] = {}
    rejected: list[Rejection] = []
    for number, record in enumerate(records, 1):
        place = f"{where}:{number}"
        if isinstance(record, Problem):
            rejected.append(Rejection(place, record.message))
        elif (known := names_of(record)[0]) in papers:
            rejected.append(Rejection(place, "the same paper stands twice"))
        else:
            papers[known] = record
    return Batch(tuple(papers.values()), tuple(rejected))
