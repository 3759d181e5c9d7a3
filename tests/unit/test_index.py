"""The index: rank-bm25's scores, matching by postings, and the papers that people look for."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rank_bm25 import BM25Plus

from bot.core import text
from bot.core.index import Filter, Index, Order, bare, best_sentence
from tests.unit.samples import made_up, seed_papers

WORDS = st.sampled_from(["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"])
DOCUMENTS = st.lists(st.lists(WORDS, max_size=12), min_size=1, max_size=12)
QUERIES = st.lists(WORDS | st.just("unknown"), max_size=8)

QUESTIONS = {
    "how can convnets run faster by fusing layers into one kernel": "on-the-efficiency-of-convolutional-26ca99",
    "splitting a huge model over several accelerators to train it": "gpipe-efficient-training-of-giant-neural-73caf0",
    "is this short text funny": "colbert-using-bert-sentence-embedding-in-78df8f",
    "designing new solvents with generative AI": "generative-discovery-of-novel-chemical-b6e855",
    "weight matrices of low rank without fine-tuning later": "trained-rank-pruning-for-efficient-deep-d8a6eb",
    "a cheap attention module for small mobile CNNs": "ulsam-ultra-lightweight-subspace-3d3485",
    "reading house numbers from photos taken on the street": "multi-digit-number-recognition-from-edc653",
    "a network whose size can be changed at will without retraining": "neural-metamorphosis",
    "self-driving race cars with lidar": "parallel-neural-computing-for-scene-0f4a30",
    "recognising classes that were never seen in training": "hyperspherical-embedding-for-novel-class-418b5c",
    "compressing videos with implicit representations": "nirvana-neural-implicit-representations-17b63b",
    "searching architecture and quantization together": "simq-nas-simultaneous-quantization-abd24f",
    "which neurons of a living animal act together over time": "learning-dynamic-representations-of-the-0f2ad2",
    "get rid of echo and noise on calls": "end-to-end-complex-valued-multidilated-45c251",
    "describe in plain language what a neuron looks for": "natural-language-descriptions-of-deep-29fddb",
    "is the analogy between brains and deep nets flawed": "deep-neural-networks-as-nested-dynamical-systems",
    "why are hypernetworks so unstable to train": "magnitude-invariant-parametrizations-c98e5d",
    "earphones that clean up speech": "clearbuds-wireless-binaural-earbuds-for-e6ed60",
    "explaining a prediction by pointing at prototype examples": "deep-learning-for-case-based-reasoning-e782ec",
    "a good way to draw an architecture as a diagram": "neural-circuit-diagrams-robust-diagrams-557e13",
    "train once, deploy on many different phones": "once-for-all-train-one-network-and-323f56",
    "recognising what a person does from the joints of a skeleton": "ensemble-one-dimensional-convolution-e89a1d",
    "overview of storing weights in fewer bits": "a-survey-of-quantization-methods-for-177db8",
    "what could replace transformers": "what-comes-after-transformers-a-ea69eb",
    "graph neural network training when the graph does not fit in memory": "diskgnn-bridging-i-o-efficiency-and-03410b",
    "compiler for networks whose computation depends on the input": "dycl-dynamic-neural-network-compilation-0bb4cc",
    "information bottleneck view of why deep learning works": "opening-the-black-box-of-deep-neural-4e43ee",
    "how to avoid catastrophic forgetting with generated weights": "continual-learning-with-dependency-0a8e77",
    "training a network step by step with boosting": "sequential-training-of-neural-networks-f537ee",
    "normalising a layer in recurrent networks instead of the batch": "layer-normalization",
    "can diffusion models classify images": "diffusion-models-beat-gans-on-image-4c9b87",
    "passing knowledge from teacher modules to student modules": "m2mkd-module-to-module-knowledge-0fd835",
    "solving PDEs with multigrid": "mgno-efficient-parameterization-of-33d1f3",
    "a thesis about neural ODEs": "on-neural-differential-equations",
}


@pytest.fixture(scope="module")
def seeds() -> Index:
    return Index(seed_papers())


def titles(index: Index, query: str, k: int = 10) -> list[str]:
    by_id = {paper.id: paper.title for paper in seed_papers()}
    return [by_id[match.id] for match in index.search(query, k)]


@settings(deadline=None)  # the first index of all reads the lexicon
@given(DOCUMENTS.filter(any), QUERIES)
def test_scores_equal_rank_bm25(corpus: list[list[str]], query: list[str]) -> None:
    index = Index(made_up("", " ".join(words), id=f"p{n}") for n, words in enumerate(corpus))
    stems = [[text.stem(word) for word in words] for words in corpus]
    theirs = BM25Plus(stems).get_scores([text.stem(word) for word in query])
    ours = index.bm25.get_scores([index.term_id(text.stem(word)) for word in query])
    np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)


@settings(deadline=None)  # the first index of all reads the lexicon
@given(DOCUMENTS.filter(any), QUERIES)
def test_a_match_has_the_score_of_rank_bm25(corpus: list[list[str]], query: list[str]) -> None:
    papers = [made_up(f"{n}", " ".join(words)) for n, words in enumerate(corpus)]
    theirs = BM25Plus([text.document(p.title, p.abstract) for p in papers]).get_scores(text.terms(" ".join(query)))
    found = Index(papers).search(bare(" ".join(query)), k=len(papers), again=False)
    assert [match.score for match in found] == pytest.approx([theirs[int(match.id)] for match in found], abs=1e-9)
    assert [match.score for match in found] == pytest.approx(sorted((m.score for m in found), reverse=True), abs=1e-9)


@settings(deadline=None)  # the first index of all reads the lexicon
@given(DOCUMENTS, QUERIES)
def test_exactly_the_papers_that_hold_a_query_word_are_found(corpus: list[list[str]], query: list[str]) -> None:
    papers = [made_up(f"Title {n}", " ".join(words), id=f"p{n}") for n, words in enumerate(corpus)]
    found = Index(papers).search(bare(" ".join(query)), k=len(papers))
    assert {match.id for match in found} == {f"p{n}" for n, words in enumerate(corpus) if set(words) & set(query)}
    assert all(set(match.matched) <= set(query) and match.matched for match in found)


@settings(deadline=None)
@given(st.integers(1, 9), st.integers(1, 9))
def test_equal_scores_keep_the_order_of_the_papers(count: int, k: int) -> None:
    index = Index(made_up("Same words", "in each", id=f"p{n}") for n in range(count))
    assert [match.id for match in index.search("same words", k)] == [f"p{n}" for n in range(min(count, k))]


def test_a_word_that_every_paper_holds_still_matches() -> None:
    index = Index([made_up("Neural one"), made_up("Neural two")])
    assert len(index.search("neural")) == 2


@settings(deadline=None)
@given(st.text())
def test_an_empty_index_finds_nothing(query: str) -> None:
    index = Index([])
    assert (index.search(query), index.complete(query), index.similar(made_up("Any title"))) == ([], [], [])


def test_one_paper_is_found_by_its_words_only() -> None:
    index = Index([made_up("Only paper here", "About sparse attention.")])
    assert [match.matched for match in index.search("sparse")] == [("sparse",)]
    assert index.search("convolution") == []


@pytest.mark.parametrize("query", ["", "   ", "the of and", "show me papers about", "🎵🎸", "**__~~", "???"])
def test_a_query_without_a_word_finds_nothing(seeds: Index, query: str) -> None:
    assert seeds.search(query) == []


def test_a_query_of_4000_characters_is_answered(seeds: Index) -> None:
    long = (seed_papers()[7].abstract + " ") * 5
    assert seeds.search(long[:4000])[0].id == "neural-metamorphosis"


@pytest.mark.parametrize("query", ["**layer** _normalization_", "# `Layer` normalization 🎉", "layer，归一化"])
def test_markdown_and_emoji_do_not_hide_the_words(seeds: Index, query: str) -> None:
    assert "layer-normalization" in [match.id for match in seeds.search(query, 3)]


def test_chinese_text_is_found_by_a_chinese_query(seeds: Index) -> None:
    chinese = made_up("基于注意力机制的音乐分离", "我们提出一种新的神经网络模型。")
    index = Index([*seed_papers(), chinese])
    assert [match.id for match in index.search("音乐分离")] == [chinese.id]
    assert [match.id for match in index.search("神经网络")] == [chinese.id]
    assert seeds.search("音乐分离") == []


@settings(deadline=None)
@given(st.text(max_size=200), st.integers(-1, 60))
def test_no_query_breaks_the_search(query: str, k: int) -> None:
    index = Index(seed_papers()[:5])
    assert len(index.search(query, k)) <= max(k, 0)
    assert len(index.complete(query, max(k, 0))) <= max(k, 0)


def test_filters_leave_out_papers_of_other_days_and_sources() -> None:
    index = Index(
        [
            made_up("Sparse old", id="old", date=date(2020, 1, 1)),
            made_up("Sparse new", id="new", date=date(2024, 1, 1), code=("https://github.com/a/b",)),
            made_up("Sparse undated", id="undated", source="seed"),
        ]
    )

    def found(**only: object) -> set[str]:
        return {match.id for match in index.search("sparse", 10, Filter(**only))}  # type: ignore[arg-type]

    assert found() == {"old", "new", "undated"}
    assert found(since=date(2024, 1, 1)) == {"new"}
    assert found(since=date.min) == {"old", "new"}
    assert found(until=date(2023, 12, 31)) == {"old"}
    assert found(since=date(2020, 1, 2), until=date(2023, 12, 31)) == set()
    assert found(code=True) == {"new"}
    assert found(source="seed") == {"undated"}
    assert found(source="nowhere") == set()


def test_an_acronym_that_no_paper_holds_finds_its_long_form() -> None:
    index = Index([made_up("Neural architecture search", id="long"), made_up("Music in boats", id="other")])
    assert [(match.id, match.matched) for match in index.search("NAS")] == [("long", ("NAS",))]
    explained = index.with_papers([made_up("On boats (BOTS)", "We use bottom of the sea (BOTS).", id="new")])
    assert [match.id for match in explained.search("nas")] == ["long"]


def test_votes_and_authors_are_filters_too() -> None:
    index = Index(
        [
            made_up("Sparse one", id="one", upvotes=5, authors=("Ann B. Lee", "Bo Li")),
            made_up("Sparse two", id="two", upvotes=0, authors=("Ann Li",)),
        ]
    ).with_papers([made_up("Sparse three", id="three", authors=("Zoë Élan-Li",))])

    def found(**only: object) -> set[str]:
        return {match.id for match in index.search("sparse", 10, Filter(**only))}  # type: ignore[arg-type]

    assert found(votes=1) == {"one"}
    assert found(votes=6) == set()
    assert found(author="lee ann") == {"one"}
    assert found(author="Li") == {"one", "two", "three"}
    assert found(author="ann li") == {"two"}
    assert found(author="zoe elan") == {"three"}
    assert found(author="Nobody") == found(author="...") == set()


def test_the_newest_or_the_most_voted_of_the_relevant_come_first() -> None:
    index = Index(
        [
            made_up(
                "Sparse attention for transformers", "Sparse attention", id="best", date=date(2020, 1, 1), upvotes=3
            ),
            made_up("Sparse attention", "for transformers, and more of the same", id="newer", date=date(2021, 1, 1)),
            made_up("Sparse attention", "for transformers, of unknown day", id="undated", upvotes=7),
            made_up(
                "Something else",
                "with a transformer at the end of a long abstract on other things",
                id="beside",
                date=date(2024, 1, 1),
            ),
        ]
    )
    asked = "sparse attention transformers"
    assert index.search(asked, again=False)[0].id == "best"
    assert [match.id for match in index.search(asked, order=Order.DATE)] == ["newer", "best", "undated"]
    assert [match.id for match in index.search(asked, 2, order=Order.VOTES)] == ["undated", "best"]


def test_each_seed_title_finds_its_own_paper_first(seeds: Index) -> None:
    for paper in seed_papers():
        assert seeds.search(paper.title, 1)[0].id == paper.id
        assert seeds.search(paper.original_title, 1)[0].id == paper.id


def test_each_seed_title_completes_to_its_own_paper(seeds: Index) -> None:
    for paper in seed_papers():
        for typed in range(len(paper.title) // 2, len(paper.title) + 1):
            assert paper.id in seeds.complete(paper.title[:typed], 5)


def test_half_a_word_completes(seeds: Index) -> None:
    assert "layer-normalization" in seeds.complete("layer norma", 5)
    assert len([i for i in seeds.complete("separat", 25) if "separat" in i]) >= 4


def test_source_separation_is_on_top(seeds: Index) -> None:
    found = titles(seeds, "music source separation", 3)
    assert found[0] == "Music Source Separation in the Waveform Domain"
    assert set(found[1:]) == {
        "Universal Source Separation with Weakly Labelled Data",
        "Weakly-supervised Audio Separation via Bi-modal Semantic Similarity",
    }


@pytest.mark.parametrize(("question", "wanted"), QUESTIONS.items())
def test_a_question_in_natural_words_finds_its_paper_in_the_top_three(seeds: Index, question: str, wanted: str) -> None:
    assert wanted in [match.id for match in seeds.search(question, 3)]


def test_similar_papers_are_others_on_the_same_topic(seeds: Index) -> None:
    paper = next(p for p in seed_papers() if p.title.startswith("A Brief Review of Hypernetworks"))
    found = [match.id for match in seeds.similar(paper, 3)]
    assert paper.id not in found
    assert {"magnitude-invariant-parametrizations-c98e5d", "continual-learning-with-dependency-0a8e77"} <= set(found)
    assert len(seeds.similar(paper, 200)) <= len(seeds) - 1


def test_the_best_sentence_is_a_verbatim_part_of_the_abstract(seeds: Index) -> None:
    for paper in seed_papers():
        shown = best_sentence(seeds, text.terms(paper.title), paper.abstract)
        assert shown
        assert shown in paper.abstract


def test_the_best_sentence_holds_the_words_asked_for(seeds: Index) -> None:
    paper = next(p for p in seed_papers() if p.id.startswith("music-source"))
    assert "120MB" in best_sentence(seeds, text.terms("model quantization compressed"), paper.abstract)
    first = best_sentence(seeds, ["nowhere"], paper.abstract)
    assert paper.abstract.startswith(first)
    assert best_sentence(seeds, ["x"], "") == ""
