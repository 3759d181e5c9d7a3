"""How a paper is known again, and whose word counts when sources differ."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.identity import arxiv_of, at_odds, likeness, nameless, names, registered, title_forms, title_key
from bot.core.ledger import Ledger
from bot.core.paper import MAX_ID, arxiv_id, arxiv_in, canonical_id, doi, slug
from bot.core.record import Record, begun, joined, told
from tests.unit.samples import made_up

if TYPE_CHECKING:
    from bot.core.paper import Paper

TITLE = "Sparse Gates for Slow Rivers"
TEXT = (
    "Rivers of sensors overflow small processors. We propose gates that open rarely, learned by watching which "
    "readings ever changed a forecast. On four catchments the gates drop 93% of all readings and lose two points of "
    "skill. Code and gauges are public."
)
REVISED = (
    "Streams of sensors overflow small processors. This work proposes gates which open rarely, learned from whichever "
    "readings changed a forecast. Across six catchments our gates drop 95% of readings while losing one point of "
    "skill; an ablation shows why. Code, gauges and weights are public."
)
OTHER = (
    "Proteins fold into shapes that antibodies grip. A catalogue of loops, measured by cryogenic microscopy at "
    "ambient pressure, tells which residues bend first under acid, and how enzymes recognise the bend."
)
SAME_FIELD = (
    "Forecasts of floods need readings from many gauges. We propose a transformer over catchments that shares weights "
    "between rivers, trained on forty years of discharge. It gains five points of skill over the national model."
)


def paper(abstract: str = TEXT, title: str = TITLE, **facts: object) -> Paper:
    return made_up(title, abstract, original_title=title, original_abstract=abstract, **facts)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("2401.01234", "2401.01234"),
        ("arXiv:2401.01234v3", "2401.01234"),
        (" https://arxiv.org/abs/2401.01234v2 ", "2401.01234"),
        ("http://export.arxiv.org/pdf/2401.01234v1.pdf", "2401.01234"),
        ("arxiv.org/html/2401.01234", "2401.01234"),
        ("https://arxiv.org/abs/2401.01234?context=cs.LG#top", "2401.01234"),
        ("https://huggingface.co/papers/2401.01234", "2401.01234"),
        ("10.48550/arXiv.2401.01234", "2401.01234"),
        ("https://doi.org/10.48550/ARXIV.hep-th/9901001", "hep-th/9901001"),
        ("https://example.org/abs/2401.01234", None),
        ("2401.01234#3", None),
        ("10.1000/2401.01234", None),
        ("2401.01234 and more", None),
        ("<https://arxiv.org/abs/2401.01234>", "2401.01234"),
        ("https://arxiv.org/abs/2401.01234/", "2401.01234"),
        ("arxiv.org/abs/2401.01234?utm=1", "2401.01234"),
        ("https://arxiv.org/abs/2401.01234v2,", "2401.01234"),
        ("(arXiv:2401.01234).", "2401.01234"),
        ("hf.co/papers/2401.01234", "2401.01234"),
        ("huggingface.co/papers/2401.01234#comments", "2401.01234"),
        ("https://www.alphaxiv.org/abs/2401.01234v1", "2401.01234"),
        ("https://ar5iv.labs.arxiv.org/html/2401.01234", "2401.01234"),
        ("ar5iv.org/abs/hep-th/9901001", "hep-th/9901001"),
        ("https://notarxiv.org/abs/2401.01234", None),
        ("https://arxiv.org/abs/2401.012345", None),
        ("https://example.org/?of=https://arxiv.org/abs/2401.01234", None),
        ("２４０１.０１２３４", None),
        ("٢٤٠١.٠١٢٣٤", None),
    ],
)
def test_an_arxiv_id_is_found_in_what_people_paste(said: str, found: str | None) -> None:
    assert arxiv_id(said) == found
    if found:
        assert arxiv_in(said) == found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("have a look at https://arxiv.org/abs/2401.01234v2, it is new", "2401.01234"),
        ("[a paper](https://huggingface.co/papers/2401.01234)", "2401.01234"),
        ("[<https://arxiv.org/abs/2401.01234?x=1>]", "2401.01234"),
        ("Did you read arXiv:2401.01234?", "2401.01234"),
        ("https://arxiv.org/abs/2401.01234 or https://arxiv.org/abs/2402.00001", "2401.01234"),
        ("Attention in 2401.01234 layers", None),
        ("https://notarxiv.org/abs/2401.01234 is none", None),
        ("https://arxiv.org/abs/2401.0123456 is none", None),
        ("me@arxiv.org/abs/2401.01234 is none", None),
        ("", None),
    ],
)
def test_a_link_to_arxiv_is_found_within_a_sentence(said: str, found: str | None) -> None:
    assert arxiv_in(said) == found


@given(st.text(st.sampled_from("arxiv.og/bs:24019 <>[]()?#hf٢"), max_size=60))
def test_any_text_has_an_id_or_none(text: str) -> None:
    found = arxiv_in(text)
    assert found is None or arxiv_id(found) == found
    if (known := arxiv_id(text)) is not None:
        assert found == known


def test_digits_of_other_scripts_make_no_id_and_so_no_broken_link() -> None:
    for written in ("２４０５.１１１１１", "10.１０００/x"):
        assert arxiv_id(written) is doi(written) is None
        assert canonical_id(written, "A title") == "a-title"


def test_a_doi_is_read_with_and_without_its_resolver() -> None:
    assert {
        doi(f"{head}10.1000/ABC.1") for head in ("", "doi:", "doi: ", "https://doi.org/", "http://dx.doi.org/")
    } == {"10.1000/abc.1"}
    assert doi("10.1000/a b") is doi("11.1000/a") is None


def test_a_paper_is_known_by_its_surest_id_first() -> None:
    full = paper(id="key1", doi="10.1000/x", url="https://arxiv.org/abs/2401.01234v2")
    assert names(full) == ("2401.01234", "10.1000/x", "key1")
    assert names(paper(id="2401.01234", doi="10.48550/arxiv.2401.01234")) == ("2401.01234",)
    assert arxiv_of(paper(id="10.1000/x")) is None


def test_a_paper_without_an_id_is_known_by_its_very_words_not_by_its_title() -> None:
    one, same, other = paper(title="Introduction"), paper(TEXT.upper(), "Introduction"), paper(OTHER, "Introduction")
    assert nameless(one)
    assert not nameless(paper(id="2401.01234"))
    assert names(one) == names(same) != names(other)
    assert slug("Introduction") not in names(one)
    assert all(len(name) <= MAX_ID for name in names(paper(title="Wörds " * 40)))


def test_titles_are_compared_by_their_letters_and_digits() -> None:
    assert (
        title_key("Pre-training — a Naïve “Survey”")
        == title_key("Pretraining: A naive survey")
        == "pretraininganaivesurvey"
    )
    assert title_key("注意力 机制") == "注意力机制"
    assert len({title_key(f"A Primer on {language}") for language in ("C", "C++", "C#")}) == 3
    assert title_key("∀∃!") == ""
    assert title_forms("A Naïve Title") == ("anaivetitle", "a naive title")
    assert title_forms("Title") == ("title",)


@given(st.text(max_size=30), st.text(max_size=30))
def test_equal_titles_have_equal_keys_and_signs_do_not_count(one: str, other: str) -> None:
    assert title_key(f"{one}: {other}") == title_key(f"{one} — {other}")
    assert title_key(title_key(one)) == title_key(one)


def test_an_abstract_that_its_authors_revised_is_the_same_paper() -> None:
    assert 0.5 < likeness(paper(), paper(REVISED)) < 1
    assert likeness(paper(), paper(TEXT[:130])) == 1  # a feed's teaser
    assert likeness(paper(), paper()) == 1


@pytest.mark.parametrize("title", ["Introduction", "A survey", TITLE])
@pytest.mark.parametrize("other", [OTHER, SAME_FIELD])
def test_two_papers_of_one_title_do_not_meet(title: str, other: str) -> None:
    assert likeness(paper(TEXT, title), paper(other, title)) == 0
    assert likeness(paper(TEXT, title, id="a"), paper(other, title, id="b")) == 0


def test_an_author_in_common_is_evidence_where_abstracts_share_a_little() -> None:
    rewritten = SAME_FIELD + " Its gates drop readings."
    signed = [paper(TEXT, authors=("Ada M. Lovelace", "Bo Li")), paper(rewritten, authors=("Lovelace, Ada",))]
    assert likeness(*signed) > 0
    assert likeness(signed[0], replace(signed[1], authors=("Max Born",))) == 0
    assert likeness(signed[0], replace(signed[1], authors=("A. M.", ""))) == 0
    assert likeness(replace(signed[0], abstract=OTHER), signed[1]) == 0


def test_few_words_tell_papers_apart_only_where_nothing_else_does() -> None:
    assert likeness(paper("Text."), paper("Longer text.")) == 1
    assert likeness(paper(""), paper(TEXT)) == 1
    assert likeness(paper("Apples."), paper("Oranges.")) == 1
    cats, quarks = "Of cats, lions and tigers.", "On quarks, gluons and leptons."
    assert likeness(paper(cats, "Introduction"), paper(quarks, "Introduction")) == 0
    with_ids = [paper(TEXT, id="2401.01234"), paper("We propose gates: rivers of sensors overflow.")]
    assert likeness(*with_ids) == 1
    assert likeness(replace(with_ids[0], title="Gates"), replace(with_ids[1], title="Gates")) == 0
    assert likeness(paper("", id="a"), paper("", id="b")) == 0


def test_ids_of_one_register_that_differ_are_of_two_papers() -> None:
    one = registered("2401.01234", "10.1000/x")
    assert at_odds(one, registered("2401.09999", None))
    assert at_odds(one, registered(None, "10.1000/y"))
    assert not at_odds(one, registered("2401.01234", "10.2000/y"))  # a preprint's and a journal's
    assert not at_odds(one, registered(None, None))


def record_of(*papers: Paper) -> Record:
    record = begun(papers[0], papers[0].id, 0)
    for one in papers[1:]:
        record = told(record, one)
    return record


SEED = paper(TEXT.replace("93%", "93"), source="seed", listed="Mar 11")
HF = paper(
    id="2401.01234",
    source="huggingface",
    url="https://arxiv.org/abs/2401.01234",
    date=date(2024, 1, 5),
    published=date(2024, 1, 2),
    upvotes=7,
    comments=1,
    stars=3,
    keywords=("gates",),
    summary="Gates.",
    organization="Hydro",
    thumbnail="https://img.example/1.png",
    code=("https://github.com/a/gates",),
    links=("https://huggingface.co/papers/2401.01234",),
)
ARXIV = paper(
    id="2401.01234",
    source="arxiv",
    url="https://arxiv.org/abs/2401.01234",
    date=date(2024, 1, 3),
    version=1,
    authors=("Ada Lovelace",),
    categories=("cs.LG",),
    doi="10.1000/gates",
)


@pytest.mark.parametrize("order", [(SEED, HF, ARXIV), (ARXIV, HF, SEED), (HF, SEED, ARXIV), (HF, ARXIV, SEED)])
def test_three_sources_add_up_whatever_their_order(order: tuple[Paper, ...]) -> None:
    found = record_of(*order).paper
    assert replace(found, id="", source="") == replace(
        HF,
        id="",
        source="",
        abstract=TEXT,
        original_abstract=TEXT,
        date=date(2024, 1, 3),
        listed="Mar 11",
        version=1,
        authors=("Ada Lovelace",),
        categories=("cs.LG",),
        doi="10.1000/gates",
    )
    assert (found.id, found.source) == (order[0].id, order[0].source)
    assert record_of(*order, *order, *order) == record_of(*order)


def test_a_revision_is_no_news_and_its_text_counts_from_then_on() -> None:
    revision = replace(ARXIV, abstract=REVISED, title="Gates That Open Rarely", version=2, date=date(2024, 3, 1))
    found = told(record_of(SEED), revision, news=False)
    assert (found.paper.date, found.paper.version, found.paper.abstract) == (None, 2, REVISED)
    found = told(told(told(found, ARXIV), HF), replace(SEED, abstract="Old."))
    assert (found.paper.title, found.paper.version, found.paper.upvotes) == ("Gates That Open Rarely", 2, 7)
    assert found.paper.date == date(2024, 1, 3)


def test_a_notice_of_withdrawal_does_not_erase_the_abstract() -> None:
    gone = replace(ARXIV, abstract="This paper has been withdrawn.", original_abstract="Withdrawn.", version=2)
    found = record_of(ARXIV, gone).paper
    assert (found.abstract, found.original_abstract, found.version) == (TEXT, TEXT, 2)


def test_votes_are_those_of_the_latest_list_though_an_earlier_one_is_read_again() -> None:
    later = replace(HF, date=date(2024, 1, 9), upvotes=40, keywords=("gates", "rivers"))
    for order in [(HF, later), (later, HF), (HF, later, HF, later, HF)]:
        found = record_of(*order).paper
        assert (found.upvotes, found.keywords, found.date) == (40, ("gates", "rivers"), HF.date)
    assert record_of(HF, replace(HF, upvotes=0)).paper.upvotes == 0
    assert record_of(HF, replace(HF, upvotes=None)).paper.upvotes == 7
    assert record_of(HF, paper(upvotes=2)).paper.upvotes == 7
    assert record_of(paper(upvotes=4), paper(upvotes=2)).paper.upvotes == 2


def test_an_address_that_another_replaces_stays_among_the_links() -> None:
    mine = paper(id="gates", url="https://rivers.example/gates")
    found = record_of(mine, replace(ARXIV, doi=None)).paper
    assert (found.url, found.links) == (ARXIV.url, ("https://rivers.example/gates",))
    assert record_of(mine, ARXIV, mine, ARXIV).paper.links == found.links
    assert record_of(ARXIV, replace(HF, url="https://arxiv.org/abs/2401.01234v1")).paper.links == HF.links


def test_a_feeds_keywords_do_not_take_turns_with_the_communitys() -> None:
    feed = replace(ARXIV, source="feed", keywords=("hydrology",), version=None)
    assert record_of(feed, HF).paper.keywords == record_of(feed, HF, feed).paper.keywords == ("gates",)
    assert record_of(feed, replace(feed, keywords=("rivers",))).paper.keywords == ("rivers",)
    assert record_of(replace(HF, keywords=()), feed).paper.keywords == ("hydrology",)


def test_the_journals_doi_counts_more_than_arxivs_own() -> None:
    own = replace(ARXIV, doi="10.48550/arxiv.2401.01234")
    assert record_of(own, ARXIV).paper.doi == record_of(ARXIV, own).paper.doi == "10.1000/gates"
    assert record_of(own).paper.doi == "10.48550/arxiv.2401.01234"


def test_two_records_that_are_one_keep_the_most_of_both() -> None:
    first = begun(replace(SEED, upvotes=9), SEED.id, 3)
    second = replace(told(begun(HF, HF.id, 8), ARXIV), place=8)
    found = joined(first, second)
    assert (found.paper.id, found.place, found.arxiv, found.told_by) == (SEED.id, 3, "2401.01234", "arxiv")
    assert (found.paper.upvotes, found.paper.keywords, found.paper.listed) == (9, ("gates",), "Mar 11")
    assert found.paper.date == date(2024, 1, 3)
    assert found.heard == {"seed": None, "huggingface": HF.date, "arxiv": ARXIV.date}


def entered(*papers: Paper) -> Ledger:
    ledger = Ledger([], {}, [], 0)
    ledger.enter_all(papers)
    return ledger


def test_a_ledger_lets_the_seeds_own_copy_and_two_sources_meet() -> None:
    ledger = entered(SEED, HF, ARXIV, SEED)
    assert list(ledger.records) == [SEED.id]
    assert ledger.aliases.items() >= {("2401.01234", SEED.id), ("10.1000/gates", SEED.id)}
    assert (len(ledger.added), ledger.updates, ledger.joined) == (1, 2, {})


def test_a_paper_that_says_next_to_nothing_does_not_make_one_of_two() -> None:
    one, other = paper(TEXT, "Introduction"), paper(OTHER, "Introduction")
    ledger = entered(one, other, paper("", "Introduction"), paper("", "Introduction"))
    assert len(ledger.records) == 2
    assert {record.paper.abstract for record in ledger.records.values()} == {TEXT, OTHER}


def test_a_new_paper_never_gets_the_id_of_another() -> None:
    taken = paper(OTHER, id="x", url="https://arxiv.org/abs/2401.00001")
    ledger = entered(taken, paper(id="x", url="https://arxiv.org/abs/2401.00002"))
    assert list(ledger.records) == ["x", "2401.00002"]
    ledger = entered(paper(OTHER, "Introduction"), paper(TEXT, "Introduction"))
    first, second = ledger.records
    assert first == "introduction"
    assert second.startswith("introduction-")


def test_a_doi_makes_one_of_two_records_and_every_id_leads_to_the_first() -> None:
    csv = paper(OTHER, "Gates, an Early Draft", id="row-1", doi="10.1000/gates")
    ledger = entered(csv, HF, ARXIV)
    assert list(ledger.records) == ["row-1"]
    assert ledger.aliases == {"10.1000/gates": "row-1", "2401.01234": "row-1"}
    assert {seen.paper_id for seen in ledger.sightings} == {"row-1"}
    assert ledger.titles == {(title_key(csv.title), "row-1"), (title_key(TITLE), "row-1")}
    assert ledger.joined == {}  # neither had been written


def test_one_doi_on_two_arxiv_papers_joins_nothing() -> None:
    other = replace(ARXIV, id="2401.09999", url="https://arxiv.org/abs/2401.09999", abstract=OTHER, title="Loops")
    ledger = entered(ARXIV, other, ARXIV, other)
    assert list(ledger.records) == ["2401.01234", "2401.09999"]
    assert ledger.updates == 0


def test_a_revision_of_an_unknown_paper_is_not_taken_in() -> None:
    ledger = Ledger([], {}, [], 0)
    ledger.enter(ARXIV, news=False)
    assert (ledger.records, ledger.sightings, ledger.titles) == ({}, [], set())
