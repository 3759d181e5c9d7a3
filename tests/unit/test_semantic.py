"""Search by meaning: in the background, beside a reply, and never in its way."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.core.index import Index, Match
from bot.embed import Endpoint
from bot.services import embedding, semantic
from bot.services.semantic import DEPTH, Semantic
from bot.storage.database import open_database
from bot.storage.papers import Papers
from bot.storage.vectors import Vectors
from tests.unit.lying_embedder import lying_embedder
from tests.unit.samples import made_up, seed_papers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from bot.core.paper import Paper
    from bot.storage.database import Database
    from tests.unit.lying_embedder import Embeddings

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
async def liar() -> AsyncIterator[Embeddings]:
    async with lying_embedder() as server:
        yield server


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await open_database(tmp_path / "x.db")
    yield opened
    await opened.close()


@asynccontextmanager
async def started(
    database: Database, liar: Embeddings, *, model: str = "m", patient: bool = False
) -> AsyncIterator[Semantic]:
    endpoint = Endpoint(liar.url, model, "sk-secret-123", timeout=1.5)
    made = Semantic(endpoint, Vectors(database, model), patient=patient, pause=0.05)
    made.start()
    try:
        yield made
    finally:
        await made.close()


async def until_made(found: Semantic, papers: int) -> None:
    async with asyncio.timeout(10):
        while await found.settled() != (papers, 0):  # noqa: ASYNC110 - it pauses between tries
            await asyncio.sleep(0.02)


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def passages(liar: Embeddings) -> list[str]:
    """What was asked of the server, beside the tries whether it is well."""
    return [one for one in liar.texts if one not in {"retrieval", "relevance"}]


async def filled(database: Database, papers: Sequence[Paper]) -> Index:
    await Papers(database).add(papers, NOW)
    return Index(papers)


async def test_every_paper_gets_a_vector_once(database: Database, liar: Embeddings) -> None:
    await filled(database, seed_papers())
    async with started(database, liar) as found:
        assert await found.settled() == (56, 0)
    assert len(passages(liar)) == 56
    async with started(database, liar) as found:
        assert await found.settled() == (56, 0)
    assert len(passages(liar)) == 56


async def test_a_changed_abstract_gets_another_vector_and_votes_do_not(database: Database, liar: Embeddings) -> None:
    papers = [made_up("One", "apples", id="2401.00001"), made_up("Two", "pears")]
    await filled(database, papers)
    async with started(database, liar) as found:
        await found.settled()
        index = await filled(database, [made_up("One", "oranges", id="2401.00001"), made_up("Two", "pears", upvotes=7)])
        found.changed()
        assert await found.settled() == (2, 0)
        assert passages(liar)[2:] == ["One\noranges"]
        near = await found.rerank("apples", index, [])
        assert [match.id for match in near] != ["2401.00001"], "what a paper no longer says does not find it"
        assert [match.id for match in await found.rerank("oranges", index, [])] == ["2401.00001"]


async def test_another_model_makes_its_own_vectors_and_the_first_keeps_its(
    database: Database, liar: Embeddings
) -> None:
    await filled(database, [made_up("One", "apples")])
    for model, asked in (("a", 1), ("b", 2), ("a", 2), ("b", 2)):
        liar.dimensions = {"a": 64, "b": 100}[model]
        async with started(database, liar, model=model) as found:
            assert await found.settled() == (1, 0)
        assert len(passages(liar)) == asked


async def test_two_papers_of_one_text_are_both_found(database: Database, liar: Embeddings) -> None:
    index = await filled(database, [made_up("Same", "apples", id="a"), made_up("Same", "apples", id="b")])
    async with started(database, liar) as found:
        assert await found.settled() == (2, 0)
        assert {match.id for match in await found.rerank("apples", index, [])} == {"a", "b"}


async def test_papers_of_another_process_are_noticed(
    database: Database, liar: Embeddings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(semantic, "POLL", 0.02)
    async with started(database, liar) as found:
        assert await found.settled() == (0, 0)
        await filled(database, [made_up("One", "apples")])
        await until_made(found, 1)


async def test_words_and_meaning_are_one_order(database: Database, liar: Embeddings) -> None:
    papers = [
        made_up("Fruit", "apples apples apples and cars and trains and planes and ships and roads"),
        made_up("Pies", "apples baked"),
        made_up("Orchards", "trees baked"),
    ]
    index = await filled(database, papers)
    async with started(database, liar) as found:
        await found.settled()
        matches = index.search("apples baked")
        both = await found.rerank("apples baked", index, matches)
        assert both[0].id == "pies"
        assert {match.id for match in both} == {"fruit", "pies", "orchards"}
        assert all(0 <= match.score <= 1 for match in both)
        assert both[0].matched == ("apples", "baked")


async def test_conditions_hold(database: Database, liar: Embeddings) -> None:
    papers = [made_up("Fruit", "apples"), made_up("Pies", "apples baked"), made_up("Orchards", "apples trees")]
    index = await filled(database, papers)
    async with started(database, liar) as found:
        await found.settled()
        allowed = [Match("fruit", 2.0, ("apples",))]
        assert [match.id for match in await found.rerank("apples", index, allowed, strict=True)] == ["fruit"]
        assert len(await found.rerank("apples", index, allowed)) == 3


@pytest.mark.parametrize("query", ['"apples baked"', "apples -cars", "title:pies apples", "author:nobody apples"])
async def test_conditions_of_the_query_hold(database: Database, liar: Embeddings, query: str) -> None:
    papers = [made_up("Fruit", "apples and cars"), made_up("Pies", "apples baked"), made_up("Orchards", "apples trees")]
    index = await filled(database, papers)
    async with started(database, liar) as found:
        await found.settled()
        assert [match.id for match in await found.rerank(query, index, [Match("pies", 2.0, ())])] == ["pies"]
        assert liar.texts[-1] in {"apples baked", "apples", "pies apples"}, "what is only a condition has no meaning"


async def test_a_title_typed_in_full_is_first_whatever_the_vectors_say(database: Database, liar: Embeddings) -> None:
    index = await filled(database, seed_papers())
    liar.mode = "at random"
    async with started(database, liar) as found:
        await found.settled()
        for paper in seed_papers():
            for typed in (paper.title, paper.title.lower(), paper.title.replace(" ", "  ") + "?"):
                assert (await found.rerank(typed, index, index.search(typed, DEPTH)))[0].id == paper.id


async def test_the_meaning_of_a_misspelt_query_is_that_of_what_was_meant(database: Database, liar: Embeddings) -> None:
    index = await filled(database, seed_papers())
    async with started(database, liar) as found:
        await found.settled()
        assert (await found.rerank("netwroks", index, index.search("netwroks", DEPTH)))[0].score > 0
        assert liar.texts[-2:] == ["netwroks", "networks"]


@pytest.mark.parametrize("query", ["", "?!", "the of and"])
async def test_a_query_without_a_word_finds_nothing(database: Database, liar: Embeddings, query: str) -> None:
    index = await filled(database, seed_papers())
    async with started(database, liar) as found:
        await found.settled()
        assert await found.rerank(query, index, index.search(query, DEPTH)) == []


async def test_nothing_alike_is_nothing_found(database: Database, liar: Embeddings) -> None:
    index = await filled(database, seed_papers())
    async with started(database, liar) as found:
        await found.settled()
        assert await found.rerank("xyzzy", index, []) == []


async def test_a_paper_that_the_index_does_not_know_yet_is_not_shown(database: Database, liar: Embeddings) -> None:
    await filled(database, [made_up("One", "apples"), made_up("Two", "apples")])
    async with started(database, liar) as found:
        await found.settled()
        assert [match.id for match in await found.rerank("apples", Index([made_up("One", "apples")]), [])] == ["one"]


async def test_what_is_like_a_paper_needs_no_embedder(database: Database, liar: Embeddings) -> None:
    papers = [made_up("One", "apples and pears"), made_up("Two", "apples or pears"), made_up("Three", "cars")]
    index = await filled(database, papers)
    async with started(database, liar) as found:
        await found.settled()
        liar.mode = "500"
        like = await found.similar(papers[0], index, index.similar(papers[0]))
        assert like[0].id == "two"
        assert "one" not in {match.id for match in like}


async def test_the_likeness_of_sentences_is_remembered(database: Database, liar: Embeddings) -> None:
    async with started(database, liar) as found:
        await found.settled()
        first = await found.likeness("red apples", ["apples are red", "cars are fast"])
        assert first is not None
        assert first[0] > 0.8
        assert abs(first[1]) < 0.4
        before = len(liar.asked)
        again = await found.likeness("red apples", ["cars are fast", "apples are red"])
        assert again is not None
        assert list(again) == list(first[::-1])
        assert len(liar.asked) == before
        none = await found.likeness("red apples", [])
        assert none is not None
        assert len(none) == 0


# What goes wrong


@pytest.mark.parametrize(
    "mode", ["500", "401", "404", "html", "cut", "silence", "reset", "one short", "zeros", "NaN", "redirect", "ragged"]
)
async def test_a_failing_endpoint_is_one_warning_and_comes_back(
    database: Database, liar: Embeddings, caplog: pytest.LogCaptureFixture, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(semantic, "POLL", 0.1)
    monkeypatch.setattr(embedding, "QUERY_SECONDS", 0.2)
    index = await filled(database, seed_papers())
    matches = index.search("language models")
    async with started(database, liar) as found:
        await found.settled()
        liar.mode = mode
        # One vector too few shows only where several are asked for.
        assert await found.likeness("language", ["models", "more"]) is None
        began = time.monotonic()
        for number in range(20):
            assert await found.rerank(f"language models {number}", index, matches) == matches
        assert time.monotonic() - began < 0.2
        await asyncio.sleep(0.3)
        assert len(warnings(caplog)) == 1
        assert "sk-secret" not in caplog.text
        liar.mode = "well"
        async with asyncio.timeout(10):
            while await found.likeness("fresh question", ["sentence"]) is None:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.02)
        assert await found.rerank("language models", index, matches) != matches
        assert len(warnings(caplog)) == 1
        liar.mode = mode
        await found.likeness("another", ["outage", "of it"])
    assert len(warnings(caplog)) == 2


async def test_an_endpoint_that_is_down_from_the_start_delays_nothing(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    index = await filled(database, seed_papers())
    matches = index.search("language models")
    async with lying_embedder() as liar:
        port = int(liar.url.split(":")[2].removesuffix("/v1"))
    async with started(database, liar) as found:
        for _ in range(20):
            assert await found.rerank("language models", index, matches) == matches
            await asyncio.sleep(0.02)
        assert len(warnings(caplog)) == 1
        async with lying_embedder(port):
            await until_made(found, 56)
            assert await found.rerank("language models", index, matches) != matches
    assert len(warnings(caplog)) == 1


async def test_an_endpoint_that_is_slow_is_as_good_as_down(
    database: Database, liar: Embeddings, caplog: pytest.LogCaptureFixture
) -> None:
    index = await filled(database, seed_papers())
    matches = index.search("language models")
    async with started(database, liar) as found:
        await found.settled()
        liar.mode = "silence"
        began = time.monotonic()
        assert await found.rerank("language models", index, matches) == matches
        assert time.monotonic() - began < 1.2
        began = time.monotonic()
        assert await found.rerank("language models", index, matches) == matches
        assert time.monotonic() - began < 0.1
    assert len(warnings(caplog)) == 1


async def test_vectors_of_another_size_are_never_mixed_in(
    database: Database, liar: Embeddings, caplog: pytest.LogCaptureFixture
) -> None:
    index = await filled(database, seed_papers())
    matches = index.search("language models")
    async with started(database, liar) as found:
        await found.settled()
    liar.dimensions = 64
    async with started(database, liar) as found:
        await asyncio.sleep(0.3)
        assert await found.rerank("language models", index, matches) == matches
        assert len(warnings(caplog)) == 1
        assert "64" in warnings(caplog)[0]


async def test_a_text_that_an_endpoint_refuses_does_not_hold_up_the_others(
    database: Database, liar: Embeddings, caplog: pytest.LogCaptureFixture
) -> None:
    liar.most = 500
    papers = [made_up(f"Paper {n}", "long " * 200 if n in {3, 40} else f"short {n}") for n in range(70)]
    await filled(database, papers)
    async with started(database, liar) as found:
        await until_made(found, 68)
    assert len(warnings(caplog)) == 1


async def test_until_the_vectors_are_made_the_words_decide(database: Database, liar: Embeddings) -> None:
    index = await filled(database, seed_papers())
    matches = index.search("language models")
    found = Semantic(Endpoint(liar.url, "m", ""), Vectors(database, "m"))
    assert await found.rerank("language models", index, matches) == matches
    assert await found.similar(seed_papers()[0], index, matches) == matches
    assert await found.likeness("language", ["models"]) is None
    await found.close()


async def test_a_process_that_asks_once_waits_for_a_few_vectors(database: Database, liar: Embeddings) -> None:
    index = await filled(database, seed_papers())
    matches = index.search("language models")
    async with started(database, liar, patient=True) as found:
        assert await found.rerank("language models", index, matches) != matches


async def test_a_process_that_asks_once_does_not_wait_for_a_server_that_is_down(database: Database) -> None:
    index = await filled(database, seed_papers())
    async with lying_embedder() as liar:
        pass
    async with started(database, liar, patient=True) as found:
        async with asyncio.timeout(2):
            assert await found.rerank("language models", index, []) == []


async def test_a_damaged_database_is_logged_and_tried_again(
    database: Database, liar: Embeddings, caplog: pytest.LogCaptureFixture
) -> None:
    await filled(database, seed_papers())
    async with database.transaction() as writer:
        await writer.rows("ALTER TABLE vectors RENAME TO gone")
    async with started(database, liar) as found:
        await found.settled()
        assert "could not be kept" in caplog.text
        async with database.transaction() as writer:
            await writer.rows("ALTER TABLE gone RENAME TO vectors")
        await until_made(found, 56)
