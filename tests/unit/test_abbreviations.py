"""Acronyms as papers explain them: found, kept in arrays, and said the other way."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.abbreviations import Abbreviations, Concept, build, explained
from bot.core.query import parse


def known(*texts: str) -> Abbreviations:
    return Abbreviations(build(Counter(pair for prose in texts for pair in explained(prose))))


def said(acronyms: Abbreviations, query: str, papers: int = 1) -> dict[str, list[str]]:
    """Return what each concept of a query may be called."""
    found = acronyms.expand(parse(query), lambda _: papers)
    return {" ".join(concept.terms): [" ".join(way) for way in concept.ways] for concept in found}


@pytest.mark.parametrize(
    ("prose", "pair"),
    [
        ("We use neural architecture search (NAS) here.", ("nas", ("neural", "architectur"))),
        ("Convolutional neural networks (CNNs) see.", ("cnn", ("convolut", "neural", "network"))),
        ("Retrieval-Augmented Generation (RAG)", ("rag", ("retriev", "augment", "generat"))),
        ("with Bidirectional Encoder Representations from Transformers (BERT)",
         ("bert", ("bidirect", "encod", "represent", "transform"))),
        ("On graphs, we train a variational autoencoder (VAE).", ("vae", ("variat", "autoencod"))),
        ("Mémoire étendue (MEE)", ("mee", ("memoir", "etendu"))),
    ],
)  # fmt: skip
def test_a_long_form_is_found_before_its_acronym(prose: str, pair: tuple[str, tuple[str, ...]]) -> None:
    assert explained(prose) == {pair}


@pytest.mark.parametrize(
    "prose",
    [
        "We compare it (AND) others.",
        "the results (see Table)",
        "our method (OURS) wins",
        "once for all (OFA) network",
        "a model (GPT-3) that",
        "(NAS)",
        " (NAS)",
        "we see good results. Methods (NAS) differ",
        "vision transformer vit (ViT)",
        "type (A) errors",
        "networks (Ns)",
    ],
)
def test_what_is_not_explained_is_not_learned(prose: str) -> None:
    assert explained(prose) == set()


def test_both_ways() -> None:
    acronyms = known("neural architecture search (NAS)", "mixed integer linear programming (MILP)")
    assert said(acronyms, "NAS for vision") == {"nas": ["neural architectur"]}
    assert said(acronyms, "neural architecture search for vision") == {"neural architectur": ["nas"]}
    assert said(acronyms, "mixed-integer linear programming") == {"mix integ linear program": ["milp"]}
    assert said(acronyms, "vision") == {}


def test_singular_and_plural_are_one_acronym() -> None:
    acronyms = known("convolutional neural networks (CNNs)", "genetic algorithm (GA)")
    long = "convolut neural network"
    assert said(acronyms, "CNNs") == {"cnns": ["cnn", long]}
    assert said(acronyms, "cnn") == {"cnn": ["cnns", long]}
    assert said(acronyms, "CNNS") == {"cnns": ["cnn", long]}
    assert said(acronyms, "GAs") == {"gas": ["ga", "genet algorithm"]}
    assert said(acronyms, "gas") == {}


def test_the_fields_own_acronyms_need_no_explanation() -> None:
    assert said(known(), "LLM") == {"llm": ["llms", "larg languag model"]}
    assert said(known(), "recurrent neural network") == {"recurr neural network": ["rnn", "rnns"]}


def test_only_usual_meanings_count() -> None:
    acronyms = known(*["state space model (SSM)"] * 6, *["statistical shape model (SSM)"] * 4, "smart sensor map (SSM)")
    assert said(acronyms, "SSM") == {"ssm": ["ssms", "state space model", "statist shape model"]}
    assert said(acronyms, "smart sensor map") == {}


def test_a_word_is_an_acronym_when_capital_or_often_explained() -> None:
    acronyms = known("computerized adaptive testing (CAT)")
    assert said(acronyms, "cat", papers=100) == {}
    assert list(said(acronyms, "CAT", papers=100)) == ["cat"]
    assert list(said(acronyms, "cat", papers=40)) == ["cat"]


def test_the_longest_of_long_forms_counts() -> None:
    acronyms = known("convolutional neural network (CNN)", "neural network (NN)", "network pruning (NP)")
    assert list(said(acronyms, "convolutional neural network pruning")) == ["convolut neural network"]
    assert list(said(acronyms, "a neural network, network pruning")) == ["neural network", "network prune"]


def test_parts_count_together() -> None:
    counts = [
        Counter(dict.fromkeys(explained(prose), n))
        for prose, n in [("vast unit (VU)", 2), ("verbal uncertainty (VU)", 9)]
    ]
    both = Abbreviations(*(build(count) for count in counts))
    assert said(both, "VU") == {"vu": ["vus", "verbal uncertainti"]}
    assert Abbreviations().expand(parse("LLM"), lambda _: 1) == []


@given(st.text(max_size=200), st.text("NAS neuralrchitct()s-.", max_size=80))
def test_any_text_may_explain_and_any_query_be_expanded(prose: str, query: str) -> None:
    acronyms = known(prose, query, "neural architecture search (NAS)")
    for concept in acronyms.expand(parse(query), lambda _: 1):
        assert isinstance(concept, Concept)
        assert concept.terms
        assert concept.ways
        assert all(concept.ways)


def test_a_long_query_is_expanded_in_a_moment() -> None:
    acronyms = known("neural architecture search (NAS)")
    assert len(acronyms.expand(parse("neural architecture " * 200), lambda _: 1)) <= 1
