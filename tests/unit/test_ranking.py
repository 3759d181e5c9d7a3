"""Ranking beyond BM25: the same papers in another order, for reasons that each have a case."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import feedback, otherwise, text
from bot.core.index import Filter, Index, bare
from bot.core.pages import READ, Pages
from bot.core.proximity import pairs
from bot.core.ranking import HEAD
from bot.core.telling import Telling
from tests.unit.samples import made_up, seed_papers

LETTERS = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "pre-training", "注意力"]
WORDS = st.sampled_from(LETTERS)
PAPERS = st.lists(
    st.tuples(st.lists(WORDS, max_size=4), st.lists(WORDS, min_size=1, max_size=12)), min_size=1, max_size=12
)
QUERIES = st.lists(WORDS, min_size=1, max_size=6)

Texts = list[tuple[list[str], list[str]]]


def index_of(texts: Texts) -> Index:
    return Index(made_up(" ".join(title), " ".join(words), id=f"p{n}") for n, (title, words) in enumerate(texts))


def abstracts(*texts: str) -> Index:
    return Index(made_up("", words, id=f"p{n}") for n, words in enumerate(texts))


def found(index: Index, query: str) -> list[str]:
    return [match.id for match in index.search(bare(query), 99)]


@settings(deadline=None)
@given(PAPERS, QUERIES)
def test_the_same_papers_are_found_with_scores_that_fall(texts: Texts, query: list[str]) -> None:
    index = index_of(texts)
    matches, plain = (index.search(bare(" ".join(query)), 99, again=again) for again in (True, False))
    assert {match.id for match in matches} == {match.id for match in plain}
    scores = [match.score for match in matches]
    assert scores == sorted(scores, reverse=True)
    if plain:
        assert scores[0] == pytest.approx(plain[0].score, abs=1e-8)
        assert scores[-1] == pytest.approx(plain[-1].score, abs=1e-8)


@settings(deadline=None)
@given(PAPERS, PAPERS, st.sets(st.integers(0, 11)), QUERIES)
def test_an_index_built_by_additions_ranks_the_same(
    first: Texts, second: Texts, replaced: set[int], query: list[str]
) -> None:
    papers = [made_up(" ".join(t), " ".join(a), id=f"p{n}") for n, (t, a) in enumerate(first + second)]
    old = [made_up("Alpha beta", "gamma gamma", id=p.id) if n in replaced else p for n, p in enumerate(papers)]
    later = [p for n, p in enumerate(papers[: len(first)]) if n in replaced] + papers[len(first) :]
    by_additions = Index(old[: len(first)]).with_papers(later)
    wanted = Index(papers).search(bare(" ".join(query)), 99)
    assert by_additions.search(bare(" ".join(query)), 99) == wanted


def test_fewer_papers_wanted_are_the_first_of_more() -> None:
    index = Index(seed_papers())
    many = index.search("neural network quantization", 40)
    assert index.search("neural network quantization", 7) == many[:7]


def test_words_side_by_side_come_before_the_same_words_apart() -> None:
    others = [f"filler x{n} sparse y{n} matter" for n in range(5)]
    index = abstracts("sparse noise attention here", "noise sparse attention here", *others)
    assert found(index, "sparse attention")[0] == "p1"


def test_the_end_of_a_title_and_the_begin_of_an_abstract_are_no_pair() -> None:
    index = Index(
        [
            made_up("Something sparse", "attention follows here", id="apart"),
            made_up("Something else", "sparse attention follows", id="beside"),
        ]
    )
    pages = Pages(index._papers, np.asarray([0, 1]))
    terms = np.asarray([index.term_id("spars"), index.term_id("attent")])
    wanted, counts = pairs(pages.marks(terms), [0, 1], 2)
    assert (wanted, counts.tolist()) == ([(0, 1)], [[0], [1]])


def test_words_that_always_come_together_count_as_less_than_two() -> None:
    together = [f"catastrophic forgetting w{n}" for n in range(60)]
    index = abstracts("catastrophic forgetting noise", "metric continual noise", *together, "metric x", "continual y")
    plain = [match.id for match in index.search(bare("catastrophic forgetting metric continual"), 5, again=False)]
    assert found(index, "catastrophic forgetting metric continual")[0] == plain[0] == "p1"


def test_of_two_equal_papers_the_one_in_better_company_comes_first() -> None:
    best = ["robot grasp robot grasp gripper finger tactile"] * 3
    others = [f"else w{n}" for n in range(9)]
    index = abstracts(*best, "robot banana tuesday kettle", "robot gripper finger tactile", *others)
    order = found(index, "robot grasp")
    assert order.index("p4") < order.index("p3")


def test_a_word_of_titles_tells_more_than_one_that_is_in_every_abstract_once() -> None:
    topical = [made_up(f"Quantum {n}", "we propose quantum things", id=f"q{n}") for n in range(6)]
    papers = [*topical, *(made_up(f"Else {n}", "filler", id=f"e{n}") for n in range(9))]
    index = Index(papers)
    telling = Telling(index._papers)
    factors = {word: telling.factor(index.term_id(text.stem(word))) for word in ("quantum", "propose")}
    assert factors["quantum"] > 1 > factors["propose"]


def test_without_titles_no_word_is_worth_less_for_not_being_in_one() -> None:
    index = abstracts("alpha beta", "alpha gamma")
    telling = Telling(index._papers)
    assert telling.factor(index.term_id("alpha")) == pytest.approx(telling.factor(index.term_id("beta")))


def test_a_compound_as_a_whole_counts_beside_its_parts_but_less() -> None:
    assert [text.whole(word) for word in ("pre-training", "A/B", "training", "84.4", "注意力")] == [
        "pretrain",
        "ab",
        "",
        "",
        "",
    ]
    index = abstracts("inflammation lung fibrosis", "inflammation-related", *(f"x{n}" for n in range(20)))
    assert found(index, "inflammation-related fibrosis in lung")[0] == "p0"


@settings(deadline=None)
@given(PAPERS, st.sets(WORDS, min_size=1))
def test_pages_hold_what_the_index_counts(texts: Texts, wanted: set[str]) -> None:
    index = index_of(texts[: len(texts) // 2]).with_papers(
        made_up(" ".join(t), " ".join(a), id=f"p{n}") for n, (t, a) in enumerate(texts)
    )
    numbers = np.asarray([index.number(f"p{n}") for n in range(len(texts))])
    pages = Pages(index._papers, numbers)
    cells = pages.cells()
    held = {(p, t): n for p, t, n in zip(*(column.tolist() for column in cells), strict=True)}
    assert len(held) == len(cells.page)
    ids = [known for word in wanted for term in text.terms(word) if (known := index.term_id(term)) >= 0]
    marks = pages.marks(np.asarray(list(dict.fromkeys(ids)), dtype=np.int64))
    for place, known in enumerate(dict.fromkeys(ids)):
        counts = index._papers.counts(known, numbers)
        assert [held.get((n, known), 0) for n in range(len(texts))] == counts.tolist()
        here = marks.term == place
        again = np.bincount(marks.page[here], weights=1 + marks.title[here], minlength=len(texts))
        assert again.tolist() == counts.tolist()


def test_a_very_long_text_is_read_in_part() -> None:
    index = abstracts(" ".join(f"w{n}" for n in range(READ + 9)), "w1 short")
    assert Pages(index._papers, np.asarray([1, 0])).cells().times.tolist() == [1] * (READ + 2)
    assert found(index, f"w{READ + 5}") == ["p0"]


def test_a_title_typed_in_full_comes_first_whatever_else_holds_its_words() -> None:
    loud = [made_up(f"Wing drag wing drag {n}", "Wing drag, wing drag. " * 5, id=f"loud{n}") for n in range(5)]
    index = Index([*loud, made_up("Drag of the wing", "Something else.", id="wanted")])
    found = index.search("drag of a wing!")
    assert found[0].id == "wanted"
    assert found[0].score == max(match.score for match in found)
    assert index.search("wing drag")[0].id != "wanted"


def test_papers_behind_the_head_follow_as_they_were() -> None:
    index = abstracts(*(" ".join(["alpha"] * (1 + n % 3) + [f"w{n}"]) for n in range(HEAD + 40)))
    plain = [match.id for match in index.search("alpha", HEAD + 40, again=False)]
    again = [match.id for match in index.search("alpha", HEAD + 40)]
    assert again[HEAD:] == plain[HEAD:]
    assert set(again[:HEAD]) == set(plain[:HEAD])


def test_feedback_is_the_cosine_with_the_best_in_words_not_asked_for() -> None:
    # Page 0 leads by far; page 1 shares its word 2, page 2 nothing. Word 0 was asked for.
    page, term = np.asarray([0, 0, 1, 1, 2]), np.asarray([0, 2, 0, 2, 3], dtype=np.int32)
    likeness = feedback.company(np.asarray([2.0, 0.5, 0.4]), page, term, np.ones(5), np.asarray([0]))
    assert likeness == pytest.approx([0.5, 0.5, 0.0], abs=1e-6)


def acronyms() -> Index:
    return Index(
        [
            made_up("Searching", "We propose neural architecture search (NAS) for phones.", id="both"),
            made_up("Short", "NAS finds layers.", id="short"),
            made_up("Long", "Neural architecture search finds layers.", id="long", date=date(2024, 1, 1)),
            made_up("Part", "The neural architecture of a search engine for neural text.", id="part"),
            made_up("Some", "A neural thing.", id="some"),
        ]
    )


def test_an_acronym_finds_its_long_form_and_says_so() -> None:
    matches = acronyms().search("NAS", 9)
    assert {match.id for match in matches} == {"both", "short", "long", "part"}
    assert {match.matched for match in matches} == {("NAS",)}


def test_a_long_form_finds_its_acronym() -> None:
    matches = acronyms().search("neural architecture search layers", 9)
    said = {match.id: match.matched for match in matches}
    assert said["short"] == ("neural", "architecture", "layers")
    assert said["some"] == ("neural",)
    assert [match.id for match in matches][:2] == ["long", "short"]


def test_what_is_said_in_another_way_meets_the_conditions_too() -> None:
    index = acronyms()
    assert {match.id for match in index.search("NAS -layers", 9)} == {"both", "part"}
    assert [match.id for match in index.search("NAS", 9, Filter(since=date(2024, 1, 1)))] == ["long"]


def test_a_paper_that_says_a_thing_in_both_ways_earns_the_better_of_the_two() -> None:
    # Columns: the acronym, and the two words of its long form. Rows: neither, acronym, long form, both, half.
    gains = np.asarray([[0, 0, 0], [2, 0, 0], [0, 2, 3], [2, 2, 3], [0, 2, 0]], dtype=np.float64)
    found = otherwise.earned([otherwise.Ways([0], [[1, 2]])], gains, np.asarray([2.0, 1.0, 1.0]))
    most = otherwise.MOST * 2.0
    assert np.asarray(found).tolist() == [0, 0, otherwise.SAID * most, otherwise.SAID * (most - 2), 0]
