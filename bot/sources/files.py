"""Files that people bring, told apart by their content and read piece by piece."""

from __future__ import annotations

from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.core.fetched import Fetched
from bot.core.paper import Batch, Paper, Problem, Rejection
from bot.core.part import Part
from bot.sources import arxiv, atom, bibtex, feeds, jsonl, oai, record, seeds, tables
from bot.sources.lines import Lines
from bot.sources.unpacked import UnreadableError, open_unpacked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from bot.sources.reading import Read

GROUP: Final = 500
"""Records handed over at once."""
PATIENCE: Final = 10_000
"""Records refused without a paper among them, after which a file is given up."""
_UNKNOWN: Final = "no kind of file that is read: JSON, JSON lines, CSV, BibTeX, Atom, RSS, or a seed dump"
_JSON_LINES: Final = frozenset({"jsonl", "ndjson"})
_TABLES: Final = frozenset({"csv", "tsv", "tab"})
_PACKED: Final = frozenset({"gz", "xz"})


def parts(path: Path) -> Iterator[Part | Problem]:
    """Read a file of papers piece by piece. A Problem ends it: nothing, or nothing more, could be read."""
    try:
        with closing(Lines(open_unpacked(path))) as lines:
            yield from _parts(path.name, lines)
    except UnreadableError as error:
        yield Problem(f"{path.name}: {error}")
    except OSError as error:
        yield Problem(f"{path.name}: {error.strerror or 'cannot be read'}")


def read(path: Path) -> Batch | Problem:
    """Read a whole file at once. One that breaks off gives what stands before, and a rejection."""
    papers: list[Paper] = []
    rejected: list[Rejection] = []
    remarks: list[Rejection] = []
    for part in parts(path):
        if isinstance(part, Problem):
            if not papers:
                return part
            rejected.append(Rejection(path.name, part.message.removeprefix(f"{path.name}: ")))
        else:
            papers += part.papers
            rejected += part.rejected
            remarks += part.remarks
    return Batch(tuple(papers), tuple(rejected), remarks=tuple(remarks))


def parse_jsonl(content: str, name: str) -> Batch:
    """Read one JSON object a line; each line that is no paper is a rejection."""
    # Not splitlines(): JSON strings may hold U+2028 and the like, which end no line of a file.
    return _batch(name, jsonl.read(content.split("\n")))


def _parts(name: str, lines: Lines) -> Iterator[Part | Problem]:
    kind = _kind(name, lines)
    if isinstance(kind, Problem):
        yield Problem(kind.message if kind.message.startswith(name) else f"{name}: {kind.message}")
        return
    if isinstance(kind, Batch):
        yield Part(kind.papers, kind.rejected)
        return
    papers, refused = 0, 0
    while group := list(islice(kind, GROUP)):
        batch = _batch(name, group)
        papers, refused = papers + len(batch.papers), refused + len(batch.rejected)
        yield Part(batch.papers, batch.rejected, lines.share, remarks=batch.remarks)
        if not papers and refused >= PATIENCE:
            yield Problem(f"{name}: no paper among the first {refused:,} records")
            return


def _kind(name: str, lines: Lines) -> Iterator[Read] | Batch | Problem:
    """Begin to read a file as what it is.

    The order of the tests decides. What a text begins with counts before the name: XML in a .json is XML. A name that
    says JSON lines comes before "{" and "[", with which one document begins too. Only what has no such mark is looked
    at as a table, by its header, and last as a seed dump.
    """
    head, ending = lines.head, _ending(name)
    if not head:
        return Problem("empty")
    if head.startswith("<"):
        return _xml(lines.whole(), name)
    if ending in _JSON_LINES:
        return jsonl.read(lines)
    if head.startswith(("{", "[")):
        return _json(head, lines)
    if bibtex.START.match(head) or ending in {"bib", "bibtex"}:
        return bibtex.read(lines)
    return _table(head, ending, lines) or _dump(name, lines)


def _table(head: str, ending: str, lines: Lines) -> Iterator[Read] | Problem | None:
    if by := tables.delimiter(head):
        return tables.read(lines, by)
    return Problem(tables.missing(head)) if ending in _TABLES else None


def _dump(name: str, lines: Lines) -> Batch | Problem:
    if lines.head.partition("\n")[0].strip() != seeds.HEADER[0]:
        return Problem(_UNKNOWN)
    try:
        return seeds.parse(lines.whole().decode(lines.encoding), name)
    except UnicodeDecodeError as error:
        return Problem(f"not {lines.encoding.upper()} text (byte {error.start})")


def _json(head: str, lines: Lines) -> Iterator[Read]:
    first, end, _rest = head.partition("\n")
    if head.startswith("{") and end and not isinstance(jsonl.parse(first), Problem):
        return jsonl.read(lines)
    text = lines.whole().decode(lines.encoding, "surrogateescape" if lines.encoding == "utf-8" else "replace")
    found = jsonl.read_document(text.removeprefix("\ufeff"))
    return jsonl.read(text.split("\n")) if found is None else found


def _xml(content: bytes, name: str) -> Batch | Problem:
    found = oai.parse(content, name) if b"OAI-PMH" in content[:2_000] else _feed(content, name)
    if isinstance(found, Problem):
        return found
    # New versions of older papers are no news from a live source; from a file they were asked for.
    revisions = found.revisions if isinstance(found, Fetched) else ()
    return Batch((*found.papers, *revisions), found.rejected)


def _feed(content: bytes, name: str) -> Batch | Problem:
    feed = atom.parse(content)
    ours = not isinstance(feed, Problem) and arxiv.is_ours(feed)
    return feeds.parse(content, name, arxiv.NAME if ours else record.NAME)


def _batch(name: str, read: Iterable[Read]) -> Batch:
    papers: list[Paper] = []
    rejected: list[Rejection] = []
    remarks: list[Rejection] = []
    for number, found in read:
        if isinstance(found, Problem):
            rejected.append(Rejection(f"{name}:{number}", found.message))
            continue
        papers.append(found)
        if said := record.remark(found):
            remarks.append(Rejection(f"{name}:{number}", said))
    return Batch(tuple(papers), tuple(rejected), remarks=tuple(remarks))


def _ending(name: str) -> str:
    """Return how a name ends, in lower case, packing aside: "jsonl" of "papers.JSONL.gz"."""
    endings = name.lower().split(".")[1:]
    kept = [ending for ending in endings if ending not in _PACKED]
    return kept[-1] if kept else ""
