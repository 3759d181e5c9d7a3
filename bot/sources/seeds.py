"""The seed dump: a text file of titles and abstracts in blocks between blank lines."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.links import find_links
from bot.core.paper import Batch, Paper, Problem, Rejection, slug
from bot.core.tidy import tidy

NAME = "seed"
HEADER = ("new", "Get trending papers in your email inbox!", "Subscribe", "byAK and the research community")
_LISTED = re.compile(r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{1,2}")
MAX_TITLE = 300
"""Characters; the longest title in use is half of that, the shortest abstract twice."""
MIN_ABSTRACT = 80


@dataclass(frozen=True, slots=True)
class _Block:
    line: int
    text: str


def parse(content: str, name: str) -> Batch | Problem:
    """Read a dump. Another shape is a Problem; a broken block is a Rejection and the rest is read.

    The dump names no year, so papers get no date: `listed` keeps the day as it stands ("Mar 11").
    """
    blocks = _blocks(content)
    if problem := _check_header(blocks, name):
        return problem
    papers: dict[str, Paper] = {}
    rejected: list[Rejection] = []
    listed = blocks[len(HEADER)].text
    place = len(HEADER) + 1
    while place < len(blocks):
        title, why = blocks[place], _reason(blocks, place)
        if why:
            rejected.append(Rejection(f"{name}:{title.line}", why))
            place += 1
            continue
        paper = _paper(title.text, blocks[place + 1].text, listed)
        if paper.id in papers:
            rejected.append(Rejection(f"{name}:{title.line}", "the same title stands twice"))
        papers.setdefault(paper.id, paper)
        place += 2
    if not papers:
        where = blocks[len(HEADER)].line
        return Problem(f"{name}:{where}: no title with its abstract follows the header")
    return Batch(tuple(papers.values()), tuple(rejected))


def _blocks(content: str) -> list[_Block]:
    found: list[_Block] = []
    lines: list[str] = []
    start = 1
    for number, line in enumerate([*content.removeprefix("\ufeff").split("\n"), ""], 1):
        if line.strip():
            if not lines:
                start = number
            lines.append(line.strip())
        elif lines:
            found.append(_Block(start, "\n".join(lines)))
            lines = []
    return found


def _check_header(blocks: list[_Block], name: str) -> Problem | None:
    for number, wanted in enumerate(HEADER):
        if number >= len(blocks):
            return Problem(f"{name}:1: not a seed dump: it ends before the header line “{wanted}”")
        if blocks[number].text != wanted:
            return Problem(f"{name}:{blocks[number].line}: not a seed dump: expected the header line “{wanted}”")
    if len(blocks) <= len(HEADER) or not _LISTED.fullmatch(blocks[len(HEADER)].text):
        line = blocks[len(HEADER)].line if len(blocks) > len(HEADER) else blocks[-1].line
        return Problem(f"{name}:{line}: not a seed dump: expected a day like “Mar 11” after the header")
    return None


def _reason(blocks: list[_Block], place: int) -> str | None:
    """Return why the block cannot be a title with an abstract behind it, or None if it can."""
    title = blocks[place].text
    if "\n" in title:
        return "a block of several lines: a blank line is missing"
    if len(title) > MAX_TITLE:
        return "an abstract without a title before it"
    if not any(c.isalpha() for c in tidy(title)):
        return "a title without a letter"
    behind = [block.text for block in blocks[place + 1 : place + 3]]
    if behind and "\n" in behind[0]:
        return f"the abstract of “{title[:60]}” has several lines: a blank line is missing"
    # A short block with a long one behind it is the next paper's title, not this one's abstract.
    is_title = len(behind) > 1 and len(behind[0]) <= MAX_TITLE < len(behind[1])
    if not behind or is_title or len(tidy(behind[0])) < MIN_ABSTRACT:
        return f"the title “{title[:60]}” has no abstract after it"
    return None


def _paper(title: str, abstract: str, listed: str) -> Paper:
    code, links = find_links(abstract)
    shown = tidy(title)
    return Paper(
        id=slug(title),
        title=shown,
        abstract=tidy(abstract),
        source=NAME,
        listed=listed,
        code=code,
        links=links,
        original_title=title,
        original_abstract=abstract,
    )
