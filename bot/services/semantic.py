"""Search by meaning: vectors beside the index, kept up to date in the background and asked only while all is well."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from bot.core import joined
from bot.core.fusion import NEAR
from bot.core.joined import DEPTH
from bot.core.query import parse
from bot.core.vectors import EmbedderError
from bot.services.embedding import Embedder, Line
from bot.services.keeping import Kept, passage

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from bot.core.index import Index, Match
    from bot.core.paper import Paper
    from bot.core.query import Query
    from bot.core.vectors import Matrix
    from bot.storage.vectors import Vectors

__all__ = ["DEPTH", "Embedder", "Semantic"]

log = logging.getLogger(__name__)

FLOOR = 0.35
"""Least cosine of a paper that holds no word of the query: below, the small model sees likeness in anything."""
SOON = 64
"""Papers whose vectors are made before the first search of a process that asks once: about a second."""
POLL = 60.0
"""Seconds between looks for papers that another process took in, and most between tries of an embedder that is down."""


class Semantic:
    """Puts what the index found in a better order, and adds what it could not find by words.

    Whatever fails, the index's own order is the answer, and it comes at once. `patient` waits until the kept vectors
    are read, before the first search: for a process that asks once. `pause` is in seconds, before an embedder
    that is down is tried again; it doubles each time.
    """

    def __init__(self, embedder: Embedder, vectors: Vectors, *, patient: bool = False, pause: float = 5.0) -> None:
        self._line = Line(embedder)
        self._kept = Kept(vectors)
        self._at_once = embedder.at_once
        self._careful = 0
        self._refused = 0
        self._patient = patient
        self._pause = pause
        self._changed = asyncio.Event()
        self._ready = asyncio.Event()
        self._idle = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def made(self) -> int:
        """How many papers have a vector."""
        return len(self._kept)

    @property
    def missing(self) -> int:
        """How many papers lack a vector that may yet be made."""
        return self._kept.missing

    @property
    def up(self) -> bool:
        """Whether the embedder is well, as far as is known."""
        return self._line.up

    @property
    def problem(self) -> str:
        """Why it is not, in words that are safe to show."""
        return self._line.problem

    def start(self) -> None:
        """Begin to keep the vectors up to date."""
        self._task = asyncio.create_task(self._run(), name="vectors")

    async def close(self) -> None:
        """Stop, and let the embedder go."""
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])
        await self._line.close()

    async def settled(self) -> tuple[int, int]:
        """Wait until nothing can be done; return how many papers have a vector and how many still lack one."""
        await self._idle.wait()
        return len(self._kept), self._kept.missing

    def changed(self) -> None:
        """Say that papers came in."""
        self._idle.clear()
        self._changed.set()

    async def rerank(
        self, query: str | Query, index: Index, matches: Sequence[Match], *, strict: bool = False
    ) -> list[Match]:
        """Return what the index found for a query, best first by words and meaning together; scores are 0 to 1.

        `matches` should be DEPTH deep. Papers that are near in meaning alone are added, unless the query has
        conditions ("phrases", -words) or is `strict` for another reason: only the index knows who meets them.
        """
        await self._wait()
        asked = (await asyncio.to_thread(index.read, query)).query if isinstance(query, str) else query
        typed = parse(asked.typed) if asked.typed else asked
        if not asked.words or not len(self._kept):
            return list(matches)
        # Misspelt, a word means little to a model; but a word that no paper holds may also be right as it is.
        if (vector := await self._line.vector(dict.fromkeys([_meant(typed), _meant(asked)]))) is None:
            return list(matches)
        more = not (strict or typed.required or typed.excluded)

        def joined_up() -> list[Match]:
            return joined.for_query(asked, typed, index, matches, self._meaning(vector, index, matches, more=more))

        return await asyncio.to_thread(joined_up)

    async def similar(self, paper: Paper, index: Index, matches: Sequence[Match]) -> list[Match]:
        """Return what the index found to be like a paper, best first by words and meaning together."""
        await self._wait()
        place, matrix = self._kept.place(paper.id), self._kept.matrix
        if place is not None and matrix is not None:
            vector = matrix.vector(place)
        elif matrix is None or (found := await self._line.vector([passage(paper.title, paper.abstract)])) is None:
            return list(matches)
        else:
            vector = found
        meaning = await asyncio.to_thread(self._meaning, vector, index, matches, more=True)
        meaning.pop(paper.id, None)
        return joined.for_paper(matches, meaning)

    async def likeness(self, question: str, sentences: Sequence[str]) -> NDArray[np.float32] | None:
        """Return the cosine (-1 to 1) of each sentence with a question, or None while there is no embedder."""
        await self._wait()
        found = await self._line.vectors([question, *sentences])
        if found is None:
            return None
        rows = np.stack(found)
        cosines: NDArray[np.float32] = np.einsum("ij,j->i", rows[1:], rows[0])
        return cosines

    def _meaning(
        self, vector: NDArray[np.float32], index: Index, matches: Sequence[Match], *, more: bool
    ) -> dict[str, float]:
        """Return cosines with a vector: of the matches that have their own, and of the nearest papers if `more`."""
        matrix = self._kept.matrix
        if matrix is None:
            return {}
        placed = [(match.id, place) for match in matches if (place := self._kept.place(match.id)) is not None]
        cosines = matrix.cosines(vector, np.array([place for _, place in placed], dtype=np.intp))
        found = {key: float(cosine) for (key, _), cosine in zip(placed, cosines, strict=True)}
        return self._near(matrix, vector, index, known=found) | found if more else found

    def _near(
        self, matrix: Matrix, vector: NDArray[np.float32], index: Index, known: Collection[str]
    ) -> dict[str, float]:
        """Return the nearest papers of the index that are not known yet, with their cosines."""
        found = {}
        for place, cosine in zip(*matrix.nearest(vector, NEAR), strict=True):
            owner = self._kept.owner(int(place))
            if cosine < FLOOR:
                break
            if owner is not None and owner not in known and index.number(owner) is not None:
                found[owner] = float(cosine)
        return found

    async def _wait(self) -> None:
        if self._patient:
            await self._ready.wait()

    async def _run(self) -> None:
        pause = self._pause
        while True:
            self._changed.clear()
            try:
                well = await self._keep()
            except Exception:  # what the database may say must not end this task
                log.exception("vectors could not be kept")
                well = False
            self._ready.set()
            self._idle.set()
            pause = self._pause if well else min(2 * pause, POLL)
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL if well else pause):
                    await self._changed.wait()
            self._idle.clear()

    async def _keep(self) -> bool:
        """Read what is kept and make what is missing. Return whether the embedder did its part."""
        await self._kept.read()
        self._line.dimensions = self._kept.dimensions
        if not self._line.up and not await self._line.wake():
            return False
        if self._kept.missing > SOON:
            self._ready.set()
        while self._kept.missing and self._line.up:
            await self._make()
        return self._line.up

    async def _make(self) -> None:
        """Make the vectors of the next few papers; of one at a time after a failure that is not the embedder's."""
        count = 1 if self._careful else self._at_once
        if texts := await self._kept.next(count):
            try:
                rows = await self._line.batch([passage(one.title, one.abstract) for one in texts])
            except EmbedderError as error:
                if not await self._line.wake():
                    return
                if count > 1:
                    self._careful = self._at_once
                    return
                self._refuse(error)
            else:
                await self._kept.add(texts, rows)
                self._line.dimensions = self._kept.dimensions
        self._kept.drop(count)
        self._careful = max(self._careful - 1, 0)

    def _refuse(self, error: EmbedderError) -> None:
        self._refused += 1
        level = logging.WARNING if self._refused == 1 else logging.DEBUG
        log.log(level, "some papers get no vector refused=%d why=%s", self._refused, error)


def _meant(query: Query) -> str:
    """Return the text of a query that has a meaning: without what is only a condition."""
    conditions = query.required or query.excluded
    return " ".join(word.surface for word in query.words) if conditions else query.raw
