"""Drafts: what a language model wrote, taken apart into sentences and the passages that each of them cites."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.core import text
from bot.core.marks import BULLET, MARK, MARKS, numbers_of, tidy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.core.passage import Passage

_ENDED = re.compile(r"[.!?…]['\"”’)\]]*$")


def cited_sentences(draft: str, known: Sequence[Passage]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the sentences of a draft without marks, each with the 0-based passages that it cites."""
    for line in draft.splitlines():
        for chunk in _chunks(BULLET.sub("", line), known):
            whole = tidy(MARK.sub(" ", chunk))
            # A sentence copied whole is not split again: out of its context it might fall apart.
            if any(passage.quotes(whole) for passage in known):
                yield whole, numbers_of(chunk)
            else:
                yield from _sentences(chunk)


def _chunks(line: str, known: Sequence[Passage]) -> Iterator[str]:
    """Cut a line after marks that follow the end of a sentence, or a sentence copied whole (some end in ":")."""
    start = 0
    for match in MARKS.finditer(line):
        before = line[start : match.start()]
        if _ENDED.search(before) or any(passage.quotes(before) for passage in known):
            yield line[start : match.end()]
            start = match.end()
    if line[start:].strip():
        yield line[start:]


def _sentences(chunk: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Split a chunk; a mark belongs to the sentence that it stands in or ends."""
    bare, last = "", 0
    marks: list[tuple[int, tuple[int, ...]]] = []
    for match in MARKS.finditer(chunk):
        bare += chunk[last : match.start()]
        marks.append((len(bare), numbers_of(match[0])))
        last = match.end()
    bare += chunk[last:]
    before = -1
    for start, end in text.spans(bare):
        cited = [number for place, numbers in marks if before < place <= end for number in numbers]
        before = end
        yield tidy(bare[start:end]), tuple(cited)
