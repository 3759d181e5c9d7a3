"""The ingest command: every format, twice, with bad rows among good ones, before a terminal, and a year of papers."""

from __future__ import annotations

import csv
import gzip
import json
import lzma
import os
import pty
import resource
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.unit.recorded import DATA
from tests.unit.test_cli import ROOT, bot

if TYPE_CHECKING:
    from pathlib import Path

ROWS = [
    {
        "id": f"2501.0000{n}",
        "title": title,
        "summary": f"We study {title.lower()} with \\emph{{care}}.",
        "authors": ["Ada Lovelace", "Alan Turing"],
        "daily_date": "2025-01-07",
        "upvotes": n,
    }
    for n, title in enumerate(["Rain in Spain", "Snow on plains", "Hail and wind"])
]


def written(folder: Path) -> list[str]:
    """Write the same papers in four formats."""
    (folder / "rows.json").write_text(json.dumps(ROWS, indent=1))
    (folder / "rows.jsonl.gz").write_bytes(gzip.compress("\n".join(map(json.dumps, ROWS)).encode("utf-16")))
    with lzma.open(folder / "rows.csv.xz", "wt", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file, delimiter=";")
        table.writerow(["ID", "Paper Title", "Abstract", "Authors", "Date", "Votes"])
        for row in ROWS:
            authors = "; ".join(row["authors"]) if isinstance(row["authors"], list) else ""
            table.writerow([row["id"], row["title"], row["summary"], authors, row["daily_date"], row["upvotes"]])
    (folder / "rows.bib").write_text(
        "\n".join(
            f"@misc{{k, title={{{row['title']}}}, abstract={{{row['summary']}}}, eprint={{{row['id']}v1}}}}"
            for row in ROWS
        )
    )
    return [str(folder / name) for name in ("rows.json", "rows.jsonl.gz", "rows.csv.xz", "rows.bib")]


def test_one_paper_in_four_formats_is_one_paper(tmp_path: Path) -> None:
    first, *others = written(tmp_path)
    assert bot(tmp_path / "data", "ingest", first, "--json").json["added"] == 3
    again = bot(tmp_path / "data", "ingest", *others, "--json").json
    assert (again["read"], again["added"], again["rejected"]) == (9, 0, [])
    paper = bot(tmp_path / "data", "paper", "2501.00001", "--json").json
    assert paper["abstract"] == "We study snow on plains with care."
    assert paper["original"]["abstract"] == "We study snow on plains with \\emph{care}."
    assert (paper["authors"], paper["date"], paper["upvotes"]) == (["Ada Lovelace", "Alan Turing"], "2025-01-07", 1)


def test_bad_rows_are_listed_and_good_ones_taken_in(tmp_path: Path) -> None:
    rows = [json.dumps(ROWS[0]), "{", json.dumps(ROWS[1] | {"summary": None}), json.dumps(ROWS[2])]
    (tmp_path / "some.jsonl").write_text("\n".join(rows))
    run = bot(tmp_path / "data", "ingest", str(tmp_path / "some.jsonl"))
    assert (run.status, run.out) == (0, "4 read, 2 added, 0 updated, 0 unchanged, 2 rejected\n")
    assert run.err == "some.jsonl:2: not JSON\nsome.jsonl:3: no abstract\n"


def test_no_name_is_said_twice_and_an_empty_file_is_called_so(tmp_path: Path) -> None:
    for name, content in {"empty.jsonl": "", "nohead.csv": "name of it,what\nx,y\n"}.items():
        (tmp_path / name).write_text(content)
    files = [str(tmp_path / name) for name in ("empty.jsonl", "nohead.csv")]
    run = bot(tmp_path / "data", "ingest", *files)
    assert run.status == 1
    columns = "no column for the title and the abstract in the first line (name of it, what)"
    assert run.err == f"{files[0]}: empty\n{files[1]}: {columns}\n"


def test_a_paper_with_an_odd_date_is_taken_in_and_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "odd.jsonl").write_text(json.dumps({"title": "Rain", "abstract": "It falls.", "date": "9999-12-31"}))
    (tmp_path / "odd.bib").write_text("\n@article{a, title={Snow}, abstract={It lies.}, year={0000}}")
    files = [str(tmp_path / name) for name in ("odd.jsonl", "odd.bib")]
    run = bot(tmp_path / "data", "ingest", *files)
    assert (run.status, run.out) == (0, "2 read, 2 added, 0 updated, 0 unchanged, 0 rejected\n")
    assert run.err == (
        "odd.jsonl:1: taken without a day: the date '9999-12-31' lies too far in the future\n"
        "odd.bib:2: taken without a day: the date '0000' lies too far back\n"
    )
    again = bot(tmp_path / "data", "ingest", *files, "--json").json
    assert (again["unchanged"], again["rejected"], len(again["remarks"])) == (2, [], 2)


def test_the_data_folder_may_stand_before_the_command(tmp_path: Path) -> None:
    file = str(written(tmp_path)[0])
    runs = [
        bot(tmp_path / "other", *data, "ingest", file, "--json", COLLOQUIUM_SOURCES="off")
        for data in (["--data", str(tmp_path / "a")], [f"--data={tmp_path / 'a'}"])
    ]
    assert runs[0].json["added"] > 0
    assert (runs[1].json["added"], runs[1].json["updated"]) == (0, 0)
    assert not (tmp_path / "other").exists()


def test_a_source_is_asked_only_where_one_is_set_up(tmp_path: Path) -> None:
    for name in ("all", "huggingface"):
        run = bot(tmp_path / "data", "ingest", "--source", name, COLLOQUIUM_SOURCES="off")
        assert run.status == 2
        named = "COLLOQUIUM_SOURCES, COLLOQUIUM_ARXIV and COLLOQUIUM_FEEDS name them"
        assert run.err == f"colloquium: no live source is set up: {named}\n"


def test_every_line_is_counted_once_those_that_repeat_another_too(tmp_path: Path) -> None:
    rows = [ROWS[0], ROWS[0], ROWS[0] | {"upvotes": 9}, ROWS[1], ROWS[1], {"title": "No abstract"}]
    (tmp_path / "some.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (tmp_path / "none.jsonl").write_bytes(b"\0\1\2")
    files = [str(tmp_path / name) for name in ("some.jsonl", "none.jsonl")]
    run = bot(tmp_path / "data", "ingest", *files, "--json")
    assert run.status == 1  # a whole file was refused
    found = json.loads(run.out)
    assert [found[key] for key in ("read", "added", "updated", "unchanged")] == [6, 2, 1, 2]
    assert [row["where"].rpartition("/")[2] for row in found["rejected"]] == ["some.jsonl:6", "none.jsonl"]
    again = bot(tmp_path / "data", "ingest", files[0], "--json").json
    assert again["read"] == again["updated"] + again["unchanged"] + 1 == 6


def test_a_terminal_shows_how_far_it_is(tmp_path: Path) -> None:
    file = written(tmp_path)[1]
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "bot", "ingest", file, "--data", str(tmp_path / "data"), "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=theirs) as run:  # noqa: S603 - our own
        os.close(theirs)
        out, _ = run.communicate(timeout=60)
    shown = os.read(ours, 10_000).decode()
    os.close(ours)
    assert json.loads(out)["added"] == 3
    assert "rows.jsonl.gz" in shown
    assert "3 records" in shown
    assert shown.endswith("\r\x1b[K")


@pytest.mark.year
def test_a_year_of_papers_takes_less_than_twenty_seconds_of_work(tmp_path: Path) -> None:
    file = DATA / "papers" / "hf_daily.jsonl.gz"
    if not file.is_file():
        pytest.skip("no real papers: set COLLOQUIUM_TEST_DATA")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    first = bot(tmp_path, "ingest", str(file), "--json").json
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 20
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        ids = {json.loads(line)["id"] for line in lines}
    assert (first["read"], first["rejected"]) == (9_581, [])
    assert len(ids) - 5 <= first["added"] <= len(ids)  # some were listed under two ids
    again = bot(tmp_path, "ingest", str(file), "--json").json
    assert (again["added"], again["updated"]) == (0, 0)
