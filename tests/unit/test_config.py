"""Settings: every variable that is read is in the table, and the table is the README's."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import discord
import pytest

from bot.config import VARIABLES, ConfigError, from_env, require_token, table
from bot.invite import PERMISSIONS, address, application_id

ROOT = Path(__file__).parents[2]


def test_every_variable_that_is_read_is_documented() -> None:
    read = set(re.findall(r'"((?:COLLOQUIUM|DISCORD)_[A-Z_]+)"', (ROOT / "bot" / "config.py").read_text("utf-8")))
    assert read == set(VARIABLES)


def test_the_table_is_in_the_readme() -> None:
    assert table() in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "value"),
    [("COLLOQUIUM_LOG_FORMAT", "xml"), *(("COLLOQUIUM_LOG_LEVEL", level) for level in ("LOUD", "NOTSET", "CRITICAL"))],
)
def test_a_value_that_is_none_is_refused_with_those_that_are(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"{name} is '{value.lower() if 'FORMAT' in name else value}': use"):
        from_env({name: value})


@pytest.mark.parametrize(
    ("value", "listen"),
    [
        ("", None),
        (" 9464 ", ("127.0.0.1", 9464)),
        ("0", ("127.0.0.1", 0)),
        ("0.0.0.0:80", ("0.0.0.0", 80)),  # noqa: S104 - read, not bound
        ("localhost:9464", ("localhost", 9464)),
        ("[::1]:9464", ("::1", 9464)),
    ],
)
def test_pages_are_on_loopback_unless_told_otherwise(value: str, listen: tuple[str, int] | None) -> None:
    assert from_env({"COLLOQUIUM_HTTP": value}).listen == listen


@pytest.mark.parametrize(
    "value",
    ["on", "65536", "-1", ":9464", "host:9464", "::1:9464", "http://127.0.0.1:1", "٣", "300.1.1.1:9464", "[::::]:1"],
)
def test_an_address_that_is_none_is_refused_with_an_example(value: str) -> None:
    with pytest.raises(ConfigError, match=r"COLLOQUIUM_HTTP is .*: use a port, like 9464, or an address and a port"):
        from_env({"COLLOQUIUM_HTTP": value})


@pytest.mark.parametrize(
    "value",
    [
        *["http://", "https://", "https:///papers", "http://:80", "ftp://host", "host", "http://[x", "//h"],
        *["http://localhost:99999/x", "http://user:pw@[::1"],
    ],
)
def test_an_address_without_a_host_is_refused_at_the_start(value: str) -> None:
    for name in (
        "COLLOQUIUM_HUGGINGFACE_URL",
        "COLLOQUIUM_ARXIV_LISTS_URL",
        "COLLOQUIUM_ARXIV_API_URL",
        "COLLOQUIUM_LLM_URL",
    ):
        with pytest.raises(ConfigError, match=f"^{name} is no web address"):
            from_env({name: value})
    with pytest.raises(ConfigError, match=r"^COLLOQUIUM_FEEDS: number 2 is no web address"):
        from_env({"COLLOQUIUM_FEEDS": f"https://journal.example/feed {value}"})


@pytest.mark.parametrize(
    ("model", "place"),
    [("COLLOQUIUM_LLM_MODEL", "COLLOQUIUM_LLM_URL"), ("COLLOQUIUM_EMBED_MODEL", "COLLOQUIUM_EMBEDDER")],
)
def test_a_model_of_no_endpoint_is_not_passed_over(model: str, place: str) -> None:
    with pytest.raises(ConfigError, match=f"^{model} is set but {place} is not"):
        from_env({model: "m"})
    assert from_env({model: " ", place: ""}).live


@pytest.mark.parametrize("value", ["foo.bar", "foo", "CS.LG", "lists.cs", "cs."])
def test_what_is_no_category_of_arxiv_is_refused(value: str) -> None:
    with pytest.raises(ConfigError, match=f"^COLLOQUIUM_ARXIV has '{value}': write categories as arXiv does"):
        from_env({"COLLOQUIUM_ARXIV": f"cs.LG,{value}"})
    known = "cs.LG stat.ML cond-mat.mtrl-sci quant-ph astro-ph.CO hep-th physics.comp-ph"
    assert from_env({"COLLOQUIUM_ARXIV": known}).arxiv == tuple(known.split())


def test_without_a_token_it_is_said_who_reads_the_file_of_settings() -> None:
    with pytest.raises(ConfigError, match=r"\.env is read by make and by docker compose, not by python -m bot"):
        require_token(from_env({}))


def test_the_secrets_are_known_and_not_shown() -> None:
    settings = from_env({"DISCORD_TOKEN": "a.b.c", "COLLOQUIUM_LLM_KEY": "k1", "COLLOQUIUM_EMBED_KEY": "k2"})
    assert settings.secrets == ("a.b.c", "k1", "k2")
    assert not any(secret in repr(settings) for secret in settings.secrets)


def test_the_invite_has_the_tokens_application_and_the_least_permissions() -> None:
    token = base64.urlsafe_b64encode(b"1234567890123456789").decode().rstrip("=") + ".Gabcde.rest"
    found = address(application_id(token))
    asked = discord.Permissions(int(found.rpartition("=")[2]))
    assert "client_id=1234567890123456789&scope=bot+applications.commands" in found
    names = {"read_messages", "send_messages", "read_message_history", "create_public_threads"}
    assert {name for name, value in asked if value} == names | {"send_messages_in_threads"}
    assert sum(PERMISSIONS.values()) == asked.value


def as_token(application: str) -> str:
    return base64.urlsafe_b64encode(application.encode()).decode().rstrip("=") + ".a.b"


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x.y.z",
        "MTIz.a.b",
        "é.a.b",
        "!!!!.a.b",
        *map(as_token, ("0" * 18, "9" * 20, "9" * 5000, "0" * 9 + "123456789")),
    ],
    ids=lambda token: token[:20],
)
def test_a_token_without_an_application_is_refused(token: str) -> None:
    with pytest.raises(ConfigError, match="copy it again"):
        application_id(token)
