"""JSON: one object a line, or one document with a list of them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from bot.core.paper import Batch, Paper, Problem
from bot.sources import huggingface, record, semantic_scholar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.sources.reading import Read

_LISTS: Final = ("papers", "data", "results", "items", "records", "entries", "documents", "rows")
"""Keys under which documents keep their list."""
_BETWEEN: Final = re.compile(r"[\s,]*")


def _number(digits: str) -> int | None:
    return int(digits) if len(digits) < 20 else None  # noqa: PLR2004 - no count or id is longer


_DECODER: Final = json.JSONDecoder(strict=False, parse_int=_number, parse_constant=lambda _name: None)


def read(lines: Iterable[str | Problem]) -> Iterator[Read]:
    """Yield each line's paper, or why it has none, with its number from 1; blank lines are passed over."""
    for number, line in enumerate(lines, 1):
        if isinstance(line, Problem):
            yield number, line
        elif line.strip():
            yield number, parse(line)


def parse(line: str) -> Paper | Problem:
    """Return the paper in a JSON object."""
    try:
        value = _DECODER.decode(line)
    except (ValueError, RecursionError):
        return Problem("not JSON")
    return _paper(value)


def read_document(text: str) -> Iterator[Read] | None:
    """Yield the papers of a JSON document with their number from 1; None if it is no document, but lines.

    A list that is cut off gives what stands before the cut, and a Problem.
    """
    start = _BETWEEN.match(text)
    place = start.end() if start else 0
    if text.startswith("[", place):
        return _items(text, place + 1)
    try:
        value, _end = _DECODER.raw_decode(text, place)
    except (ValueError, RecursionError):
        return None
    return ((number, _paper(one)) for number, one in enumerate(_listed(value), 1))


def _items(text: str, place: int) -> Iterator[Read]:
    number = 0
    while (found := _BETWEEN.match(text, place)) and not text.startswith("]", found.end()):
        number += 1
        try:
            value, place = _DECODER.raw_decode(text, found.end())
        except (ValueError, RecursionError):
            yield number, Problem("not JSON: nothing from here on was read")
            return
        yield number, _paper(value)


def _listed(value: object) -> list[object]:
    """Return the records of a document: its list under a usual name, or the document itself."""
    if not isinstance(value, dict):
        return [value]
    lists = (value[key] for key in _LISTS if isinstance(value.get(key), list))
    return next(lists, [value])


def _paper(value: Any) -> Paper | Problem:
    if not isinstance(value, dict):
        return Problem("not a JSON object")
    # Two sources have shapes of their own, which their own modules know.
    if isinstance(value.get("paper"), dict) or "submittedOnDailyAt" in value:
        return _only(huggingface.parse(_dumped(value), huggingface.NAME))
    if isinstance(value.get("externalIds"), dict):
        return _only(semantic_scholar.parse(_dumped(value), semantic_scholar.NAME))
    return record.paper(value)


def _dumped(value: object) -> bytes:
    return json.dumps([value]).encode()


def _only(batch: Batch | Problem) -> Paper | Problem:
    if isinstance(batch, Problem):
        return batch
    return batch.papers[0] if batch.papers else Problem(batch.rejected[0].why)
