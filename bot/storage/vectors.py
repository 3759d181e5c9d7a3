"""Vectors in the database, by the model that made them and a hash of what it read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.storage.database import Database


class Text(NamedTuple):
    """What a paper says, and the number of its last change."""

    seq: int
    id: str
    title: str
    abstract: str


class Vectors:
    """Reads and writes the vectors of one model. A vector is kept as bytes; what they mean is not asked here."""

    def __init__(self, database: Database, model: str) -> None:
        """Use an open database and the name of a model."""
        self._database = database
        self._model = model

    async def texts(self, after: int, count: int) -> list[Text]:
        """Return at most `count` papers that changed after a number of `seq`, the earliest change first."""
        sql = "SELECT seq, id, title, abstract FROM papers WHERE seq > ? ORDER BY seq LIMIT ?"
        return [Text(*row) for row in await self._database.rows(sql, (after, count))]

    async def texts_of(self, changes: Sequence[int]) -> list[Text]:
        """Return the papers whose last change has one of these numbers, the earliest first."""
        marks = ",".join("?" * len(changes))
        sql = f"SELECT seq, id, title, abstract FROM papers WHERE seq IN ({marks}) ORDER BY seq"  # noqa: S608 - marks only
        return [Text(*row) for row in await self._database.rows(sql, changes)]

    async def dimensions(self) -> int | None:
        """Return how many bytes a vector of this model has, or None if there is none yet."""
        row = await self._database.row("SELECT dimensions FROM embedders WHERE model = ?", (self._model,))
        return int(row["dimensions"]) if row else None

    async def get(self, contents: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the vectors of these hashes; those that are not made yet are left out."""
        marks = ",".join("?" * len(contents))
        sql = f"""
            SELECT content, vector FROM vectors
            WHERE content IN ({marks}) AND embedder_id = (SELECT id FROM embedders WHERE model = ?)
        """  # noqa: S608 - marks only
        return {row["content"]: row["vector"] for row in await self._database.rows(sql, [*contents, self._model])}

    async def add(self, vectors: Iterable[tuple[bytes, bytes]], dimensions: int) -> None:
        """Keep vectors by hash; a hash that has one keeps it."""
        async with self._database.transaction() as writer:
            sql = "INSERT INTO embedders (model, dimensions) VALUES (?, ?) ON CONFLICT (model) DO NOTHING"
            await writer.rows(sql, (self._model, dimensions))
            sql = """
                INSERT INTO vectors (embedder_id, content, vector)
                SELECT id, ?, ? FROM embedders WHERE model = ? ON CONFLICT (content, embedder_id) DO NOTHING
            """
            await writer.many(sql, [(content, vector, self._model) for content, vector in vectors])
