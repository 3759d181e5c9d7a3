"""Logs: one line an event, as text or as JSON, with every secret that the bot knows taken out."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.config import Settings

SHORTEST = 8
"""Characters of a secret: a shorter one would be taken out of ordinary words."""
HIDDEN = "[secret]"


def set_up(settings: Settings, level: str | int) -> None:
    """Log to stderr from now on, as the settings say."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet(AsJson() if settings.log_format == "json" else AsText(), settings.secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)


class AsText(logging.Formatter):
    """Time, level, logger, message; a traceback follows on lines of its own."""

    def __init__(self) -> None:
        """Use the one format."""
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")


class AsJson(logging.Formatter):
    """One JSON object a line: at (ISO 8601, UTC), level, logger, message, and error with the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class Discreet(logging.Formatter):
    """Another formatter, without the secrets: they may stand in an address or an error of somebody else's."""

    def __init__(self, inner: logging.Formatter, secrets: tuple[str, ...]) -> None:
        """Take these out of what `inner` makes."""
        super().__init__()
        self._inner = inner
        self._secrets = tuple(secret for secret in secrets if len(secret) >= SHORTEST)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, its secrets hidden."""
        line = self._inner.format(record)
        for secret in self._secrets:
            line = line.replace(secret, HIDDEN)
        return line
