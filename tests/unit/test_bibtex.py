"""BibTeX: values, names, entries that are broken, and time in proportion to length."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.paper import Paper, Problem
from bot.sources import bibtex

WHOLE = r"""
% A comment, and text between entries: a@b.org
@string{acm = "Association for" # { Computing}}
@Article{lovelace:1843,
  author    = {Lovelace, Ada and {The {Analytical} Society and Friends} and M{\"u}ller, J{\"o}rg and others},
  title     = "{On} the {E}ngine of {Poincar\'e}",
  abstract  = {It weaves "algebraic patterns",
               with 100\% care, $O(n\log n)$.},
  year      = 2024, month = may,
  publisher = acm,
  doi       = {https://doi.org/10.1000/XY},
  keywords  = {weaving; algebra},
  url       = {https://x.org/a\_b},
}
@comment{ignored}
@preamble{"\newcommand{\x}{y}"}
@misc(eprint:1, title = {Second (paper)}, abstract = "Short " # "text.", eprint = {2401.00001v2}, date = {2024-01-02}
)
@inproceedings{third, title={Third}, abstract={A.}, note={arXiv:2402.00002}} @misc{d,title={D},abstract={B.}}
"""


def entries(text: str) -> list[tuple[int, Paper | Problem]]:
    return list(bibtex.read(text.split("\n")))


def test_an_entry_is_read_with_all_that_it_tells() -> None:
    first, second, third, fourth = entries(WHOLE)
    assert [first[0], second[0], third[0], fourth[0]] == [4, 17, 19, 19]
    paper = first[1]
    assert isinstance(paper, Paper)
    assert (paper.id, paper.title) == ("on-the-engine-of-poincare", "On the Engine of Poincaré")
    assert paper.abstract == 'It weaves "algebraic patterns", with 100% care, O(n log n).'
    assert paper.original_title == r"{On} the {E}ngine of {Poincar\'e}"
    assert paper.authors == ("Ada Lovelace", "The Analytical Society and Friends", "Jörg Müller")
    assert (paper.listed, paper.doi, paper.url) == ("May 2024", "10.1000/xy", "https://x.org/a_b")
    assert paper.keywords == ("weaving", "algebra")


def test_arxiv_ids_are_found_where_people_put_them() -> None:
    _, (_, second), (_, third), (_, fourth) = entries(WHOLE)
    assert isinstance(second, Paper)
    assert isinstance(third, Paper)
    assert isinstance(fourth, Paper)
    assert (second.id, second.version, second.abstract) == ("2401.00001", 2, "Short text.")
    assert second.url == "https://arxiv.org/abs/2401.00001"
    assert (third.id, fourth.id) == ("2402.00002", "d")


def test_a_broken_entry_costs_itself_only() -> None:
    found = entries(
        "@misc{a, title={A, abstract={x}\n@misc{b, title={B}, abstract={No.}}\n@misc{c, title={C}}\n@misc{d,\n title={D"
    )
    assert [(number, getattr(paper, "message", "")) for number, paper in found] == [
        (1, "a brace is not closed"),
        (2, ""),
        (3, "no abstract"),
        (4, "a brace is not closed"),
    ]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("King, Jr., Martin Luther", "Martin Luther King Jr."),
        ("van der Berg, Jan", "Jan van der Berg"),
        ("{Foo, Inc.}", "Foo, Inc."),
        ("Erd{\\H o}s, P{\\'a}l", "Pál Erdős"),
        ("Plato", "Plato"),
    ],
)
def test_names_are_turned_round(written: str, shown: str) -> None:
    [(_, paper)] = entries(f"@misc{{a, title={{T}}, abstract={{B.}}, author={{{written}}}}}")
    assert isinstance(paper, Paper)
    assert paper.authors == (shown,)


def test_an_entry_without_an_end_is_given_up() -> None:
    lines = ["@misc{a, title={T}, abstract={"] + ["words " * 100] * 3_000
    [(number, problem)] = bibtex.read(lines)
    assert (number, problem) == (1, Problem("longer than 1,000,000 characters: a brace is not closed"))


PIECES = [
    "@misc{",
    "@string{",
    "@a(",
    "{",
    "}",
    '"',
    "#",
    ",",
    "=",
    "title",
    "abstract",
    "\\",
    " and ",
    "\n",
    " ",
    "x",
    "1",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    entries(text)


@pytest.mark.parametrize(
    "piece", [*PIECES, "@misc{a, title={", '@misc{a, title="', "@misc{a,b=", "{} and ", "@misc{a}"]
)
def test_hostile_text_takes_time_in_proportion(piece: str) -> None:
    start = time.process_time()
    entries("@misc{a, author={" + piece * (200_000 // len(piece)))
    entries(piece * (200_000 // len(piece)))
    assert time.process_time() - start < 30
