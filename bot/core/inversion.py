"""Streams of term ids into postings, a chunk of papers at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from bot.core.segment import Segment


class Pairs(NamedTuple):
    """Keys, ascending, each with the papers that it stands with, ascending, and how often each pair came.

    `sizes` says how many papers a key has; their numbers, in `docs`, count from `number` on. All are as narrow
    as they can be: those of a whole collection wait in memory until the last paper has come.
    """

    keys: NDArray[np.int32]
    sizes: NDArray[np.int32]
    docs: NDArray[np.integer[Any]]
    counts: NDArray[np.unsignedinteger[Any]]
    number: int = 0


class _Stream(NamedTuple):
    """Term ids as the texts of a chunk run: `ids[places]`. The few ids of a chunk make for narrow places."""

    ids: NDArray[np.int32]
    places: NDArray[np.integer[Any]]


class Inversion:
    """Takes the terms of papers, chunk by chunk, and gives streams and postings; see Segment."""

    def __init__(self, onto: Segment | None = None) -> None:
        """Begin with nothing, or with what a segment holds."""
        self._streams = [_Stream(_all_to(onto.tokens), onto.tokens)] if onto else []
        self._sizes: list[NDArray[np.int32]] = [np.diff(onto.token_starts).astype(np.int32)] if onto else []
        self._titles: list[NDArray[np.int32]] = [onto.title_lengths] if onto else []
        self._pairs = [_rows(onto.rows, onto.starts, onto.docs, onto.counts)] if onto else []
        heads = np.ones(len(onto.title_docs), dtype=np.uint8) if onto else None
        self._heads = (
            [_rows(onto.rows, onto.title_starts, onto.title_docs, heads)] if onto and heads is not None else []
        )
        self._papers = len(onto) if onto else 0

    def take(self, stream: NDArray[np.int32], sizes: NDArray[np.int32], titles: NDArray[np.int32]) -> None:
        """Take the terms of some papers; `sizes` and `titles` say how many each has, and has in its title."""
        docs = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        within = np.arange(len(stream)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        head = within < np.repeat(titles, sizes)
        twice = np.concatenate([stream, stream[head]]), np.concatenate([docs, docs[head]])
        held = pairs(*twice, self._papers, len(sizes))
        self._pairs.append(held)
        self._heads.append(pairs(stream[head], docs[head], self._papers, len(sizes)))
        place = np.empty(len(_all_to(stream)), dtype=np.int32)
        place[held.keys] = np.arange(len(held.keys), dtype=np.int32)
        self._streams.append(_Stream(held.keys, narrow(place[stream])))
        self._sizes.append(sizes)
        self._titles.append(titles)
        self._papers += len(sizes)

    def arrays(self, rank: NDArray[np.int32], *, dense: bool) -> Iterator[tuple[str, NDArray[Any]]]:
        """Yield the arrays, ids renamed by `rank`; a row for every id if `dense`, else for those in use. Call once."""
        sizes, titles = _joined(self._sizes), _joined(self._titles)
        yield "stream.starts", np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
        yield "stream.terms", self._stream(rank, int(sizes.sum(dtype=np.int64)))
        yield "papers.lengths", sizes + titles
        yield "papers.title_lengths", titles
        rows = np.arange(len(rank)) if dense else np.flatnonzero(_df(self._pairs, rank))
        yield "postings.terms", rows.astype(np.int32)
        starts, docs, _ = grouped(self._heads, rank, rows)
        yield "titles.starts", starts
        yield "titles.docs", docs
        starts, docs, counts = grouped(self._pairs, rank, rows)
        yield "postings.starts", starts
        yield "postings.docs", docs
        yield "postings.counts", counts

    def _stream(self, rank: NDArray[np.int32], size: int) -> NDArray[np.int32]:
        whole, begin = np.empty(size, dtype=np.int32), 0
        while self._streams:  # each part is let go as soon as it is copied
            ids, places = self._streams.pop(0)
            whole[begin : begin + len(places)] = rank[ids][places]
            begin += len(places)
        return whole


def pairs(keys: NDArray[np.int32], docs: NDArray[np.int32], number: int, count: int) -> Pairs:
    """Return the distinct pairs of a chunk of `count` papers, numbered from 0 there and from `number` on here."""
    both, often = np.unique(keys.astype(np.int64) * count + docs, return_counts=True)
    ordered = (both // max(count, 1)).astype(np.int32)
    begins = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])[: len(ordered)])
    sizes = np.diff(np.concatenate([begins, [len(ordered)]])).astype(np.int32)
    return Pairs(ordered[begins], sizes, narrow(both % max(count, 1)), narrow(often), number)


def grouped(
    parts: list[Pairs], rank: NDArray[np.int32], rows: NDArray[np.integer[Any]]
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.unsignedinteger[Any]]]:
    """Merge parts whose papers follow one another: where each row starts (R + 1), its papers and its counts.

    A counting sort: the size of every row is known before the first pair is placed. Parts are let go on the way.
    """
    place = _df(parts, rank)
    starts = np.concatenate([[0], np.cumsum(place[rows])])
    place[rows] = starts[:-1]
    docs = np.empty(int(starts[-1]), dtype=np.int32)
    most = max((int(part.counts.max()) for part in parts if len(part.counts)), default=0)
    counts = np.empty(len(docs), dtype=np.min_scalar_type(most))
    while parts:
        part = parts.pop(0)
        keys = rank[part.keys]
        begins = np.cumsum(part.sizes, dtype=np.int64) - part.sizes
        to = np.repeat(place[keys] - begins, part.sizes) + np.arange(len(part.docs))
        docs[to], counts[to] = part.docs.astype(np.int32) + part.number, part.counts
        place[keys] += part.sizes
    return starts, docs, counts


def narrow(numbers: NDArray[np.integer[Any]]) -> NDArray[np.unsignedinteger[Any]]:
    """Return numbers from 0 on in the least type that holds them."""
    return numbers.astype(np.min_scalar_type(int(numbers.max()) if len(numbers) else 0))


def _df(parts: list[Pairs], rank: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return how many papers each key has in all parts, by its rank."""
    found = np.zeros(len(rank), dtype=np.int64)
    for part in parts:
        found[rank[part.keys]] += part.sizes
    return found


def _rows(keys: Any, starts: Any, docs: Any, counts: Any) -> Pairs:
    return Pairs(keys, np.diff(starts).astype(np.int32), docs, counts)


def _all_to(ids: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return all ids from 0 to the highest of these."""
    return np.arange(int(ids.max()) + 1 if len(ids) else 0, dtype=np.int32)


def _joined(parts: list[NDArray[np.int32]]) -> NDArray[np.int32]:
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int32)
