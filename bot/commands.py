"""The commands that answer on the terminal."""

from __future__ import annotations

import asyncio
import json
import sys
import textwrap
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from bot import chat, checkup, listing, previews, searching
from bot.app import App, open_app
from bot.config import ConfigError
from bot.core import checks
from bot.core.paper import arxiv_in
from bot.progress import Line
from bot.services.report import Report
from bot.storage import backup, lock

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from bot.config import Settings
    from bot.core.answer import Answer
    from bot.core.paper import Hit, Paper

WIDTH = 96
PROGRESS = 10.0
"""Seconds between two words from a command that takes long."""


async def run(options: argparse.Namespace, settings: Settings) -> int:
    """Run a command over the data folder and return its exit status."""
    if options.command == "ingest" and not options.files and not options.source:
        raise ConfigError("ingest needs a FILE, or --source NAME for a live source (see: python -m bot ingest --help)")
    if options.command in _WITHOUT_APP:
        return await _WITHOUT_APP[options.command](settings, options)
    # A roundup is of what is new where there are live sources; it asks them nothing.
    lock.refuse_lost(settings.database)
    live = options.command == "roundup" or (options.command == "ingest" and bool(options.source))
    async with open_app(settings, live=live) as app:
        status = await _COMMANDS[options.command](app, options)
        if app.semantic and app.semantic.problem:
            print(f"colloquium: found by words alone: {app.semantic.problem}", file=sys.stderr)
        return status


async def _search(app: App, options: argparse.Namespace) -> int:
    only, order = searching.asked(options, app.library.sources())
    read = await app.library.read(options.query)
    hits = await app.library.search(read.query, options.k, only, order)
    if not options.json:
        for line in searching.remarks(read, found=bool(hits), filtered=only is not None):
            print(line, file=sys.stderr)
    _print_hits(hits, as_json=options.json)
    return 0


async def _ask(app: App, options: argparse.Namespace) -> int:
    answer = await app.library.answer(" ".join(options.question))
    if options.json:
        _print_json(_answer_json(answer))
    else:
        print("\n".join(chat.lines(answer)))
    return 0


def _answer_json(answer: Answer) -> dict[str, Any]:
    # The best sentence first, then those it leans on.
    cited = dict.fromkeys([*answer.best, *answer.quotes])
    return {
        "answered": answer.answered,
        "sentences": [{"text": c.text, "paper_id": c.paper.id, "title": c.paper.title} for c in cited],
        "nearest": [{"id": paper.id, "title": paper.title} for paper in answer.nearest],
        "missing": [*answer.missing, *answer.unstated, *answer.apart],
    }


async def _chat(app: App, _options: argparse.Namespace) -> int:
    await chat.talk(app.answers)
    return 0


async def _paper(app: App, options: argparse.Namespace) -> int:
    paper = await app.library.paper(options.paper)
    if paper is None:
        return await _unknown(app, options.paper)
    if options.json:
        _print_json(_paper_json(paper))
    else:
        _print_paper(paper)
    return 0


async def _similar(app: App, options: argparse.Namespace) -> int:
    paper = await app.library.paper(options.paper)
    if paper is None:
        return await _unknown(app, options.paper)
    _print_hits(await app.library.similar(paper, options.k), as_json=options.json)
    return 0


async def _trending(app: App, options: argparse.Namespace) -> int:
    return _print_rows(await listing.trending(app.trending, options), as_json=options.json)


async def _recent(app: App, options: argparse.Namespace) -> int:
    rows, said = await listing.recent(app.trending, options)
    for line in [] if options.json else said:
        print(line, file=sys.stderr)
    return _print_rows(rows, as_json=options.json)


async def _unknown(app: App, wanted: str) -> int:
    if known := arxiv_in(wanted):
        print(f"colloquium: {known} is not here, and only the bot on Discord asks arXiv for it", file=sys.stderr)
        return 1
    near = [paper.title for paper in await app.library.complete(wanted, 1)]
    hint = f"; the nearest is “{near[0]}”" if near else ""
    print(f"colloquium: no paper called “{' '.join(wanted.split())[:100]}”{hint}", file=sys.stderr)
    return 1


async def _ingest(app: App, options: argparse.Namespace) -> int:
    with Line(sys.stderr) as line:
        report = await app.library.ingest(options.files, datetime.now(UTC), line.tell)
        if options.source:
            line.say(f"asking {options.source}")
            report += await _from_source(app, options.source)
        line.say("making what came in findable")
        await app.library.settle()
    rejected, remarks = (
        [{"where": one.where, "why": one.why} for one in some] for some in (report.rejected, report.remarks)
    )
    if options.json:
        counts = {"read": report.read, "added": report.added, "updated": report.updated, "unchanged": report.unchanged}
        _print_json({**counts, "rejected": rejected, **({"remarks": remarks} if remarks else {})})
    else:
        print(
            f"{report.read:,} read, {report.added:,} added, {report.updated:,} updated, "
            f"{report.unchanged:,} unchanged, {len(rejected):,} rejected"
        )
        for row in [*rejected, *remarks]:
            print(f"{row['where']}: {row['why']}", file=sys.stderr)
    nothing = bool(rejected) and len(rejected) >= report.read
    return 1 if report.refused or nothing else 0


async def _embed(app: App, options: argparse.Namespace) -> int:
    if app.semantic is None:
        raise ConfigError("no embedder is set: COLLOQUIUM_EMBEDDER is minilm or an address")
    while True:
        with suppress(TimeoutError):
            async with asyncio.timeout(PROGRESS):
                await app.semantic.settled()
                break
        print(f"{app.semantic.missing:,} papers to go", file=sys.stderr)
    made, missing = app.semantic.made, app.semantic.missing
    if options.json:
        _print_json({"vectors": made, "missing": missing})
    else:
        print(f"{made:,} papers have a vector, {missing:,} lack one")
    return 1 if missing else 0


async def _from_source(app: App, name: str) -> Report:
    assert app.refresh is not None  # noqa: S101 - opened for this
    known = [source.name for source in app.refresh.sources]
    if not known:
        raise ConfigError(
            "no live source is set up: COLLOQUIUM_SOURCES, COLLOQUIUM_ARXIV and COLLOQUIUM_FEEDS name them"
        )
    if name not in {*known, "all"}:
        raise ConfigError(f"no source {name[:40]!r} is set up: there is {', '.join(known)}, or all of them")
    only = None if name == "all" else name
    reports = await app.refresh.once(datetime.now(UTC), only, patient=True)
    return sum(reports.values(), Report())


async def _roundup(app: App, options: argparse.Namespace) -> int:
    print(await previews.preview(app, options))
    return 0


async def _doctor(settings: Settings, options: argparse.Namespace) -> int:
    found = await checkup.look(settings)
    print(checkup.shown(found, as_json=options.json))
    return 1 if checks.worst(found) == "bad" else 0


async def _backup(settings: Settings, options: argparse.Namespace) -> int:
    made = await asyncio.to_thread(backup.back_up, settings.database, options.file)
    return _print_copy(made, f"backed up to {options.file}", as_json=options.json)


async def _restore(settings: Settings, options: argparse.Namespace) -> int:
    now = datetime.now(UTC)
    made = await asyncio.to_thread(backup.restore, options.file, settings.database, now, force=options.force)
    return _print_copy(made, f"restored from {options.file}", as_json=options.json)


def _print_copy(made: backup.Copy, said: str, *, as_json: bool) -> int:
    if as_json:
        _print_json(asdict(made))
    else:
        print(f"{said}: {made.papers:,} papers, {made.size / 2**20:,.1f} MiB, schema {made.schema}")
    return 0


def _print_hits(hits: Sequence[Hit], *, as_json: bool) -> None:
    if as_json:
        _print_json([_hit_json(hit) for hit in hits])
        return
    for number, hit in enumerate(hits, 1):
        print(f"{number:2}. {hit.paper.title}")
        print(textwrap.fill(hit.snippet, WIDTH, initial_indent="    ", subsequent_indent="    "))
        print(f"    {hit.paper.url or hit.paper.id} · {', '.join(hit.matched)} · score {hit.score:.2f}\n")


def _print_rows(rows: Sequence[tuple[Hit, str]] | str, *, as_json: bool) -> int:
    """Print papers with the reason of each, or why there are none: that is an answer too."""
    if as_json:
        _print_json([{**_hit_json(hit), "reason": why} for hit, why in rows] if not isinstance(rows, str) else [])
    elif isinstance(rows, str):
        print(f"colloquium: {rows}", file=sys.stderr)
    else:
        for number, (hit, why) in enumerate(rows, 1):
            print(f"{number:2}. {hit.paper.title}")
            print(textwrap.fill(hit.snippet, WIDTH, initial_indent="    ", subsequent_indent="    "))
            print(f"    {hit.paper.url or hit.paper.id} · {_day(hit.paper.date) or 'no day'} · {why}\n")
    return 0


def _print_paper(paper: Paper) -> None:
    facts = [
        paper.id,
        _day(paper.date) or (f"listed {paper.listed}" if paper.listed else ""),
        paper.url or "",
    ]
    print(paper.title)
    if paper.authors:
        print(", ".join(paper.authors))
    print(" · ".join(fact for fact in facts if fact) + "\n")
    print(textwrap.fill(paper.abstract, WIDTH))
    for url in [*paper.code, *paper.links]:
        print(f"\n{url}")


def _hit_json(hit: Hit) -> dict[str, Any]:
    return {
        "id": hit.paper.id,
        "title": hit.paper.title,
        "score": round(hit.score, 6),
        "snippet": hit.snippet,
        "matched": list(hit.matched),
        "url": hit.paper.url,
    }


def _paper_json(paper: Paper) -> dict[str, Any]:
    return {
        "id": paper.id,
        "title": paper.title,
        "abstract": paper.abstract,
        "authors": list(paper.authors),
        "date": _day(paper.date),
        "listed": paper.listed,
        "source": paper.source,
        "url": paper.url,
        "upvotes": paper.upvotes,
        "code": list(paper.code),
        "links": list(paper.links),
        "original": {"title": paper.original_title, "abstract": paper.original_abstract},
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _print_json(document: Any) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=2))


_COMMANDS = {
    "search": _search,
    "ask": _ask,
    "chat": _chat,
    "paper": _paper,
    "similar": _similar,
    "trending": _trending,
    "recent": _recent,
    "ingest": _ingest,
    "embed": _embed,
    "roundup": _roundup,
}
_WITHOUT_APP = {"backup": _backup, "restore": _restore, "doctor": _doctor}
"""Commands that must not open the database, and so not change its schema either; and one that looks whether it can."""
