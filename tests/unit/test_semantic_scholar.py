"""Semantic Scholar's answers, kept as files."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from bot.core.paper import Batch, Problem
from bot.sources import semantic_scholar
from tests.unit.damage import PAGE, check, damaged, misshapen
from tests.unit.recorded import needs_samples, recorded

if TYPE_CHECKING:
    from pathlib import Path


def found(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "paperId": f"{number:040x}",
        "externalIds": {"ArXiv": f"2611.{number:05}", "DOI": "10.1000/Made.Up", "CorpusId": number},
        "url": f"https://www.semanticscholar.org/paper/{number:040x}",
        "title": "Made up",
        "publicationDate": "2026-11-20",
        "authors": [{"authorId": "1", "name": "Ada Lovelace"}, {"authorId": None, "name": None}],
        "abstract": "It is made up.",
    } | changes


DOCUMENT = {"total": 2, "offset": 0, "next": 2, "data": [found(1), found(2, externalIds=None)]}


def test_a_search() -> None:
    batch = semantic_scholar.parse(json.dumps(DOCUMENT).encode(), "s2")
    assert isinstance(batch, Batch)
    known, unknown = batch.papers
    assert (known.id, known.url, known.doi) == ("2611.00001", "https://arxiv.org/abs/2611.00001", "10.1000/made.up")
    assert (known.authors, known.published, known.source) == (("Ada Lovelace",), date(2026, 11, 20), "semanticscholar")
    assert (unknown.id, unknown.url) == ("made-up", f"https://www.semanticscholar.org/paper/{2:040x}")


def test_records_that_are_refused() -> None:
    batch = semantic_scholar.parse(json.dumps([found(1, abstract=None), 5, found(2, title="")]).encode(), "s2")
    assert isinstance(batch, Batch)
    assert [(one.where, one.why) for one in batch.rejected] == [
        ("s2:1", "no abstract"),
        ("s2:2", "not a JSON object"),
        ("s2:3", "no title"),
    ]


@pytest.mark.parametrize("content", [b"", PAGE, b"{}", b'{"data": {}}', b"5", b'{"message": "Too Many Requests"}'])
def test_another_shape_is_a_problem(content: bytes) -> None:
    assert isinstance(semantic_scholar.parse(content, "s2"), Problem)


@needs_samples
@pytest.mark.parametrize("file", recorded("semantic_scholar_*.json"), ids=lambda file: str(file.stem))
def test_what_was_recorded_is_read_without_a_loss(file: Path) -> None:
    content = file.read_bytes()
    batch = semantic_scholar.parse(content, file.name)
    assert isinstance(batch, Batch)
    check(batch, records=len(json.loads(content)["data"]))
    assert batch.rejected == ()


@given(misshapen(DOCUMENT) | damaged(json.dumps(DOCUMENT).encode()))
def test_anything_may_stand_anywhere(content: bytes) -> None:
    check(semantic_scholar.parse(content, "s2"))
