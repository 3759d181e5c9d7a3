"""`trending` and `recent` in the shell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.unit.test_cli import bot, fails, together

if TYPE_CHECKING:
    from pathlib import Path

KEYS = {"id", "title", "score", "snippet", "matched", "url", "reason"}
AT = "--at=2026-03-04T09:00"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    rows = [
        {"id": f"x{n}", "title": f"Zebra {n}", "abstract": f"Stripes {n}.", "date": f"2026-03-0{n}", "upvotes": 10 * n}
        for n in (1, 2, 3)
    ]
    (folder / "more.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert bot(folder, "ingest", str(folder / "more.jsonl")).status == 0
    return folder


def test_trending_and_recent_have_the_shape_of_search_and_a_reason(data: Path) -> None:
    day, week, recent, on = (
        run.json
        for run in together(
            data,
            [
                ["trending", "--period", "day", AT, "--json"],
                ["trending", AT, "--json", "-k", "2"],
                ["recent", "--json", "-k", "4"],
                ["recent", "--json", "zebra", "stripes"],
            ],
        )
    )
    assert all(set(hit) == KEYS for hit in [*day, *week, *recent, *on])
    assert [(hit["id"], hit["reason"]) for hit in day] == [("x3", "30 votes")]
    assert [(hit["id"], hit["reason"]) for hit in week] == [("x3", "30 votes"), ("x2", "20 votes, 10 a day")]
    assert [hit["id"] for hit in recent][:3] == ["x3", "x2", "x1"]
    assert [(hit["id"], hit["matched"]) for hit in on] == [(f"x{n}", ["zebra", "stripes"]) for n in (3, 2, 1)]
    assert on[0]["reason"] == "matches zebra, stripes"


def test_they_read_well_and_say_why_there_is_nothing(data: Path) -> None:
    shown, later, none, words, slip, wrong = together(
        data,
        [
            ["trending", AT],
            ["trending", "--at=2026-05-04"],
            ["recent", "okapi"],
            ["recent", "of", "the"],
            ["recent", "zebar", "-k", "1"],
            ["trending", "--period", "year"],
        ],
    )
    assert " 1. Zebra 3\n    Stripes 3.\n    x3 · 2026-03-03 · 30 votes\n" in shown.out
    fails(later, 0, "the newest is from 2026-03-03. recent shows the newest")
    fails(none, 0, "Nothing found: no paper mentions any of these words")
    fails(words, 0, "no word to look for")
    assert slip.out.startswith(" 1. Zebra 3\n")
    assert slip.err == "Nothing here mentions “zebar”; showing results for “zebra”.\n"
    fails(wrong, 2, "'year'")
    assert bot(data, "trending", "--at=2026-05-04", "--json").json == []
