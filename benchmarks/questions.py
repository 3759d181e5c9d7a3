"""What people type, made from the papers themselves by rules: half-remembered titles and questions."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

from bot.core import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.core.paper import Paper

LONGEST = 16
"""Words of a question; people seldom type more."""

_WE = r"\b[Ww]e (?:also |first |further |then |empirically |theoretically )?"
_RULES = (
    (re.compile(_WE + r"(?:propose|present|introduce|develop|describe|design) (?!that\b)(.+)"), "is there {}?"),
    (
        re.compile(_WE + r"(?:study|investigate|explore|examine|address|analyze) (.+)"),
        "what is known about {}?",
    ),
    (re.compile(_WE + r"(?:show|demonstrate|find|prove|observe) that (.+)"), "is it true that {}?"),
)
_END = re.compile(r"[;:]| \(|, (?:which|where|and)\b|\.$")


def sample(papers: Sequence[Paper], count: int, seed: int = 4) -> list[str]:
    """Return `count` different queries (fewer where the papers give no more), titles and questions in turn."""
    rng = random.Random(seed)
    shuffled = rng.sample(papers, len(papers))
    titles, asked = _titles(rng, shuffled), _asked(shuffled)
    found: dict[str, None] = {}
    for pair in zip(titles, asked, strict=False):
        found |= dict.fromkeys(query for query in pair if text.terms(query))
        if len(found) >= count:
            break
    else:
        found |= dict.fromkeys(query for query in _titles(rng, shuffled) if text.terms(query))
    return list(found)[:count]


def _titles(rng: random.Random, papers: Sequence[Paper]) -> Iterator[str]:
    """Yield some three to seven words in a row of each title."""
    for paper in papers:
        words = paper.title.split()
        start = rng.randrange(max(len(words) - 6, 1))
        yield _whole(words[start : start + rng.randint(3, 7)])


def _asked(papers: Sequence[Paper]) -> Iterator[str]:
    """Yield a question for each paper with a sentence that says what "we" did."""
    for paper in papers:
        for rule, question in _RULES:
            if match := rule.search(paper.abstract):
                sentence = text.sentences(match[1])[0]
                words = _END.split(sentence)[0].split()
                yield question.format(_whole(words[: LONGEST - 3]))
                break


def _whole(words: list[str]) -> str:
    """Return the words without what hangs at the end of a cut ("of the")."""
    while words and words[-1].lower() in text.STOP_WORDS:
        words = words[:-1]
    return " ".join(words).rstrip(",.:-")
