"""The race: every open library answers the same queries, a few at a time, in turn."""

from __future__ import annotations

import math
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks import turns, workplace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.peers import Found, Query

WARM = 10
"""Queries asked before any is measured: code is compiled, files are read, and slow libraries are known."""

TURN = 20
"""Queries in one turn: some milliseconds, in which a machine's speed does not drift."""

FEWEST = 5


@dataclass(slots=True)
class Runner:
    """A library in the race: the queries it is asked (by number), and what it has said so far."""

    server: turns.Server
    asked: set[int]
    start_s: float
    times: dict[int, list[float]] = field(default_factory=dict)
    cpu: dict[int, list[float]] = field(default_factory=dict)
    found: dict[int, Found] = field(default_factory=dict)

    def turn(self, numbers: Sequence[int], queries: Sequence[Query]) -> None:
        """Answer those of the queries that this library is asked."""
        mine = [number for number in numbers if number in self.asked]
        if not mine:
            return
        answers: turns.Answers = self.server.ask([queries[number] for number in mine])
        for number, taken, cpu, found in zip(mine, answers.times, answers.cpu, answers.found, strict=True):
            self.times.setdefault(number, []).append(taken)
            self.cpu.setdefault(number, []).append(cpu)
            self.found[number] = found

    def figures(self) -> dict[str, Any]:
        """Return milliseconds over the queries (each query's median of rounds), seconds to open, and MiB.

        Milliseconds of processor time tell on a busy machine, where the others include waiting.
        """
        return {
            **_spread(self.times, "ms"),
            **_spread(self.cpu, "cpu_ms"),
            "queries": len(self.times),
            "start_s": round(self.start_s, 3),
            **self.server.ask("memory"),
        }


def _spread(times: dict[int, list[float]], unit: str) -> dict[str, float]:
    each = [float(np.median(rounds)) for rounds in times.values()]
    return {f"p{share}_{unit}": round(float(np.percentile(each, share)), 3) for share in (50, 95)}


def run(names: Sequence[str], work: Path, rounds: int, patience: float) -> tuple[dict[str, Any], dict[str, int] | None]:
    """Return figures by name (none for a library that stopped), and how far plain scores agree with rank-bm25-rs."""
    queries = workplace.queries(work)
    runners: dict[str, Runner] = {}
    with ExitStack() as stack:
        for name in names:
            server = turns.Server(name, work)
            stack.callback(server.close)
            try:
                runners[name] = _ready(server, queries, rounds, patience)
            except turns.Stopped:
                continue
        _race(runners, queries, rounds)
        return {name: runner.figures() for name, runner in runners.items()}, _agreement(runners)


def _ready(server: turns.Server, queries: Sequence[Query], rounds: int, patience: float) -> Runner:
    """Open a library, warm it up, and see how many queries it can answer in time."""
    start = server.ask("open")
    server.ask(queries[-1:])  # may compile for seconds
    times: list[float] = []
    for query in queries[:WARM]:
        times += server.ask([query]).times
        if sum(times) > patience * 1000 / 4:
            break
    each = float(np.median(times))
    afford = max(FEWEST, math.floor(patience * 1000 / rounds / max(each, 1e-3)))
    step = max(len(queries) / afford, 1)
    return Runner(server, {int(n * step) for n in range(min(afford, len(queries)))}, start)


def _race(runners: dict[str, Runner], queries: Sequence[Query], rounds: int) -> None:
    order = list(runners)
    for start in [*range(0, len(queries), TURN)] * rounds:
        for name in [name for name in order if name in runners]:
            try:
                runners[name].turn(range(start, min(start + TURN, len(queries))), queries)
            except turns.Stopped:
                del runners[name]
        order.append(order.pop(0))  # whoever was first is last: nobody profits from a place


def _agreement(runners: dict[str, Runner]) -> dict[str, int] | None:
    """Count the queries for which the bot's plain ranking has the ten scores of rank-bm25's BM25Plus, from Rust."""
    ours, theirs = runners.get("plain"), runners.get("rank-bm25-rs") or runners.get("rank-bm25")
    if ours is None or theirs is None:
        return None
    both = sorted(ours.found.keys() & theirs.found.keys())
    return {"equal": sum(agree(ours.found[n], theirs.found[n]) for n in both), "of": len(both)}


def agree(ours: Found, theirs: Found) -> bool:
    """Say whether the bot's scores are the best of another library's.

    A library that scores every paper fills up with papers that hold no word; the bot does not.
    """
    mine, other = ([score for _, score in found] for found in (ours, theirs))
    return len(mine) <= len(other) and np.allclose(mine, other[: len(mine)], rtol=1e-9, atol=1e-9)
