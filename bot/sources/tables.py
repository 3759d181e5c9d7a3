"""Tables: CSV and its kin. The first row names the columns, in whatever spelling."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final

from bot.core.paper import Paper, Problem
from bot.sources import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.sources.reading import Read

DELIMITERS: Final = ",;\t|"
_SEPARATOR: Final = "sep="
"""A line before the header by which some programs tell the delimiter."""
_FIELD: Final = 131_072
"""Characters of a field: csv's own limit, beyond any abstract; an open quote runs into it."""


def delimiter(head: str) -> str | None:
    """Return the delimiter of a table that begins so, or None where no row names a title and an abstract."""
    line = _header(head)
    return next((one for one in DELIMITERS if {"title", "abstract"} <= _fields(line, one)), None)


def missing(head: str) -> str:
    """Return the columns that a table lacks, in words."""
    line = _header(head)
    likeliest = max(DELIMITERS, key=lambda one: len(_split(line, one)))
    lacks = [field for field in ("title", "abstract") if field not in _fields(line, likeliest)]
    shown = ", ".join(repr(name.strip()[:30])[1:-1] for name in _split(line, likeliest)[:8])
    return f"no column for the {' and the '.join(lacks)} in the first line ({shown})"


def read(lines: Iterable[str | Problem], by: str) -> Iterator[Read]:
    """Yield each row's paper, or why it has none, with the number of its first line.

    A quote that is not closed where its cell ends costs the row it stands in, not those that follow.
    """
    source = _Source(lines)
    header: list[str] = []
    while row := _row(source, by):
        first = source.first
        if isinstance(row, Problem):
            yield first, row
        elif not header:
            header = [] if row[0].startswith(_SEPARATOR) else row
        elif any(cell.strip() for cell in row):
            yield first, _paper(header, row)


def _row(source: _Source, by: str) -> list[str] | Problem | None:
    """Return the next row, None at the end; a blank line is a row of one empty cell."""
    source.begin()
    try:
        row = next(csv.reader(source, delimiter=by, strict=True))
    except StopIteration:
        return None
    except csv.Error as error:
        return _mended(source, by, str(error))
    return source.bad or row or [""]


def _mended(source: _Source, by: str, why: str) -> list[str] | Problem:
    """Return a row that is not written as it should be, or go on behind its first line."""
    first = source.go_back()
    if isinstance(first, Problem):
        return first
    if source.taken > 1 or "limit" in why or "end of data" in why:
        return Problem("a quote is opened and not closed")
    # All of it stands on one line: '"Deep" learning' for '"""Deep"" learning"'.
    return _split(first, by) or Problem("not a row of a table")


class _Source:
    """Lines for csv: numbered, with line ends, those that cannot be read as empty. It can go back by one row."""

    def __init__(self, lines: Iterable[str | Problem]) -> None:
        self._lines = iter(lines)
        self._number = 0
        self._row: list[str | Problem] = []
        self._again: list[str | Problem] = []
        self.first = 1
        self.taken = 0
        self.bad: Problem | None = None

    def begin(self) -> None:
        """Begin a row."""
        self._row, self.taken, self.bad = [], 0, None
        self.first = self._number + 1

    def go_back(self) -> str | Problem:
        """Return the first line of the row, and give the others out again."""
        first, *others = self._row
        self._again += reversed(others)
        self._number -= len(others)
        return first

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._lines)
        self._number += 1
        self.taken += 1
        self._row.append(line)
        if isinstance(line, Problem):
            self.bad = line
            return "\n"
        return f"{line}\n"


def _paper(header: list[str], row: list[str]) -> Paper | Problem:
    # A table may leave empty cells out at a row's end. More cells than columns mean that one fell apart.
    extra = row[len(header) :]
    if any(cell.strip() for cell in extra):
        return Problem(f"{len(row)} cells under {len(header)} columns: a quote is missing")
    return record.paper({name: cell.strip() for name, cell in zip(header, row, strict=False) if name.strip()})


def _header(head: str) -> str:
    first, _end, rest = head.partition("\n")
    return (rest.partition("\n")[0] if first.startswith(_SEPARATOR) else first).strip("\r")


def _split(line: str, by: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=by), [])
    except csv.Error:
        return []


def _fields(line: str, by: str) -> set[str | None]:
    return {record.field_of(name) for name in _split(line, by)}
