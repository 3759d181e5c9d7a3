"""A BEIR-style folder: papers, queries, and which papers answer which query.

The layout is that of BEIR (Thakur et al. 2021): `corpus.jsonl` (`_id`, `title`, `text`), `queries.jsonl` (`_id`,
`text`) and the first there is of `qrels.tsv`, `qrels/test.tsv` and `qrels/dev.tsv` (query, paper, grade; tabs; a
header or none). Each may be .gz or .xz.
"""

from __future__ import annotations

import json
import lzma
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks import corpus
from bot.core.paper import Paper, Problem
from bot.core.tidy import tidy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Qrels = dict[str, dict[str, int]]

_QRELS = ("qrels.tsv", "qrels/test.tsv", "qrels/dev.tsv")
_PACKED = ("", ".gz", ".xz")


@dataclass(frozen=True, slots=True)
class Collection:
    """Papers under their BEIR ids; the queries that were judged; grades as `{query: {paper: grade}}`.

    `lost_queries` were judged, but there is no text of them: their grades are left out. `lost_papers` answer a query,
    but are not among the papers: their grades stay, for who judged did not know.
    """

    name: str
    papers: list[Paper]
    queries: dict[str, str]
    qrels: Qrels
    lost_queries: int = 0
    lost_papers: int = 0


class _Malformed(Exception):  # noqa: N818 - never leaves this module
    """What is wrong, with its place, in words to show."""


def read(folder: Path) -> Collection | Problem:
    """Read a folder, or say in one line why it cannot be."""
    try:
        return _read(folder)
    except _Malformed as error:
        return Problem(str(error))
    except UnicodeDecodeError:
        return Problem(f"{folder}: a file is not UTF-8 text")
    except (OSError, EOFError, lzma.LZMAError) as error:
        return Problem(f"{folder}: a file cannot be read ({getattr(error, 'strerror', None) or error})")


def _read(folder: Path) -> Collection:
    if not folder.is_dir():
        raise _Malformed(f"{folder} is not a folder")
    places = [_find(folder, "corpus.jsonl"), _find(folder, "queries.jsonl"), _find(folder, *_QRELS)]
    papers = {paper.id: paper for paper in _papers(places[0])}
    texts = {_id(row, where): _text(row, "text", where) for row, where in _rows(places[1])}
    judged = _grades(places[2])
    if not papers or not judged:
        raise _Malformed(f"{places[2] if papers else places[0]}: empty")
    qrels = {query: grades for query, grades in judged.items() if query in texts}
    if not qrels:
        raise _Malformed(f"{places[2]}: none of its queries is in {places[1].name}")
    answers = {paper for grades in qrels.values() for paper, grade in grades.items() if grade > 0}
    queries = {query: texts[query] for query in qrels}
    lost = len(judged) - len(qrels), len(answers - papers.keys())
    return Collection(folder.resolve().name, list(papers.values()), queries, qrels, *lost)


def _find(folder: Path, *names: str) -> Path:
    for name in names:
        for packed in _PACKED:
            if (place := folder / (name + packed)).is_file():
                return place
    *others, last = names
    wanted = f"{', '.join(others)} or {last}" if others else last
    raise _Malformed(f"{folder} is no BEIR-style folder: it has no {wanted} (nor one that ends in .gz or .xz)")


def _papers(place: Path) -> Iterator[Paper]:
    for row, where in _rows(place):
        # Tidied like every paper that the bot takes in; but the id stays, and a title may be missing.
        title, abstract = (tidy(" ".join(_text(row, key, where).split())) for key in ("title", "text"))
        yield Paper(_id(row, where), title, abstract, source="file")


def _rows(place: Path) -> Iterator[tuple[dict[str, Any], str]]:
    for number, line in enumerate(corpus.lines(place), 1):
        where = f"{place}:{number}"
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            raise _Malformed(f"{where}: not JSON") from None
        if not isinstance(row, dict):
            raise _Malformed(f"{where}: not a JSON object")
        yield row, where


def _id(row: dict[str, Any], where: str) -> str:
    found = row.get("_id", row.get("id"))
    if not isinstance(found, str | int) or found == "":
        raise _Malformed(f"{where}: no _id")
    return str(found)


def _text(row: dict[str, Any], key: str, where: str) -> str:
    found = row.get(key)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise _Malformed(f"{where}: {key} is not text")
    return found


def _grades(place: Path) -> Qrels:
    found: Qrels = {}
    for number, line in enumerate(corpus.lines(place), 1):
        if not line.strip():
            continue
        fields = line.rstrip("\r\n").split("\t")
        if len(fields) != 3:
            raise _Malformed(f"{place}:{number}: not three fields with tabs between (query, paper, grade)")
        query, paper, grade = fields
        try:
            found.setdefault(query, {})[paper] = int(grade)
        except ValueError:
            if number > 1:
                raise _Malformed(f"{place}:{number}: the grade {grade[:20]!r} is not a whole number") from None
            found.pop(query, None)  # the header
    return found
