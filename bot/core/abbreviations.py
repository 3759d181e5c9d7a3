"""Acronyms as the papers themselves explain them, so that "NAS" finds "neural architecture search" and the reverse.

Long forms are found as by Schwartz & Hearst 2003, "A simple algorithm for identifying abbreviation definitions in
biomedical text": before "(NAS)", the fewest words that hold its letters in order, the first at the start of a word.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from bot.core import acronyms, lexicon, strings, text
from bot.core.paper import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from bot.core.query import Asked, Query

    Pair = tuple[str, tuple[str, ...]]

LONGEST = 6
"""Terms of the longest long form."""
USUAL = 0.3
"""Share of the papers that explain an acronym, from which a meaning counts as usual."""
EXPLAINED = 0.02
"""Share of the papers with an acronym that explain it, from which its word in lower case is taken for it."""
MAX_WORDS = 100
"""Words of a query that are looked at; each takes some hash look-ups."""

_REMEMBERED = 20_000
"""Words and sequences of words whose meanings are remembered: some megabytes."""

_SHORT = re.compile(r" \(([A-Z][A-Za-z0-9]{1,9})\)")
_CLAUSE = re.compile(r"[.;:,()\[\]]\s")
_HYPHEN = re.compile(r"(?<=[^\W_])[-/](?=[^\W_])")
_BEFORE = 160
"""Characters before an acronym that are looked at."""


class Concept(NamedTuple):
    """Something a query says that can be said in another way.

    `terms` are the query's own; each of `ways` is a sequence of terms that means the same. A paper says it as
    much as the way that it says it most, not as their sum: papers that explain an acronym hold both.
    """

    terms: tuple[str, ...]
    ways: tuple[tuple[str, ...], ...]


def explained(prose: str) -> set[Pair]:
    """Return the acronyms that a text explains: the acronym's term, and the terms of its long form."""
    found: set[Pair] = set()
    for match in _SHORT.finditer(prose):
        short = match[1].removesuffix("s") if match[1][:-1].isupper() else match[1]
        term = text.terms(short)
        if len(term) == 1 and sum(map(str.isupper, short)) > 1:
            long = _long(short.lower(), prose[max(match.start() - _BEFORE, 0) : match.start()])
            if 1 < len(long) <= LONGEST:
                found.add((term[0], long))
    return found


def _long(short: str, before: str) -> tuple[str, ...]:
    most = min(len(short) + 5, 2 * len(short))
    words = " ".join(_CLAUSE.split(before)[-1].split(" ")[-most:])
    folded = words.lower() if words.isascii() else fold(words)
    if len(folded) != len(words):
        return ()
    start = _start(short, folded)
    return _plain(words[start:]) if start >= 0 and short not in folded[start:].split() else ()


def _start(short: str, before: str) -> int:
    """Return where the last words begin that hold the letters in order, the first one at a word's start; or -1."""
    place = len(before)
    for letter in reversed(short[1:]):
        place = before.rfind(letter, 0, place)
        if place < 0:
            return -1
    place = before.rfind(short[0], 0, place)
    while place > 0 and before[place - 1].isalnum():
        place = before.rfind(short[0], 0, place)
    return place


def _plain(said: str) -> tuple[str, ...]:
    """Return terms without those of joined compounds: one sequence for "fine-tuning" and "fine tuning"."""
    return tuple(text.terms(_HYPHEN.sub(" ", said)))


def build(counts: Mapping[Pair, int], *, field: bool = True) -> dict[str, NDArray[Any]]:
    """Return the arrays of explanations and how many papers give each; those known to the field are added if wanted.

    Two tables of strings (see Strings): entry n of `short` is explained as entry n of `long`, the terms with a
    space between them, by `papers[n]` papers (int32).
    """
    counts = {**(_field() if field else {}), **counts}
    return {
        **strings.arrays([short for short, _ in counts], "short"),
        **strings.arrays([" ".join(long) for _, long in counts], "long"),
        "papers": np.fromiter(counts.values(), dtype=np.int32, count=len(counts)),
    }


def counted(arrays: Mapping[str, NDArray[Any]]) -> dict[Pair, int]:
    """Return what `build` was given."""
    short, long = strings.Strings(arrays, "short"), strings.Strings(arrays, "long")
    return {(short[n], tuple(long[n].split(" "))): int(papers) for n, papers in enumerate(arrays["papers"])}


class Abbreviations:
    """What acronyms mean here. Holds only the arrays of `build`, of one or more parts of the papers."""

    def __init__(self, *parts: Mapping[str, NDArray[Any]]) -> None:
        """Use arrays; the explanations of all parts count together."""
        self._parts = [_Part(part) for part in parts]
        self._remembered: dict[tuple[str, ...], _Meanings] = {}

    def expand(self, query: Query, papers: Callable[[str], int]) -> list[Concept]:
        """Return what a query says that papers may say in another way; `papers` says how many hold a term."""
        words = query.words[:MAX_WORDS]
        found = [concept for word in words if (concept := self._short(word, papers))]
        found += self._longs([term for word in words for term in _plain(word.surface)])
        return list(dict.fromkeys(found))

    def _short(self, word: Asked, papers: Callable[[str], int]) -> Concept | None:
        if len(word.terms) > 1 or len(word.surface) == 1:
            return None
        forms = _forms(word)
        found = self._meanings(_Part.longs, *forms)
        # "cat" is an animal even where three papers explain a CAT.
        if not word.surface.isupper() and found.papers < EXPLAINED * sum(map(papers, forms)):
            return None
        meant = [tuple(long.split()) for long in found.usual]
        others = [(form,) for form in forms if form != word.terms[0]]
        return Concept(word.terms, (*others, *meant)) if meant else None

    def _longs(self, terms: Sequence[str]) -> Iterator[Concept]:
        """Yield the long forms in some terms, the longer ones first, none within another."""
        start = 0
        while start < len(terms):
            for size in range(min(LONGEST, len(terms) - start), 1, -1):
                long = tuple(terms[start : start + size])
                if shorts := self._shorts(" ".join(long)):
                    yield Concept(long, tuple((form,) for short in shorts for form in _both(short)))
                    start += size - 1
                    break
            start += 1

    def _shorts(self, long: str) -> list[str]:
        """Return the acronyms that usually stand for a long form and usually mean it."""
        usual = self._meanings(_Part.shorts, long).usual
        return [short for short in usual if long in self._meanings(_Part.longs, short).usual]

    def _meanings(self, look_up: Callable[[_Part, str], dict[str, int]], *keys: str) -> _Meanings:
        """Return what papers explain one of the keys as. The commonest acronyms have thousands of long forms."""
        found = self._remembered.get((look_up.__name__, *keys))
        if found is None:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            counts: Counter[str] = Counter()
            for part in self._parts:
                for key in keys:
                    counts.update(look_up(part, key))
            found = self._remembered[look_up.__name__, *keys] = _Meanings(counts.total(), _usual(counts))
        return found


class _Meanings(NamedTuple):
    """How many papers explain something, and what it usually is, the commonest first."""

    papers: int
    usual: tuple[str, ...]


class _Part:
    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._short, self._long = strings.Strings(arrays, "short"), strings.Strings(arrays, "long")
        self._papers = arrays["papers"]

    def longs(self, short: str) -> dict[str, int]:
        return {self._long[n]: int(self._papers[n]) for n in self._short.all(short)}

    def shorts(self, long: str) -> dict[str, int]:
        return {self._short[n]: int(self._papers[n]) for n in self._long.all(long)}


def _usual(counts: Counter[str]) -> tuple[str, ...]:
    least = USUAL * counts.total()
    return tuple(key for key, _ in Counter({key: n for key, n in counts.items() if n >= least}).most_common())


def _forms(word: Asked) -> tuple[str, ...]:
    """Return an acronym's term in the singular and the plural; "gas" is no plural of "GA", "GAs" is."""
    folded = fold(word.surface)
    capitals = word.surface.endswith("s") and word.surface[:-1].isupper()
    plural = capitals or (folded.endswith("s") and lexicon.fold(folded) == folded[:-1])
    return tuple(dict.fromkeys([*word.terms, *_both(folded[:-1] if plural else folded)]))


def _both(singular: str) -> tuple[str, ...]:
    plural = singular if singular.endswith("s") else singular + "s"
    return tuple(dict.fromkeys([text.stem(singular), text.stem(plural)]))


@lru_cache(maxsize=1)
def _field() -> dict[Pair, int]:
    return {(text.terms(short)[0], _plain(long)): 1 for short, long in acronyms.common().items()}
