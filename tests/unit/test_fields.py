"""Fields from outside, each by itself."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.paper import Paper, Problem, Rejection
from bot.sources import fields
from tests.unit.damage import JUNK

VALUES = JUNK | st.text() | st.binary() | st.lists(st.text())


@given(VALUES)
def test_any_value_may_stand_anywhere(value: object) -> None:
    for read in (fields.text, fields.whole, fields.address, fields.count, fields.day, fields.doi, fields.names):
        read(value)
    found = fields.paper(value, value, value, "test", places=[fields.address(value)])
    assert isinstance(found, (Paper, Problem))


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_text_stays_as_it_is(text: str) -> None:
    assert fields.whole(text) == text
    assert fields.text(text, 10**6) == " ".join(text.split())


def test_long_text_ends_in_dots() -> None:
    assert fields.text("a" * 11, 10) == "a" * 9 + "…"
    assert fields.text("a" * 10, 10) == "a" * 10


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-11-25", date(2026, 11, 25)),
        (" 2026-11-25T23:00:00-05:00", date(2026, 11, 25)),
        ("2026-02-30", None),
        ("2026-11-255", None),
        ("9999-12-31", None),
        ("٢٠٢٦-١١-٢٥", None),
        (20261125, None),
    ],
)
def test_days(value: object, day: date | None) -> None:
    assert fields.day(value) == day


@pytest.mark.parametrize(
    ("value", "doi"),
    [
        ("10.1000/A.b(1)", "10.1000/a.b(1)"),
        ("doi: 10.1000/x", "10.1000/x"),
        ("https://doi.org/10.1000/x", "10.1000/x"),
        ("http://dx.doi.org/10.1000/X;2-#", "10.1000/x;2-#"),
        ("10.1000/", None),
        ("11.1000/x", None),
        ("10.1000/a b", None),
        (None, None),
    ],
)
def test_dois(value: object, doi: str | None) -> None:
    assert fields.doi(value) == doi


@pytest.mark.parametrize("value", [0, 7, 2**31 - 1])
def test_counts(value: int) -> None:
    assert fields.count(value) == value


@pytest.mark.parametrize("value", [-1, 2**31, True, 1.0, "7", None, float("nan")])
def test_what_is_no_count(value: object) -> None:
    assert fields.count(value) is None


def test_ids_may_be_numbers() -> None:
    found = fields.paper(5, "A title", "An abstract", "test")
    assert isinstance(found, Paper)
    assert found.id == "5"


def test_one_title_may_be_of_two_papers_and_one_paper_stands_once() -> None:
    texts = ("About rivers, their gauges and the floods to come.", "About proteins and the antibodies that grip them.")
    records = [fields.paper(None, "Editorial", said, "test") for said in (*texts, texts[0])]
    batch = fields.gather(records, "list")
    assert [paper.abstract for paper in batch.papers] == list(texts)
    assert batch.rejected == (Rejection("list:3", "the same paper stands twice"),)
