"""Half-typed titles: whole words as typed, the last one as a beginning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bot.core import text
from bot.core.paper import fold
from bot.core.postings import best

if TYPE_CHECKING:
    from bot.core.postings import PostingsBM25

POOL = 200
"""Papers that a half-typed title may become, by all that its last word may become."""
ENDINGS = 50
"""Terms that a half-typed word may become."""
SHORTEST = 4
"""Letters of the shortest beginning of a half-typed word that is taken for a term."""


def complete(bm25: PostingsBM25, typed: str, k: int) -> list[int]:
    """Return the numbers of at most k papers, the likeliest first; the first that came while no word is typed."""
    papers = bm25.corpus
    found = [word for word in text.words(typed[: text.MAX_QUERY]) if word.terms]
    if not found:
        return _first(bm25, k)
    whole = papers.term_ids(term for word in found[:-1] for term in word.terms)
    begun = typed[found[-1].start : found[-1].end]
    terms = _beginning(bm25, begun, found[-1].terms)
    ends = papers.term_ids(terms)
    numbers = np.asarray([n for n, _ in bm25.top([*whole, *ends], max(k, POOL))], dtype=np.int64)
    if not len(numbers):
        return []
    # The last word may become many words, but it is one word: its best reading counts, not their sum,
    # and only as much of it as has been typed.
    shares = np.asarray([min(len(begun) / len(term), 1) for term in terms])
    last = (bm25.worth(ends, numbers) * shares[:, None]).max(axis=0)
    scores = bm25.worth([*whole, -1], numbers).sum(axis=0) + last
    return [number for number, _ in best(numbers, scores, papers, k)]


def _beginning(bm25: PostingsBM25, typed: str, terms: tuple[str, ...]) -> list[str]:
    """Return the terms that a half-typed word may become, its own first."""
    start = fold(typed)
    found = [*terms, *bm25.corpus.beginning(start, ENDINGS)]
    # "separat" is no stem, but "separ" is: accept the longest known beginning of what was typed.
    stems = (start[:n] for n in range(len(start), SHORTEST - 1, -1))
    found += [term for term in stems if bm25.weight(bm25.corpus.term_id(term))][:1]
    return list(dict.fromkeys(found))


def _first(bm25: PostingsBM25, k: int) -> list[int]:
    papers = bm25.corpus
    numbers = np.arange(papers.size)
    numbers = numbers[papers.alive(numbers)]
    places = papers.places(numbers)
    if k < len(places):
        first = np.argpartition(places, k)[:k]
        numbers, places = numbers[first], places[first]
    return [int(n) for n in numbers[np.argsort(places)][: max(k, 0)]]
