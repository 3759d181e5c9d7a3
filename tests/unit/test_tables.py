"""Tables: delimiters, headers in every spelling, quotes, and rows that fell apart."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.paper import Paper, Problem
from bot.sources import tables

CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)


def rows(text: str) -> list[tuple[int, Paper | Problem]]:
    by = tables.delimiter(text)
    assert by is not None
    return list(tables.read(text.split("\n"), by))


def only(text: str) -> Paper:
    [(_, paper)] = rows(text)
    assert isinstance(paper, Paper)
    return paper


@pytest.mark.parametrize("by", [",", ";", "\t", "|"])
def test_the_delimiter_is_seen_in_the_header(by: str) -> None:
    found = only(f"id{by}Title{by}Abstract{by}Year\nx1{by}On rain, wind; and snow{by}It falls.{by}2023\n".replace(
        "On rain, wind; and snow", '"On rain, wind; and snow"'
    ))  # fmt: skip
    assert (found.id, found.title, found.abstract, found.listed) == (
        "x1",
        "On rain, wind; and snow",
        "It falls.",
        "2023",
    )


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (  # Zotero
            '"Key","Item Type","Publication Year","Author","Title","DOI","Url","Abstract Note","Date","Manual Tags"',
            'AB,x,2023,"Lovelace, Ada; Turing, Alan",On rain,10.1000/X,https://x.org,It falls.,2023-04-05,rain; wind',
        ),
        (  # Scopus
            "\ufeffAuthors,Author full names,Title,Year,DOI,Link,Abstract,Author Keywords,Date",
            '"Ada Lovelace, Alan Turing",x,On rain,2023,10.1000/x,https://x.org,It falls.,rain; wind,05.04.2023',
        ),
        (  # IEEE Xplore
            '"Document Title",Authors,"Publication Date","Abstract","DOI","PDF Link","Author Keywords",URL',
            '"On rain","Ada Lovelace; Alan Turing","5 April 2023","It falls.","10.1000/x","",rain;wind,"https://x.org"',
        ),
        (  # by hand
            "TITLE | Résumé | autoren | doi | link | Keywords | date",
            "On rain | It falls. | Ada Lovelace and Alan Turing |doi:10.1000/x| https://x.org |rain,wind|April 5, 2023",
        ),
    ],
)
def test_columns_are_known_in_many_spellings(header: str, row: str) -> None:
    found = only(f"{header}\n{row}\n".removeprefix("\ufeff"))
    assert (found.title, found.abstract, found.url, found.doi) == ("On rain", "It falls.", "https://x.org", "10.1000/x")
    assert found.authors == ("Ada Lovelace", "Alan Turing")
    assert found.date == date(2023, 4, 5)
    assert found.keywords == ("rain", "wind")


def test_a_cell_may_have_several_lines_and_rows_are_numbered_by_their_first() -> None:
    found = rows('sep=;\nTitle;Abstract\n"A; b";"One\n""two""\n\nthree"\n\nC;\nD;Fine.;;\n')
    assert [number for number, _ in found] == [3, 8, 9]
    first, second, third = (paper for _, paper in found)
    assert isinstance(first, Paper)
    assert (first.title, first.abstract) == ("A; b", 'One "two" three')
    assert second == Problem("no abstract")
    assert isinstance(third, Paper)


def test_a_row_that_fell_apart_is_refused_not_shifted() -> None:
    assert rows("Title,Abstract\nOn rain, wind and snow,It falls.\n") == [
        (2, Problem("3 cells under 2 columns: a quote is missing"))
    ]


OPEN = Problem("a quote is opened and not closed")


@pytest.mark.parametrize("after", ["", "\n" + "".join(f"Title {n},{'words ' * 40}\n" for n in range(2_000))])
def test_an_open_quote_costs_its_own_row_and_no_other(after: str) -> None:
    found = rows(f'Title,Abstract\nA,"open{after}')
    assert found[0] == (2, OPEN)
    papers = [(number, paper.title) for number, paper in found if isinstance(paper, Paper)]
    assert papers == ([(n + 3, f"Title {n}") for n in range(2_000)] if after else [])


def test_what_an_open_quote_would_swallow_up_to_the_next_is_read() -> None:
    found = rows('Title,Abstract\nA,"It begins, so it seems.\nB,It is plain.\nC,"It is ""closed""."\nD,It ends.\n')
    assert found[0] == (2, OPEN)
    read = [(number, paper.title, paper.abstract) for number, paper in found if isinstance(paper, Paper)]
    assert read == [(3, "B", "It is plain."), (4, "C", 'It is "closed".'), (5, "D", "It ends.")]


def test_quotes_that_are_not_doubled_are_put_up_with_on_one_line() -> None:
    found = rows('Title,Abstract\nA,"Deep" learning works.\nB,We "learn" it.\n')
    assert [paper.abstract for _, paper in found if isinstance(paper, Paper)] == [
        "Deep learning works.",
        'We "learn" it.',
    ]


def test_a_line_that_is_no_text_within_an_open_quote_is_refused_by_itself() -> None:
    found = list(tables.read(["title,abstract", 'A,"open', Problem("not UTF-8 text"), "B,It is plain."], ","))
    assert found[:2] == [(2, OPEN), (3, Problem("not UTF-8 text"))]
    assert [number for number, paper in found if isinstance(paper, Paper)] == [4]


def test_a_line_that_is_no_text_is_refused_by_itself() -> None:
    found = list(tables.read(["title,abstract", Problem("not UTF-8 text"), "A,B c."], ","))
    assert [number for number, _ in found] == [2, 3]
    assert found[0][1] == Problem("not UTF-8 text")


def test_a_table_without_the_columns_is_none_and_says_what_it_lacks() -> None:
    assert tables.delimiter("name,abstracts of it\n") is None
    assert tables.missing("name,about\n1,2") == "no column for the abstract in the first line (name, about)"
    assert tables.delimiter("") is None


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=4), st.sampled_from(",;\t|"))
def test_what_was_written_as_a_table_is_read_again(cells: list[tuple[str, str]], by: str) -> None:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=by, lineterminator="\n")
    writer.writerow(["Title", "Abstract"])
    writer.writerows((f"Title {title}", f"Abstract {abstract}") for title, abstract in cells)
    found = rows(written.getvalue())
    assert [paper.original_title for _, paper in found if isinstance(paper, Paper)] == [
        " ".join(f"Title {title}".split()) for title, _ in cells
    ]


@given(st.text(alphabet=' ,;"\n\rtitleabstract\0|\t', max_size=80))
def test_any_table_is_read_or_refused(text: str) -> None:
    for by in tables.DELIMITERS:
        list(tables.read(text.split("\n"), by))
    tables.delimiter(text)
    tables.missing(text)
