"""Segments: what they hold, kept as arrays and built in one go or piece by piece."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import text
from bot.core.filters import Filter
from bot.core.index import Index, Match
from bot.core.segment import Segment
from bot.core.strings import Strings, arrays
from tests.unit.samples import made_up, seed_papers

if TYPE_CHECKING:
    from bot.core.paper import Paper

WORDS = ["alpha", "beta", "betas", "gamma", "pre-training", "the", "Über", "注意力机制", "delta", "zeta"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
PAPERS = st.builds(
    made_up,
    TEXTS,
    TEXTS,
    id=st.sampled_from([f"p{n}" for n in range(8)]),
    date=st.none() | st.dates(date(2020, 1, 1), date(2020, 1, 5)),
    source=st.sampled_from(["file", "seed"]),
    code=st.sampled_from([(), ("https://github.com/a/b",)]),
    upvotes=st.none() | st.integers(0, 3),
    authors=st.lists(st.sampled_from(["Ann B. Lee", "Bo Li", "Ann Li"]), max_size=2).map(tuple),
)
FILTERS = st.none() | st.builds(
    Filter,
    since=st.none() | st.just(date(2020, 1, 3)),
    until=st.none() | st.just(date(2020, 1, 4)),
    code=st.booleans(),
    source=st.none() | st.sampled_from(["file", "seed", "nowhere"]),
)


def last_of_each(papers: list[Paper]) -> list[Paper]:
    """Return what the database would hold: one paper an id, the last, where the first stood."""
    return list({paper.id: paper for paper in papers}.values())


def by_additions(papers: list[Paper], cuts: list[int]) -> Index:
    bounds = [0, *sorted(min(cut, len(papers)) for cut in cuts), len(papers)]
    index = Index(papers[: bounds[1]])
    for start, end in pairwise(bounds[1:]):
        index = index.with_papers(papers[start:end])
    return index


def from_arrays(index: Index) -> Index:
    base, delta = (Segment.from_arrays(part.arrays()) for part in (index.base, index.delta))
    return Index.on(base, delta)


def rounded(matches: list[Match]) -> list[Match]:
    """Round what sums in the order of term ids, which differ, leave in the last digits."""
    return [match._replace(score=round(match.score, 8)) for match in matches]


def told(index: Index, query: str, only: Filter | None) -> dict[str, object]:
    every = sorted({term for word in WORDS for term in text.terms(word)})
    ids = [f"p{n}" for n in range(8)]
    numbers = {paper: number for paper in ids if (number := index.number(paper)) is not None}
    return {
        "size": len(index),
        "read": index.read(query).query.raw,
        "search": rounded(index.search(query, 5, only)),
        "similar": rounded(index.similar(made_up(query, "alpha gamma"), 4)),
        "complete": [index.complete(query[:end], 6) for end in range(len(query) + 1)],
        "idf": [index.idf(term) for term in every],
        "knows": [index.knows(term) for term in every],
        "known": sorted(numbers),
        "contains": [index.contains(n, term) for n in numbers.values() for term in every],
    }


@settings(deadline=None)  # many questions to four indexes
@given(st.lists(PAPERS, max_size=14), st.lists(st.integers(0, 14), max_size=3), TEXTS, FILTERS)
def test_built_at_once_by_additions_and_from_arrays_answer_the_same(
    papers: list[Paper], cuts: list[int], query: str, only: Filter | None
) -> None:
    whole = told(Index(last_of_each(papers)), query, only)
    grown = by_additions(papers, cuts)
    assert told(Index(papers), query, only) == whole
    assert told(grown, query, only) == whole
    assert told(from_arrays(grown), query, only) == whole


def test_a_word_that_only_replaced_papers_hold_is_nothing_that_was_meant() -> None:
    papers = [made_up("Beta", "Delta", id="a"), made_up("Alpha", "Gamma", id="a")]
    for index in (Index(papers), Index(papers[:1]).with_papers(papers[1:])):
        assert index.read("zeta alpha").changes == ()
    assert Index(papers[:1]).read("zeta delta").query.raw == "beta delta"


@settings(deadline=None)
@given(st.lists(PAPERS, max_size=8), st.lists(PAPERS, max_size=4))
def test_a_papers_terms_and_title_are_kept_as_the_text_runs(before: list[Paper], after: list[Paper]) -> None:
    index = Index(before).with_papers(after)
    for paper in last_of_each(before + after):
        number = index.number(paper.id)
        assert number is not None
        assert index.id(number) == paper.id
        terms = text.terms(paper.title) + text.terms(paper.abstract)
        assert index.tokens(number).tolist() == [index.term_id(term) for term in terms]
        assert index.title_length(number) == len(text.terms(paper.title))


def test_adding_leaves_the_index_it_was_added_to_as_it_was() -> None:
    index = Index([made_up("Alpha", id="a")])
    grown = index.with_papers([made_up("Beta", id="a"), made_up("Alpha gamma", id="b")])
    assert (len(index), len(grown)) == (1, 2)
    assert [match.id for match in index.search("alpha")] == ["a"]
    assert [match.id for match in grown.search("alpha")] == ["b"]
    assert grown.base is index.base


def test_the_words_of_a_segment_are_those_a_reader_sees_with_their_papers_counted() -> None:
    segment = Segment.build([made_up("Pre-training the nets", "Nets, nets"), made_up("Über-nets")])
    words = dict(zip(segment.words, segment.word_counts.tolist(), strict=True))
    assert words == {"nets": 2, "pre": 1, "pretraining": 1, "training": 1, "uber": 1, "ubernets": 1}


def test_arrays_of_another_format_are_refused() -> None:
    kept = Segment.build(seed_papers()[:2]).arrays()
    with pytest.raises(ValueError, match="another format"):
        Segment.from_arrays({**kept, "meta": kept["meta"] + 1})
    with pytest.raises(ValueError, match="another format"):
        Segment.from_arrays({})


def test_a_delta_belongs_to_its_own_base() -> None:
    index = Index(seed_papers()[:3])
    with pytest.raises(ValueError, match="another base"):
        Index.on(Segment.build(seed_papers()[:2]), index.with_papers(seed_papers()[4:5]).delta)


def test_more_papers_than_one_chunk_are_kept_in_order() -> None:
    index = Index(made_up(f"Number {n}", "common", id=f"p{n}") for n in range(9000))
    assert [match.id for match in index.search("8999 4096", 2)] == ["p4096", "p8999"]
    assert [match.id for match in index.search("common", 3)] == ["p0", "p1", "p2"]
    assert index.idf("common") == pytest.approx(np.log(9001 / 9000))


@given(st.lists(st.text(max_size=5), unique=True), st.text(max_size=5))
def test_a_table_finds_every_string_and_no_other(strings: list[str], other: str) -> None:
    table = Strings(arrays(strings, "x"), "x")
    assert [table.find(string) for string in strings] == list(range(len(strings)))
    assert table.find(other) == (strings.index(other) if other in strings else -1)
    assert list(table) == strings


@given(st.lists(st.text("abµ\ud800", max_size=4), unique=True), st.text("abµ", max_size=2))
def test_a_sorted_table_finds_beginnings(strings: list[str], start: str) -> None:
    ordered = sorted(strings)
    table = Strings(arrays(ordered, "x"), "x")
    assert [ordered[n] for n in table.beginning(start)] == [string for string in ordered if string.startswith(start)]
