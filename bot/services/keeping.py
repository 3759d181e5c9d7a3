"""The vectors that are kept: read from the database, laid in rows, and those that are missing counted."""

from __future__ import annotations

import asyncio
import hashlib
from array import array
from typing import TYPE_CHECKING

import numpy as np

from bot.core.vectors import Matrix, pack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bot.storage.vectors import Text, Vectors

CHUNK = 1_000
"""Papers read at once."""


def passage(title: str, abstract: str) -> str:
    """Return what an embedder reads of a paper."""
    return f"{title}\n{abstract}"


def content(text: Text) -> bytes:
    """Return the hash (the first 16 bytes of SHA-256) under which the vector of a paper's text is kept."""
    return hashlib.sha256(passage(text.title, text.abstract).encode()).digest()[:16]


class Kept:
    """The vectors of the papers as they read now, by paper id."""

    def __init__(self, store: Vectors) -> None:
        self._store = store
        self._seq = 0
        self._missing = array("q")  # by seq: the texts themselves would fill the memory of a small server
        self._place: dict[str, int] = {}
        self._owners: list[str] = []
        self.matrix: Matrix | None = None
        self.dimensions: int | None = None

    def __len__(self) -> int:
        """Return how many papers have a vector."""
        return len(self._place)

    @property
    def missing(self) -> int:
        """How many papers wait for a vector."""
        return len(self._missing)

    def place(self, paper_id: str) -> int | None:
        """Return where a paper's vector stands in the matrix, or None."""
        return self._place.get(paper_id)

    def owner(self, place: int) -> str | None:
        """Return whose vector lies there; None if the paper reads otherwise now."""
        paper_id = self._owners[place]
        return paper_id if self._place.get(paper_id) == place else None

    async def read(self) -> None:
        """Take in what the database has by now: the vectors that are made, and the papers that lack one."""
        self.dimensions = await self._store.dimensions()
        while texts := await self._store.texts(self._seq, CHUNK):
            contents = await asyncio.to_thread(lambda: [content(text) for text in texts])
            vectors = await self._store.get(contents)
            await asyncio.to_thread(self._take, texts, contents, vectors)
            self._missing.extend(text.seq for text, key in zip(texts, contents, strict=True) if key not in vectors)
            self._seq = texts[-1].seq

    async def next(self, count: int) -> list[Text]:
        """Return those of the next papers without a vector that still lack one, as they read now."""
        texts = await self._store.texts_of(self._missing[:count])
        contents = [content(text) for text in texts]
        # Another process may have made some.
        vectors = await self._store.get(contents)
        self._take(texts, contents, vectors)
        return [text for text, key in zip(texts, contents, strict=True) if key not in vectors]

    def drop(self, count: int) -> None:
        """Count the next papers no longer among those that lack a vector."""
        del self._missing[:count]

    async def add(self, texts: Sequence[Text], rows: NDArray[np.float32]) -> None:
        """Keep the vectors of papers: float32, of length 1."""
        packed = pack(rows)
        made = [(content(text), row.tobytes()) for text, row in zip(texts, packed, strict=True)]
        await self._store.add(made, rows.shape[1])
        self.dimensions = rows.shape[1]
        self._lay([text.id for text in texts], packed)

    def _take(self, texts: Sequence[Text], contents: Sequence[bytes], vectors: dict[bytes, bytes]) -> None:
        made = [(text.id, vectors[key]) for text, key in zip(texts, contents, strict=True) if key in vectors]
        if made:
            packed = np.frombuffer(b"".join(vector for _, vector in made), dtype=np.int8).reshape(len(made), -1)
            self._lay([paper_id for paper_id, _ in made], packed)

    def _lay(self, ids: Sequence[str], packed: NDArray[np.int8]) -> None:
        """Put vectors into the matrix, except where a paper's has not changed (only its votes have, say)."""
        if self.matrix is None:
            self.matrix = Matrix(packed.shape[1])
        matrix = self.matrix
        places = [self._place.get(paper_id) for paper_id in ids]
        new = [n for n, place in enumerate(places) if place is None or not matrix.holds(place, packed[n])]
        # In this order: whoever finds a vector in the matrix finds its owner too.
        self._owners.extend(ids[n] for n in new)
        first = matrix.add(packed[new])
        self._place.update((ids[n], first + k) for k, n in enumerate(new))
