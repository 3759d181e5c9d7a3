"""Files that people bring: the seed dump, and lines of JSON."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.core.paper import Batch, Paper, Problem, Rejection, canonical_id
from bot.core.tidy import find_links, tidy
from bot.sources import seeds

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 256 * 1024 * 1024
"""Largest file read, in bytes: some 200,000 abstracts."""
_JSON_LINES = {".jsonl", ".ndjson"}
_LONGEST = {"title": 1_000, "abstract": 50_000}


def read(path: Path) -> Batch | Problem:
    """Read a file of papers, or say in words why it cannot be."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return Problem(f"{path.name}: larger than {MAX_BYTES // 2**20} MiB")
        content = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        return Problem(f"{path.name}: not UTF-8 text (byte {error.start})")
    except OSError as error:
        return Problem(f"{path.name}: {error.strerror or 'cannot be read'}")
    if path.suffix.lower() in _JSON_LINES or content.lstrip().startswith("{"):
        return parse_jsonl(content, path.name)
    return seeds.parse(content, path.name)


def parse_jsonl(content: str, name: str) -> Batch:
    """Read one JSON object a line; each line that is no paper is a rejection."""
    papers: list[Paper] = []
    rejected: list[Rejection] = []
    # Not splitlines(): JSON strings may hold U+2028 and the like, which end no line of a file.
    for number, line in enumerate(content.split("\n"), 1):
        if not line.strip():
            continue
        result = _record(line)
        if isinstance(result, Problem):
            rejected.append(Rejection(f"{name}:{number}", result.message))
        else:
            papers.append(result)
    return Batch(tuple(papers), tuple(rejected))


def _record(line: str) -> Paper | Problem:
    try:
        record = json.loads(line)
        if "\\ud" in line.lower():  # half a surrogate pair is valid JSON, but no text
            json.dumps(record, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return Problem("not Unicode text")
    except (ValueError, RecursionError):
        return Problem("not JSON")
    if not isinstance(record, dict):
        return Problem("not a JSON object")
    title = record.get("title")
    abstract = next((record[key] for key in ("abstract", "text", "summary") if record.get(key)), None)
    if why := _unfit("title", title) or _unfit("abstract", abstract):
        return Problem(why)
    assert isinstance(title, str)  # noqa: S101 - _unfit said so
    assert isinstance(abstract, str)  # noqa: S101 - _unfit said so
    return _paper(record, title, abstract)


def _unfit(field: str, value: object) -> str | None:
    if not isinstance(value, str) or not tidy(value[: _LONGEST[field]]):
        return f"no {field}"
    if len(value) > _LONGEST[field]:
        return f"the {field} is longer than {_LONGEST[field]:,} characters"
    return None


def _paper(record: dict[str, Any], title: str, abstract: str) -> Paper | Problem:
    day = _date(record.get("date"))
    if isinstance(day, Problem):
        return day
    given = record.get("id") or record.get("_id")
    code, links = find_links(abstract)
    title = " ".join(title.split())
    return Paper(
        id=canonical_id(str(given) if given is not None else None, title),
        title=tidy(title),
        abstract=tidy(" ".join(abstract.split())),
        source="file",
        url=_url(record.get("url")),
        date=day,
        authors=_authors(record.get("authors")),
        upvotes=_count(record.get("upvotes")),
        code=code,
        links=links,
        original_title=title,
        original_abstract=abstract,
    )


def _date(value: object) -> date | Problem | None:
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return Problem(f"the date {str(value)[:40]!r} is not YYYY-MM-DD")


def _url(value: object) -> str | None:
    if isinstance(value, str) and value.startswith(("https://", "http://")) and len(value) <= 500:  # noqa: PLR2004
        return None if any(c.isspace() or c in "<>()\"'" for c in value) else value
    return None


def _authors(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list):
        return ()
    return tuple(" ".join(name.split())[:200] for name in value if isinstance(name, str) and name.strip())[:200]


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else None
