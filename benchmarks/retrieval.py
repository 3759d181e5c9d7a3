"""How well the index finds papers: `python -m benchmarks.retrieval DIR [--json]`.

DIR is a BEIR-style folder. Its papers go through the bot's own index; ir_measures scores what comes back.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks import beir, meaning, rankers
from bot.core.index import Index
from bot.core.paper import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.beir import Collection
    from benchmarks.qrels import Qrels
    from benchmarks.rankers import Ranker

DEPTH = 100
"""Papers asked for per query: Recall@100 needs as many."""

LABELS = {
    "": "with everything on",
    "as_typed": "the same, quotation marks as conditions",
    "plain": "plain BM25Plus",
    "semantic": "with the semantic extra",
}

COLUMNS = ("nDCG@10", "Recall@100", "RR@10", "ms_per_query", "p95_ms")


def main(arguments: list[str] | None = None) -> int:
    """Measure a folder and print the figures; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.retrieval", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--semantic", action="store_true", help="also with the semantic extra (a minute or more)")
    options = parser.parse_args(arguments)
    if missing := _missing(semantic=options.semantic):
        print(missing, file=sys.stderr)
        return 2
    collection = beir.read(options.folder)
    if isinstance(collection, Problem):
        print(collection.message, file=sys.stderr)
        return 2
    figures = measure(collection, semantic=options.semantic)
    print(json.dumps(figures, indent=2) if options.json else table(figures))
    return 0


def measure(collection: Collection, *, semantic: bool = False) -> dict[str, Any]:
    """Return the figures of the whole search, and under a name of their own, of its variants.

    The queries are taken for prose; "as_typed" takes their quotation marks and dashes for the conditions that
    they are in the bot. "plain" is BM25Plus alone, "semantic" has vectors beside the words.
    """
    start = time.perf_counter()
    index = Index(collection.papers)
    built = time.perf_counter() - start
    figures = {
        "collection": collection.name,
        "papers": len(collection.papers),
        "queries": len(collection.queries),
        "lost_queries": collection.lost_queries,
        "lost_papers": collection.lost_papers,
        "repeated_papers": collection.repeated_papers,
        "repeated_queries": collection.repeated_queries,
        "repeated_grades": collection.repeated_grades,
        "judged_in": collection.judged_in,
        "build_s": round(built, 2),
        **score(collection, rankers.everything(index)),
        "as_typed": score(collection, rankers.as_typed(index)),
        "plain": score(collection, rankers.plain(index)),
    }
    if semantic:
        with meaning.fused(index, collection.papers) as rank:
            figures["semantic"] = score(collection, rank)
    return figures


def score(collection: Collection, rank: Ranker) -> dict[str, float]:
    """Ask every query once; return the measures as shares of 1, and milliseconds a query (median and p95).

    `cpu_ms` is the median of processor time: on a busy machine the others include waiting.
    """
    rank(next(iter(collection.queries.values())), DEPTH)  # the first search may warm caches
    run: dict[str, dict[str, float]] = {}
    times: list[float] = []
    cpu: list[float] = []
    for query, words in collection.queries.items():
        start, at_work = time.perf_counter(), time.process_time()
        found = rank(words, DEPTH)
        cpu.append((time.process_time() - at_work) * 1000)
        times.append((time.perf_counter() - start) * 1000)
        # The rank is the score: scorers break ties by id, and the order that the bot shows is what counts.
        run[query] = {paper: float(-place) for place, paper in enumerate(found)}
    speed = {"ms_per_query": np.median(times), "p95_ms": np.percentile(times, 95), "cpu_ms": np.median(cpu)}
    return _measures(collection.qrels, run) | {name: round(float(value), 2) for name, value in speed.items()}


def _measures(qrels: Qrels, run: dict[str, dict[str, float]]) -> dict[str, float]:
    import ir_measures  # noqa: PLC0415 - an extra

    wanted = {"nDCG@10": ir_measures.nDCG @ 10, "Recall@100": ir_measures.R @ 100, "RR@10": ir_measures.RR @ 10}
    found = ir_measures.calc_aggregate(wanted.values(), qrels, run)
    return {name: round(float(found[measure]), 4) for name, measure in wanted.items()}


def table(figures: dict[str, Any]) -> str:
    """Return the figures as a Markdown table."""
    head = f"{figures['collection']}: {figures['papers']:,} papers, {figures['queries']:,} queries"
    rows = [(label, figures.get(name, figures)) for name, label in LABELS.items() if name in {"", *figures}]
    lines = [f"| ranking | {' | '.join(COLUMNS)} |", "|---|" + "---:|" * len(COLUMNS)]
    lines += [f"| {name} | {' | '.join(_shown(column, row[column]) for column in COLUMNS)} |" for name, row in rows]
    return "\n".join(
        [f"{head}, index built in {figures['build_s']} s", *_unusual(figures), *_lost(figures), "", *lines]
    )


def _lost(figures: dict[str, Any]) -> Iterator[str]:
    """Say what was judged and is not here: figures of another copy of the collection would not compare."""
    if queries := figures["lost_queries"]:
        yield f"Judged, but not in queries.jsonl: {queries:,} queries. They are left out."
    if papers := figures["lost_papers"]:
        yield f"Judged to answer, but not in the corpus: {papers:,} papers. They cannot be found, and count as missed."


def _unusual(figures: dict[str, Any]) -> Iterator[str]:
    """Say what else keeps the figures from being compared: another split, and what was chosen among repeated lines."""
    if figures["judged_in"] == "qrels/dev.tsv":
        yield "There is no test split here: the judgements are those of qrels/dev.tsv."
    if papers := figures["repeated_papers"]:
        yield f"Lines of the corpus that repeat an _id: {papers:,}. The first of each counts."
    if queries := figures["repeated_queries"]:
        yield f"Lines of queries.jsonl that repeat an _id: {queries:,}. The first of each counts."
    if grades := figures["repeated_grades"]:
        yield f"Lines that judge a paper for a query again: {grades:,}. The highest grade counts."


def _shown(column: str, value: float) -> str:
    return f"{value:.2f}" if "ms" in column else f"{value:.4f}"


def _missing(*, semantic: bool) -> str | None:
    if not find_spec("ir_measures"):
        return "benchmarks.retrieval needs ir_measures: pip install 'colloquium[bench]'"
    if semantic and not meaning.installed():
        return "--semantic needs its extra: pip install 'colloquium[semantic]'"
    return None


if __name__ == "__main__":
    sys.exit(main())
