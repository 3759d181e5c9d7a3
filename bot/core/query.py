"""What a query asks for: words to score, and what must or must not stand in a paper.

    "exact phrase"   must stand in the paper, in that order (straight or curly quotes)
    -word -"phrase"  must not
    title:word title:"phrase"    must stand in the title
    author:name author:"name"    one of the authors has all words of the name

The words of a phrase may have other endings and hyphens in the paper; stop words must stand in it as typed.

Everything else is scored words, and so are the words in quotes and of titles. A hyphen inside a word or alone, a
quote without its partner and a colon before a space are what they are in prose: nothing special.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from bot.core import text
from bot.core.paper import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_CLAUSES = 32
"""Conditions of one query that are kept; of any further ones no more than the words are scored."""

_QUOTE = '"“”„‟«»'
# Every alternative ends at the next quote or space, so no text is scanned twice: linear in its length.
_PIECE = re.compile(
    rf"""(?: (?<!\S) (?P<no>[-−](?=[\w{_QUOTE}]))? (?:(?P<place>(?i:title|author)):)? | (?<!\w) )
    (?: [{_QUOTE}](?P<phrase>[^{_QUOTE}]*)[{_QUOTE}](?!\w) | (?P<word>[^\s{_QUOTE}]+) )""",
    re.VERBOSE,
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
"""What is pasted along and seen by nobody."""
_NAME = re.compile(r"[^\W_]+")
_HYPHEN = re.compile(r"(?<=[^\W_])[-/](?=[^\W_])")
_MAX_JOINED = 8
"""Words of a phrase whose spaces may be hyphens in a paper; a longer phrase is taken as typed."""


class Asked(NamedTuple):
    """A word to score: as typed, the index terms it stands for, and where it begins in the query (characters)."""

    surface: str
    terms: tuple[str, ...]
    start: int

    @property
    def end(self) -> int:
        """Return where the word ends in the query."""
        return self.start + len(self.surface)


class Place(StrEnum):
    """Where a condition looks."""

    ANYWHERE = "anywhere"
    TITLE = "title"
    AUTHOR = "author"


class Clause(NamedTuple):
    """A condition: one of the ways stands in that place.

    Each way is a sequence of terms as they follow each other in `text.terms` of a title or abstract. There are several
    because "self-supervised" and "self supervised" are one phrase but not one sequence. For authors a way is
    the `name_words` that one author's name must hold, in any order. `said` is what was typed.

    Stop words are not indexed: with any, `verbatim` is the phrase as `text.stems`, to be looked for in the texts of the
    papers that `ways` let pass (`ways` is empty where there is no other word).
    """

    place: Place
    ways: tuple[tuple[str, ...], ...]
    said: str = ""
    verbatim: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A query read. Every clause of `required` must hold and none of `excluded`; `words` are scored, in order.

    `typed` is what was typed, where `raw` is another reading of it; `beyond` is how many conditions were too many.
    """

    raw: str
    words: tuple[Asked, ...] = ()
    required: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()
    typed: str = field(default="", compare=False)
    beyond: int = field(default=0, compare=False)

    @property
    def terms(self) -> list[str]:
        """Return the terms to score, in order, repeats kept."""
        return [term for word in self.words for term in word.terms]

    @property
    def searchable(self) -> bool:
        """Say whether there is anything to look for: exclusions alone find nothing, an author alone does."""
        return bool(self.words) or any(clause.ways for clause in self.required)

    @property
    def verbatim(self) -> list[tuple[Clause, bool]]:
        """Return the conditions that only the papers' texts can tell, and whether each must hold or must not."""
        every = [(clause, True) for clause in self.required] + [(clause, False) for clause in self.excluded]
        return [(clause, wanted) for clause, wanted in every if clause.verbatim]


def parse(raw: str) -> Query:
    """Read a query of any text, up to `text.MAX_QUERY` characters. Never raises."""
    raw = _INVISIBLE.sub("", raw)[: text.MAX_QUERY]
    words: list[Asked] = []
    required: list[Clause] = []
    excluded: list[Clause] = []
    beyond = 0
    for match in _PIECE.finditer(raw):
        kept = excluded if match["no"] else required
        if (clause := _clause(match)) and clause not in kept:
            full = len(required) + len(excluded) == MAX_CLAUSES
            beyond += full
            kept += [] if full else [clause]
        if not match["no"] and _place(match) is not Place.AUTHOR:
            words += _asked(match[0][_skipped(match) :], match.start() + _skipped(match))
    return Query(raw, tuple(words), tuple(required), tuple(excluded), beyond=beyond)


def bare(prose: str) -> Query:
    """Return a query that is nothing but words: quotes and signs mean nothing in it, and no slip is put right."""
    clipped = prose[: text.MAX_QUERY]
    found = (Asked(clipped[word.start : word.end], word.terms, word.start) for word in text.words(clipped))
    return Query(clipped, tuple(word for word in found if word.terms))


def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a person's name by which it is found: folded, without marks."""
    return tuple(_NAME.findall(text.latin(fold(name))))


def _clause(match: re.Match[str]) -> Clause | None:
    place = _place(match)
    if match["phrase"] is None and not match["no"] and place is Place.ANYWHERE:
        return None
    said = match["word"] if match["phrase"] is None else match["phrase"]
    if place is Place.AUTHOR:
        return Clause(place, (words,), said) if (words := name_words(said)) else None
    ways, stems = _ways(said), tuple(text.stems(said))
    stopped = any(not word.terms for word in text.words(said)) or (bool(stems) and not ways)
    return Clause(place, ways, said, stems if stopped else ()) if stems else None


def _place(match: re.Match[str]) -> Place:
    return Place((match["place"] or Place.ANYWHERE).lower())


def _skipped(match: re.Match[str]) -> int:
    """Return how many characters of a piece are its sign and its field's name."""
    return match.start("word" if match["phrase"] is None else "phrase") - match.start()


def _asked(piece: str, start: int) -> Iterator[Asked]:
    for word in text.words(piece):
        if word.terms:
            yield Asked(piece[word.start : word.end], word.terms, start + word.start)


def _ways(said: str) -> tuple[tuple[str, ...], ...]:
    """Return the sequences a phrase may be indexed as: as typed, hyphens as spaces or nothing, spaces as hyphens."""
    typed = tuple(text.terms(said))
    if not typed:
        return ()
    spellings = [_HYPHEN.sub(" ", said), _HYPHEN.sub("", said), *_hyphenated(said)]
    return tuple(dict.fromkeys([typed, *(tuple(text.terms(spelling)) for spelling in spellings)]))


def _hyphenated(said: str) -> Iterator[str]:
    """Yield a short phrase with two to four of its words joined: "state-of-the-art model"."""
    found = list(text.words(said))
    if len(found) > _MAX_JOINED:
        return
    for first, last in combinations(range(len(found)), 2):
        if last - first < 4 and found[first].terms and found[last].terms:  # noqa: PLR2004 - said above
            joined = "-".join(said[word.start : word.end] for word in found[first : last + 1])
            yield said[: found[first].start] + joined + said[found[last].end :]
