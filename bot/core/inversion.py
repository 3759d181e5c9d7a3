"""Streams of term ids into postings, a chunk of papers at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.core.segment import Segment


class Pairs(NamedTuple):
    """Keys, each with the papers it stands with: grouped by key, papers ascending, and how often each pair came."""

    keys: NDArray[np.int32]
    docs: NDArray[np.int32]
    counts: NDArray[np.unsignedinteger[Any]]


class Inversion:
    """Takes the terms of papers, chunk by chunk, and gives streams and postings; see Segment."""

    def __init__(self, onto: Segment | None = None) -> None:
        """Begin with nothing, or with what a segment holds."""
        self._streams: list[NDArray[np.int32]] = [onto.tokens] if onto else []
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
        self._pairs.append(pairs(*twice, self._papers, len(sizes)))
        self._heads.append(pairs(stream[head], docs[head], self._papers, len(sizes)))
        self._streams.append(stream)
        self._sizes.append(sizes)
        self._titles.append(titles)
        self._papers += len(sizes)

    def arrays(self, rank: NDArray[np.int32], *, dense: bool) -> dict[str, NDArray[Any]]:
        """Return the arrays, ids renamed by `rank`; a row for every id if `dense`, else for those in use. Call once."""
        df = np.zeros(len(rank), dtype=np.int64)
        for part in self._pairs:
            begins, often = _runs(part.keys)
            df[rank[part.keys[begins]]] += often
        rows = np.arange(len(rank)) if dense else np.flatnonzero(df)
        starts, docs, counts = grouped(self._pairs, rank, rows)
        title_starts, title_docs, _ = grouped(self._heads, rank, rows)
        sizes, titles = _joined(self._sizes), _joined(self._titles)
        return {
            "postings.terms": rows.astype(np.int32),
            "postings.starts": starts,
            "postings.docs": docs,
            "postings.counts": counts,
            "titles.starts": title_starts,
            "titles.docs": title_docs,
            "stream.terms": self._stream(rank, int(sizes.sum(dtype=np.int64))),
            "stream.starts": np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]),
            "papers.lengths": sizes + titles,
            "papers.title_lengths": titles,
        }

    def _stream(self, rank: NDArray[np.int32], size: int) -> NDArray[np.int32]:
        whole, place = np.empty(size, dtype=np.int32), 0
        while self._streams:  # each part is let go as soon as it is copied
            part = self._streams.pop(0)
            whole[place : place + len(part)] = rank[part]
            place += len(part)
        return whole


def pairs(keys: NDArray[np.int32], docs: NDArray[np.int32], number: int, count: int) -> Pairs:
    """Return the distinct pairs of a chunk of `count` papers, numbered from 0 there and from `number` on here."""
    both, often = np.unique(keys.astype(np.int64) * count + docs, return_counts=True)
    return Pairs(
        (both // max(count, 1)).astype(np.int32), (both % max(count, 1) + number).astype(np.int32), narrow(often)
    )


def grouped(
    parts: list[Pairs], rank: NDArray[np.int32], rows: NDArray[np.integer[Any]]
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.unsignedinteger[Any]]]:
    """Merge parts whose papers follow one another: where each row starts (R + 1), its papers and its counts.

    A counting sort: the size of every row is known before the first pair is placed. Parts are let go on the way.
    """
    place = np.zeros(len(rank), dtype=np.int64)
    for part in parts:
        begins, sizes = _runs(part.keys)
        place[rank[part.keys[begins]]] += sizes
    starts = np.concatenate([[0], np.cumsum(place[rows])])
    place[rows] = starts[:-1]
    docs = np.empty(int(starts[-1]), dtype=np.int32)
    most = max((int(part.counts.max()) for part in parts if len(part.counts)), default=0)
    counts = np.empty(len(docs), dtype=np.min_scalar_type(most))
    while parts:
        part = parts.pop(0)
        begins, sizes = _runs(part.keys)
        keys = rank[part.keys[begins]]
        to = np.repeat(place[keys] - begins, sizes) + np.arange(len(part.keys))
        docs[to], counts[to] = part.docs, part.counts
        place[keys] += sizes
    return starts, docs, counts


def narrow(counts: NDArray[np.integer[Any]]) -> NDArray[np.unsignedinteger[Any]]:
    """Return counts in the least type that holds them."""
    return counts.astype(np.min_scalar_type(int(counts.max()) if len(counts) else 0))


def _runs(keys: NDArray[np.int32]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where each run of equal keys begins, and its size."""
    begins = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])[: len(keys)])
    return begins, np.diff(np.concatenate([begins, [len(keys)]]))


def _rows(rows: Any, starts: Any, docs: Any, counts: Any) -> Pairs:
    return Pairs(np.repeat(rows, np.diff(starts)), docs, counts)


def _joined(parts: list[NDArray[np.int32]]) -> NDArray[np.int32]:
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int32)
