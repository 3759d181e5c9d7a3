"""Fusion: the order of words and meaning together, and what it must never do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.fusion import LEAD, TOLD, UNTOLD, fuse, stretched, weigh

SCORES = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(-50, 50).map(lambda score: round(score, 3)))


def test_both_sides_count_half() -> None:
    words = {"a": 30.0, "b": 20.0, "c": 10.0}
    meaning = {"a": 0.5, "b": 0.7, "c": 0.9, "d": 0.8}
    found = fuse(words, meaning, 0.5)
    assert [paper for paper, _ in found] == ["a", "b", "c", "d"]
    assert [score for _, score in found] == pytest.approx([0.5, 0.5, 0.5, 0.375])


def test_a_paper_found_by_meaning_alone_may_come_first() -> None:
    assert fuse({"a": 2.0, "b": 1.0}, {"a": 0.1, "b": 0.2, "c": 0.9}, weight=0.7)[0][0] == "c"


def test_without_meaning_the_order_is_that_of_the_words() -> None:
    assert [paper for paper, _ in fuse({"a": 3.0, "b": 2.0, "c": 2.0, "d": 1.0}, {})] == ["a", "b", "c", "d"]


def test_a_paper_whose_vector_is_not_made_yet_keeps_its_place_by_words() -> None:
    found = dict(fuse({"a": 3.0, "b": 2.0, "c": 1.0}, {"a": 0.8, "c": 0.2}))
    assert found == {"a": 1.0, "b": 0.5, "c": 0.0}


@given(SCORES, SCORES)
def test_every_paper_comes_once_with_a_share_of_one(words: dict[str, float], meaning: dict[str, float]) -> None:
    found = fuse(words, meaning)
    assert sorted(paper for paper, _ in found) == sorted({*words, *meaning})
    assert all(0 <= score <= 1 for _, score in found)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


@given(SCORES, SCORES, st.sets(st.sampled_from("abcdefgh")))
def test_what_was_asked_for_to_the_letter_comes_first(
    words: dict[str, float], meaning: dict[str, float], exact: set[str]
) -> None:
    order = [paper for paper, _ in fuse(words, meaning, TOLD, exact)]
    there = [paper for paper in order if paper in exact]
    assert order[: len(there)] == there


@given(SCORES, SCORES)
def test_who_leads_on_both_sides_leads(words: dict[str, float], meaning: dict[str, float]) -> None:
    words, meaning = {**words, "z": 60.0}, {**meaning, "z": 60.0}
    assert fuse(words, meaning)[0] == ("z", 1.0)


@given(SCORES, SCORES, st.floats(0.1, 10), st.floats(-5, 5))
def test_the_scale_of_a_side_does_not_matter(
    words: dict[str, float], meaning: dict[str, float], times: float, plus: float
) -> None:
    moved = {paper: score * times + plus for paper, score in words.items()}
    one, other = dict(fuse(words, meaning)), dict(fuse(moved, meaning))
    assert all(abs(one[paper] - other[paper]) < 1e-6 for paper in one)


def test_meaning_counts_most_where_no_paper_holds_the_words() -> None:
    level = {"a": 3.0, "b": 3.0, "c": 1.0}
    ahead = {"a": 3.0, "b": 1.5, "c": 1.0}
    assert weigh(level, whole=True) == weigh(ahead, whole=True) == TOLD
    assert weigh(level, whole=False) == UNTOLD
    assert weigh(ahead, whole=False) == pytest.approx(UNTOLD - LEAD * 0.75)
    assert weigh({}, whole=False) == weigh({"a": 1.0}, whole=False) == UNTOLD


@given(SCORES, st.booleans())
def test_words_always_count(words: dict[str, float], whole: bool) -> None:
    assert 0 < weigh(words, whole=whole) < 1


def test_equal_scores_are_all_the_best() -> None:
    assert stretched({"a": 2.0, "b": 2.0}) == {"a": 1.0, "b": 1.0}
    assert stretched({}) == {}
