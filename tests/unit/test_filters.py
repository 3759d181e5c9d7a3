"""Conditions of a query against a plain reading of the same papers."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import conditions, text
from bot.core.index import Index
from bot.core.query import Clause, Place, Query, name_words, parse
from bot.core.verbatim import meeting
from tests.unit.samples import made_up

if TYPE_CHECKING:
    from bot.core.paper import Paper

WORDS = st.sampled_from(["alpha", "beta", "gamma", "self-made", "the", "made"])
TEXTS = st.lists(WORDS, max_size=7).map(" ".join)
PEOPLE = st.lists(st.sampled_from(["Ann Lee", "Bo Li", "Ann Li"]), max_size=2).map(tuple)
PAPERS = st.lists(st.tuples(TEXTS, TEXTS, PEOPLE), max_size=12).map(
    lambda made: [made_up(t, a, id=f"p{n}", authors=people) for n, (t, a, people) in enumerate(made)]
)
PIECES = st.one_of(
    WORDS,
    st.tuples(st.sampled_from(["", "-", "title:", "-title:"]), TEXTS).map(lambda pair: f'{pair[0]}"{pair[1]}"'),
    st.tuples(st.sampled_from(["-", "title:", "-title:"]), WORDS).map("".join),
    st.sampled_from(["author:lee", "-author:li", 'author:"li ann"', "author:nobody"]),
)


def holds(paper: Paper, clause: Clause) -> bool:
    """Say whether a paper meets a clause, by reading it."""
    if clause.place is Place.AUTHOR:
        names = [set(name_words(name)) for name in paper.authors]
        return any(set(way) <= name for way in clause.ways for name in names)
    texts = [paper.title] if clause.place is Place.TITLE else [paper.title, paper.abstract]
    if clause.verbatim:
        said = re.sub(r"\W+", " ", clause.said.lower()).strip()
        return any(re.search(rf"(?<!\w){said}(?!\w)", re.sub(r"\W+", " ", one.lower())) for one in texts)
    runs = [text.terms(one) for one in texts]
    return any(tuple(run[n : n + len(way)]) == way for way in clause.ways for run in runs for n in range(len(run) or 1))


def expected(papers: list[Paper], query: Query) -> set[str]:
    words = set(query.terms)
    return {
        paper.id
        for paper in papers
        if query.searchable
        and (not words or words & set(text.document(paper.title, paper.abstract)))
        and all(holds(paper, clause) for clause in query.required)
        and not any(holds(paper, clause) for clause in query.excluded)
    }


@settings(deadline=None, max_examples=200)
@given(PAPERS, st.lists(PIECES, max_size=4), st.integers(0, 12))
def test_exactly_the_papers_that_meet_every_condition_are_found(
    papers: list[Paper], pieces: list[str], cut: int
) -> None:
    query = parse(" ".join(pieces))
    index = Index(papers[:cut]).with_papers(papers[cut:])
    for few in (0, 1000):
        with patch.object(conditions, "FEW", few):
            found = [match.id for match in index.search(query, len(papers) + 1)]
            met = meeting(query, papers)
            assert {one for one in found if one in met} == expected(papers, query)
            assert [match.id for match in index.search(query, 2)] == found[:2]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('"neural network"', {"both", "title"}),
        ('"network neural"', set[str]()),
        ('title:"neural network"', {"title"}),
        ('network -"neural network"', {"apart", "across"}),
        ("network -title:neural", {"both", "apart"}),
        ("author:lee", {"both"}),
        ("author:lee network -author:ann", set[str]()),
        ('-"neural network"', set[str]()),
    ],
)
def test_phrases_exclusions_titles_and_authors(query: str, found: set[str]) -> None:
    index = Index(
        [
            made_up("One", "A neural network.", id="both", authors=("Ann Lee",)),
            made_up("Neural network", "Something", id="title"),
            made_up("Two", "A network of things, some neural", id="apart"),
            made_up("On the neural", "Network of things", id="across"),
        ]
    )
    assert {match.id for match in index.search(query)} == found


def test_an_author_alone_finds_the_newest_first() -> None:
    papers = [made_up(f"P {n}", id=f"p{n}", authors=("Ann Lee",), date=date(2020 + n % 3, 1, 1)) for n in range(5)]
    found = Index(papers).search("author:lee", 4)
    assert [match.id for match in found] == ["p2", "p1", "p4", "p0"]
    assert {match.score for match in found} == {0.0}
