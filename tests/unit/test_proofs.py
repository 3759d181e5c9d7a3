"""What the benchmarks of crashes and of load say of their figures, and when they fail."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks import crash, load

RUN: dict[str, Any] = {
    "kills": 208, "weeks": 2.5, "zones": 8, "slots": 280, "posted": 266, "told": 14, "lost": (), "doubled": (),
    "share_posted": 0.95,
}  # fmt: skip
FIGURES = {"commands": 1000, "p95_ms": 99.5, "slowest_ms": 1000.0, "longest_stall_ms": 50.0, "commands_lost": 0}


def test_a_run_that_posted_most_says_so() -> None:
    said, well = crash.summary(RUN, crash.LEAST)
    assert well
    (line,) = said
    assert line == (
        "208 kills over 2.5 simulated weeks in 8 zones: 280 roundups due, 266 posted (95%), 14 recorded as not posted, "
        "lost 0, doubled 0"
    )


def test_a_run_that_posted_little_proves_little_and_fails() -> None:
    said, well = crash.summary({**RUN, "posted": 39, "told": 241, "share_posted": 0.14}, 0.7)
    assert not well
    assert said[1].startswith("Only 14% were posted and 70% were asked for")
    assert crash.summary({**RUN, "share_posted": 0.14}, 0.1)[1]


@pytest.mark.parametrize("what", ["lost", "doubled"])
def test_one_roundup_lost_or_doubled_is_a_failure(what: str) -> None:
    said, well = crash.summary({**RUN, what: ("1 2027-03-14",)}, 0.7)
    assert not well
    assert f"{what} 1" in said[0]


def test_a_figure_stands_beside_its_limit() -> None:
    assert load.shown(FIGURES).splitlines() == [
        "          commands  1000",
        "            p95 ms  99.5  (under 250 ms: yes)",
        "        slowest ms  1000.0  (at most 1,000 ms: yes)",
        "  longest stall ms  50.0  (under 50 ms: NO)",
        "     commands lost  0",
    ]
    assert load.judged({**FIGURES, "slowest_ms": 1000.1})["slowest_ms"] == {"limit": "at most 1,000 ms", "kept": False}
