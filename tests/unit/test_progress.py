"""The line that shows how far a command is: on terminals only."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.progress import Line, bar
from bot.services.library import Progress


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


class Old(Terminal):
    encoding = "ascii"


HALF = Progress(Path("papers.jsonl.gz"), 5_000, 0.5)


def test_a_terminal_sees_the_line_and_keeps_none_of_it() -> None:
    terminal = Terminal()
    with Line(terminal) as line:
        line.tell(HALF)
        line.tell(Progress(HALF.file, 6_000, 0.6))  # too soon to be worth another look
        line.say("making the index")
    shown = terminal.getvalue().split("\r\x1b[K")
    assert [piece.split("  ")[0] for piece in shown] == ["", "papers.jsonl.gz", "making the index", ""]
    assert shown[1].endswith("  50%  5,000 records")
    assert shown[1].count("█") == shown[1].count("░")


def test_where_nobody_looks_nothing_is_written() -> None:
    pipe = io.StringIO()
    with Line(pipe) as line:
        line.tell(HALF)
        line.say("making the index")
    assert pipe.getvalue() == ""


def test_a_terminal_without_the_signs_gets_others() -> None:
    terminal = Old()
    with Line(terminal) as line:
        line.tell(HALF)
    assert terminal.getvalue().isascii()


def test_the_line_goes_when_a_command_fails() -> None:
    def fail() -> None:
        with Line(terminal) as line:
            line.tell(HALF)
            raise OSError("gone")

    terminal = Terminal()
    with pytest.raises(OSError, match="gone"):
        fail()
    assert terminal.getvalue().endswith("\r\x1b[K")


@given(st.text(), st.floats(allow_nan=False), st.text(max_size=30), st.integers(0, 200))
def test_the_line_is_never_wider_than_the_terminal(name: str, share: float, told: str, width: int) -> None:
    drawn = bar(name, min(max(share, -1), 2), told, width)
    assert len(drawn) < max(width, 1)
    assert "\n" not in name or "\n" not in drawn.split("  ")[0]
