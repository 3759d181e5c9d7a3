"""The pruned top-k against rank-bm25's own BM25Plus, on corpora large enough to be pruned."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rank_bm25 import BM25Plus

from bot.core import impacts, text
from bot.core.bounds import Peaks
from bot.core.index import Index
from bot.core.postings import PostingsBM25
from tests.unit.samples import made_up

if TYPE_CHECKING:
    from bot.core.paper import Paper

VOCABULARY = [f"w{n}" for n in range(60)]
ZIPF = [1 / (n + 1) ** 1.1 for n in range(60)]


def corpus(seed: int, size: int, longest: int) -> list[Paper]:
    """Return papers of words that are common and rare as words are, some of them alike to the letter."""
    rng = random.Random(seed)
    made: list[Paper] = []
    for number in range(size):
        if made and rng.random() < 0.1:
            old = rng.choice(made)
            made.append(made_up(old.title, old.abstract, id=f"p{number}"))
        else:
            words = rng.choices(VOCABULARY, ZIPF, k=rng.randint(0, longest))
            made.append(made_up(" ".join(words[:3]), " ".join(words[3:]), id=f"p{number}"))
    return made


def brute(papers: list[Paper], query: list[str], k: int, chosen: set[str]) -> list[tuple[str, float]]:
    """Return the k best of the papers chosen, scored by rank-bm25, that hold a word of the query."""
    documents = [text.document(paper.title, paper.abstract) for paper in papers]
    scores = BM25Plus(documents).get_scores(query)
    found = [
        (n, round(float(scores[n]), 9))
        for n, words in enumerate(documents)
        if set(words) & set(query) and papers[n].id in chosen
    ]
    return [(papers[n].id, score) for n, score in sorted(found, key=lambda pair: (-pair[1], pair[0]))[:k]]


SEEDS = st.integers(0, 10**6)
QUERIES = st.lists(st.sampled_from([*VOCABULARY[:12], *VOCABULARY, "unknown"]), max_size=12)


@settings(deadline=None, max_examples=60)
@given(st.builds(corpus, SEEDS, st.integers(1, 900), st.integers(1, 60)), QUERIES, st.integers(1, 30), SEEDS)
def test_the_best_are_those_of_rank_bm25_ties_too(papers: list[Paper], query: list[str], k: int, draw: int) -> None:
    assume(any(paper.title for paper in papers))
    index, rng = Index(papers), random.Random(draw)
    filtered = draw % 2 == 0
    chosen = {paper.id for paper in papers if not filtered or rng.random() < 0.3}
    mask = np.asarray([paper.id in chosen for paper in papers]) if filtered else None
    for small in (0, 10_000):
        bm25 = PostingsBM25(index.bm25.corpus, small)
        found = bm25.top([index.term_id(word) for word in query], k, mask)
        same_as_brute(index, found, brute(papers, query, k, chosen))


@settings(deadline=None, max_examples=40)
@given(st.builds(corpus, SEEDS, st.integers(100, 900), st.just(20)), QUERIES, st.integers(1, 9), SEEDS)
def test_additions_and_changes_prune_as_well(papers: list[Paper], query: list[str], k: int, draw: int) -> None:
    rng = random.Random(draw)
    # What comes is longer and speaks of other things, so that lengths and weights drift.
    later = [made_up("w1 w50", " ".join(rng.choices(VOCABULARY, k=60)), id=f"n{n}") for n in range(draw % 300)]
    later += [made_up("w2", "w3 w55", id=rng.choice(papers).id) for _ in range(draw % 60)]
    whole = list({paper.id: paper for paper in papers + later}.values())
    grown = Index(papers).with_papers(later)
    for small in (0, 10_000):
        found = PostingsBM25(grown.bm25.corpus, small).top([grown.term_id(word) for word in query], k)
        same_as_brute(grown, found, brute(whole, query, k, {paper.id for paper in whole}))


def same_as_brute(index: Index, found: list[tuple[int, float]], expected: list[tuple[str, float]]) -> None:
    assert [index.id(number) for number, _ in found] == [paper for paper, _ in expected]
    assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=2e-9)


def test_the_bounds_are_taken_at_rank_bm25s_own_parameters() -> None:
    ours, theirs = Index(corpus(1, 3, 9)).bm25, BM25Plus([["a"]])
    assert (ours.k1, ours.b, ours.delta) == (theirs.k1, theirs.b, theirs.delta)
    assert (theirs.k1, theirs.b) == (impacts.K1, impacts.B)


def test_a_word_asked_for_hundreds_of_times_does_not_overflow() -> None:
    papers = corpus(1, 800, 40)
    query = ["w40"] * 390 + ["w1"] * 10
    index = Index(papers)
    found = PostingsBM25(index.bm25.corpus, 0).top([index.term_id(word) for word in query], 5)
    same_as_brute(index, found, brute(papers, query, 5, {paper.id for paper in papers}))


@given(st.lists(st.integers(0, 50), min_size=1, max_size=2000), st.integers(1, 40), st.integers(1, 50))
def test_peaks_find_every_sum_that_reaches_a_height(sums: list[int], k: int, least: int) -> None:
    padded = np.asarray(sums + [0] * (-len(sums) % 64), dtype=np.uint16)
    peaks = Peaks(padded, k)
    assert sorted(peaks.reaching(least).tolist()) == [n for n, height in enumerate(sums) if height >= least]
    assert sum(height >= peaks.kth(k) for height in padded.tolist()) >= min(k, len(padded)) or peaks.kth(k) == 0
