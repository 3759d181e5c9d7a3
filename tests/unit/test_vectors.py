"""Vectors: packed small, found fast, kept by what they were made of."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import vectors
from bot.core.vectors import EmbedderError, Matrix, pack, unit
from bot.storage.database import open_database
from bot.storage.papers import Papers
from bot.storage.vectors import Vectors
from tests.unit.samples import made_up as paper

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def random(count: int, dimensions: int = 384, seed: int = 0, lean: float = 0.0) -> NDArray[np.float32]:
    """Vectors around some topics; `lean` moves all of them the same way, as many models' are."""
    rng = np.random.default_rng(seed)
    topics = np.random.default_rng(1).normal(size=(50, dimensions))
    rows = topics[rng.integers(50, size=count)] + 1.5 * rng.normal(size=(count, dimensions)) + lean
    return unit(rows.astype(np.float32), count)


@given(st.integers(1, 20), st.integers(1, 200), st.integers(0, 99))
def test_a_packed_vector_points_the_same_way(count: int, dimensions: int, seed: int) -> None:
    rows = random(count, dimensions, seed)
    matrix = Matrix(dimensions)
    matrix.add(pack(rows))
    for place, row in enumerate(rows):
        assert matrix.cosines(row, np.array([place]))[0] == pytest.approx(1, abs=0.001)
        assert float(matrix.vector(place) @ row) == pytest.approx(1, abs=0.001)


def test_few_vectors_are_all_compared() -> None:
    rows = random(vectors.EXACT)
    matrix = Matrix(384)
    matrix.add(pack(rows))
    [query] = random(1, seed=7)
    places, cosines = matrix.nearest(query, 10)
    assert list(places) == list(np.argsort(-(rows @ query))[:10])
    assert cosines == pytest.approx(np.sort(rows @ query)[::-1][:10], abs=0.003)


@pytest.mark.parametrize("lean", [0.0, 2.0])
@pytest.mark.parametrize("dimensions", [384, 100])
def test_of_many_the_nearest_are_found_by_their_signs(dimensions: int, lean: float) -> None:
    rows = random(20_000, dimensions, lean=lean)
    matrix = Matrix(dimensions)
    for start in range(0, 20_000, 1_700):
        matrix.add(pack(rows[start : start + 1_700]))
    found = []
    for query in random(40, dimensions, seed=7, lean=lean):
        best = set(np.argsort(-(rows @ query))[:10])
        found.append(len(best & set(matrix.nearest(query, 10)[0].tolist())))
    assert np.mean(found) > 9.5


def test_built_at_once_or_bit_by_bit_a_matrix_answers_the_same() -> None:
    rows = pack(random(9_000))
    one, other = Matrix(384), Matrix(384)
    one.add(rows[:5_000])
    one.add(rows[5_000:])
    other.add(rows[:5_000])
    assert [other.add(rows[n : n + 1]) for n in range(5_000, 9_000)] == list(range(5_000, 9_000))
    for query in random(5, seed=7):
        assert list(one.nearest(query, 50)[0]) == list(other.nearest(query, 50)[0])


def test_a_search_beside_an_addition_sees_whole_vectors_only() -> None:
    rows = pack(random(12_000))
    matrix = Matrix(384)
    matrix.add(rows[:1])
    [query] = random(1, seed=7)
    wrong: list[str] = []

    def search() -> None:
        while len(matrix) < 12_000:
            places, cosines = matrix.nearest(query, 20)
            if not np.allclose(cosines, matrix.cosines(query, places)) or (cosines == 0).any():
                wrong.append("half a vector")

    reader = threading.Thread(target=search)
    reader.start()
    for start in range(1, 12_000, 7):
        matrix.add(rows[start : start + 7])
    reader.join()
    assert not wrong


def test_an_empty_matrix_has_nothing_near() -> None:
    places, cosines = Matrix(3).nearest(np.array([1, 0, 0], dtype=np.float32), 5)
    assert (len(places), len(cosines)) == (0, 0)


@pytest.mark.parametrize(
    "rows",
    [[[0.0, 0.0]], [[float("nan"), 1.0]], [[float("inf"), 1.0]], [[1e30, 1e30]], [[1.0], [1.0]], [[]], [1.0], 1.0],
)
def test_what_has_no_direction_is_refused(rows: object) -> None:
    with pytest.raises(EmbedderError):
        unit(np.array(rows, dtype=np.float32), 1)


async def test_a_vector_is_kept_by_what_it_was_made_of(tmp_path: Path) -> None:
    database = await open_database(tmp_path / "x.db")
    small, large = Vectors(database, "small"), Vectors(database, "large")
    assert await small.dimensions() is None
    await small.add([(b"a", b"12"), (b"b", b"34")], 2)
    await small.add([(b"a", b"99")], 2)
    await large.add([(b"a", b"5678")], 4)
    assert await small.get([b"a", b"b", b"c"]) == {b"a": b"12", b"b": b"34"}
    assert await large.get([b"a", b"b"]) == {b"a": b"5678"}
    assert (await small.dimensions(), await large.dimensions()) == (2, 4)
    await database.close()


async def test_texts_come_in_the_order_of_their_last_change(tmp_path: Path) -> None:
    database = await open_database(tmp_path / "x.db")
    papers, store = Papers(database), Vectors(database, "small")
    await papers.add(
        [replace(paper("One", "first"), id="2401.00001"), paper("Two", "second"), paper("Three", "third")], NOW
    )
    before = await store.texts(0, 10)
    assert [text.title for text in before] == ["One", "Two", "Three"]
    assert [text.title for text in await store.texts(before[0].seq, 1)] == ["Two"]
    await papers.add([replace(paper("One", "changed"), id="2401.00001")], NOW)
    assert [text.abstract for text in await store.texts(before[-1].seq, 10)] == ["changed"]
    assert [text.title for text in await store.texts_of([text.seq for text in before])] == ["Two", "Three"]
    await database.close()
