"""Ranking beyond BM25: the same papers in another order, for reasons that each have a case."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.index import Index
from bot.core.ranking import HEAD
from tests.unit.samples import made_up

WORDS = st.sampled_from(["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"])
PAPERS = st.lists(st.lists(WORDS, min_size=1, max_size=12), min_size=1, max_size=12)
QUERIES = st.lists(WORDS, min_size=1, max_size=6)


def index_of(texts: list[list[str]]) -> Index:
    return Index(made_up(f"t{n}", " ".join(words), id=f"p{n}") for n, words in enumerate(texts))


def found(index: Index, query: list[str]) -> list[str]:
    return [match.id for match in index.search(" ".join(query), 99)]


@settings(deadline=None)
@given(PAPERS, QUERIES)
def test_the_same_papers_are_found_with_scores_that_fall(texts: list[list[str]], query: list[str]) -> None:
    index = index_of(texts)
    matches = index.search(" ".join(query), 99)
    assert {match.id for match in matches} == {m.id for m in index.search(" ".join(query), 99, again=False)}
    scores = [match.score for match in matches]
    assert scores == pytest.approx(sorted(scores, reverse=True), abs=1e-9)


@settings(deadline=None)
@given(PAPERS, PAPERS, QUERIES)
def test_an_index_built_by_additions_ranks_the_same(
    first: list[list[str]], second: list[list[str]], query: list[str]
) -> None:
    at_once = index_of(first + second)
    later = [made_up(f"t{n}", " ".join(words), id=f"p{n}") for n, words in enumerate(second, len(first))]
    assert found(index_of(first).with_papers(later), query) == found(at_once, query)


def test_words_side_by_side_come_before_the_same_words_apart() -> None:
    others = [["filler", f"x{n}", "sparse", f"y{n}", "matter"] for n in range(5)]
    index = index_of([["sparse", "noise", "attention", "here"], ["noise", "sparse", "attention", "here"], *others])
    assert found(index, ["sparse", "attention"])[0] == "p1"


def test_of_two_equal_papers_the_one_in_better_company_comes_first() -> None:
    best = [["robot", "grasp", "robot", "grasp", "gripper", "finger", "tactile"]] * 3
    lonely, akin = ["robot", "banana", "tuesday", "kettle"], ["robot", "gripper", "finger", "tactile"]
    index = index_of([*best, lonely, akin, *[["else", f"w{n}"] for n in range(9)]])
    order = found(index, ["robot", "grasp"])
    assert order.index("p4") < order.index("p3")


def test_papers_behind_the_head_follow_as_they_were() -> None:
    index = index_of([["alpha"] * (1 + n % 3) + [f"w{n}"] for n in range(HEAD + 40)])
    plain = [match.id for match in index.search("alpha", HEAD + 40, again=False)]
    again = [match.id for match in index.search("alpha", HEAD + 40)]
    assert again[HEAD:] == plain[HEAD:]
    assert set(again[:HEAD]) == set(plain[:HEAD])
