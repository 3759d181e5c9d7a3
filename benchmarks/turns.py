"""Processes that each hold one library, so that memory is its own, and answer in turn, so that time compares.

A machine's speed drifts; libraries measured one after the other would be measured on different machines.
"""

from __future__ import annotations

import multiprocessing
import shutil
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from benchmarks import memory, own, peers, workplace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from pathlib import Path

    from benchmarks.peers import Found, Peer, Query

PEERS: dict[str, type[Peer]] = {
    "plain": own.Plain,
    "everything": own.Everything,
    "rank-bm25": peers.RankBM25,
    "rank-bm25-rs": peers.RankBM25RS,
    "bm25s": peers.BM25S,
    "tantivy": peers.Tantivy,
    "fts5": peers.FTS5,
}
"""Every library by the name it has on the command line."""

T = TypeVar("T")

_SPAWN = multiprocessing.get_context("spawn")


class Stopped(Exception):  # noqa: N818 - a fact about a process, no mistake here
    """A library's process ended before it answered: it failed, or there was no memory for it."""


@dataclass(frozen=True, slots=True)
class Built:
    """Seconds of building, and the most memory the process had (MiB, with what it was given)."""

    seconds: float
    peak_mb: float | None


@dataclass(frozen=True, slots=True)
class Answers:
    """What a library said to some queries, in their order: milliseconds, those of them at work, and the papers."""

    times: list[float]
    cpu: list[float]
    found: list[Found]


class Clocked:
    """A stream that knows how many seconds it took to come, so that reading is not taken for building."""

    def __init__(self, stream: Iterator[Any]) -> None:
        """Wrap a stream."""
        self._stream = stream
        self.seconds = 0.0

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        start = time.perf_counter()
        try:
            return next(self._stream)
        finally:
            self.seconds += time.perf_counter() - start


class Server:
    """One library, open in a process of its own."""

    def __init__(self, name: str, work: Path) -> None:
        """Start it."""
        self.name = name
        self._ours, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=serve, args=(theirs, name, work), daemon=True)
        self._process.start()
        theirs.close()

    def ask(self, message: object) -> Any:
        """Send a message and return the answer; raise Stopped if none comes."""
        try:
            self._ours.send(message)
            return self._ours.recv()
        except (EOFError, OSError):
            raise Stopped(self.name) from None

    def close(self) -> None:
        """End it."""
        self._ours.close()
        self._process.join(10)
        self._process.kill()


def apart(work: Callable[..., T], *arguments: object) -> T:
    """Call a function in a process that ends with it and takes its memory along; raise Stopped if it is killed."""
    with ProcessPoolExecutor(1, mp_context=_SPAWN) as pool:
        try:
            return pool.submit(work, *arguments).result()
        except BrokenProcessPool:
            raise Stopped(work.__name__) from None


def build(name: str, work: Path) -> Built:
    """Build a library's index and keep it in the folder."""
    peer = PEERS[name]()
    folder = work / peer.package
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    reading = Clocked(workplace.papers(work))
    given = reading if peer.reads == "papers" else workplace.terms(work)
    start = time.perf_counter()
    peer.build(given, folder)
    return Built(time.perf_counter() - start - reading.seconds, memory.used()["peak_mb"])


def serve(connection: Connection, name: str, work: Path) -> None:
    """Open a library, then answer: "open" with seconds, "memory" with MiB, a list of queries with Answers."""
    peer = PEERS[name]()
    while True:
        try:
            message = connection.recv()
        except EOFError:
            return
        if message == "open":
            start = time.perf_counter()
            peer.open(work / peer.package)
            connection.send(time.perf_counter() - start)
        elif message == "memory":
            memory.settle()
            connection.send(memory.used())
        else:
            connection.send(_answer(peer, message))


def _answer(peer: Peer, queries: Sequence[Query]) -> Answers:
    answers = Answers([], [], [])
    for query in queries:
        start, at_work = time.perf_counter(), time.process_time()
        answers.found.append(peer.search(query))
        answers.cpu.append((time.process_time() - at_work) * 1000)
        answers.times.append((time.perf_counter() - start) * 1000)
    return answers
