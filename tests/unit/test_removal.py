"""Papers that leave an index: two records that turned out to be one are one hit, without a rebuild."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import text
from bot.core.index import Index, bare
from tests.unit.samples import made_up
from tests.unit.test_segment import PAPERS, TEXTS, by_additions, from_arrays, last_of_each, rounded

if TYPE_CHECKING:
    from bot.core.paper import Paper

NAMES = [f"p{n}" for n in range(8)]


@settings(deadline=None)
@given(
    st.lists(PAPERS, max_size=12),
    st.lists(st.integers(0, 12), max_size=3),
    st.sets(st.sampled_from(NAMES)),
    TEXTS,
)
def test_removed_papers_are_as_if_they_had_never_come(
    papers: list[Paper], cuts: list[int], removed: set[str], query: str
) -> None:
    left = [paper for paper in last_of_each(papers) if paper.id not in removed]
    fewer = by_additions(papers, cuts).with_papers((), removed)
    assert answers(fewer, query) == answers(Index(left), query)
    # What was removed stays so, whatever comes later, in memory and on disk.
    more = made_up("Another", query, id="another")
    assert answers(from_arrays(fewer.with_papers([more])), query) == answers(Index([*left, more]), query)


def answers(index: Index, query: str) -> dict[str, object]:
    return {
        "size": len(index),
        "search": rounded(index.search(bare(query), 5)),
        "similar": rounded(index.similar(made_up(query, "alpha gamma"), 4)),
        "complete": index.complete(query, 6),
        "idf": [index.idf(term) for term in text.terms(query)],
        "known": [name for name in NAMES if index.number(name) is not None],
    }
