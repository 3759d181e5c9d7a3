"""Logs: one line an event, and no secret in any."""

from __future__ import annotations

import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import HIDDEN, AsJson, AsText, Discreet

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.secret-part-of-a-token"


def record(message: str, *arguments: object, error: BaseException | None = None) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("bot.test", logging.INFO, "file", 1, message, arguments, info)


@given(st.text(), st.text())
def test_whatever_is_logged_is_one_json_object_on_one_line(message: str, detail: str) -> None:
    line = AsJson().format(record("%s in=%s", message, detail))
    assert "\n" not in line
    assert json.loads(line)["message"] == f"{message} in={detail}"


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
