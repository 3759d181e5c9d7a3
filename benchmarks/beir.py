"""A BEIR-style folder: papers, queries, and which papers answer which query.

The layout is that of BEIR (Thakur et al. 2021): `corpus.jsonl` (`_id`, `title`, `text`), `queries.jsonl` (`_id`,
`text`) and the first there is of `qrels.tsv`, `qrels/test.tsv` and `qrels/dev.tsv` (see `benchmarks.qrels`). Each may
be .gz or .xz.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from benchmarks import corpus, qrels
from benchmarks.qrels import Malformed, Qrels
from bot.core.paper import Paper, Problem
from bot.core.tidy import tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

T = TypeVar("T")

_QRELS = ("qrels.tsv", "qrels/test.tsv", "qrels/dev.tsv")
_PACKED = ("", ".gz", ".xz")


@dataclass(frozen=True, slots=True)
class Collection:
    """Papers under their BEIR ids; the queries that were judged; grades as `{query: {paper: grade}}`.

    `lost_queries` were judged, but there is no text of them: their grades are left out. `lost_papers` answer a query,
    but are not among the papers: their grades stay, for who judged did not know. `repeated_papers` and
    `repeated_queries` are lines whose id an earlier line has: the first counts. `repeated_grades` are lines that judge
    a pair again: the highest grade counts. `judged_in` is the file of judgements.
    """

    name: str
    papers: list[Paper]
    queries: dict[str, str]
    qrels: Qrels
    lost_queries: int = 0
    lost_papers: int = 0
    repeated_papers: int = 0
    repeated_queries: int = 0
    repeated_grades: int = 0
    judged_in: str = _QRELS[0]


def read(folder: Path) -> Collection | Problem:
    """Read a folder, or say in one line why it cannot be."""
    try:
        return _read(folder)
    except Malformed as error:
        return Problem(str(error))


def _read(folder: Path) -> Collection:
    if not folder.is_dir():
        raise Malformed(f"{folder} is not a folder")
    corpus_file, queries_file, judged_in = (
        _find(folder, *names) for names in (("corpus.jsonl",), ("queries.jsonl",), _QRELS)
    )
    papers, repeated_papers = _firsts((paper.id, paper) for paper in _papers(corpus_file))
    texts, repeated_queries = _firsts(_queries(queries_file))
    judged = qrels.read(_lines(judged_in))
    if not papers or not judged.grades:
        raise Malformed(f"{judged_in if papers else corpus_file}: empty")
    known = {query: grades for query, grades in judged.grades.items() if query in texts}
    if not known:
        raise Malformed(f"{judged_in}: none of its queries is in {queries_file.name}")
    answers = {paper for grades in known.values() for paper, grade in grades.items() if grade > 0}
    return Collection(
        name=folder.resolve().name,
        papers=list(papers.values()),
        queries={query: texts[query] for query in known},
        qrels=known,
        lost_queries=len(judged.grades) - len(known),
        lost_papers=len(answers - papers.keys()),
        repeated_papers=repeated_papers,
        repeated_queries=repeated_queries,
        repeated_grades=judged.repeated,
        judged_in=_bare(judged_in.relative_to(folder)),
    )


def _bare(place: Path) -> str:
    """Return a file's name without its packing: what is in it is the same."""
    return (place.with_suffix("") if place.suffix in _PACKED[1:] else place).as_posix()


def _firsts(rows: Iterable[tuple[str, T]]) -> tuple[dict[str, T], int]:
    """Return the first row of each id, and how many others there were."""
    found: dict[str, T] = {}
    count = 0
    for count, (name, row) in enumerate(rows, 1):  # noqa: B007 - the last is wanted
        found.setdefault(name, row)
    return found, count - len(found)


def _find(folder: Path, *names: str) -> Path:
    for name in names:
        for packed in _PACKED:
            if (place := folder / (name + packed)).is_file():
                return place
    *others, last = names
    wanted = f"{', '.join(others)} or {last}" if others else last
    raise Malformed(f"{folder} is no BEIR-style folder: it has no {wanted} (nor one that ends in .gz or .xz)")


def _papers(place: Path) -> Iterator[Paper]:
    for row, where in _rows(place):
        # Tidied like every paper that the bot takes in; but the id stays, and a title may be missing.
        title, abstract = (tidy(" ".join(_text(row, key, where).split())) for key in ("title", "text"))
        yield Paper(_id(row, where), title, abstract, source="file")


def _queries(place: Path) -> Iterator[tuple[str, str]]:
    for row, where in _rows(place):
        yield _id(row, where), _text(row, "text", where)


def _rows(place: Path) -> Iterator[tuple[dict[str, Any], str]]:
    for line, where in _lines(place):
        try:
            row = json.loads(line)
        except ValueError:
            raise Malformed(f"{where}: not JSON") from None
        if not isinstance(row, dict):
            raise Malformed(f"{where}: not a JSON object")
        yield row, where


def _lines(place: Path) -> Iterator[tuple[str, str]]:
    """Yield the lines that are not blank, each with its place."""
    try:
        for number, line in enumerate(corpus.lines(place), 1):
            if line.strip():
                yield line, f"{place}:{number}"
    except UnicodeDecodeError:
        raise Malformed(f"{place}: not UTF-8 text") from None
    except corpus.BROKEN as error:
        raise Malformed(f"{place} cannot be read ({getattr(error, 'strerror', None) or error})") from None


def _id(row: dict[str, Any], where: str) -> str:
    found = row.get("_id", row.get("id"))
    if not isinstance(found, str | int) or found == "":
        raise Malformed(f"{where}: no _id")
    return str(found)


def _text(row: dict[str, Any], key: str, where: str) -> str:
    found = row.get(key)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise Malformed(f"{where}: {key} is not text")
    return found
