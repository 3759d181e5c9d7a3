"""A line to an embedder: used while it is well, left alone while it is not."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from bot.core.vectors import EmbedderError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

log = logging.getLogger(__name__)

QUERY_SECONDS: Final = 1.0
"""Longest that a reply waits for a vector, and that only once: after that the line is down."""
BATCH_SECONDS: Final = 60.0
WAKE_SECONDS: Final = 30.0
"""A server that is asked for the first time may have to load its model."""
REMEMBERED: Final = 4_096
"""Texts of queries and sentences whose vectors are remembered: some six megabytes."""


class Embedder(Protocol):
    """Turns texts into vectors, one row each, of length 1. `model` names what made them."""

    @property
    def model(self) -> str:
        """Return a name under which vectors may be kept: equal names, comparable vectors."""

    @property
    def at_once(self) -> int:
        """Return how many texts it takes best in one call."""

    async def embed(self, texts: Sequence[str], *, background: bool = False) -> NDArray[np.float32]:
        """Return an array of shape (texts, dimensions); work in the `background` gives way. Raises EmbedderError."""

    async def close(self) -> None:
        """Let it go."""


class Line:
    """An embedder that may fail. It is down until `wake` finds it well; each fall is one warning.

    `problem` says why it is down; `dimensions`, once known, is what every vector must have.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, NDArray[np.float32]] = {}
        self.up = False
        self.problem = ""
        self.dimensions: int | None = None

    async def vectors(self, texts: Sequence[str]) -> list[NDArray[np.float32]] | None:
        """Return the vectors of a few texts within QUERY_SECONDS, or None; remembers them."""
        missing = [asked for asked in dict.fromkeys(texts) if asked not in self._known]
        known = {asked: self._known[asked] for asked in texts if asked in self._known}
        if missing:
            if not self.up:
                return None
            try:
                known |= zip(missing, await self._embed(missing, QUERY_SECONDS), strict=True)
            except EmbedderError as error:
                self._fall(error)
                return None
            self._remember(known)
        return [known[asked] for asked in texts]

    async def vector(self, texts: Iterable[str]) -> NDArray[np.float32] | None:
        """Return the vector (length 1) of what a few texts mean together within QUERY_SECONDS, or None."""
        found = await self.vectors(list(texts))
        if found is None:
            return None
        total: NDArray[np.float32] = np.sum(found, axis=0)
        return total / max(float(np.linalg.norm(total)), 1e-9)

    async def batch(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of many texts, in their own time. Raises EmbedderError: `wake` tells whose fault it is."""
        return await self._embed(texts, BATCH_SECONDS, background=True)

    async def wake(self) -> bool:
        """Try whether the embedder answers, and as fast as a reply needs it. Return whether the line is up."""
        try:
            await self._embed(["retrieval"], WAKE_SECONDS)
            await self._embed(["relevance"], QUERY_SECONDS)
        except EmbedderError as error:
            self._fall(error)
        else:
            if not self.up:
                log.info("search by meaning is on model=%s", self._embedder.model)
            self.up, self.problem = True, ""
        return self.up

    async def close(self) -> None:
        """Let the embedder go."""
        self.up = False
        await self._embedder.close()

    async def _embed(self, texts: Sequence[str], seconds: float, *, background: bool = False) -> NDArray[np.float32]:
        try:
            async with asyncio.timeout(seconds):
                rows = await self._embedder.embed(texts, background=background)
        except TimeoutError:
            raise EmbedderError("the embedder took too long") from None
        if self.dimensions is not None and rows.shape[1] != self.dimensions:
            raise EmbedderError(
                f"its vectors have {rows.shape[1]} numbers, those kept under its name {self.dimensions}"
            )
        return rows

    def _fall(self, error: EmbedderError) -> None:
        if not self.problem:
            log.warning("search goes by words alone, the embedder failed why=%s", error)
        self.up, self.problem = False, str(error)

    def _remember(self, known: dict[str, NDArray[np.float32]]) -> None:
        if len(self._known) + len(known) > REMEMBERED:
            self._known.clear()
        self._known |= known
