"""The library over a real database: what is taken in can be found, read and completed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.core.index import Filter
from bot.services.library import Library
from bot.sources import files
from bot.storage.database import open_database
from bot.storage.papers import Papers
from tests.unit.samples import SEEDS, seed_papers

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2024, 5, 1, tzinfo=UTC)


@pytest.fixture
async def library(tmp_path: Path) -> AsyncIterator[Library]:
    database = await open_database(tmp_path / "test.db")
    found = Library(Papers(database), files.parts)
    await found.ingest([SEEDS], NOW)
    yield found
    await database.close()


@pytest.fixture
async def empty(tmp_path: Path) -> AsyncIterator[Library]:
    database = await open_database(tmp_path / "empty.db")
    yield Library(Papers(database), files.parts)
    await database.close()


async def test_an_empty_library_answers_everything_with_nothing(empty: Library) -> None:
    await empty.catch_up()
    assert await empty.search("layer") == []
    assert await empty.complete("layer") == await empty.complete("") == []
    assert await empty.paper("layer") is None
    assert await empty.ranked("layer") == await empty.newest() == []
    assert (await empty.size()).papers == 0
    assert (await empty.size()).last_added is None


async def test_what_is_taken_in_is_counted_and_found_at_once(library: Library, tmp_path: Path) -> None:
    new = tmp_path / "new.jsonl"
    new.write_text(
        json.dumps({"id": "n1", "title": "Xylophone tuning", "abstract": "Bars are cut. Wood is warm."}) + "\nbad"
    )
    report = await library.ingest([new, tmp_path / "missing"], NOW)
    assert (report.read, report.added, report.updated) == (2, 1, 0)
    assert [rejection.why for rejection in report.rejected] == ["not JSON", "No such file or directory"]
    [hit] = await library.search("xylophones of wood", k=1)
    assert (hit.paper.id, hit.snippet, hit.matched) == ("n1", "Wood is warm.", ("xylophones", "wood"))
    assert (await library.size()).papers == 57
    again = await library.ingest([new], NOW)
    assert (again.read, again.added, again.updated) == (2, 0, 0)


async def test_every_hit_shows_a_verbatim_sentence_with_a_word_asked_for(library: Library) -> None:
    for hit in await library.search("music source separation", k=60):
        assert hit.snippet in hit.paper.abstract
        assert hit.matched
    assert await library.search("music", 5, Filter(source="nowhere")) == []


@pytest.mark.parametrize(
    "wanted",
    [
        "layer-normalization",
        "Layer Normalization",
        "  LAYER   normalization ",
        "layer norm",
        "layer n",
    ],
)
async def test_a_paper_is_found_by_id_title_or_beginning_of_its_words(library: Library, wanted: str) -> None:
    paper = await library.paper(wanted)
    assert paper is not None
    assert paper.id == "layer-normalization"


@pytest.mark.parametrize("wanted", ["", "  ", "quantum gravity", "layer normalization of cheese", "🎵", "%", "\x00"])
async def test_what_is_not_there_is_none(library: Library, wanted: str) -> None:
    assert await library.paper(wanted) is None


async def test_each_seed_paper_is_found_by_its_exact_title(library: Library) -> None:
    for paper in seed_papers():
        assert await library.paper(paper.title.upper()) == paper


async def test_an_arxiv_link_finds_its_paper(library: Library, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps({"id": "1607.06450", "title": "Something else", "abstract": "Text."}))
    await library.ingest([file], NOW)
    for wanted in ("1607.06450", "arXiv:1607.06450v1", "https://arxiv.org/pdf/1607.06450v2.pdf"):
        paper = await library.paper(wanted)
        assert paper is not None
        assert paper.title == "Something else"


async def test_similar_papers_leave_out_the_paper_itself(library: Library) -> None:
    paper = seed_papers()[0]
    found = await library.similar(paper, 60)
    assert paper.id not in {hit.paper.id for hit in found}
    assert len({hit.paper.id for hit in found}) == len(found) > 10
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)


async def test_the_telling_sentence_speaks_about_the_topic_or_the_title(library: Library) -> None:
    paper = next(p for p in seed_papers() if p.id.startswith("clearbuds"))
    assert "37 participants" in await library.telling(paper, "user study participants")
    for paper in seed_papers():
        assert await library.telling(paper, "") in paper.abstract


async def test_ranked_holds_only_papers_on_the_topic_and_newest_all(library: Library) -> None:
    ranked = await library.ranked("hypernetworks")
    assert ranked[0] in {
        "a-brief-review-of-hypernetworks-in-deep-learning",
        "magnitude-invariant-parametrizations-c98e5d",
    }
    assert set(ranked) == {p.id for p in seed_papers() if "hypernetwork" in f"{p.title} {p.abstract}".lower()}
    assert await library.newest() == [paper.id for paper in seed_papers()]


async def test_nothing_typed_completes_to_the_first_papers(library: Library) -> None:
    assert [p.id for p in await library.complete(" ", 25)] == [p.id for p in seed_papers()[:25]]
    assert "layer-normalization" in [p.id for p in await library.complete("layer nor")]


async def test_a_title_that_begins_as_typed_comes_first(library: Library) -> None:
    assert (await library.complete("Láyer n"))[0].id == "layer-normalization"
