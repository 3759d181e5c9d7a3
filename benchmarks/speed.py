"""How fast the index is beside its peers: `python -m benchmarks.speed [--papers N] [--corpus FILE] [--json]`.

One run builds every library from the same terms, opens each in a process of its own, and asks them in turn.
The result is a Markdown table; a library that cannot keep up is asked fewer queries, and the table says how many.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import corpus, machine, race, report, turns, workplace
from bot.config import from_env

LARGEST = {"rank-bm25": 300_000}
"""Papers above which a library is left out unless --peers names it: seconds a query, 10 GB of memory."""

BENCH = {"rank-bm25-rs": ["rank-bm25-rs"], "bm25s": ["bm25s", "numba"], "tantivy": ["tantivy"]}
"""Packages of the extra `bench` that a library needs."""


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; return the exit code."""
    options = _parser().parse_args(arguments)
    names = options.peers or list(turns.PEERS)
    if missing := [package for name in names for package in BENCH.get(name, []) if not machine.version(package)]:
        return _bad(f"not installed: {', '.join(missing)}: pip install 'colloquium[bench]', or choose --peers")
    if not options.corpus.is_file():
        return _bad(f"{options.corpus} is not a file")
    with tempfile.TemporaryDirectory(prefix="colloquium-speed-") as passing:
        work = options.keep or Path(passing)
        try:
            size = _prepare(work, options)
        except corpus.Unreadable as error:
            return _bad(str(error))
        if size is None:
            return _bad(f"{work} keeps what was built of other papers, queries or terms: name another folder")
        figures = measure(work, options, names, size)
    print(json.dumps(figures, indent=2) if options.json else report.table(figures))
    return 0


def measure(work: Path, options: argparse.Namespace, names: list[str], size: dict[str, Any]) -> dict[str, Any]:
    """Return the document that --json prints."""
    if not options.peers:
        names = [name for name in names if size["papers"] <= LARGEST.get(name, size["papers"])]
    built = _build(names, work)
    _say("asking")
    rows, agreement = race.run([name for name in names if built[name]], work, options.rounds, options.patience)
    for name in names:
        peer = turns.PEERS[name]
        row = rows.setdefault(name, {"failed": True})
        row |= {"package": peer.package, "version": peer.version, **(built[name] or {})}
    left_out = {} if options.peers else {name: most for name, most in LARGEST.items() if name not in names}
    return {
        "machine": machine.describe(),
        "corpus": options.corpus.name,
        **size,
        "rounds": options.rounds,
        "rows": {name: rows[name] for name in names},
        "left_out": left_out,
        "agreement": agreement,
    }


def _prepare(work: Path, options: argparse.Namespace) -> dict[str, Any] | None:
    """Fill the folder, unless an earlier run did; return its size. None if it holds something else."""
    work.mkdir(parents=True, exist_ok=True)
    asked = [options.corpus.name, options.papers, options.queries]
    if workplace.once(work / "asked.json", lambda: {"asked": asked})["asked"] != asked:
        return None
    _say(f"preparing {options.corpus.name}")
    made_of = (work, options.corpus, options.papers, options.queries)
    size = workplace.once(work / "size.json", lambda: turns.apart(workplace.prepare, *made_of))
    return size if workplace.current(work) else None


def _build(names: list[str], work: Path) -> dict[str, dict[str, Any] | None]:
    """Build each; None where that failed. Both lines of the bot share one index."""
    built: dict[str, dict[str, Any] | None] = {}
    for name in names:
        package = turns.PEERS[name].package
        if same := next((other for other in built if turns.PEERS[other].package == package), None):
            built[name] = built[same]
            continue
        _say(f"building {package}")
        try:
            built[name] = workplace.once(work / f"{package}.json", partial(_apart, name, work))
        except (turns.Stopped, MemoryError):
            built[name] = None
    return built


def _apart(name: str, work: Path) -> dict[str, Any]:
    built = turns.apart(turns.build, name, work)
    return {"build_s": round(built.seconds, 2), "build_peak_mb": built.peak_mb}


def _parser() -> argparse.ArgumentParser:
    seeds = next(iter(sorted(from_env({}).seeds.glob("*.txt"))), Path("seeds"))
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--corpus", type=Path, default=seeds, metavar="FILE", help="JSON lines, .gz or .xz (the seeds)")
    parser.add_argument("--papers", type=_count, metavar="N", help="a sample of the corpus, or varied copies of it")
    parser.add_argument("--queries", type=_count, default=300, metavar="N")
    parser.add_argument("--rounds", type=_count, default=3, help="each query is asked so often; its median counts")
    parser.add_argument("--patience", type=float, default=60, metavar="S", help="seconds for all queries of a library")
    parser.add_argument("--peers", type=_peers, metavar="A,B", help=f"only these of {','.join(turns.PEERS)}")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="build there, and only what an earlier run did not")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    return parser


def _count(value: str) -> int:
    if not value.isdecimal() or not int(value):
        raise argparse.ArgumentTypeError(f"{value!r} is not a positive whole number")
    return int(value)


def _peers(value: str) -> list[str]:
    names = value.split(",")
    if unknown := [name for name in names if name not in turns.PEERS]:
        raise argparse.ArgumentTypeError(f"{unknown[0]!r} is none of {', '.join(turns.PEERS)}")
    return names


def _bad(why: str) -> int:
    _say(why)
    return 2


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
