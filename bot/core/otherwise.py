"""Another way to say it: a paper that has a word's long form, or the acronym of words, says what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from bot.core.abbreviations import Concept
    from bot.core.collection import Collection
    from bot.core.query import Asked

MORE = 100
"""Papers looked for that may say it in another way only."""
SAID, MOST = 0.75, 2.0
"""What another way counts beside the query's own, and how much it can earn, in weights of the query's own terms: a
long form of rare words says no more than its acronym."""


class Ways(NamedTuple):
    """Terms of a query (`own`) and sequences of terms that mean the same, all as columns of a table."""

    own: list[int]
    others: list[list[int]]


def ways(concepts: Iterable[Concept], column: Callable[[str], int]) -> list[Ways]:
    """Return concepts as columns; `column` says where a term is, -1 where it is nowhere.

    A way is left out if one of its terms is nowhere, a concept if all of its own are.
    """
    found = []
    for concept in concepts:
        own = [place for term in concept.terms if (place := column(term)) >= 0]
        others = [[column(term) for term in way] for way in concept.ways]
        found.append(Ways(own, [way for way in others if min(way) >= 0]))
    return [one for one in found if one.own and one.others]


def earned(
    said: Iterable[Ways], gains: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64] | float:
    """Return what papers (rows) earn by saying what was asked in another way, beyond what they earn by the query's own.

    `gains` are what each term (columns) adds to their scores. A paper says a thing as much as the way that it says it
    most, not as their sum: where an acronym is explained, both stand.
    """
    total: NDArray[np.float64] | float = 0.0
    for own, others in said:
        most, best = MOST * weights[own].sum(), gains[:, own].sum(axis=1)
        already = best
        for way in others:
            whole = (gains[:, way] > 0).all(axis=1)
            best = np.maximum(best, np.where(whole, np.minimum(gains[:, way].sum(axis=1), most), 0.0))
        total = total + SAID * (best - already)
    return total


def holding(
    papers: Collection, ways_to_say: Iterable[tuple[str, ...]], numbers: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Say of each paper whether it holds all terms of one of the ways."""
    found = np.zeros(len(numbers), dtype=bool)
    for way in dict.fromkeys(ways_to_say):
        held = np.ones(len(numbers), dtype=bool)
        for term in papers.term_ids(way):
            held &= papers.counts(term, numbers) > 0
        found |= held
    return found


def met(
    papers: Collection, words: Sequence[Asked], concepts: Iterable[Concept], numbers: NDArray[np.int64]
) -> list[tuple[str, ...]]:
    """Return the words, as typed, that each paper holds or says in another way."""
    others: dict[str, list[tuple[str, ...]]] = {}
    for concept in concepts:
        for term in concept.terms:
            others.setdefault(term, []).extend(concept.ways)
    held = {
        word: holding(papers, [way for term in word.terms for way in ((term,), *others.get(term, ()))], numbers)
        for word in dict.fromkeys(words)
    }
    return [tuple(dict.fromkeys(word.surface for word in words if held[word][n])) for n in range(len(numbers))]
