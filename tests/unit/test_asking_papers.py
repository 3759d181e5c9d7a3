"""Searches that only the papers' own texts, titles and authors can answer."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.core.fetched import Fetched
from bot.core.naming import named
from bot.core.remarks import unmet
from bot.dictionary import Dictionary
from bot.services.library import Library
from bot.sources import files
from bot.storage.database import open_database
from bot.storage.papers import Papers
from tests.unit.samples import made_up

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

PAPERS = (
    made_up("SAM 2: Segment Anything in Images", "A model.", id="sam2", authors=("Łukasz Kaiser",)),
    made_up("SAM2S: Following Segments", "We segment long videos, not anything short.", id="sam2s"),
    made_up("Segment Length Matters", "Segments of audio.", id="length"),
    made_up("Not All Attention Is Needed", "Attention is all that a model needs.", id="needed"),
    made_up("Wavelets Are All You Need", "Attention is not all.", id="wavelets", authors=("Kaiming He", "Ann Lee")),
    made_up("Wan: Open Video Models", "We open them.", id="wan"),
    made_up("Wan-Animate: Characters", "Wan and open video models, open models of video.", id="animate"),
    made_up("DeepSeek-R1: Reasoning", "We reason.", id="r1"),
    made_up("R³-SQL: Queries", "We query.", id="r3"),
    made_up("Video of Cats", "Cats.", id="cats"),
)


@pytest.fixture
async def library(tmp_path: Path) -> AsyncIterator[Library]:
    database = await open_database(tmp_path / "test.db")
    made = Library(Papers(database), files.parts, words=Dictionary())
    await made.take_in(Fetched(PAPERS, ()), datetime(2024, 5, 1, tzinfo=UTC))
    yield made
    await database.close()


async def found(library: Library, typed: str) -> tuple[list[str], list[str]]:
    read = await library.read(typed)
    return [hit.paper.id for hit in await library.search(read.query)], unmet(read)


@pytest.mark.parametrize(
    ("typed", "ids", "said"),
    [
        ('"segment anything"', {"sam2"}, []),
        ('title:"segment anything" model', {"sam2"}, []),
        ('"all you need"', {"wavelets"}, []),
        ('-"segment anything" segment', {"sam2s", "length"}, []),
        ("segment -anything", {"length"}, []),
        ('attention -"is not all"', {"needed"}, []),
        (
            '"attention is all you need"',
            {"needed", "wavelets"},
            ["No paper here has “attention is all you need” word for word; showing what has its words."],
        ),
        ('"open video" -open', set(), []),
        (
            "segment umbrella",
            {"sam2", "sam2s", "length"},
            ["No paper here mentions “umbrella”."],
        ),
        ("author:lukasz", {"sam2"}, []),
        ("vi\u200bdeo cats", {"cats", "wan", "animate", "sam2s"}, []),
    ],
)
async def test_phrases_are_what_they_say(library: Library, typed: str, ids: set[str], said: list[str]) -> None:
    hits, remarks = await found(library, typed)
    assert (set(hits), remarks) == (ids, said)


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("kaiming he", 'author:"kaiming he"'),
        ('"Kaiming He"', 'author:"Kaiming He"'),
        ("papers by Kaiming He on attention", 'papers by author:"Kaiming He" on attention'),
        ("lukasz", 'author:"lukasz"'),
        ("whale", ""),
        ("becuase", ""),
    ],
)
async def test_the_name_of_an_author_is_no_slip(library: Library, typed: str, suggested: str) -> None:
    read = await library.read(typed)
    assert (read.changes, read.suggestion) == ((), suggested)
    if suggested:
        assert await library.search(suggested)


@pytest.mark.parametrize(
    ("typed", "first"), [("sam2", "sam2"), ("SAM 2", "sam2"), ("wan", "wan"), ("segment length matters", "length")]
)
async def test_a_paper_called_what_was_typed_comes_first(library: Library, typed: str, first: str) -> None:
    hits = await library.search(typed)
    assert hits[0].paper.id == first
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("SAM2", "sam2"),
        ("Wan", "wan"),
        ("deepseek r1", "r1"),
        ("R^3-SQL", "r3"),
        ("wavelets", "wavelets"),
        ("segment len", "length"),
        ("video", None),
        ("wave", None),
        ("", None),
        ("\x1b[31m", None),
    ],
)
async def test_a_paper_is_known_by_its_name_and_never_guessed(library: Library, typed: str, meant: str | None) -> None:
    paper = await library.paper(typed)
    assert (paper and paper.id) == meant


def test_nothing_goes_by_no_name() -> None:
    assert named("?!", PAPERS) is None
    assert named("wan", ()) is None


@pytest.mark.parametrize("wall", ["é" * 4000, "transformer" * 360, "7" * 4000, "a-" * 2000])
async def test_a_wall_of_letters_takes_no_time(library: Library, wall: str) -> None:
    began = time.thread_time()
    await found(library, wall)
    assert time.thread_time() - began < 5  # quadratic took minutes
