"""The analyzer: which terms a text becomes, and where its sentences begin and end."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core import text
from bot.core.variants import american
from tests.unit.samples import seed_papers

PROSE = st.lists(
    st.sampled_from(["et al.", "[18]", "Eq. 3", "Dr. Who", "a.b", "3.5 dB.", "End.", "Why?", "\n\n", "…", "“Yes.”"])
    | st.text(max_size=8)
).map(" ".join)  # fmt: skip


@pytest.mark.parametrize(
    ("written", "terms"),
    [
        ("pre-training", ["pre", "train", "pretrain"]),
        ("state-of-the-art", ["state", "art", "stateoftheart"]),
        ("A/B", ["b", "ab"]),
        ("Adam's", ["adam"]),
        ("Adam’s optimiser", ["adam", "optim"]),
        ("naïve Erdős", ["naiv", "erdo"]),
        ("84.4% of 200,000", ["84.4", "200", "000"]),
        ("GPT-4", ["gpt", "4", "gpt4"]),
        ("conv2d 3D 4x", ["conv2d", "3d", "4x"]),
        ("LLMEval²", ["llmeval2"]),
        ("networks networks", ["network", "network"]),
        ("σ-algebra", ["sigma", "algebra", "sigmaalgebra"]),
        ("нейронная сеть", ["неиронная", "сеть"]),
        ("神经网络", ["神经", "经网", "网络"]),
        ("乐", ["乐"]),
        ("find papers about the use of", []),
        ("🎵 ** -- ''", []),
        ("", []),
    ],
)
def test_terms(written: str, terms: list[str]) -> None:
    assert text.terms(written) == terms


@given(st.text())
def test_each_word_stands_where_it_says_and_gives_the_terms(written: str) -> None:
    found = list(text.words(written))
    assert all(0 <= word.start < word.end <= len(written) for word in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert [term for word in found for term in word.terms] == text.terms(written)


@given(st.text(alphabet=st.characters(categories=["Ll", "Lu", "Nd", "Zs", "Po"]), max_size=60))
def test_letter_case_does_not_change_the_terms_of_latin_text(written: str) -> None:
    latin = written.encode("ascii", "ignore").decode()
    assert text.terms(latin.upper().lower()) == text.terms(latin)


def test_the_title_counts_twice() -> None:
    assert text.document("Layer", "norm") == ["layer", "layer", "norm"]


def _check_spans(written: str) -> None:
    found = text.spans(written)
    place = 0
    for start, end in found:
        assert place <= start < end <= len(written)
        assert not written[place:start].strip(), "between sentences there is only space"
        assert written[start:end] == written[start:end].strip()
        place = end
    assert not written[place:].strip()


@given(PROSE | st.text())
@example("  x  ")
@example("Ends. \x1f Then more.")
def test_sentences_are_trimmed_slices_in_order_that_lose_nothing(written: str) -> None:
    _check_spans(written)


def test_sentences_of_the_seed_papers_lose_nothing() -> None:
    for paper in seed_papers():
        _check_spans(paper.abstract)


@pytest.mark.parametrize(
    "sentence",
    [
        "We follow Smith et al. [18] in this.",
        "As Smith et al. (2018) Theorem 2 says.",
        "The loss of Eq. 3 is convex.",
        "It is shown in Fig. 2 and Sec. 4 below.",
        "It gains 5.57 dB on average, i.e. more than half.",
        "Large models, e.g. GPT-3 and others, do well.",
        "Accuracy w.r.t. measured latency improves.",
    ],
)
def test_abbreviations_do_not_end_a_sentence(sentence: str) -> None:
    assert text.sentences(f"Before it. {sentence} After it.") == ["Before it.", sentence, "After it."]


def test_sentences_end_at_full_stops_and_questions() -> None:
    assert text.sentences("One is here. Is two? Three!") == ["One is here.", "Is two?", "Three!"]
    assert text.sentences(" \n ") == []


@pytest.mark.parametrize(
    "pair",
    [
        "optimise optimize",
        "optimisation optimizations",
        "analysed analyzed",
        "modelling modeling",
        "behaviours behavior",
        "centre centers",
        "tumour tumors",
        "leukaemia leukemia",
        "oedema edema",
        "programme programs",
        "dialogue dialog",
        "defence defenses",
        "aerofoils airfoil",
    ],
)
def test_either_spelling_finds_the_other(pair: str) -> None:
    british, american = text.terms(pair)
    assert british == american


@pytest.mark.parametrize("word", ["supervise", "precise", "denoise", "four", "there", "genre", "increase", "phase"])
def test_other_words_are_spelt_as_they_are(word: str) -> None:
    assert american(word) == word


@given(st.text(alphabet="abeilmnorstuyz", min_size=1, max_size=12))
def test_one_spelling_stays_one(word: str) -> None:
    assert american(american(word)) == american(word)


@pytest.mark.parametrize(
    ("written", "typed"),
    [("π0", "pi0"), ("β-VAE", "beta-VAE"), ("ε-greedy", "epsilon greedy"), ("TNF-α", "TNF alpha"), ("Σ", "sigma")],
)
def test_a_lone_greek_letter_is_found_by_its_name(written: str, typed: str) -> None:
    assert set(text.terms(typed)) <= set(text.terms(written))


def test_greek_words_stay_greek() -> None:
    assert text.terms("Ελληνικός λόγος ς") == ["ελληνικος", "λογος", "sigma"]
