"""Settings: read once from the environment, then frozen."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bot import credential
from bot.core.addresses import ARXIV_API, ARXIV_LISTS, HUGGINGFACE, origin

if TYPE_CHECKING:
    from collections.abc import Mapping

_CATEGORY = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z]{2}|\.[a-z]+(?:-[a-z]+)*)?")
_LISTEN = re.compile(
    r"(?:(?P<address>localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9A-Fa-f:.]+\]):)?(?P<port>\d{1,5})", re.ASCII
)
_ARCHIVES = frozenset(
    {
        *(
            "astro-ph",
            "cond-mat",
            "cs",
            "econ",
            "eess",
            "gr-qc",
            "hep-ex",
            "hep-lat",
            "hep-ph",
            "hep-th",
            "math",
            "math-ph",
        ),
        *("nlin", "nucl-ex", "nucl-th", "physics", "q-bio", "q-fin", "quant-ph", "stat"),
    }
)
"""arXiv's archives (arxiv.org/category_taxonomy); each of its categories begins with one."""
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_HERE = Path(__file__).resolve().parent


VARIABLES = {
    "DISCORD_TOKEN": ("", "the bot's token; or `DISCORD_TOKEN_FILE`, a file that holds it"),
    "COLLOQUIUM_DATA": ("`./data`", "the folder for everything that is kept"),
    "COLLOQUIUM_SEEDS": ("`./seeds`", "the folder of text dumps that an empty data folder starts with"),
    "COLLOQUIUM_LOG_LEVEL": ("`INFO`", "`DEBUG`, `INFO`, `WARNING` or `ERROR`"),
    "COLLOQUIUM_LOG_FORMAT": ("`text`", "`text`, or `json` for one JSON object a line"),
    "COLLOQUIUM_SOURCES": ("`huggingface`", "where new papers come from: `huggingface`, or `off` for nowhere"),
    "COLLOQUIUM_ARXIV": ("", "arXiv categories to take in as well, like `cs.LG,cs.CL`"),
    "COLLOQUIUM_FEEDS": ("", "addresses of RSS or Atom feeds to take in as well, separated by spaces"),
    "COLLOQUIUM_HUGGINGFACE_URL": (f"`{HUGGINGFACE}`", "where Hugging Face is asked"),
    "COLLOQUIUM_ARXIV_LISTS_URL": (f"`{ARXIV_LISTS}`", "where arXiv is asked for the day's lists"),
    "COLLOQUIUM_ARXIV_API_URL": (f"`{ARXIV_API}`", "where arXiv is asked for ids and missed days"),
    "COLLOQUIUM_HTTP": ("", "`PORT` or `ADDRESS:PORT` for `/healthz` and `/metrics`; a port alone is on 127.0.0.1"),
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
    listen: tuple[str, int] | None = None
    llm_url: str = field(default="", repr=False)
    llm_model: str = ""
    llm_key: str = field(default="", repr=False)
    sources: tuple[str, ...] = ("huggingface",)
    arxiv: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    huggingface_url: str = HUGGINGFACE
    arxiv_lists_url: str = ARXIV_LISTS
    arxiv_api_url: str = ARXIV_API
    embedder: str = field(default="", repr=False)
    embed_model: str = ""
    embed_key: str = field(default="", repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything that must be seen nowhere."""
        return tuple(secret for secret in (self.token, self.llm_key, self.embed_key) if secret)

    @property
    def live(self) -> bool:
        """Whether any live source is set up."""
        return bool(self.sources or self.arxiv or self.feeds)

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
    if level not in _LEVELS:
        msg = f"COLLOQUIUM_LOG_LEVEL is {level[:20]!r}: use DEBUG, INFO, WARNING or ERROR"
        raise ConfigError(msg)
    log_format = environ.get("COLLOQUIUM_LOG_FORMAT", "text").strip().lower() or "text"
    if log_format not in {"text", "json"}:
        msg = f"COLLOQUIUM_LOG_FORMAT is {log_format[:20]!r}: use text or json"
        raise ConfigError(msg)
    for model, place in (
        ("COLLOQUIUM_LLM_MODEL", "COLLOQUIUM_LLM_URL"),
        ("COLLOQUIUM_EMBED_MODEL", "COLLOQUIUM_EMBEDDER"),
    ):
        if environ.get(model, "").strip() and not environ.get(place, "").strip():
            raise ConfigError(f"{model} is set but {place} is not: name the endpoint too, or neither")
    packaged = _HERE / "seeds"
    seeds = environ.get("COLLOQUIUM_SEEDS") or (packaged if packaged.is_dir() else _HERE.parent / "seeds")
    return Settings(
        data=data or Path(environ.get("COLLOQUIUM_DATA") or "data"),
        seeds=Path(seeds),
        log_level=level,
        log_format=log_format,
        token=_secret(environ, "DISCORD_TOKEN"),
        listen=_listen(environ),
        llm_url=_url(environ, "COLLOQUIUM_LLM_URL"),
        llm_model=environ.get("COLLOQUIUM_LLM_MODEL", "").strip(),
        llm_key=_secret(environ, "COLLOQUIUM_LLM_KEY"),
        sources=_sources(environ),
        arxiv=_categories(environ),
        feeds=_feeds(environ),
        huggingface_url=_url(environ, "COLLOQUIUM_HUGGINGFACE_URL", HUGGINGFACE),
        arxiv_lists_url=_url(environ, "COLLOQUIUM_ARXIV_LISTS_URL", ARXIV_LISTS),
        arxiv_api_url=_url(environ, "COLLOQUIUM_ARXIV_API_URL", ARXIV_API),
        embedder=environ.get("COLLOQUIUM_EMBEDDER", "").strip(),
        embed_model=environ.get("COLLOQUIUM_EMBED_MODEL", "").strip(),
        embed_key=_secret(environ, "COLLOQUIUM_EMBED_KEY"),
    )


def require_token(settings: Settings) -> str:
    """Return the token, or raise ConfigError with what to do."""
    if not settings.token:
        msg = (
            "no Discord token: set DISCORD_TOKEN or DISCORD_TOKEN_FILE in the environment (.env is read by make and by "
            "docker compose, not by python -m bot), or try the bot without one: python -m bot demo"
        )
        raise ConfigError(msg)
    if why := credential.wrong(settings.token):
        msg = f"the Discord token does not look like one: {why}"
        raise ConfigError(msg)
    return settings.token


def _sources(environ: Mapping[str, str]) -> tuple[str, ...]:
    named = tuple(environ.get("COLLOQUIUM_SOURCES", "huggingface").replace(",", " ").lower().split())
    if set(named) - {"huggingface", "off"}:
        msg = f"COLLOQUIUM_SOURCES is {' '.join(named)[:60]!r}: use huggingface or off; arXiv has COLLOQUIUM_ARXIV"
        raise ConfigError(msg)
    return tuple(name for name in named if name != "off")


def _categories(environ: Mapping[str, str]) -> tuple[str, ...]:
    named = tuple(environ.get("COLLOQUIUM_ARXIV", "").replace(",", " ").split())
    for name in named:
        if not _CATEGORY.fullmatch(name) or name.partition(".")[0] not in _ARCHIVES:
            msg = f"COLLOQUIUM_ARXIV has {name[:30]!r}: write categories as arXiv does, like cs.LG,stat.ML"
            raise ConfigError(msg)
    return named


def _feeds(environ: Mapping[str, str]) -> tuple[str, ...]:
    named = tuple(environ.get("COLLOQUIUM_FEEDS", "").split())
    for number, address in enumerate(named, 1):
        if origin(address) is None:
            msg = f"COLLOQUIUM_FEEDS: number {number} is no web address (https://host…)"
            raise ConfigError(msg)
    return named


def _listen(environ: Mapping[str, str]) -> tuple[str, int] | None:
    given = environ.get("COLLOQUIUM_HTTP", "").strip()
    if not given:
        return None
    found = _LISTEN.fullmatch(given)
    if not found or int(found["port"]) > 65535 or not _address(found["address"]):  # noqa: PLR2004 - the largest port
        msg = f"COLLOQUIUM_HTTP is {given[:60]!r}: use a port, like 9464, or an address and a port, like 0.0.0.0:9464"
        raise ConfigError(msg)
    return (found["address"] or "127.0.0.1").strip("[]"), int(found["port"])


def _address(given: str | None) -> bool:
    """Say whether that can be listened on, as far as it shows: none, localhost, or an IP address."""
    try:
        return given in {None, "localhost"} or bool(ipaddress.ip_address(str(given).strip("[]")))
    except ValueError:
        return False


def _url(environ: Mapping[str, str], name: str, otherwise: str = "") -> str:
    given = environ.get(name, "").strip() or otherwise
    if given and origin(given) is None:
        msg = f"{name} is no web address (https://host…)"
        raise ConfigError(msg)
    return given.rstrip("/")


def _secret(environ: Mapping[str, str], name: str) -> str:
    """Return a secret from its variable, or from the file that NAME_FILE names."""
    if secret := environ.get(name, "").strip():
        return secret
    file = environ.get(f"{name}_FILE", "").strip()
    if not file:
        return ""
    try:
        return credential.from_file(Path(file))
    except ValueError as error:
        msg = f"{name}_FILE {file}: {error}"
        raise ConfigError(msg) from error
