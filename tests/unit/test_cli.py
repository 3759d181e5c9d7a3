"""The command line as other tools call it: JSON on stdout, one line on stderr, 0, 1 or 2."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.health import check

ROOT = Path(__file__).parents[2]
NOW = datetime(2024, 5, 1, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Run:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert (self.status, self.err) == (0, "")
        return json.loads(self.out)


def bot(data: Path, *arguments: str | bytes, **environment: str) -> Run:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DISCORD_", "COLLOQUIUM_"))}
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env=kept | {"COLLOQUIUM_DATA": str(data)} | environment,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return Run(done.returncode, done.stdout, done.stderr)


def together(data: Path, commands: Iterable[Sequence[str | bytes]], **environment: str) -> list[Run]:
    """Run several commands side by side: most of a run is Python starting."""
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda arguments: bot(data, *arguments, **environment), commands))


def fails(run: Run, status: int, *words: str) -> None:
    """Check that a run ended in that status with nothing but one clear line that holds the words."""
    assert (run.status, run.out) == (status, "")
    assert run.err.count("\n") == 1
    assert run.err.startswith("colloquium: ")
    assert [word for word in words if word not in run.err] == []


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


def test_search_puts_source_separation_on_top_in_an_empty_folder(tmp_path: Path) -> None:
    hits = bot(Path("nowhere"), "search", "music source separation", "--json", "--data", str(tmp_path / "new")).json
    assert [set(hit) for hit in hits] == [{"id", "title", "score", "snippet", "matched", "url"}] * len(hits)
    assert hits[0]["title"] == "Music Source Separation in the Waveform Domain"
    assert {hit["id"] for hit in hits[1:3]} == {
        "universal-source-separation-with-weakly-4f66cb",
        "weakly-supervised-audio-separation-via-932877",
    }
    assert hits[0]["matched"] == ["music", "source", "separation"]
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)


def test_search_keeps_to_its_number_and_filters(data: Path) -> None:
    assert len(bot(data, "search", "neural network", "-k", "3", "--json").json) == 3
    assert bot(data, "search", "neural", "--since", "2024-01-01", "--json").json == []
    assert 0 < len(bot(data, "search", "neural", "-k", "99", "--code", "--json").json) <= 10


def test_search_filters_and_orders(tmp_path: Path) -> None:
    file = tmp_path / "more.jsonl"
    papers: list[dict[str, Any]] = [
        {"id": "old", "title": "Zebra zebra", "text": "Zebra.", "date": "2023-12-31", "upvotes": 9},
        {
            "id": "mid",
            "title": "Zebra",
            "text": "Stripes: https://github.com/z/a",
            "date": "2024-02-29",
            "authors": ["Bo Li"],
        },
        {"id": "new", "title": "Zebra", "text": "A herd of it.", "date": "2024-03-01", "upvotes": 20},
    ]
    file.write_text("\n".join(map(json.dumps, papers)), encoding="utf-8")
    data = tmp_path / "data"
    bot(data, "ingest", str(file))
    asked = {
        "-k 1": ["new"],
        "--order date": ["new", "mid", "old"],
        "--order votes": ["new", "old", "mid"],
        "--since 2024-02 --until 2024-02": ["mid"],
        "--until 2023": ["old"],
        "--votes 9 --order date": ["new", "old"],
        "--author li": ["mid"],
        "--code": ["mid"],
        "--source seed": [],
    }
    runs = together(data, [["search", "zebra", "--json", *options.split()] for options in asked])
    assert [[hit["id"] for hit in run.json] for run in runs] == list(asked.values())


def test_search_understands_phrases_exclusions_and_fields(data: Path) -> None:
    asked = [
        '"source separation" -speech',
        'title:"layer normalization"',
        "author:hinton",
    ]
    runs = together(data, [["search", query, "--json"] for query in asked])
    assert [len(run.json) for run in runs] == [1, 1, 0]
    typed = ["-music", "author:hinton", '"music pruning"', "muisc author:hinton"]
    text = together(data, [["search", "-k", "1", "--", query] for query in typed])
    nobody = "No paper here has “hinton” where you look for it.\nNothing found: no paper is all that was asked for.\n"
    assert [run.err for run in text] == [
        "Nothing found: the query only says what to leave out.\n",
        nobody,
        "No paper here has “music pruning” word for word; showing what has its words.\n",
        f"Nothing here mentions “muisc”; looked for “music author:hinton”.\n{nobody}",
    ]


def test_a_slip_of_the_pen_is_put_right_and_said(data: Path) -> None:
    run = bot(data, "search", "muisc separaton", "-k", "1")
    assert run.err == "Nothing here mentions “muisc”, “separaton”; showing results for “music separation”.\n"
    assert run.out.startswith(" 1. Music Source Separation in the Waveform Domain\n")
    [hit] = bot(data, "search", "muisc separaton", "-k", "1", "--json").json
    assert hit["matched"] == ["music", "separation"]


def test_a_search_without_a_match_is_a_success_that_says_so(data: Path) -> None:
    assert bot(data, "search", "xyzzy", "--json").json == []
    assert bot(data, "search", "xyzzy") == Run(0, "", "Nothing found: no paper mentions any of these words.\n")
    assert bot(data, "search", "the") == Run(0, "", "Nothing found: there is no word to search for.\n")


def test_a_source_that_no_paper_is_from_is_bad_usage_and_those_there_are_named(data: Path) -> None:
    runs = together(data, [["search", "music", "--source", "non\nsense"], ["search", "x", "--source", "a", "--json"]])
    fails(runs[0], 2, r"no papers from 'non\nsense' are here: there are some from seed")
    fails(runs[1], 2, "no papers from 'a' are here")


def test_search_as_text_shows_title_sentence_and_id(data: Path) -> None:
    run = bot(data, "search", "humor detection", "-k", "1")
    assert run.status == 0
    assert "ColBERT: Using BERT" in run.out
    assert "colbert-using-bert-sentence-embedding-in-78df8f" in run.out


def test_paper_is_one_object_by_id_or_title(data: Path) -> None:
    paper = bot(data, "paper", "layer-normalization", "--json").json
    assert paper == bot(data, "paper", "LAYER normalization", "--json").json
    assert set(paper) >= {"id", "title", "abstract", "authors", "date", "listed", "source", "url", "code", "links"}
    assert (paper["id"], paper["date"], paper["listed"], paper["source"]) == (
        "layer-normalization",
        None,
        "Mar 11",
        "seed",
    )


def test_similar_is_shaped_as_search_without_the_paper_itself(data: Path) -> None:
    hits = bot(data, "similar", "Layer Normalization", "-k", "4", "--json").json
    assert [set(hit) for hit in hits] == [{"id", "title", "score", "snippet", "matched", "url"}] * 4
    assert "layer-normalization" not in {hit["id"] for hit in hits}


def test_ask_quotes_or_declines_with_the_nearest(data: Path) -> None:
    answer = bot(data, "ask", "How much faster is ConvFirst than ConvNeXt?", "--json").json
    refusal = bot(data, "ask", "Who won the 1998 football world cup?", "--json").json
    for found in (answer, refusal):
        assert set(found) >= {"answered", "sentences", "nearest"}
        assert all(set(sentence) == {"text", "paper_id", "title"} for sentence in found["sentences"])
        assert all(set(near) == {"id", "title"} for near in found["nearest"])
    assert (answer["answered"], refusal["answered"]) == (True, False)
    assert refusal["sentences"] == []


def test_ingest_counts_and_reports_each_bad_line(tmp_path: Path) -> None:
    file = tmp_path / "more.jsonl"
    file.write_text('{"_id": "x1", "title": "Zeppelins", "text": "They float."}\noops\n', encoding="utf-8")
    run = bot(tmp_path / "data", "ingest", str(file), "--json")
    assert run.json["rejected"] == [{"where": "more.jsonl:2", "why": "not JSON"}]
    assert (run.json["read"], run.json["added"], run.json["updated"]) == (2, 1, 0)
    assert bot(tmp_path / "data", "ingest", str(file), "--json").json["added"] == 0
    assert [hit["id"] for hit in bot(tmp_path / "data", "search", "zeppelin", "--json").json] == ["x1"]


def test_ingest_fails_when_a_whole_file_is_refused_and_takes_in_the_others(tmp_path: Path) -> None:
    file = tmp_path / "more.jsonl"
    file.write_text('{"_id": "x1", "title": "Zeppelins", "text": "They float."}\n', encoding="utf-8")
    run = bot(tmp_path / "data", "ingest", str(tmp_path / "missing"), str(file), "--json")
    assert run.status == 1
    report = json.loads(run.out)
    assert report["rejected"] == [{"where": str(tmp_path / "missing"), "why": "No such file or directory"}]
    assert report["added"] == 1


def test_ingest_of_nothing_readable_fails(tmp_path: Path) -> None:
    run = bot(tmp_path, "ingest", str(tmp_path / "missing"), "--json")
    assert run.status == 1
    assert json.loads(run.out)["read"] == 0


def test_roundup_previews_what_a_first_channel_would_get(data: Path) -> None:
    shown = bot(data, "roundup", "--preview", "--at", "2024-05-01T09:30", "--json").json
    assert shown["at"] == "2024-05-01T09:30:00+00:00"
    [roundup] = shown["roundups"]
    assert (roundup["channel_id"], roundup["next"]) == (None, "2024-05-02T09:00:00+00:00")
    assert [set(paper) for paper in roundup["papers"]] == [{"id", "title", "url", "sentence", "reason"}] * 5
    assert {paper["reason"] for paper in roundup["papers"]} == {"not shown yet"}
    text = bot(data, "roundup").out
    assert text.count("\n    why: not shown yet\n") == 5
    assert "51 more waiting" in text


def test_a_preview_says_why_of_every_paper_and_writes_numbers_as_people_do(tmp_path: Path) -> None:
    rows = [{"title": f"T{n}", "abstract": f"word{n}"} for n in range(1200)]
    (tmp_path / "many.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert bot(tmp_path / "data", "ingest", str(tmp_path / "many.jsonl")).status == 0
    assert "\n    1,251 more waiting\n" in bot(tmp_path / "data", "roundup", "--preview").out


def test_bad_usage_is_one_line_and_2(data: Path) -> None:
    wrong: list[tuple[list[str], str]] = [
        (["serach", "x"], "serach"),
        (["search"], "query"),
        (["search", "x", "--nope"], "--nope"),
        (["search", "x", "a\nb"], "a"),
        (["search", "x", "-k", "0"], "1 to 1000"),
        (["search", "x", "-k", "0" * 8 + "10000000"], "1 to 1000"),
        (["search", "x", "-k", "many"], "'many'"),
        (["search", "x", "--since", "yesterday"], "2024-05-01"),
        (["search", "x", "--until", "2024-13"], "2024-05-01"),
        (["search", "x", "--since", "2025", "--until", "2024"], "2025-01-01"),
        (["search", "x", "--votes", "0"], "'0'"),
        (["search", "x", "--order", "best"], "relevance"),
        (["paper"], "ID_OR_TITLE"),
        (["ingest"], "FILE"),
        (["roundup", "--preview", "--at", "noon"], "'noon'"),
        (["demo", "--port", "70000"], "65535"),
    ]
    for run, (_, word) in zip(together(data, [arguments for arguments, _ in wrong]), wrong, strict=True):
        fails(run, 2, word, "--help")


def test_help_and_version_are_a_success(data: Path) -> None:
    assert bot(data, "--version").out == "colloquium 0.1.0\n"
    commands = ["--help"], ["search", "--help"], ["roundup", "--help"], ["health", "--help"]
    for run in together(data, commands):
        assert (run.status, run.err) == (0, "")
        assert "usage: python -m bot" in run.out


@pytest.mark.parametrize("command", [[], ["run"]])
def test_no_start_without_a_token(data: Path, command: list[str]) -> None:
    fails(bot(data, *command), 2, "DISCORD_TOKEN", "python -m bot demo")
    fails(bot(data, *command, DISCORD_TOKEN="  "), 2, "no Discord token")


@pytest.mark.parametrize("token", ["secret-without-dots", "Bot a.b.c", "a.b.c.d"])
def test_a_malformed_token_is_refused_and_not_repeated(data: Path, token: str, tmp_path: Path) -> None:
    run = bot(data, "run", DISCORD_TOKEN=token)
    fails(run, 2, "does not look like one")
    assert token not in run.err
    file = tmp_path / "token"
    file.write_text(token + "\n", encoding="utf-8")
    fails(bot(data, "run", DISCORD_TOKEN_FILE=str(file)), 2, "does not look like one")


def test_a_token_file_that_cannot_be_read_is_named(data: Path, tmp_path: Path) -> None:
    fails(bot(data, "run", DISCORD_TOKEN_FILE=str(tmp_path / "none")), 2, str(tmp_path / "none"))


def test_an_unknown_log_level_is_bad_configuration(data: Path) -> None:
    fails(bot(data, "search", "x", COLLOQUIUM_LOG_LEVEL="loud"), 2, "COLLOQUIUM_LOG_LEVEL", "'LOUD'")


def test_a_paper_that_is_not_there_is_one_line_and_1(data: Path) -> None:
    commands: list[list[str | bytes]] = [
        ["paper", "quantum gravity"],
        ["paper", "two\nlines", "--json"],
        ["similar", ""],
        ["similar", b"\xff", "--json"],
    ]
    for run in together(data, commands):
        fails(run, 1, "no paper called")


def test_an_id_that_is_not_there_has_no_nearest(data: Path) -> None:
    link = bot(data, "paper", "see https://arxiv.org/abs/9999.99999", "--json")
    fails(link, 1, "9999.99999 is not here, and only the bot on Discord asks arXiv for it")


def test_a_data_folder_that_cannot_be_used_is_one_line_and_1(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    fails(bot(file, "search", "x", "--json"), 1, "cannot open", str(file))
    (tmp_path / "colloquium.db").write_text("not a database" * 100, encoding="utf-8")
    fails(bot(tmp_path, "search", "x", "--json"), 1, "file is not a database")


def test_a_reader_that_goes_away_is_no_traceback(data: Path) -> None:
    code = f"{sys.executable} -m bot search network -k 56 --data {data} | head -c 1"
    done = subprocess.run(code, shell=True, cwd=ROOT, capture_output=True, timeout=60, check=False)  # noqa: S602
    assert done.stderr == b""


@pytest.mark.parametrize(
    ("beat", "problem"),
    [
        ({"ready": True, "ticking": True}, None),
        ({"ready": False, "ticking": True}, "not connected"),
        ({"ready": True, "ticking": False}, "clock"),
        ({"at": (NOW - timedelta(seconds=61)).isoformat(), "ready": True, "ticking": True}, "61 seconds ago"),
        ({"at": "2024-05-01T09:00:00", "ready": True, "ticking": True}, "cannot be read"),
        ({"at": 7}, "cannot be read"),
        ([], "cannot be read"),
        (None, "not running"),
    ],
)
def test_health_of_a_heartbeat(tmp_path: Path, beat: Any, problem: str | None) -> None:
    file = tmp_path / "heartbeat.json"
    if beat is not None:
        file.write_text(json.dumps({"at": NOW.isoformat()} | beat if isinstance(beat, dict) else beat))
    found = check(file, NOW)
    assert (found is None) if problem is None else (found is not None and problem in found)


def test_health_speaks_by_status_line_and_json(tmp_path: Path) -> None:
    fails(bot(tmp_path, "health"), 1, "not running")
    sick = bot(tmp_path, "health", "--json")
    assert (sick.status, json.loads(sick.out)["healthy"]) == (1, False)
    beat = {"at": datetime.now(UTC).isoformat(), "ready": True, "ticking": True}
    (tmp_path / "heartbeat.json").write_text(json.dumps(beat), encoding="utf-8")
    assert bot(tmp_path, "health") == Run(0, "healthy\n", "")
    assert bot(tmp_path, "health", "--json").json == {"healthy": True, "problem": None}
