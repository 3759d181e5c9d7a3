"""Queries: what is scored, what must stand, what must not."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import text
from bot.core.query import MAX_CLAUSES, Clause, Place, Query, name_words, parse

SPECIAL = st.text(st.sampled_from("ab -−–:\"“”„«»'(),\n深é"), max_size=60)
FIELDS = st.lists(st.sampled_from(["title:", "author:", '"', " ", "-", "TITLE:", "word", "the", "“"])).map("".join)


def surfaces(query: Query) -> list[str]:
    return [word.surface for word in query.words]


def ways(clauses: tuple[Clause, ...]) -> list[tuple[str, str]]:
    """Return each clause's place and the way it was typed."""
    return [(clause.place.value, " ".join(next(iter(clause.ways), ()))) for clause in clauses]


def test_prose_is_words() -> None:
    query = parse("How do I use layer-normalization in RNNs?")
    assert surfaces(query) == ["layer-normalization", "RNNs"]
    assert query.terms == ["layer", "normal", "layernorm", "rnns"]
    assert (query.required, query.excluded) == ((), ())


@pytest.mark.parametrize(
    "raw",
    [
        '"source separation" music',
        "“source separation” music",
        "„source separation“ music",
        "«source separation» music",
    ],
)
def test_quoted_words_are_scored_and_must_stand_together(raw: str) -> None:
    query = parse(raw)
    assert surfaces(query) == ["source", "separation", "music"]
    assert ways(query.required) == [("anywhere", "sourc separ")]


@pytest.mark.parametrize(
    ("raw", "excluded"),
    [
        ("music -speech", [("anywhere", "speech")]),
        ("music −speech", [("anywhere", "speech")]),
        ('music -"speech recognition"', [("anywhere", "speech recognit")]),
        ("music -pre-training", [("anywhere", "pre train pretrain")]),
        ("music -title:speech", [("title", "speech")]),
        ("music -author:Hinton", [("author", "hinton")]),
        ("music -the", [("anywhere", "")]),
    ],
)
def test_a_minus_excludes(raw: str, excluded: list[tuple[str, str]]) -> None:
    query = parse(raw)
    assert surfaces(query) == ["music"]
    assert ways(query.excluded) == excluded
    assert query.required == ()


@pytest.mark.parametrize(
    "raw", ["pre-training", "music - speech", "music -- speech", "10^-5", "a,-b", "—music", "(-b)", "-"]
)
def test_a_hyphen_in_a_word_or_alone_excludes_nothing(raw: str) -> None:
    query = parse(raw)
    assert query.excluded == ()
    assert query.terms == text.terms(raw)


@pytest.mark.parametrize(
    ("raw", "required", "scored"),
    [
        ("title:music separation", [("title", "music")], ["music", "separation"]),
        ('title:"music separation"', [("title", "music separ")], ["music", "separation"]),
        ("TITLE:music", [("title", "music")], ["music"]),
        ("author:Hinton boltzmann", [("author", "hinton")], ["boltzmann"]),
        ('author:"Geoffrey E. Hinton"', [("author", "geoffrey e hinton")], []),
        ("author:José", [("author", "jose")], []),
        ("title: music", [], ["title", "music"]),
        ("subtitle:music", [], ["subtitle", "music"]),
        ("title:the music", [("title", "")], ["music"]),
        ("author:?! music", [], ["music"]),
    ],
)
def test_fields(raw: str, required: list[tuple[str, str]], scored: list[str]) -> None:
    query = parse(raw)
    assert ways(query.required) == required
    assert surfaces(query) == scored


@pytest.mark.parametrize(
    "raw", ['"neural network', 'neural network"', 'neural"network"s', '5" neural 6"', '"" neural', '"neural"s']
)
def test_a_quote_without_its_partner_is_nothing_special(raw: str) -> None:
    query = parse(raw)
    assert (query.required, query.excluded) == ((), ())
    assert query.terms == text.terms(raw)


def test_a_phrase_with_stop_words_is_left_to_the_texts() -> None:
    assert [clause.verbatim for clause in parse('"all you" need').required] == [("all", "you")]
    assert not parse('"all you"').searchable
    (clause,) = parse('"attention is all you need"').required
    assert (clause.ways, clause.verbatim) == ((("attent", "need"),), ("attent", "is", "all", "you", "need"))
    assert [(clause.said, wanted) for clause, wanted in parse('"deep nets" a -the "of x"').verbatim] == [
        ("of x", True),
        ("the", False),
    ]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ('"self supervised learning"', "self-supervised learning"),
        ('"self-supervised learning"', "self supervised learning"),
        ('"pre-training"', "pretraining"),
        ('"state of the art"', "state-of-the-art"),
        ('"state-of-the-art results"', "state of the art results"),
        ('title:"input/output"', "input output"),
    ],
)
def test_a_hyphen_and_a_space_are_one_phrase(typed: str, written: str) -> None:
    [clause] = parse(typed).required
    assert tuple(text.terms(written)) in clause.ways


def test_exclusions_alone_find_nothing_and_an_author_alone_does() -> None:
    assert not parse("-music").searchable
    assert not parse("the of").searchable
    assert not parse("").searchable
    assert parse("author:hinton").searchable
    assert parse("music -speech").searchable


def test_names_are_found_by_their_words() -> None:
    assert name_words("Jean-François  O’Neil") == ("jean", "francois", "o", "neil")
    assert name_words("李 明") == ("李", "明")


@given(st.one_of(st.text(max_size=200), SPECIAL, FIELDS))
def test_any_text_is_a_query(raw: str) -> None:
    query = parse(raw)
    for word in query.words:
        assert query.raw[word.start : word.end] == word.surface
        assert word.terms == tuple(text.terms(word.surface))
    starts = [word.start for word in query.words]
    assert starts == sorted(set(starts))
    assert len(query.required) + len(query.excluded) <= MAX_CLAUSES
    for clause in query.required + query.excluded:
        assert clause.ways or clause.verbatim
        assert all(clause.ways)


@given(st.one_of(st.text(max_size=200), SPECIAL, FIELDS))
def test_no_word_is_lost_or_invented(raw: str) -> None:
    query = parse(raw)
    scored, all_words = query.words, [word for word in text.words(query.raw) if word.terms]
    places = {(word.start, word.end) for word in all_words}
    if not any(sign in raw.lower() for sign in ("-", "−", "title:", "author:")):
        assert {(word.start, word.end) for word in scored} == places


@pytest.mark.parametrize(
    "piece",
    [
        '"',
        '"a ',
        '-"',
        'title:"',
        'a"',
        '" ',
        "-a ",
        "- ",
        "title:",
        "«-",
        "-",
        "\n",
        '"a/',
        '"a b c" ',
        "a-b ",
        '-title:"',
    ],
)
def test_hostile_queries_are_read_in_linear_time(piece: str) -> None:
    raw = (piece * 4000)[: text.MAX_QUERY]
    began = time.perf_counter()
    query = parse(raw * 3)
    assert time.perf_counter() - began < 10  # about 0.02 on a slow core; quadratic would be minutes
    assert query.raw == raw
    assert len(query.required) + len(query.excluded) <= MAX_CLAUSES


def test_conditions_beyond_the_limit_are_counted() -> None:
    query = parse(" ".join(f"-w{n}" for n in [*range(MAX_CLAUSES + 3), 0, 1]))
    assert (len(query.excluded), query.beyond) == (MAX_CLAUSES, 3)


def test_places_are_three() -> None:
    assert [place.value for place in Place] == ["anywhere", "title", "author"]
