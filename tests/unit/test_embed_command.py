"""The command line with an embedder: what is found, what is made, and what is said when it cannot be had."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bot import commands
from bot.__main__ import parser
from bot.app import open_app
from bot.config import ConfigError, Settings, from_env
from tests.unit.lying_embedder import lying_embedder

if TYPE_CHECKING:
    from pathlib import Path


async def say(settings: Settings, *words: str) -> int:
    return await commands.run(parser().parse_args([*words, "--data", str(settings.data)]), settings)


def settings(data: Path, url: str, **other: str) -> Settings:
    named = {"COLLOQUIUM_EMBEDDER": url, "COLLOQUIUM_EMBED_MODEL": "m", "COLLOQUIUM_EMBED_KEY": "sk-secret-123"}
    return from_env({**named, **other}, data)


async def test_vectors_are_made_on_demand_and_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with lying_embedder() as liar:
        here = settings(tmp_path, liar.url)
        assert await say(here, "embed") == 0
        assert "56 papers have a vector, 0 lack one" in capsys.readouterr().out
        made = len(liar.texts)
        assert await say(here, "search", "language models", "--json") == 0
        found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
        assert all(0 <= row["score"] <= 1 for row in found)
        assert set(liar.texts[made:]) == {"retrieval", "relevance", "language models"}
        assert liar.headers[-1]["Authorization"] == "Bearer sk-secret-123"


async def test_without_an_endpoint_the_words_answer_and_the_reason_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with lying_embedder() as liar:
        here = settings(tmp_path, liar.url)
    assert await say(here, "search", "language models", "--json") == 0
    said = capsys.readouterr()
    assert json.loads(said.out)[0]["score"] > 1
    assert said.err == "colloquium: found by words alone: the endpoint cannot be reached\n"
    assert await say(here, "embed", "--json") == 1
    assert json.loads(capsys.readouterr().out) == {"vectors": 0, "missing": 56}


async def test_filters_hold_with_an_embedder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with lying_embedder() as liar:
        here = settings(tmp_path, liar.url)
        assert await say(here, "search", "networks", "-k", "100", "--code", "--json") == 0
        found = {row["id"] for row in json.loads(capsys.readouterr().out)}
    async with open_app(Settings(data=tmp_path)) as app:
        every = await app.library.get(sorted(found))
    assert found
    assert all(paper.code for paper in every)


async def test_without_a_setting_there_is_nothing_to_make(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="COLLOQUIUM_EMBEDDER"):
        await say(Settings(data=tmp_path), "embed")


@pytest.mark.parametrize("given", [{"COLLOQUIUM_EMBED_MODEL": ""}, {"COLLOQUIUM_EMBEDDER": "word2vec"}])
async def test_a_wrong_setting_says_which(tmp_path: Path, given: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="COLLOQUIUM_EMBED"):
        await say(settings(tmp_path, "http://127.0.0.1:9/v1", **given), "search", "x")


def test_the_key_is_in_no_representation(tmp_path: Path) -> None:
    assert "secret" not in repr(settings(tmp_path, "http://user:secret@127.0.0.1/v1"))
