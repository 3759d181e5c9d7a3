"""Logs: one line an event, as text or as JSON, with every secret that the bot knows taken out."""

from __future__ import annotations

import codecs
import json
import logging
import re
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from bot.config import Settings

SHORTEST = 8
"""Characters of a secret: a shorter one would be taken out of ordinary words."""
HIDDEN = "[secret]"
OFTEN, WHILE = 20, 60.0
"""Errors of one kind that a library may log in so many seconds; what repeats itself without end fills the disk."""
_KINDS = 1_000
"""Kinds of errors that are told apart at a time."""
_ESCAPE = codecs.lookup("unicode_escape").encode
"""Looked up beforehand: Python reads it from a file, and there may be none left to open when a line is written."""
_UNSEEN = re.compile(r"[^\S ]|[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
"""What ends a line, moves a terminal's cursor or turns the direction of what follows: it would forge another line."""


def set_up(settings: Settings, level: str) -> None:
    """Log to stderr from now on, as the settings say. Libraries log what people write at DEBUG, so only we do that."""
    handler = Careful(sys.stderr)
    handler.addFilter(Sparing())
    handler.setFormatter(Discreet(AsJson() if settings.log_format == "json" else AsText(), settings.secrets))
    levels = logging.getLevelNamesMapping()
    logging.basicConfig(level=max(levels[level], logging.INFO), handlers=[handler], force=True)
    logging.getLogger("bot").setLevel(level)


def plain(text: str) -> str:
    """Return a text on one line, with what cannot be seen written out, as Python writes it."""
    return _UNSEEN.sub(lambda found: _ESCAPE(found[0])[0].decode("ascii"), text)


class Careful(logging.StreamHandler[TextIO]):
    """Writes lines. Of one that it cannot write it says only that: logging itself would show it, secrets and all."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Say in a line of its own what went wrong, if that can be written."""
        kind = sys.exc_info()[0]
        with suppress(OSError, ValueError):
            self.stream.write(f"a line of {plain(record.name)} is not shown: {kind.__name__ if kind else 'error'}\n")


class Sparing(logging.Filter):
    """Lets only so many errors of one kind through in a while, those of libraries; of the bot's own, all."""

    def __init__(self) -> None:
        """Begin with none."""
        super().__init__()
        self._seen: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether a line is to be written; the first of a new while says how many were not."""
        if record.levelno < logging.ERROR or record.name.partition(".")[0] == "bot":
            return True
        # asyncio's messages hold addresses of objects; its first line tells what went wrong.
        kind = record.name, str(record.msg)[:100].partition("\n")[0]
        began, count = self._seen.get(kind, (record.created, 0))
        if record.created - began >= WHILE:
            if count > OFTEN:
                record.msg, record.args = f"{record.getMessage()} (and {count - OFTEN:,} more like it before)", ()
            began, count = record.created, 0
        if len(self._seen) >= _KINDS and kind not in self._seen:
            self._seen.clear()
        self._seen[kind] = began, count + 1
        return count < OFTEN


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
