"""Files that people bring: what is taken in, and the reason for each line that is not."""

from __future__ import annotations

import gzip
import json
import lzma
import tracemalloc
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.paper import Batch, Problem
from bot.core.part import Part
from bot.sources import files
from bot.sources.lines import MAX_LINE, MAX_WHOLE
from bot.sources.unpacked import MAX_SIZE
from bot.ui import markdown
from tests.unit.recorded import SAMPLES, recorded
from tests.unit.samples import SEEDS

if TYPE_CHECKING:
    from collections.abc import Callable
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


MASKED = (
    "https://discord.com@evil.example/x", "https://user:pw@evil.example/", "https://@evil.example/", "https://a:b@[::1]/",
    "https://\u0430\u0440\u0440\u04cf\u0435.com/", "https://discord.com%40evil.example/", "https://discord\uff0ecom/",
    "https://discord.com\u2044x.evil.example/", "https://discord.com:80@evil.example/", "https://x.org:99999/",
)  # fmt: skip


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://a b.org", "https://x.org/)", 7, "https://x" * 100, *MASKED]
)
def test_an_address_that_is_not_safe_to_show_is_left_out(url: object) -> None:
    given = line(url=url, thumbnail=url, abstract=f"An abstract, see {url} for more.")
    [found] = files.parse_jsonl(given, "more.jsonl").papers
    assert (found.url, found.thumbnail) == (None, None)
    if url in MASKED:
        assert (found.links, found.code) == ((), ())
        # Nor where an older version kept it.
        assert markdown.link("label", str(url)) == "label"


@pytest.mark.parametrize(
    "url",
    ["https://medium.com/@ada/x", "http://x.org:8080/a@b", "https://xn--bcher-kva.example/", "https://A_b.github.io"],
)
def test_an_address_that_leads_where_it_seems_to_is_kept(url: str) -> None:
    [found] = files.parse_jsonl(line(url=url, abstract=f"An abstract, see {url} for more."), "more.jsonl").papers
    assert (found.url, found.links) == (url, (url,))
    assert markdown.link("label", url) == f"[label]({url})"


@pytest.mark.parametrize("upvotes", [-1, True, "many", "-3", 2**40, 1.5])
def test_votes_that_are_no_count_are_left_out(upvotes: object) -> None:
    assert files.parse_jsonl(line(upvotes=upvotes), "more.jsonl").papers[0].upvotes is None


def test_ids_that_cannot_travel_become_slugs() -> None:
    for given_id in ("has space", "x" * 65, "-dash", "", None, "é"):
        assert files.parse_jsonl(line(id=given_id), "more.jsonl").papers[0].id == "a-title"


KINDS = {
    "papers.jsonl": line(id="a") + "\n" + line(id="b", title="Other"),
    "papers.json": f"[{line(id='a')}, {line(id='b', title='Other')}]",
    "export.csv": "Title,Abstract\nA title,An abstract.\nOther,An abstract.\n",
    "refs.bib": "@misc{a, title={A title}, abstract={An abstract.}}\n@misc{b, title={Other}, abstract={An abstract.}}",
    "feed.xml": "<feed xmlns='http://www.w3.org/2005/Atom'>"
    "<entry><id>http://arxiv.org/abs/2401.00001</id><title>A title</title><summary>An abstract.</summary></entry>"
    "<entry><id>http://arxiv.org/abs/2401.00002</id><title>Other</title><summary>An abstract.</summary></entry></feed>",
}


def told(path: Path) -> tuple[list[str], list[tuple[str, str]]]:
    batch = files.read(path)
    assert isinstance(batch, Batch)
    return [paper.title for paper in batch.papers], [(r.where, r.why) for r in batch.rejected]


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("ending", ["same", "txt"])
@pytest.mark.parametrize("packing", ["", "gz", "xz"])
def test_a_file_is_known_by_its_content_whatever_its_name_and_packing(
    tmp_path: Path, name: str, ending: str, packing: str
) -> None:
    content = KINDS[name].encode()
    packed = {"": content, "gz": gzip.compress(content), "xz": lzma.compress(content)}[packing]
    file = tmp_path / (name if ending == "same" else f"file.{ending}")
    file.write_bytes(packed)
    assert told(file) == (["A title", "Other"], [])


def test_what_is_from_arxiv_is_said_to_be_so_and_the_rest_is_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(KINDS["feed.xml"])
    (tmp_path / "other.xml").write_text(KINDS["feed.xml"].replace("arxiv.org", "x.org"))
    for name, source in (("feed.xml", "arxiv"), ("other.xml", "file")):
        batch = files.read(tmp_path / name)
        assert isinstance(batch, Batch)
        assert batch.papers[-1].source == source


@pytest.mark.parametrize("name", [name for name in KINDS if not name.endswith("xml")])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "crlf", "cr", "blank"]
)
def test_encodings_and_line_ends_are_told_apart(tmp_path: Path, name: str, encoding: str) -> None:
    content = KINDS[name].replace("Other", "Öther ∂ 図")
    if encoding == "cr" and name == "papers.json":
        content = content.replace(", ", ",\n")
    if encoding in {"crlf", "cr", "blank"}:
        content = content.replace("\n", {"crlf": "\r\n", "cr": "\r", "blank": "\n\n"}[encoding])
        content = f"\n \n{content}" if encoding == "blank" and name != "export.csv" else content
    file = tmp_path / name
    file.write_bytes(content.encode("utf-8" if encoding in {"crlf", "cr", "blank"} else encoding))
    assert told(file) == (["A title", "Öther ∂ 図"], [])


def test_the_seed_dump_is_read_packed_or_not(tmp_path: Path) -> None:
    for name, content in {"dump.json": SEEDS.read_bytes(), "dump.gz": gzip.compress(SEEDS.read_bytes())}.items():
        (tmp_path / name).write_bytes(content)
        batch = files.read(tmp_path / name)
        assert isinstance(batch, Batch)
        assert len(batch.papers) == 56


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no recorded answers: set COLLOQUIUM_TEST_DATA")
@pytest.mark.parametrize("sample", [*recorded("*.json"), *recorded("*.xml")], ids=lambda path: path.name)
def test_every_recorded_answer_is_read_or_refused_in_words(sample: Path) -> None:
    found = files.read(sample)
    if "error" in sample.name:
        assert isinstance(found, Problem)
    else:
        assert isinstance(found, Batch)
        assert found.papers or "empty" in sample.name


def test_a_file_that_cannot_be_read_is_a_problem_in_words(tmp_path: Path) -> None:
    for name, content in {
        "empty.txt": b"  \n\n",
        "empty.jsonl": b"",
        "empty.csv": b"\xef\xbb\xbf",
        "empty.bib.gz": gzip.compress(b"\n"),
        "prose.txt": b"Some words\nand no papers",
        "cut.jsonl.gz": gzip.compress(line().encode())[:-9],
        "cut.xz": lzma.compress(line().encode())[:-9],
        "damaged.gz": gzip.compress(line().encode())[:10] + b"\xff" * 30,
        "zip.csv": b"PK\x03\x04 and so on",
        "new.txt": b"new\n\nother\n",
        "dump.txt": b"new\n\n\xff\n",
        "odd.csv": "title,abstract\na,b".encode("utf-16") + b"\x00",
        "page.html": b"<!DOCTYPE html><html><body>Sign in</body></html>",
        "table.csv": b"name of it;what\nx;y\n",
    }.items():
        (tmp_path / name).write_bytes(content)
    for name, why in {
        "missing.jsonl": "No such file or directory",
        "empty.txt": "empty",
        "empty.jsonl": "empty",
        "empty.csv": "empty",
        "empty.bib.gz": "empty",
        "prose.txt": "no kind of file that is read: JSON, JSON lines, CSV, BibTeX, Atom, RSS, or a seed dump",
        "cut.jsonl.gz": "damaged: its end is missing",
        "cut.xz": "damaged: its end is missing",
        "damaged.gz": "damaged",
        "zip.csv": "a zip archive, which is not read",
        "dump.txt": "not UTF-8 text (byte 5)",
        "odd.csv": "not UTF-16 text behind line 1",
        "page.html": "a web page, not a feed",
        "table.csv": "no column for the title and the abstract in the first line (name of it, what)",
    }.items():
        assert files.read(tmp_path / name) == Problem(f"{name}: {why}")
    assert files.read(tmp_path) == Problem(f"{tmp_path.name}: Is a directory")
    assert files.read(tmp_path / "new.txt") == Problem(
        "new.txt:3: not a seed dump: expected the header line “Get trending papers in your email inbox!”"
    )


def test_bad_records_leave_the_good_ones_and_say_where_they_are(tmp_path: Path) -> None:
    lines = [line(id="a").encode(), b'{"title": "\xff"}', b"x" * (MAX_LINE + 5), line(id="b").encode()]
    (tmp_path / "bad.jsonl").write_bytes(b"\n".join(lines))
    assert told(tmp_path / "bad.jsonl") == (
        ["A title", "A title"],
        [("bad.jsonl:2", "not UTF-8 text"), ("bad.jsonl:3", "longer than 2,097,152 characters")],
    )


def test_what_stands_before_damage_is_taken_in(tmp_path: Path) -> None:
    content = "\n".join(line(id=f"p{n}", abstract=f"{n * 7919 % 1000} words {n}") for n in range(20_000))
    packed = gzip.compress(content.encode())
    (tmp_path / "cut.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    titles, rejected = told(tmp_path / "cut.jsonl.gz")
    assert 5_000 < len(titles) < 15_000
    assert rejected == [("cut.jsonl.gz", "damaged: its end is missing")]


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_a_bomb_is_refused_before_it_goes_off(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    bomb = tmp_path / "bomb.jsonl.gz"
    bomb.write_bytes(pack(b"\0" * (32 * 2**20)))
    assert files.read(bomb) == Problem(
        "bomb.jsonl.gz: unpacks to more than 400 times its size: a bomb, or nothing to read"
    )


def test_a_file_beyond_the_limit_is_not_read(tmp_path: Path) -> None:
    huge = tmp_path / "huge.jsonl"
    with huge.open("wb") as file:
        file.truncate(MAX_SIZE + 1)  # a sparse file: it takes no room
    assert files.read(huge) == Problem("huge.jsonl: larger than 4 GiB")
    whole = tmp_path / "whole.json"
    with whole.open("wb") as file:
        file.write(b"[")
        file.truncate(MAX_WHOLE + 1)
    assert files.read(whole) == Problem("whole.json: larger than 256 MiB, and cannot be read in pieces")


def test_a_file_of_nothing_but_bad_records_is_given_up(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_text("not a paper\n" * 30_000)
    *some, last = files.parts(tmp_path / "log.jsonl")
    assert sum(len(part.rejected) for part in some if isinstance(part, Part)) == files.PATIENCE
    assert last == Problem("log.jsonl: no paper among the first 10,000 records")


def test_a_large_file_is_handed_over_in_parts(tmp_path: Path) -> None:
    count = 2_000
    with gzip.open(tmp_path / "large.jsonl.gz", "wt", compresslevel=1) as file:
        file.writelines(line(id=f"p{n}", abstract=f"{n} " * 500) + "\n" for n in range(count))
    shares: list[float] = []
    tracemalloc.start()
    try:
        for part in files.parts(tmp_path / "large.jsonl.gz"):
            assert isinstance(part, Part)
            assert len(part.papers) <= files.GROUP
            shares.append(part.share)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(shares) == count / files.GROUP
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert peak < 6_000_000  # all of the texts, each kept twice, are 20 MB


@given(st.lists(LINES | JSON.map(json.dumps) | st.text(max_size=40), max_size=5))
def test_any_lines_are_read_or_refused_and_never_raise(lines: list[str]) -> None:
    batch = files.parse_jsonl("\n".join(lines), "more.jsonl")
    for paper in batch.papers:
        assert paper.title
        assert paper.abstract
        assert repr(paper).encode()


@given(
    st.binary(max_size=200)
    | st.tuples(st.sampled_from([*KINDS.values()]), st.integers(0, 400), st.binary(max_size=4)).map(
        lambda damage: damage[0].encode()[: damage[1]] + damage[2] + damage[0].encode()[damage[1] + 1 :]
    ),
    st.sampled_from(["any.bin", "any.csv", "any.bib", "any.jsonl", "any.xml", "any.json"]),
    st.sampled_from([bytes, gzip.compress, lzma.compress]),
)
def test_any_bytes_are_read_or_refused_and_never_raise(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str, pack: Callable[[bytes], bytes]
) -> None:
    file = tmp_path_factory.getbasetemp() / name
    file.write_bytes(pack(content))
    found = files.read(file)
    assert isinstance(found, Batch | Problem)
    assert repr(found).encode()
