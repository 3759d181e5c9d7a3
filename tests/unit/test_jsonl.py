"""JSON in files: documents and lines, and the shapes that known sources give their records."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.paper import Paper, Problem
from bot.sources import jsonl

ROW: dict[str, Any] = {
    "daily_date": "2025-01-07",
    "id": "2501.00001",
    "title": "Rain\n  in Spain",
    "summary": "It falls\nmainly. See https://rain.org/a.",
    "published_at": "2025-01-03T17:34:15.000Z",
    "outer_published_at": "2025-01-07T03:50:58.348Z",
    "upvotes": 12,
    "num_comments": 3,
    "authors": ["Ada Lovelace", 'J{\\"o}rg Müller'],
    "github_repo": "https://github.com/rain/spain",
    "github_stars": 40,
    "project_page": "https://rain.org",
    "ai_keywords": ["rain", "plains"],
    "ai_summary": "Rain falls.",
    "organization": "weather-lab",
    "thumbnail": "https://rain.org/a.png",
}
DAILY = {
    "paper": {"id": "2501.00002", "title": "Snow", "summary": "It melts.", "upvotes": 5, "publishedAt": "2025-01-03"},
    "title": "Snow",
    "numComments": 2,
}  # fmt: skip
SCHOLAR = {
    "paperId": "f0",
    "externalIds": {"ArXiv": "2501.00003", "DOI": "10.1000/HAIL"},
    "title": "Hail",
    "abstract": "It hurts.",
    "authors": [{"name": "Ada Lovelace"}],
}


def document(text: str) -> list[Paper | Problem]:
    found = jsonl.read_document(text)
    assert found is not None
    return [paper for _, paper in found]


def test_a_row_of_a_daily_list_tells_all_it_knows() -> None:
    paper = jsonl.parse(json.dumps(ROW))
    assert isinstance(paper, Paper)
    assert (paper.id, paper.title, paper.abstract) == (
        "2501.00001", "Rain in Spain", "It falls mainly. See https://rain.org/a.",
    )  # fmt: skip
    assert paper.original_abstract == ROW["summary"]
    assert (paper.url, paper.date, paper.published) == (
        "https://arxiv.org/abs/2501.00001", date(2025, 1, 7), date(2025, 1, 3),
    )  # fmt: skip
    assert (paper.upvotes, paper.comments, paper.stars) == (12, 3, 40)
    assert (paper.code, paper.links) == (("https://github.com/rain/spain",), ("https://rain.org", "https://rain.org/a"))
    assert (paper.keywords, paper.summary) == (("rain", "plains"), "Rain falls.")
    assert (paper.organization, paper.thumbnail) == ("weather-lab", "https://rain.org/a.png")
    assert paper.authors == ("Ada Lovelace", "Jörg Müller")


@pytest.mark.parametrize(
    "write", [json.dumps, lambda value: json.dumps(value, indent=2), lambda value: f"\n {json.dumps(value)} "]
)
def test_records_of_known_sources_are_read_as_theirs_wherever_they_stand(write: Any) -> None:
    for value in (
        [ROW, DAILY, SCHOLAR],
        {"total": 3, "data": [ROW, DAILY, SCHOLAR]},
        {"papers": [ROW, DAILY, SCHOLAR]},
    ):
        row, daily, scholar = document(write(value))
        assert isinstance(row, Paper)
        assert isinstance(daily, Paper)
        assert isinstance(scholar, Paper)
        assert [paper.source for paper in (row, daily, scholar)] == ["file", "huggingface", "semanticscholar"]
        assert (daily.id, daily.upvotes, daily.comments) == ("2501.00002", 5, 2)
        assert (scholar.id, scholar.doi) == ("2501.00003", "10.1000/hail")


def test_a_single_record_over_several_lines_is_one() -> None:
    [paper] = document(json.dumps(ROW, indent=1))
    assert isinstance(paper, Paper)
    assert document("[]") == []
    assert document(" [ ]x") == []
    assert document('{"papers": []}') == []


def test_a_list_that_is_cut_off_gives_what_stands_before() -> None:
    text = json.dumps([ROW, DAILY, SCHOLAR])
    first, second, problem = document(text[:-30])
    assert isinstance(first, Paper)
    assert isinstance(second, Paper)
    assert problem == Problem("not JSON: nothing from here on was read")


def test_lines_are_no_document() -> None:
    assert jsonl.read_document('{"title": "x"') is None
    assert jsonl.read_document("[" * 100_000 + "1") is not None
    assert document("[" * 100_000) == [Problem("not JSON: nothing from here on was read")]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ({"paper": {"id": "x"}}, "no title"),
        ({"paper": {"title": "x"}}, "no abstract"),
        ({"externalIds": {}, "title": "x"}, "no abstract"),
        ({"title": "x", "abstract": 7}, "no abstract"),
        ([], "not a JSON object"),
        (None, "not a JSON object"),
    ],
)
def test_what_is_no_paper_says_why(value: object, why: str) -> None:
    assert jsonl.parse(json.dumps(value)) == Problem(why)


def test_odd_text_is_made_text() -> None:
    paper = jsonl.parse(
        '{"title": "Half \\ud83d", "abstract": "null\\u0000, pair \\ud83d\\ude00 and tab\there.", "upvotes": NaN}'
    )
    assert isinstance(paper, Paper)
    assert (paper.title, paper.abstract) == ("Half \ufffd", "null , pair 😀 and tab here.")
    assert paper.original_abstract == "null , pair 😀 and tab\there."


SHAPES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["2024-01-01", "x", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*ROW, "paper", "externalIds"]), inner),
    max_leaves=8,
)


@given(SHAPES, st.integers(0, 100))
def test_any_value_is_read_or_refused(value: object, cut: int) -> None:
    text = json.dumps(value)
    for written in (text, text[:cut]):
        jsonl.parse(written)
        for _, paper in jsonl.read_document(written) or ():
            assert repr(paper).encode()
