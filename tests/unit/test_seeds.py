"""The seed dump: 56 papers, nothing invented, and a plain reason for whatever is not of this shape."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.paper import Batch, Problem
from bot.sources import seeds
from tests.unit.samples import SEEDS, seed_papers

DUMP = SEEDS.read_text(encoding="utf-8")
HEADER = "".join(f"{line}\n\n" for line in [*seeds.HEADER, "Mar 11"])
ABSTRACT = "An abstract is at least eighty characters long, and so this one goes on for a little while."
BLOCKS = st.sampled_from([*seeds.HEADER, "Mar 11", "A Title", ABSTRACT, "x" * 400, "123", "", " ", "\u2028", "\x0c"])


def parse(content: str) -> Batch:
    batch = seeds.parse(content, "dump.txt")
    assert isinstance(batch, Batch)
    return batch


def test_the_dump_holds_exactly_56_papers() -> None:
    assert len(seed_papers()) == 56
    assert parse(DUMP).rejected == ()
    assert {(paper.source, paper.listed, paper.date) for paper in seed_papers()} == {("seed", "Mar 11", None)}


def test_ids_are_unique_short_and_stay_the_same() -> None:
    ids = {paper.title: paper.id for paper in seed_papers()}
    assert len(set(ids.values())) == 56
    assert all(re.fullmatch(r"[a-z0-9-]{1,48}", key) for key in ids.values())
    assert ids["Layer Normalization"] == "layer-normalization"
    assert ids["Music Source Separation in the Waveform Domain"] == "music-source-separation-in-the-waveform-domain"
    assert ids["On the Efficiency of Convolutional Neural Networks"] == "on-the-efficiency-of-convolutional-26ca99"


def test_originals_are_verbatim_in_the_file() -> None:
    for paper in seed_papers():
        assert f"\n\n{paper.original_title}\n\n{paper.original_abstract}\n\n" in DUMP + "\n\n"


def test_code_and_project_links_are_found() -> None:
    code = {url for paper in seed_papers() for url in paper.code}
    assert sum(bool(paper.code or paper.links) for paper in seed_papers()) == 11
    assert len(code) == DUMP.count("https://github.com/") == 10
    assert {url for paper in seed_papers() for url in paper.links} == {
        "https://huggingface.co/suwesh/ParallelPerceptionNetwork",
        "https://clearbuds.cs.washington.edu",
    }
    assert not any(url.endswith(".") for url in code)


@pytest.mark.parametrize(
    ("content", "where", "why"),
    [
        ("", "dump.txt:1:", "ends before the header line “new”"),
        ("old\n\n", "dump.txt:1:", "expected the header line “new”"),
        ("new\n\nSubscribe\n", "dump.txt:3:", "expected the header line “Get trending papers"),
        (HEADER.replace("Mar 11", "Yesterday"), "dump.txt:9:", "a day like “Mar 11”"),
        (HEADER.replace("Mar 11\n\n", ""), "dump.txt:7:", "a day like “Mar 11”"),
        (HEADER, "dump.txt:9:", "no title with its abstract"),
        (HEADER + "A Title", "dump.txt:9:", "no title with its abstract"),
    ],
)
def test_another_shape_is_refused_with_file_line_and_reason(content: str, where: str, why: str) -> None:
    problem = seeds.parse(content, "dump.txt")
    assert isinstance(problem, Problem)
    assert problem.message.startswith(where)
    assert why in problem.message


@pytest.mark.parametrize(
    ("broken", "line", "why"),
    [
        ("Neural Metamorphosis\n\n", 0, "an abstract without a title"),
        (r"This paper introduces a new learning paradigm termed Neural Metamorphosis[^\n]*\n\n", -2, "no abstract"),
    ],
)
def test_one_broken_block_leaves_the_other_55(broken: str, line: int, why: str) -> None:
    found = re.search(broken, DUMP)
    assert found
    batch = parse(DUMP[: found.start()] + DUMP[found.end() :])
    assert len(batch.papers) == 55
    assert set(batch.papers) == {paper for paper in seed_papers() if paper.title != "Neural Metamorphosis"}
    [rejection] = batch.rejected
    assert rejection.where == f"dump.txt:{DUMP[: found.start()].count(chr(10)) + 1 + line}"
    assert why in rejection.why


def test_a_title_that_stands_twice_is_reported_and_the_first_kept() -> None:
    batch = parse(f"{HEADER}One Title\n\n{ABSTRACT}\n\nOne Title\n\n{ABSTRACT} Again.\n")
    assert [paper.abstract for paper in batch.papers] == [ABSTRACT]
    assert [(r.where, r.why) for r in batch.rejected] == [("dump.txt:15", "the same title stands twice")]


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    assert [p.id for p in parse("\ufeff" + DUMP.replace("\n", "\r\n")).papers] == [p.id for p in seed_papers()]


@given(st.lists(BLOCKS | st.text(max_size=100), max_size=12), st.booleans())
def test_any_text_is_read_or_refused_and_never_raises(blocks: list[str], headed: bool) -> None:
    result = seeds.parse((HEADER if headed else "") + "\n\n".join(blocks), "dump.txt")
    if isinstance(result, Batch):
        assert result.papers
        assert all(paper.title and paper.abstract for paper in result.papers)
        assert all(re.fullmatch(r"dump\.txt:\d+", rejection.where) for rejection in result.rejected)
    else:
        assert re.match(r"dump\.txt:\d+: ", result.message)
