"""The benchmark of speed, and what it and the other benchmarks stand on."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import memory, peers, questions, race, report, speed, tiles, turns
from benchmarks.peers import Found, Query
from bot.core import text
from tests.unit.samples import seed_papers

if TYPE_CHECKING:
    from pathlib import Path


def run_speed(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert speed.main([*arguments, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_speed_on_100_papers_made_from_the_seeds(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["--papers", "100", "--queries", "30", "--rounds", "1"]
    found = run_speed(capsys, *asked, "--peers", "plain,everything,rank-bm25,fts5")
    assert (found["papers"], found["queries"]) == (100, 30)
    assert list(found["rows"]) == ["plain", "everything", "rank-bm25", "fts5"]
    for row in found["rows"].values():
        assert 0 < row["p50_ms"] <= row["p95_ms"]
        assert row["queries"] == 30
    assert found["agreement"] == {"equal": 30, "of": 30}
    shown = report.table(found)
    assert shown.startswith(str(found["machine"]["cpu"]))
    assert "rank-bm25 0.2.2 |" in shown
    assert "in 30 of 30" in shown


@pytest.mark.parametrize(
    ("ours", "said"),
    [
        (250.0, "0.4"),
        (3_000.0, "0.033"),
        (7e7, "0.0000014"),
        (100.3, "1"),
        (100.0, "1.0"),
        (20.0, "5.0"),
        (10.0, "10"),
        (0.04, "2,500"),
    ],
)
def test_how_many_times_as_fast_is_never_nothing(ours: float, said: str) -> None:
    rows = {"everything": {"p50_ms": ours, "version": "1"}, "rank-bm25": {"p50_ms": 100.0, "version": "1"}}
    known: dict[str, Any] = {"papers": 1, "queries": 1, "rounds": 1, "analysis_s": 0.0}
    known["machine"] = {"cpu": "x", "cores": 1, "system": "y", "python": "3"}
    shown = report.table({**known, "rows": rows, "agreement": None, "left_out": {}})
    assert f"median is {said} times as fast" in shown


def test_times_too_short_to_be_told_are_not_compared() -> None:
    known: dict[str, Any] = {"papers": 1, "queries": 1, "rounds": 1, "analysis_s": 0.0, "agreement": None}
    known["machine"] = {"cpu": "x", "cores": 1, "system": "y", "python": "3"}
    for ours, theirs in ((0.0, 1.0), (1.0, 0.0)):
        rows = {"everything": {"p50_ms": ours, "version": "1"}, "rank-bm25": {"p50_ms": theirs, "version": "1"}}
        assert "times as fast" not in report.table({**known, "rows": rows, "left_out": {}})


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
    papers = seed_papers()
    alone = next(n for n, paper in enumerate(papers) if paper.id == "neural-metamorphosis")
    # The second time among fewer papers than the ten that are asked for.
    for number, some in enumerate((papers, papers[alone : alone + 3])):
        place = some.index(papers[alone])
        terms = [text.document(paper.title, paper.abstract) for paper in some]
        folder = tmp_path / str(number)
        folder.mkdir()
        peer, opened = turns.PEERS[name](), turns.PEERS[name]()
        peer.build(some if peer.reads == "papers" else terms, folder)
        opened.open(folder)
        found = opened.search(Query("metamorphosis", text.terms("metamorphosis")))
        assert found[0][0] in {place, papers[alone].id}
        assert len(found) <= min(10, len(some))


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


@given(st.integers(0, 9_000), st.integers(1, 50), st.integers(0, 99))
def test_the_best_are_picked_without_sorting_all(count: int, different: int, seed: int) -> None:
    scores = np.random.default_rng(seed).integers(0, different, count) / 4
    peer = peers.RankBM25()
    peer._bm25 = SimpleNamespace(get_scores=lambda terms: scores)
    found = peer.search(Query("", []))
    assert [score for _, score in found] == sorted(scores, reverse=True)[:10]
    assert all(scores[int(number)] == score for number, score in found)
