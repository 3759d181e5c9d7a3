"""Judgements of a collection: which papers answer which query, and how well.

Read as BEIR writes them (query, paper, grade; a header or none) and as TREC does (query, iteration, paper, grade).
Fields are separated by tabs, or by blanks where a line has no tab.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Qrels = dict[str, dict[str, int]]

LARGEST = 1_000_000
"""The largest grade: trec_eval, which ir_measures calls, takes memory for every grade up to it."""


class Malformed(Exception):  # noqa: N818 - a fact about a file
    """What is wrong with a line, in words to show; its place, if any, comes first."""


@dataclass(slots=True)
class Judgements:
    """Grades as `{query: {paper: grade}}`, and how many lines judge a pair again.

    Of a pair that is judged again the highest grade counts. There is no custom to keep: trec_eval refuses such a file
    and ir_measures takes whichever line is last. The highest is the same whatever the order of lines, and a paper that
    one judge found to answer stays an answer.
    """

    grades: Qrels = field(default_factory=dict)
    repeated: int = 0

    def add(self, query: str, paper: str, grade: int) -> None:
        """Take in one judgement."""
        known = self.grades.setdefault(query, {})
        self.repeated += paper in known
        known[paper] = max(grade, known.get(paper, grade))


def read(lines: Iterable[tuple[str, str]]) -> Judgements:
    """Return what lines, each with its place to show, judge. Raises Malformed."""
    found, first = Judgements(), True
    for line, where in lines:
        query, paper, grade = _fields(line, where)
        if not (first and _number(grade) is None):  # else it is the header
            found.add(query, paper, _grade(grade, where))
        first = False
    return found


def _fields(line: str, where: str) -> list[str]:
    for fields in (line.strip("\r\n").split("\t"), line.split()):
        if len(fields) in {3, 4}:
            return [fields[0], *fields[-2:]]
    raise Malformed(f"{where}: neither query, paper and grade nor query, iteration, paper and grade")


def _grade(text: str, where: str) -> int:
    value = _number(text)
    if value is None or not value.is_integer():
        raise Malformed(f"{where}: the grade {text[:20]!r} is not a whole number")
    if abs(value) > LARGEST:
        raise Malformed(f"{where}: the grade {text[:20]!r} is beyond {LARGEST:,}")
    return int(value)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
