"""Logs: one line an event, and no secret in any."""

from __future__ import annotations

import io
import json
import logging
import re
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import Settings
from bot.logs import HIDDEN, OFTEN, WHILE, AsJson, AsText, Careful, Discreet, Sparing, set_up

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.secret-part-of-a-token"


def record(message: str, *arguments: object, error: BaseException | None = None) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("bot.test", logging.INFO, "file", 1, message, arguments, info)


@given(st.text(), st.text())
def test_whatever_is_logged_is_one_json_object_on_one_line(message: str, detail: str) -> None:
    line = AsJson().format(record("%s in=%s", message, detail))
    assert "\n" not in line
    assert json.loads(line)["message"] == f"{message} in={detail}"


FORGED = "2026-11-25 12:00:00,000 ERROR bot all is lost"


@pytest.mark.parametrize("form", [AsJson(), AsText()])
@pytest.mark.parametrize(
    "end", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\x1b[2K\r", "\u202e"]
)
def test_no_text_from_outside_makes_a_line_of_its_own(form: logging.Formatter, end: str) -> None:
    try:
        raise ValueError(f"bad{end}{FORGED}")  # noqa: TRY301 - as a library would
    except ValueError as error:
        line = form.format(record("file=%s", f"a{end}{FORGED}", error=error))
    lines = re.split(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", line)
    assert [one for one in lines[1:] if not one.startswith("  ")] == []
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", line)
    if isinstance(form, AsJson):
        assert len(lines) == 1
        assert json.loads(line)["message"] == f"file=a{end}{FORGED}"


def test_a_line_in_any_language_is_left_as_it_is() -> None:
    for text in ("Zoë Müller", "深度学习", "é 🎵", "per cent: 5 %"):
        assert AsText().format(record("author=%s", text)).endswith(f"author={text}")
        assert text in AsJson().format(record("author=%s", text))


@pytest.fixture
def _restored() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("bot")
    before = root.handlers[:], root.level, ours.level
    yield
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    ours.setLevel(before[2])


@pytest.mark.usefixtures("_restored")
def test_only_the_bots_own_loggers_go_down_to_debug() -> None:
    # discord.py and aiosqlite log at DEBUG what people write.
    set_up(Settings(log_level="DEBUG"), "DEBUG")
    assert logging.getLogger("bot.ui").isEnabledFor(logging.DEBUG)
    assert not logging.getLogger("discord.gateway").isEnabledFor(logging.DEBUG)
    assert not logging.getLogger("aiosqlite").isEnabledFor(logging.DEBUG)
    set_up(Settings(), "ERROR")
    assert not logging.getLogger("bot.ui").isEnabledFor(logging.WARNING)
    assert not logging.getLogger("discord.gateway").isEnabledFor(logging.WARNING)
    assert sys.stderr in {getattr(handler, "stream", None) for handler in logging.getLogger().handlers}


@pytest.mark.parametrize("form", [AsJson(), AsText()])
def test_no_secret_is_in_a_message_or_a_traceback(form: logging.Formatter) -> None:
    try:
        raise ValueError(f"https://host/?key={TOKEN}")  # noqa: TRY301 - as a library would
    except ValueError as error:
        line = Discreet(form, (TOKEN, "short")).format(record("failed with %s shortly", TOKEN, error=error))
    assert TOKEN not in line
    assert line.count(HIDDEN) >= 2
    assert "shortly" in line
    assert "Traceback" in line


def test_an_error_of_a_library_that_repeats_itself_does_not_fill_the_disk() -> None:
    spare = Sparing()

    def passed(name: str, message: str, at: float, level: int = logging.ERROR) -> str:
        made = logging.LogRecord(name, level, "file", 1, message, (), None)
        made.created = at
        return made.getMessage() if spare.filter(made) else ""

    said = [passed("asyncio", f"socket.accept() out of system resource\nsocket: <{n}>", 0.0) for n in range(10_000)]
    assert len([line for line in said if line]) == OFTEN
    # Nothing else is held back, and none of the bot's own: each has a reference that somebody was told.
    assert passed("asyncio", "Task exception was never retrieved", 1.0)
    assert all(passed("bot.ui", "failed", 1.0) for _ in range(100))
    assert all(passed("asyncio", "slow", 1.0, logging.WARNING) for _ in range(100))
    later = passed("asyncio", "socket.accept() out of system resource", WHILE)
    assert later == "socket.accept() out of system resource (and 9,980 more like it before)"
    assert (
        passed("asyncio", "socket.accept() out of system resource", WHILE) == "socket.accept() out of system resource"
    )


def test_a_line_that_cannot_be_made_shows_nothing_of_itself() -> None:
    shown = io.StringIO()
    handler = Careful(shown)
    handler.setFormatter(Discreet(AsText(), (TOKEN,)))
    handler.handle(record("%d papers", TOKEN))
    assert shown.getvalue() == "a line of bot.test is not shown: TypeError\n"
