"""Logs: one line an event, as text or as JSON, with every secret that the bot knows taken out."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.config import Settings

SHORTEST = 8
"""Characters of a secret: a shorter one would be taken out of ordinary words."""
HIDDEN = "[secret]"
_UNSEEN = re.compile(r"[^\S ]|[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
"""What ends a line, moves a terminal's cursor or turns the direction of what follows: it would forge another line."""


def set_up(settings: Settings, level: str) -> None:
    """Log to stderr from now on, as the settings say. Libraries log what people write at DEBUG, so only we do that."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet(AsJson() if settings.log_format == "json" else AsText(), settings.secrets))
    levels = logging.getLevelNamesMapping()
    logging.basicConfig(level=max(levels[level], logging.INFO), handlers=[handler], force=True)
    logging.getLogger("bot").setLevel(level)


def plain(text: str) -> str:
    """Return a text on one line, with what cannot be seen written out, as Python writes it."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


class AsText(logging.Formatter):
    """Time, level, logger, message on one line; a traceback follows, each of its lines set in by two spaces."""

    def __init__(self) -> None:
        """Use the one format."""
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """Return the line."""
        return plain(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - likewise
        """Return a traceback that cannot be taken for lines of the log: an error's text may have lines of its own."""
        return "\n".join(f"  {plain(line)}" for line in super().formatException(ei).split("\n"))


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
        # Some readers end a line at more than a line feed.
        return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(line, ensure_ascii=False))


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
