"""`roundup --preview`: the next roundup of each channel, and what became of the last ones."""

from __future__ import annotations

import json
import re
import textwrap
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.core import roundup as rules
from bot.core.paper import Problem
from bot.core.receipt import receipt

if TYPE_CHECKING:
    import argparse

    from bot.app import App
    from bot.services.picking import Pick
    from bot.services.posting import Digest
    from bot.storage.slots import Post

WIDTH = 96
RECEIPTS = 14
"""Days of which it is told what became of them."""
WAITED, NEW = "not shown yet", "new"
"""Why a paper is shown where no live source says what is new, and where nothing else speaks for it."""


async def preview(app: App, options: argparse.Namespace) -> str:
    """Return what each channel would be sent next, as text or JSON; without one set up, what a first one would get."""
    now = options.at or datetime.now(UTC)
    schedules = await app.roundups.store.every()
    digests = [await app.roundups.digest(schedule, "preview") for schedule in schedules or [_example(now)]]
    found = [await _row(app, digest, now, stored=bool(schedules)) for digest in digests]
    if options.json:
        return json.dumps({"at": now.isoformat(), "roundups": found}, ensure_ascii=False, indent=2)
    return "\n".join(line for digest, row in zip(digests, found, strict=True) for line in _lines(digest, row))


def _example(now: datetime) -> rules.Schedule:
    at = rules.parse_time("9:00")
    assert at is not None  # noqa: S101 - a constant that parses
    return rules.Schedule(0, 0, 0, 0, at, "UTC", frozenset(range(7)), 5, "", paused=False, note="", since=now)


async def _row(app: App, digest: Digest, now: datetime, *, stored: bool) -> dict[str, Any]:
    schedule = digest.schedule
    moment = await app.roundups.next_post(schedule, now)
    recent = [_receipt(schedule, post) for post in await app.roundups.store.recent(schedule.id, RECEIPTS)]
    return {
        "channel_id": str(schedule.channel_id) if stored else None,
        "next": moment.isoformat() if isinstance(moment, datetime) else None,
        "paused": schedule.paused,
        "note": moment.message if isinstance(moment, Problem) else schedule.note,
        "topics": schedule.topics,
        "last": recent[0] if recent else None,
        "recent": recent,
        "waiting": digest.waiting,
        "papers": [
            {
                "id": pick.paper.id,
                "title": pick.paper.title,
                "url": pick.paper.url,
                "sentence": pick.sentence,
                "reason": why(pick),
            }
            for pick in digest.picks
        ],
    }


def why(pick: Pick) -> str:
    """Return why a paper is in a roundup; something is said of each."""
    return WAITED if pick.reason is None else str(pick.reason) or NEW


def _receipt(schedule: rules.Schedule, post: Post) -> dict[str, Any]:
    link = post.link(schedule)
    said = receipt(post.outcome, post.when, post.detail, link or "", papers=bool(post.papers))
    return {"slot": post.slot, "outcome": post.outcome, "detail": post.detail, "link": link, "said": said}


def _lines(digest: Digest, row: dict[str, Any]) -> list[str]:
    """Return a preview as text."""
    place = f"channel {row['channel_id']}" if row["channel_id"] else "no channel is set up; a first one would get"
    found = [f"Roundup: {place}" + (_state(row) if row["channel_id"] else "")]
    for number, pick in enumerate(digest.picks, 1):
        found += ["", f"{number:2}. {pick.paper.title}"]
        found += [textwrap.fill(pick.sentence, WIDTH, initial_indent="    ", subsequent_indent="    ")]
        found += [f"    why: {why(pick)}"]
    if not digest.picks:
        nothing = "Nothing new has come since the last post." if digest.news else "The channel has seen every paper."
        found += ["", f"    {nothing}"]
    found += ["", f"    {digest.waiting:,} more waiting", ""]
    return found + [f"    {plain(one['said'])}" for one in row["recent"]]


def _state(row: dict[str, Any]) -> str:
    if row["paused"]:
        return plain(f", paused. {row['note']}".rstrip())
    if row["next"]:
        return f", next at {row['next']}"
    return plain(f". {row['note']}") if row["note"] else ""


def plain(said: str) -> str:
    """Return a sentence for Discord as a terminal shows it: a channel by its number."""
    return re.sub(r"<#(\d+)>", r"channel \1", said)
