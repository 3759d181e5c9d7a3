"""A file's text, line by line: whatever its encoding, with no line longer than memory bears."""

from __future__ import annotations

import codecs
import io
from typing import TYPE_CHECKING, Final

from bot.core.paper import Problem
from bot.sources.unpacked import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sources.unpacked import Unpacked

MAX_LINE: Final = 2**21
"""Characters; the longest abstract in JSON's escapes has 300,000."""
MAX_WHOLE: Final = 256 * 2**20
"""Bytes of a file that cannot be read in pieces."""
HEAD: Final = 4096
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Lines:
    """The lines of a file, numbered from 1. Reading raises UnreadableError."""

    def __init__(self, raw: Unpacked) -> None:
        """Read unpacked bytes as text."""
        self._raw = raw
        self._bytes = io.BufferedReader(raw, 2**16)
        self.start = raw.peek(HEAD)
        self.encoding = _encoding(self.start)
        self.number = 0
        self._text: io.TextIOWrapper | None = None

    @property
    def share(self) -> float:
        """How much of the file has been read, from 0 to 1."""
        return self._raw.share

    @property
    def head(self) -> str:
        """How the text begins, without a byte order mark and blank space: to tell what kind of file it is."""
        text = self.start.decode(self.encoding, "replace").lstrip("\ufeff \t\r\n")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def whole(self) -> bytes:
        """Return all bytes of a file of which no line has been read."""
        content = self._bytes.read(MAX_WHOLE + 1)
        if len(content) > MAX_WHOLE:
            raise UnreadableError(f"larger than {MAX_WHOLE // 2**20} MiB, and cannot be read in pieces")
        return content

    def __iter__(self) -> Iterator[str | Problem]:
        """Yield each line without its end, or why it cannot be read."""
        self._text = self._text or self._open()
        while True:
            try:
                line = self._text.readline(MAX_LINE)
            except UnicodeDecodeError:
                raise UnreadableError(f"not {self.encoding.upper()} text behind line {self.number}") from None
            if not line:
                return
            self.number += 1
            if len(line) == MAX_LINE and not line.endswith("\n"):
                self._skip(self._text)
                yield Problem(f"longer than {MAX_LINE:,} characters")
            elif _is_text(line):
                yield line.rstrip("\r\n").removeprefix("\ufeff")
            else:
                yield Problem(f"not {self.encoding.upper()} text")

    def close(self) -> None:
        """Close the file."""
        self._raw.close()

    def _open(self) -> io.TextIOWrapper:
        # Only line feeds end lines (JSON strings may hold U+2028 and the like), unless there are none at all.
        text = self.start.decode(self.encoding, "replace")
        ends = "\r" if "\r" in text and "\n" not in text else "\n"
        errors = "surrogateescape" if self.encoding == "utf-8" else "surrogatepass"
        return io.TextIOWrapper(self._bytes, self.encoding, errors, newline=ends)

    def _skip(self, text: io.TextIOWrapper) -> None:
        while (rest := text.readline(MAX_LINE)) and not rest.endswith("\n"):
            pass


def _is_text(line: str) -> bool:
    """Say whether a line has no byte that is no UTF-8 (such a byte comes as half of a surrogate pair)."""
    if line.isascii():
        return True
    try:
        line.encode()
    except UnicodeEncodeError:
        return False
    return True


def _encoding(start: bytes) -> str:
    """Return how the text is written: as its mark says, or where every other byte is null as UTF-16; else UTF-8."""
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    head = start[:128]
    odd, even = (sum(not byte for byte in head[first::2]) / max(len(head) // 2, 1) for first in (1, 0))
    if min(odd, even) < 0.1 and max(odd, even) > 0.7:  # noqa: PLR2004 - shares; Latin letters have a null byte
        return "utf-16-le" if odd > even else "utf-16-be"
    return "utf-8"
