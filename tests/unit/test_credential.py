"""The token before Discord sees it: what is no token is told from one, in words that do not repeat it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import ConfigError, from_env, require_token
from bot.credential import LARGEST, wrong

ROOT = Path(__file__).parents[2]
# Of no real bot: in the shape of one.
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4OQ.Gh0st_.not-a-token_of_any_bot_that_is"
MISTAKES = {
    f'"{TOKEN}"': "quotes around it",
    f"'{TOKEN}'": "quotes around it",
    f"“{TOKEN}”": "quotes around it",
    f"Bot {TOKEN}": "begins with “Bot”",
    f"Bearer {TOKEN}": "begins with “Bot”",
    f"DISCORD_TOKEN={TOKEN}": "begins with a name and “=”",
    "https://discord.com/developers/applications": "an address",
    f"{TOKEN}\n{TOKEN}": "line break",
    TOKEN.replace(".", ". "): "a space",
    "1234567890123456789": "application id",
    "0123456789abcdef" * 4: "public key",
    "aB3_-" * 6 + "xy": "client secret",
    TOKEN[:-15]: "its end is missing",
    TOKEN.replace("h0st", "höst"): "characters that no token has",
    TOKEN.rpartition(".")[0]: "three parts",
    f"{TOKEN}.more": "three parts",
    "...": "three parts",
    "your-token": "three parts",
}


@pytest.mark.parametrize("given_for_it", MISTAKES)
def test_what_is_pasted_by_mistake_is_told_apart_and_not_repeated(given_for_it: str) -> None:
    with pytest.raises(ConfigError) as caught:
        require_token(from_env({"DISCORD_TOKEN": given_for_it}))
    said = str(caught.value)
    assert MISTAKES[given_for_it] in said
    assert "Bot page (Reset Token)" in said
    assert "\n" not in said
    assert not any(part in said for part in TOKEN.split("."))


@given(st.from_regex(r"[A-Za-z0-9_-]{18,28}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38}", fullmatch=True))
def test_whatever_is_shaped_like_a_token_passes(token: str) -> None:
    assert wrong(token) is None


@given(st.text(min_size=1))
def test_any_text_is_judged(text: str) -> None:
    assert wrong(text) is None or "Reset Token" in str(wrong(text))


@pytest.mark.parametrize("around", ["{}", "{}\n", "\ufeff{}\r\n", "\n  {}  \n\n"])
def test_a_file_may_end_in_a_line(tmp_path: Path, around: str) -> None:
    file = tmp_path / "token"
    file.write_text(around.format(TOKEN), encoding="utf-8")
    assert require_token(from_env({"DISCORD_TOKEN_FILE": str(file)})) == TOKEN
    assert require_token(from_env({"DISCORD_TOKEN": f" {TOKEN}\n", "DISCORD_TOKEN_FILE": "/none"})) == TOKEN


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "cannot be read: No such file"),
        (b"", "is empty"),
        (b" \r\n", "is empty"),
        (b"\xff\xfe\x00", "it is no text"),
        (b"x" * (LARGEST + 1), "too large"),
        ("folder", "is a folder"),
        ("pipe", "is no ordinary file"),
    ],
)
@pytest.mark.parametrize("name", ["DISCORD_TOKEN", "COLLOQUIUM_LLM_KEY", "COLLOQUIUM_EMBED_KEY"])
def test_a_file_without_a_secret_is_named_with_the_reason(
    tmp_path: Path, name: str, content: bytes | str | None, why: str
) -> None:
    file = tmp_path / "secret"
    if isinstance(content, bytes):
        file.write_bytes(content)
    elif content == "pipe":
        os.mkfifo(file)
    elif content:
        file.mkdir()
    with pytest.raises(ConfigError, match=f"{name}_FILE {file}: .*{why}"):
        from_env({f"{name}_FILE": str(file)})


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no core files")
@pytest.mark.parametrize(
    ("told", "dumps"), [("", True), ("from bot.credential import leave_no_core as f; f();", False)]
)
def test_a_crash_leaves_no_image_of_memory(tmp_path: Path, told: str, *, dumps: bool) -> None:
    # The limit a system gives may forbid it anyhow: raised first, so that it is the bot's that counts.
    code = "import os, resource as r; most = r.getrlimit(4)[1]; r.setrlimit(4, (most, most));"
    child = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", f"{code} {told} os.abort()"], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    _, status = os.waitpid(child.pid, 0)
    child.returncode = 0
    assert os.WTERMSIG(status) == signal.SIGABRT
    if not dumps:
        assert not os.WCOREDUMP(status)
        assert list(tmp_path.iterdir()) == []
