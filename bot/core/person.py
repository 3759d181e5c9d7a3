"""A person's name in a query that looks for words: whose papers to look for instead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.core.change import Change
from bot.core.query import name_words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

_WORD = re.compile(r"[^\W_]+")
_QUOTE = re.compile('["“”„‟«»]')
LONGEST = 4
"""Words of the longest name that is tried."""
_TRIED = 40
"""Words of a query that are tried."""


def author(raw: str, unknown: Collection[str], names: Callable[[Sequence[str]], bool]) -> Change | None:
    """Return the longest run of words that is, or is in, an author's name, and the condition that asks for it.

    One of them must be `unknown`, that is in no paper; `names` says whether an author has a name of such words. In a
    query with quotation marks it must be all of the query.
    """
    found = list(_WORD.finditer(raw))[:_TRIED]
    quoted = bool(_QUOTE.search(raw))
    for length in range(min(LONGEST, len(found)), 0, -1):
        for first in range(len(found) - length + 1):
            run = found[first : first + length]
            if not any(match[0] in unknown for match in run) or (quoted and length < len(found)):
                continue
            words = [word for match in run for word in name_words(match[0])]
            if words and names(words):
                start, end = (0, len(raw)) if quoted else (run[0].start(), run[-1].end())
                name = " ".join(match[0] for match in run)
                return Change(raw[start:end], f'author:"{name}"', start, end)
    return None
