"""Ranking beyond BM25: the best by BM25Plus are looked at again, for words side by side and for company.

Three things that BM25 does not see, each measured on collections that it was not made with:
adjacent words of the query that stand side by side in the paper; words of the query that always come together and so
say one thing, not two; and how much a paper is about what the best papers are about (pseudo-relevance feedback, as
Rocchio's centroid, over the papers already found, so that it can order them but never drift to others).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bot.core.postings import PostingsBM25

HEAD = 200
"""Papers looked at again: in two hundred stands what is worth showing, and they cost some milliseconds."""
PAIR = 0.15
"""Weight of two words side by side, in that of a term as rare as the pair is among the papers looked at."""
TOGETHER = 0.5
"""How much of a word is not counted again where it always comes with others of the query."""
FEW = 30
"""With so many papers, what they have in common counts half."""
COMPANY = 3.5
"""Weight of the likeness to the best papers, beside a score of 1 for all that the query could earn."""
BEST, SHARPNESS = 10, 12
"""The papers that count as the best, and the power of their scores by which: where one stands out, it alone counts."""

_BITS = 31
"""Term ids are 32-bit integers that are never negative: two of them, or a row and one, make a key of 64 bits."""


@dataclass(frozen=True, slots=True)
class Page:
    """The papers looked at (n), as the entries of a sparse matrix (e): a row, a term, and what BM25Plus gives for it.

    `rows`, `terms`, `gains` (e), the rows ascending; `norms` (n, 1) what the formula adds to a count; `stream` and
    `owners`: the terms of all papers as their texts run, and whose each is.
    """

    rows: NDArray[np.int64]
    terms: NDArray[np.int64]
    gains: NDArray[np.float64]
    norms: NDArray[np.float64]
    stream: NDArray[np.int64]
    owners: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of papers."""
        return len(self.norms)

    def sums(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sum of the entries' values for each paper."""
        return np.bincount(self.rows, weights=values, minlength=len(self)).astype(np.float64)


def rerank(bm25: PostingsBM25, query: Sequence[int], ranked: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """Return the papers in a better order, those beyond HEAD as they were.

    `query` is term ids as asked, `ranked` numbers with their scores by BM25Plus, best first. Scores stay on BM25's
    scale: what the query could earn at most times a share, and never less than those of the papers behind.
    """
    asked = Counter(term for term in query if bm25.weight(term))
    if len(ranked) < 2 or not asked:  # noqa: PLR2004 - nothing to put in order
        return list(ranked)
    head, tail = ranked[:HEAD], ranked[HEAD:]
    numbers = np.asarray([number for number, _ in head], dtype=np.int64)
    page = _page(bm25, numbers)
    scores = _own(bm25, page, asked, query)
    # Among few papers the best say little about the others.
    trust = COMPANY * len(head) / (len(head) + FEW)
    scores = scores + trust * _company(bm25, page, scores, asked)
    places = bm25.corpus.places(numbers)
    # Rounded for the order only: sums in another order must not break ties differently.
    order = np.lexsort((places, -np.round(scores, 9)))
    shown = _shown(scores[order], head, tail)
    return [*zip(numbers[order].tolist(), shown, strict=True), *tail]


def _page(bm25: PostingsBM25, numbers: NDArray[np.int64]) -> Page:
    corpus = bm25.corpus
    streams = [corpus.tokens(number) for number in numbers.tolist()]
    titles = [stream[: corpus.title_length(n)] for stream, n in zip(streams, numbers.tolist(), strict=True)]
    stream = np.concatenate(streams).astype(np.int64)
    owners = np.repeat(np.arange(len(streams)), [len(one) for one in streams])
    again = np.repeat(np.arange(len(titles)), [len(one) for one in titles])
    # The title counts twice, as in the index.
    places = np.concatenate([owners, again]) << _BITS | np.concatenate([stream, *titles])
    cells, counts = np.unique(places, return_counts=True)
    rows, terms = cells >> _BITS, cells & ((1 << _BITS) - 1)
    norms = bm25.k1 * (1 - bm25.b + bm25.b * corpus.lengths(numbers) / bm25.avgdl)
    return Page(rows, terms, _gains(bm25, counts, norms[rows]), norms[:, None], stream, owners)


def _gains(bm25: PostingsBM25, counts: NDArray[np.number[Any]], norms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what terms of weight 1 add by BM25Plus to papers that hold them so often, beyond the delta."""
    gains: NDArray[np.float64] = counts * (bm25.k1 + 1) / (norms + counts)
    return gains


def _own(bm25: PostingsBM25, page: Page, asked: Counter[int], query: Sequence[int]) -> NDArray[np.float64]:
    """Return the share of what the query could earn that each paper earns, pairs on top."""
    # A word asked for again counts for more, but not for twice as much.
    weights = np.asarray([bm25.weight(term) * times**0.5 for term, times in asked.items()])
    gains = np.stack([page.sums(np.where(page.terms == term, page.gains, 0.0)) for term in asked], axis=1)
    earned = (gains * weights) @ _alone(gains > 0) + PAIR * _pairs(bm25, page, query)
    share: NDArray[np.float64] = earned / weights.sum()
    return share


def _alone(held: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return for each word which part of it is its own: less where it comes with others (phi correlation)."""
    spread = held - held.mean(axis=0)
    length = np.sqrt((spread * spread).sum(axis=0))
    unit = spread / np.where(length > 1e-9, length, 1.0)  # noqa: PLR2004 - no length
    together = np.maximum(unit.T @ unit, 0.0)
    np.fill_diagonal(together, 0.0)
    count = len(held)
    part: NDArray[np.float64] = 1 / (1 + TOGETHER * count / (count + FEW) * together.sum(axis=1))
    return part


def _pairs(bm25: PostingsBM25, page: Page, query: Sequence[int]) -> NDArray[np.float64]:
    """Return what the query's adjacent words earn each paper by standing side by side in it."""
    wanted = np.unique(
        np.asarray([a << _BITS | b for a, b in pairwise(query) if a != b and min(a, b) >= 0], dtype=np.int64)
    )
    if not len(wanted):
        return np.zeros(len(page))
    side = page.stream[:-1] << _BITS | page.stream[1:]
    place = np.minimum(wanted.searchsorted(side), len(wanted) - 1)
    met = (wanted[place] == side) & (page.owners[:-1] == page.owners[1:])
    cells = page.owners[:-1][met] * len(wanted) + place[met]
    counts = np.bincount(cells, minlength=len(page) * len(wanted)).reshape(len(page), len(wanted))
    weights = np.log((bm25.corpus_size + 1) / np.maximum((counts > 0).sum(axis=0), 1))
    earned: NDArray[np.float64] = _gains(bm25, counts, page.norms) @ weights
    return earned


def _company(bm25: PostingsBM25, page: Page, scores: NDArray[np.float64], asked: Counter[int]) -> NDArray[np.float64]:
    """Return how like each paper is to the best ones in all words but the query's (0 to 1)."""
    weighed = page.gains * np.log((bm25.corpus_size + 1) / np.maximum(bm25.corpus.dfs(page.terms), 1))
    lengths = np.sqrt(page.sums(weighed * weighed))
    weighed = weighed / np.maximum(lengths, 1e-9)[page.rows]
    best = np.argsort(-np.round(scores, 9), kind="stable")[:BEST]
    powers = np.zeros(len(page))
    powers[best] = np.maximum(scores[best] / max(scores[best].max(), 1e-9), 0) ** SHARPNESS
    share = (powers / powers.sum())[page.rows]
    among = share > 0
    terms, columns = np.unique(page.terms[among], return_inverse=True)
    centre = np.bincount(columns, weights=(weighed * share)[among], minlength=len(terms))
    centre[np.isin(terms, list(asked))] = 0.0
    place = np.minimum(terms.searchsorted(page.terms), len(terms) - 1)
    return page.sums(np.where(terms[place] == page.terms, weighed * centre[place], 0.0))


def _shown(
    scores: NDArray[np.float64], head: Sequence[tuple[int, float]], tail: Sequence[tuple[int, float]]
) -> list[float]:
    """Return scores in the place of BM25's: from the best paper's down to the last one's, in the new proportions."""
    high, low = head[0][1], (tail[0][1] if tail else head[-1][1])
    spread = float(scores[0] - scores[-1])
    shares = (scores - scores[-1]) / spread if spread > 0 else np.zeros(len(scores))
    return [float(low + share * (high - low)) for share in shares]
