"""Fusion: the order of words and meaning together, and what it must never do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import joined
from bot.core.fusion import LEAD, SHOWN, TOLD, UNTOLD, clipped, fused, mixed, stretched
from bot.core.index import Index, Match
from bot.core.query import parse
from tests.unit.samples import made_up, seed_papers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Numbers = list[float]
SCORES = st.lists(st.floats(-50, 50).map(lambda score: round(score, 3)), min_size=1, max_size=8)
PAIRS = st.lists(st.tuples(st.floats(0, 50), st.floats(-1, 1) | st.just(float("nan"))), min_size=1, max_size=80)


def array(numbers: Sequence[float]) -> NDArray[np.float64]:
    return np.asarray(numbers, dtype=np.float64)


def alone(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """No paper is in the company of another."""
    return np.zeros(len(scores))


def test_both_sides_count_as_they_are_told() -> None:
    found = mixed(array([30, 20, 10, 10]), array([0.5, 0.7, 0.9, 0.8]), 0.5)
    assert found == pytest.approx([0.5, 0.5, 0.5, 0.375])


def test_a_paper_whose_vector_is_not_made_yet_keeps_its_place_by_words() -> None:
    nan = float("nan")
    assert mixed(array([3, 2, 1]), array([0.8, nan, 0.2]), 0.5) == pytest.approx([1, 0.5, 0])
    assert mixed(array([3, 2, 1]), array([nan, nan, nan])) == pytest.approx([1, 0.5, 0])


def test_meaning_counts_most_where_no_paper_holds_the_words() -> None:
    def weight(words: Numbers, *, whole: bool) -> float:
        """What the second paper gains, which is last by words and first by meaning; both in equal company."""
        return float(2 * fused(array(words), array([0, 1] + [0] * (len(words) - 2)), alone, whole=whole)[1] - 1)

    assert weight([3, 1, 3], whole=True) == weight([3, 1, 2], whole=True) == pytest.approx(TOLD)
    assert weight([3, 1, 3], whole=False) == pytest.approx(UNTOLD)
    assert weight([3, 1, 1.5], whole=False) == pytest.approx(UNTOLD - LEAD * 0.75)


def test_who_is_like_the_best_gains() -> None:
    words, meaning = array([3, 2, 2]), array([0.9, 0.5, 0.5])
    found = fused(words, meaning, lambda scores: array([1, 0, 0.5]) * scores.argmin(), whole=True)
    assert found[2] > found[1]


@given(PAIRS, st.booleans())
def test_scores_are_shares_and_who_leads_everywhere_is_first(pairs: list[tuple[float, float]], whole: bool) -> None:
    words, meaning = array([60.0] + [one for one, _ in pairs]), array([2.0] + [other for _, other in pairs])
    found = fused(words, meaning, lambda scores: scores, whole=whole)
    assert ((found >= 0) & (found <= 1)).all()
    assert found[0] == found.max()


@given(SCORES, st.floats(0.1, 10), st.floats(-5, 5))
def test_the_scale_of_a_side_does_not_matter(numbers: Numbers, times: float, plus: float) -> None:
    words, meaning = array(numbers), array(numbers[::-1])
    assert mixed(words * times + plus, meaning) == pytest.approx(mixed(words, meaning), abs=1e-6)


def test_equal_scores_are_all_the_best() -> None:
    assert stretched(array([2, 2])).tolist() == [1, 1]
    assert stretched(array([])).tolist() == []


def test_a_long_tail_is_cut() -> None:
    words = array(list(range(200)))
    assert clipped(words).tolist() == [200 - SHOWN] * (200 - SHOWN) + list(range(200 - SHOWN, 200))
    assert clipped(words[:10]).tolist() == list(range(10))


# The papers themselves

PAPERS = seed_papers()
INDEX = Index(PAPERS)
COSINES = st.lists(st.floats(-1, 1), min_size=len(PAPERS), max_size=len(PAPERS))


def find(typed: str, cosines: Numbers) -> list[Match]:
    asked = parse(typed)
    meaning = {paper.id: cosine for paper, cosine in zip(PAPERS, cosines, strict=True)}
    return joined.for_query(asked, asked, INDEX, INDEX.search(asked, joined.DEPTH), meaning)


@given(st.sampled_from(PAPERS), COSINES, st.sampled_from([str, str.lower, str.upper, lambda title: f" {title}?"]))
def test_a_title_typed_in_full_is_first_whatever_the_vectors_say(
    paper: object, cosines: Numbers, typed: object
) -> None:
    title = typed(paper.title)  # type: ignore[operator, attr-defined]
    assert find(title, cosines)[0].id == paper.id  # type: ignore[attr-defined]


@given(st.lists(st.sampled_from(["networks", "language", "the", "xyzzy", "pruning"]), max_size=4), COSINES)
def test_every_paper_comes_once_best_first(words: list[str], cosines: Numbers) -> None:
    found = find(" ".join(words), cosines)
    assert sorted(match.id for match in found) == sorted(paper.id for paper in PAPERS)
    assert [match.score for match in found] == sorted((match.score for match in found), reverse=True)
    assert all(0 <= match.score <= 1 for match in found)


def test_two_papers_of_one_title_are_both_first() -> None:
    papers = [made_up("Apples and pears", "fruit", id="a"), made_up("Apples", "pears and apples", id="b")]
    papers += [made_up("Apples and pears", "cars", id="c")]
    index, asked = Index(papers), parse("apples and pears")
    found = joined.for_query(asked, asked, index, index.search(asked), {"b": 0.9, "a": 0.1, "c": 0.1})
    assert {match.id for match in found[:2]} == {"a", "c"}


def test_nothing_found_is_nothing() -> None:
    asked = parse("apples")
    assert joined.for_query(asked, asked, INDEX, [], {}) == []
    assert joined.for_paper([], {}) == []


def test_what_follows_the_first_papers_follows_them_still() -> None:
    papers = [made_up(f"Apples {n}", "pears " * n) for n in range(joined.DEPTH + 20)]
    index, asked = Index(papers), parse("apples")
    matches = index.search(asked, len(papers))
    found = joined.for_query(asked, asked, index, matches, {match.id: float(match is matches[3]) for match in matches})
    assert found[0].id == matches[3].id
    assert [match.id for match in found[joined.DEPTH :]] == [match.id for match in matches[joined.DEPTH :]]


def test_what_is_like_a_paper_is_near_by_words_or_meaning() -> None:
    matches = [Match("a", 30.0, ("x",)), Match("b", 20.0, ("x",)), Match("c", 10.0, ())]
    found = joined.for_paper(matches, {"a": 0.5, "b": 0.8, "c": 0.5, "d": 0.9})
    assert [match.id for match in found] == ["b", "a", "d", "c"]
    assert found[0].matched == ("x",)
