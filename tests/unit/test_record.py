"""Records with fields of any name: dates, people and counts as files write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.paper import Paper, Problem
from bot.sources import dates, people, record

TEXT = {"title": "On rain", "abstract": "It falls."}


def paper(**given: object) -> Paper:
    found = record.paper(TEXT | given)
    assert isinstance(found, Paper)
    return found


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024-05-12", date(2024, 5, 12)),
        ("2024-05-12T23:59:59.000Z", date(2024, 5, 12)),
        ("2024/5/2", date(2024, 5, 2)),
        ("20240512", date(2024, 5, 12)),
        ("12.5.2024", date(2024, 5, 12)),
        ("05.04.2024", date(2024, 4, 5)),
        ("25/12/2024", date(2024, 12, 25)),
        ("12/25/2024", date(2024, 12, 25)),
        ("03/04/2024", "2024"),
        ("12 May 2024", date(2024, 5, 12)),
        ("May 12th, 2024", date(2024, 5, 12)),
        ("May 12, 2024", date(2024, 5, 12)),
        ("Mon, 12 May 2024 10:00:00 GMT", date(2024, 5, 12)),
        ("September 2024", "September 2024"),
        ("2024-05", "May 2024"),
        ("2024", "2024"),
        (2024, "2024"),
        (1_715_500_000, date(2024, 5, 12)),
        (1_715_500_000_000, date(2024, 5, 12)),
        ("2023-02-29", None),
        ("2024-13-01", None),
        ("Mar 11", None),
        ("soon", None),
        ("9999-01-01", None),
        (None, None),
        (True, None),
        (10**400, None),
        ([], None),
    ],
)
def test_dates_are_read_as_people_write_them(written: object, day: date | str | None) -> None:
    assert dates.read(written) == day


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2999-01-01", "lies too far in the future"),
        ("29990101", "lies too far in the future"),
        ("12 May 2999 10:00:00 GMT", "lies too far in the future"),
        ("1/1/2201", "lies too far in the future"),
        (2201, "lies too far in the future"),
        ("0999-01-01", "lies too far back"),
        ("2023-02-29", "is not YYYY-MM-DD"),
        ("2999-13-01", "is not YYYY-MM-DD"),
        ("12999-01-01", "is not YYYY-MM-DD"),
        ("9999-12-31", "lies too far in the future"),
        ("soon", "is not YYYY-MM-DD"),
    ],
)
def test_a_date_that_is_none_costs_the_day_and_not_the_paper(written: object, said: str) -> None:
    assert dates.read(written) is None
    found = paper(date=written)
    assert (found.date, found.published, found.listed) == (None, None, str(written))
    assert record.remark(found) == f"taken without a day: the date {str(written)!r} {said}"


@pytest.mark.parametrize(
    "fields",
    [{}, {"date": "2024-05-12"}, {"date": True}, {"date": {"year": 1}}, {"year": 2024}, {"year": "in press"},
     {"date": "9999-12-31", "published": "2024-05-01"}, {"date": "soon", "year": "2024"}, {"date": "2024", "year": 0}],
)  # fmt: skip
def test_nothing_is_said_where_a_time_is_told_or_none(fields: dict[str, object]) -> None:
    assert record.remark(paper(**fields)) == ""


@given(st.text(max_size=40) | st.integers() | st.floats() | st.none())
def test_any_date_is_read_or_none(written: object) -> None:
    found = dates.read(written)
    assert found is None or isinstance(found, date | str)


def test_months_are_known_by_name_and_number() -> None:
    assert [dates.month_of(name) for name in ("jan", "December", " 7 ", "13", "0", "x", "²")] == [1, 12, 7] + [None] * 4


@pytest.mark.parametrize(
    "written",
    [
        ["Ada Lovelace", "Alan Turing"],
        ["Lovelace, Ada", "Turing, Alan"],
        [{"name": "Ada Lovelace"}, {"given": "Alan", "family": "Turing"}],
        [{"first": "Ada", "last": "Lovelace", "middle": []}, {"fullName": "Alan Turing"}],
        "Ada Lovelace, Alan Turing",
        "Ada Lovelace; Alan Turing",
        "Lovelace, Ada; Turing, Alan",
        "Lovelace, Ada and Turing, Alan",
        "Ada Lovelace and Alan Turing",
        ["Ada  Lovelace", "", None, 7, "Alan Turing"],
    ],
)
def test_people_are_told_apart_however_they_stand(written: object) -> None:
    assert paper(authors=written).authors == ("Ada Lovelace", "Alan Turing")


def test_initials_belong_to_the_name_before() -> None:
    assert people.read("Lovelace, A., Turing, A. M., Hopper, G") == ["A. Lovelace", "A. M. Turing", "G Hopper"]
    assert people.read("Lovelace, A., Turing") == ["A. Lovelace", "Turing"]
    assert people.read("Plato") == ["Plato"]
    assert people.read(7) == []


def test_the_days_a_record_tells_find_their_place() -> None:
    both = paper(date="2024-05-12", published="2024-05-01")
    assert (both.date, both.published, both.listed) == (date(2024, 5, 12), date(2024, 5, 1), None)
    own = paper(published="2024-05-01", year=2024)
    assert (own.date, own.published, own.listed) == (date(2024, 5, 1), date(2024, 5, 1), None)
    assert paper(year="2024", month="may").listed == "May 2024"
    assert paper(date="2024").listed == "2024"
    assert paper(year="in press").listed is None


@pytest.mark.parametrize(
    ("written", "count"),
    [("12", 12), ("1,234", 1234), (12.0, 12), (1.5, None), ("1,2", None), ("²", None), (True, None)],
)
def test_counts_may_be_text(written: object, count: int | None) -> None:
    assert paper(Votes=written).upvotes == count


def test_ids_and_addresses() -> None:
    assert paper(arxiv_id="2401.00001v3").version == 3
    assert (paper(url="https://arxiv.org/abs/2401.00001").id, paper(id=17).id) == ("2401.00001", "17")
    assert paper(id="2401.00001").url == "https://arxiv.org/abs/2401.00001"
    assert paper(id=True).id == "on-rain"
    assert paper(pdf_url="javascript:x", link="https://x.org").url == "https://x.org"
    assert paper(GitHub="https://github.com/a/b").code == ("https://github.com/a/b",)
    assert paper(categories="cs.LG cs.CL").categories == ("cs.LG", "cs.CL")
    assert paper(tags=[{"name": "rain"}, "wind"]).keywords == ("rain", "wind")


KEYS = st.sampled_from([name for names in record.SPELLINGS.values() for name in names]) | st.text(max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)


@given(st.dictionaries(KEYS, VALUES, max_size=8))
def test_any_record_is_a_paper_or_says_why_not(given: dict[str, object]) -> None:
    for written in (given, TEXT | given):
        assert isinstance(record.paper(written), Paper | Problem)
