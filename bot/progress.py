"""A line that shows how far a long command is: on a terminal only, and gone when it is done."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING, Final, Self, TextIO

if TYPE_CHECKING:
    from types import TracebackType

    from bot.services.library import Progress

_PAUSE: Final = 0.1
"""Seconds between two looks of the line: more would flicker and cost."""
_BLOCKS: Final = "█░"


class Line:
    """The line, while the block of its `with` runs. Where no terminal reads along, nothing is written."""

    def __init__(self, stream: TextIO) -> None:
        """Write to a stream, the standard error for instance."""
        self._stream = stream if stream.isatty() else None
        self._next = 0.0

    def __enter__(self) -> Self:
        """Show nothing yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the line away."""
        self._write("")

    def tell(self, progress: Progress) -> None:
        """Show how far the reading of a file is."""
        if self._stream and time.monotonic() >= self._next:
            self._next = time.monotonic() + _PAUSE
            self._write(bar(progress.file.name, progress.share, f"{progress.read:,} records", _width()))

    def say(self, what: str) -> None:
        """Show what else is being done."""
        self._write(what[: _width() - 1])

    def _write(self, line: str) -> None:
        if self._stream is None:
            return
        shown = line.encode(self._stream.encoding or "ascii", "replace").decode(self._stream.encoding or "ascii")
        self._stream.write(f"\r\x1b[K{shown}")
        self._stream.flush()


def bar(name: str, share: float, told: str, width: int) -> str:
    """Return a line of less than `width` characters: a name, a bar for the share (0 to 1), and what is told."""
    told = f" {share:4.0%}  {told}"
    name = "".join(c if c.isprintable() else "?" for c in name)[: max(width // 3, 1)]
    room = width - len(name) - len(told) - 3
    full = round(min(max(share, 0.0), 1.0) * room)
    drawn = _BLOCKS[0] * full + _BLOCKS[1] * (room - full)
    return f"{name}  {drawn}{told}"[: max(width - 1, 0)]


def _width() -> int:
    return min(shutil.get_terminal_size().columns, 100)
