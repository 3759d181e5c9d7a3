"""Settings: read once from the environment, then frozen."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_HERE = Path(__file__).resolve().parent


VARIABLES = {
    "DISCORD_TOKEN": ("", "the bot's token; or `DISCORD_TOKEN_FILE`, a file that holds it"),
    "COLLOQUIUM_DATA": ("`./data`", "the folder for everything that is kept"),
    "COLLOQUIUM_SEEDS": ("`./seeds`", "the folder of text dumps that an empty data folder starts with"),
    "COLLOQUIUM_LOG_LEVEL": ("`INFO`", "`DEBUG`, `INFO`, `WARNING` or `ERROR`"),
    "COLLOQUIUM_LOG_FORMAT": ("`text`", "`text`, or `json` for one JSON object a line"),
    "COLLOQUIUM_LLM_URL": ("", "an OpenAI-compatible endpoint whose model may rephrase answers (extra `llm`)"),
    "COLLOQUIUM_LLM_MODEL": ("", "the name of that model"),
    "COLLOQUIUM_LLM_KEY": ("", "its key, if it wants one; or `COLLOQUIUM_LLM_KEY_FILE`"),
    "COLLOQUIUM_EMBEDDER": ("", "`minilm`, or an OpenAI-compatible endpoint: search by meaning (extra `semantic`)"),
    "COLLOQUIUM_EMBED_MODEL": ("", "the name of that endpoint's model"),
    "COLLOQUIUM_EMBED_KEY": ("", "its key, if it wants one; or `COLLOQUIUM_EMBED_KEY_FILE`"),
}
"""Every variable that is read: its default and what it is, as the README's table shows them."""


def table() -> str:
    """Return the variables as a Markdown table."""
    rows = [f"| `{name}` | {default} | {about} |" for name, (default, about) in VARIABLES.items()]
    return "\n".join(["| variable | default | what it is |", "|---|---|---|", *rows])


class ConfigError(Exception):
    """A setting is missing or wrong; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. The token never appears in a representation."""

    data: Path = Path("data")
    seeds: Path = _HERE.parent / "seeds"
    log_level: str = "INFO"
    log_format: str = "text"
    token: str = field(default="", repr=False)
    llm_url: str = field(default="", repr=False)
    llm_model: str = ""
    llm_key: str = field(default="", repr=False)
    embedder: str = field(default="", repr=False)
    embed_model: str = ""
    embed_key: str = field(default="", repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything that must be seen nowhere."""
        return tuple(secret for secret in (self.token, self.llm_key, self.embed_key) if secret)

    @property
    def database(self) -> Path:
        """The database's file."""
        return self.data / "colloquium.db"

    @property
    def index(self) -> Path:
        """The index's file. It can be deleted: it is made of the database."""
        return self.data / "index.bin"

    @property
    def heartbeat(self) -> Path:
        """The file that a running bot touches, read by `health`."""
        return self.data / "heartbeat.json"


def from_env(environ: Mapping[str, str], data: Path | None = None) -> Settings:
    """Read settings from the environment; `data` wins over COLLOQUIUM_DATA. Raises ConfigError."""
    level = environ.get("COLLOQUIUM_LOG_LEVEL", "INFO").strip().upper() or "INFO"
    if level not in logging.getLevelNamesMapping():
        msg = f"COLLOQUIUM_LOG_LEVEL is {level[:20]!r}: use DEBUG, INFO, WARNING or ERROR"
        raise ConfigError(msg)
    log_format = environ.get("COLLOQUIUM_LOG_FORMAT", "text").strip().lower() or "text"
    if log_format not in {"text", "json"}:
        msg = f"COLLOQUIUM_LOG_FORMAT is {log_format[:20]!r}: use text or json"
        raise ConfigError(msg)
    packaged = _HERE / "seeds"
    seeds = environ.get("COLLOQUIUM_SEEDS") or (packaged if packaged.is_dir() else _HERE.parent / "seeds")
    return Settings(
        data=data or Path(environ.get("COLLOQUIUM_DATA") or "data"),
        seeds=Path(seeds),
        log_level=level,
        log_format=log_format,
        token=_secret(environ, "DISCORD_TOKEN"),
        llm_url=environ.get("COLLOQUIUM_LLM_URL", "").strip(),
        llm_model=environ.get("COLLOQUIUM_LLM_MODEL", "").strip(),
        llm_key=_secret(environ, "COLLOQUIUM_LLM_KEY"),
        embedder=environ.get("COLLOQUIUM_EMBEDDER", "").strip(),
        embed_model=environ.get("COLLOQUIUM_EMBED_MODEL", "").strip(),
        embed_key=_secret(environ, "COLLOQUIUM_EMBED_KEY"),
    )


def require_token(settings: Settings) -> str:
    """Return the token, or raise ConfigError with what to do."""
    if not settings.token:
        msg = (
            "no Discord token: set DISCORD_TOKEN or DISCORD_TOKEN_FILE, or try the bot without one: python -m bot demo"
        )
        raise ConfigError(msg)
    if len(settings.token.split(".")) != 3 or any(c.isspace() for c in settings.token):  # noqa: PLR2004
        msg = "the Discord token does not look like one (three parts joined by dots): copy it again from the Bot page"
        raise ConfigError(msg)
    return settings.token


def _secret(environ: Mapping[str, str], name: str) -> str:
    """Return a secret from its variable, or from the file that NAME_FILE names."""
    if secret := environ.get(name, "").strip():
        return secret
    file = environ.get(f"{name}_FILE", "").strip()
    if not file:
        return ""
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{name}_FILE {file}: cannot be read"
        raise ConfigError(msg) from error
