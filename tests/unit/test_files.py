"""Files that people bring: what is taken in, and the reason for each line that is not."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.paper import Batch, Problem
from bot.sources import files
from tests.unit.samples import SEEDS

if TYPE_CHECKING:
    from pathlib import Path

GOOD = {"title": "A title", "abstract": "An abstract."}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
FIELDS = st.sampled_from(["id", "_id", "title", "abstract", "text", "summary", "url", "date", "authors", "upvotes"])
LINES = st.dictionaries(FIELDS, JSON | st.sampled_from(["{}", "\\emph", "2024-01-01"])).map(json.dumps)


def line(**fields: Any) -> str:
    return json.dumps(GOOD | fields)


def rejection(content: str) -> tuple[str, str]:
    batch = files.parse_jsonl(content, "more.jsonl")
    assert batch.papers == ()
    return batch.rejected[0].where, batch.rejected[0].why


def test_a_full_record_is_taken_in() -> None:
    record = line(
        id="arXiv:2401.00001v2",
        abstract="It is fast.\nCode: https://github.com/a/b",
        url="https://arxiv.org/abs/2401.00001",
        date="2024-01-02T10:00:00Z",
        authors=["Ada  Lovelace", "", 3],
        upvotes=12,
    )
    [paper] = files.parse_jsonl(record, "more.jsonl").papers
    assert (paper.id, paper.url, paper.date) == ("2401.00001", "https://arxiv.org/abs/2401.00001", date(2024, 1, 2))
    assert (paper.authors, paper.upvotes) == (("Ada Lovelace",), 12)
    assert paper.code == ("https://github.com/a/b",)
    assert paper.abstract == "It is fast. Code: https://github.com/a/b"
    assert paper.original_abstract == "It is fast.\nCode: https://github.com/a/b"


def test_rows_of_beir_are_taken_in() -> None:
    rows = '{"_id": "4983", "title": "Microstructural development", "text": "Alterations.", "metadata": {}}\n'
    [paper] = files.parse_jsonl(rows, "corpus.jsonl").papers
    assert (paper.id, paper.title, paper.abstract) == ("4983", "Microstructural development", "Alterations.")
    assert (paper.date, paper.url, paper.upvotes) == (None, None, None)


def test_summary_counts_as_abstract_and_empty_fields_are_passed_over() -> None:
    [paper] = files.parse_jsonl(line(abstract="", text=None, summary="In short."), "more.jsonl").papers
    assert paper.abstract == "In short."


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[1]", "not a JSON object"),
        ('"text"', "not a JSON object"),
        (line(title=None), "no title"),
        (line(title="  "), "no title"),
        (line(title=["x"]), "no title"),
        (line(title="{}"), "no title"),
        (line(abstract="{ }"), "no abstract"),
        (line(abstract=None), "no abstract"),
        (line(title="x" * 1001), "the title is longer than 1,000 characters"),
        (line(abstract="x" * 50_001), "the abstract is longer than 50,000 characters"),
        (line(date="Mar 11"), "the date 'Mar 11' is not YYYY-MM-DD"),
        (line(date="2023-02-29"), "the date '2023-02-29' is not YYYY-MM-DD"),
        (line(title="half \ud800 a pair"), "not Unicode text"),
        (line(url="https://x.org/\udfff"), "not Unicode text"),
    ],
)
def test_a_bad_line_is_refused_with_its_place_and_reason(bad: str, why: str) -> None:
    assert rejection(f"\n{bad}") == ("more.jsonl:2", why)


def test_bad_lines_leave_the_good_ones() -> None:
    batch = files.parse_jsonl("\n".join([line(id="a"), "oops", line(id="b"), ""]), "more.jsonl")
    assert [paper.id for paper in batch.papers] == ["a", "b"]
    assert [r.where for r in batch.rejected] == ["more.jsonl:2"]


@pytest.mark.parametrize("separator", ["\u2028", "\x85", "\x0c"])
def test_only_line_feeds_end_a_line(separator: str) -> None:
    record = json.dumps(GOOD | {"abstract": f"One{separator}two."}, ensure_ascii=False)
    record = record.replace("\\f", separator) if separator != "\x0c" else record
    batch = files.parse_jsonl(f"{record}\r\nbad\r\n", "more.jsonl")
    assert [paper.abstract for paper in batch.papers] == ["One two."]
    assert [r.where for r in batch.rejected] == ["more.jsonl:2"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://a b.org", "https://x.org/)", 7, "https://x" * 100])
def test_an_address_that_is_not_safe_to_show_is_left_out(url: object) -> None:
    assert files.parse_jsonl(line(url=url), "more.jsonl").papers[0].url is None


@pytest.mark.parametrize("upvotes", [-1, True, "3", 2**40, 1.5])
def test_votes_that_are_no_count_are_left_out(upvotes: object) -> None:
    assert files.parse_jsonl(line(upvotes=upvotes), "more.jsonl").papers[0].upvotes is None


def test_ids_that_cannot_travel_become_slugs() -> None:
    for given_id in ("has space", "x" * 65, "-dash", "", None, "é"):
        assert files.parse_jsonl(line(id=given_id), "more.jsonl").papers[0].id == "a-title"


def test_a_file_is_known_by_its_content(tmp_path: Path) -> None:
    lines, dump = tmp_path / "lines.txt", tmp_path / "dump.json"
    lines.write_text("\ufeff \n" + line(), encoding="utf-8")
    dump.write_bytes(SEEDS.read_bytes())
    for file, count in ((lines, 1), (dump, 56)):
        batch = files.read(file)
        assert isinstance(batch, Batch)
        assert len(batch.papers) == count


def test_a_file_that_cannot_be_read_is_a_problem_in_words(tmp_path: Path) -> None:
    binary = tmp_path / "binary.jsonl"
    binary.write_bytes(b'{"title": "\xff"}')
    (tmp_path / "empty.txt").touch()
    for name, why in {
        "binary.jsonl": "binary.jsonl: not UTF-8 text (byte 11)",
        "missing.jsonl": "missing.jsonl: No such file or directory",
        "": f"{tmp_path.name}: Is a directory",
        "empty.txt": "empty.txt:1: not a seed dump: it ends before the header line “new”",
    }.items():
        assert files.read(tmp_path / name) == Problem(why)


def test_a_file_beyond_the_limit_is_not_read(tmp_path: Path) -> None:
    huge = tmp_path / "huge.jsonl"
    with huge.open("wb") as file:
        file.truncate(files.MAX_BYTES + 1)
    assert files.read(huge) == Problem("huge.jsonl: larger than 256 MiB")


@given(st.lists(LINES | JSON.map(json.dumps) | st.text(max_size=40), max_size=5))
def test_any_lines_are_read_or_refused_and_never_raise(lines: list[str]) -> None:
    batch = files.parse_jsonl("\n".join(lines), "more.jsonl")
    for paper in batch.papers:
        assert paper.title
        assert paper.abstract
        assert repr(paper).encode()


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_and_never_raise(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.bin"
    file.write_bytes(content)
    assert isinstance(files.read(file), Batch | Problem)
