"""The folder that the measured processes share: papers, their terms, and the queries, prepared once."""

from __future__ import annotations

import json
import time
from itertools import islice
from typing import TYPE_CHECKING, Any

from benchmarks import corpus, questions, tiles
from benchmarks.peers import Query
from bot.core import text
from bot.core.paper import Paper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path


def once(place: Path, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return what a file says; where there is none, make it and write it there."""
    if place.exists():
        kept: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
        return kept
    made = make()
    place.write_text(json.dumps(made), encoding="utf-8")
    return made


def prepare(work: Path, source: Path, count: int | None, asked: int) -> dict[str, Any]:
    """Write what the others read; return how many papers, queries, and seconds of analysis there were.

    Runs in a process of its own: a million papers would stay in the memory of whoever reads them.
    Raises corpus.Unreadable.
    """
    given = corpus.untidied(source)
    if count and count <= len(given):
        given = list(tiles.tiled(given, count))
    queries = questions.sample(given, asked)
    if not queries:
        raise corpus.Unreadable(f"{source}: no papers that could be asked for")
    (work / "queries").write_text(json.dumps(queries), encoding="utf-8")
    count = count or len(given)
    taken = _write(work, tiles.tiled(given, count))
    return {"papers": count, "queries": len(queries), "analysis_s": round(taken, 1)}


def _write(work: Path, all_of_them: Iterable[Paper]) -> float:
    """Write papers and their terms, a line each; return the seconds of analysis."""
    taken = 0.0
    with (work / "papers").open("w", encoding="utf-8") as whole, (work / "terms").open("w", encoding="utf-8") as cut:
        for number, paper in enumerate(all_of_them):
            start = time.perf_counter()
            terms = text.document(paper.title, paper.abstract)
            taken += time.perf_counter() - start
            cut.write(" ".join(terms) + "\n")
            whole.write(json.dumps([f"p{number}", paper.title, paper.abstract]) + "\n")
    return taken


def current(work: Path, looked_at: int = 2_000) -> bool:
    """Say whether the analyzer still makes the terms that are written here, judged by the first papers."""
    with (work / "terms").open(encoding="utf-8") as file:
        return all(
            line.split() == text.document(paper.title, paper.abstract)
            for line, paper in zip(file, islice(papers(work), looked_at), strict=False)
        )


def papers(work: Path) -> Iterator[Paper]:
    """Yield all papers: an index that reads them one at a time need not hold them."""
    with (work / "papers").open(encoding="utf-8") as file:
        for line in file:
            paper, title, abstract = json.loads(line)
            yield Paper(paper, title, abstract, source="file")


def terms(work: Path) -> list[list[str]]:
    """Return every paper's terms, each different term held once."""
    known: dict[str, str] = {}
    with (work / "terms").open(encoding="utf-8") as file:
        return [[known.setdefault(term, term) for term in line.split()] for line in file]


def queries(work: Path) -> list[Query]:
    """Return the queries, analysed."""
    return [Query(words, text.terms(words)) for words in json.loads((work / "queries").read_text(encoding="utf-8"))]
