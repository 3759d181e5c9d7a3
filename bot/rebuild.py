"""The process that writes the index file: `python -m bot.rebuild DATABASE FILE NICE`, started by the bot."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from pathlib import Path

from bot.services.binder import bind
from bot.storage.database import DatabaseError


def main(arguments: list[str]) -> int:
    """Write the index file; return 0, or 1 after a line about what went wrong."""
    database, file, nice = Path(arguments[0]), Path(arguments[1]), int(arguments[2])
    _yield_to_others(nice)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        bind(database, file)
    except (DatabaseError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _yield_to_others(nice: int) -> None:
    """Leave the processor to others by `nice` (19: only idle time is taken), and go first where memory runs out."""
    with contextlib.suppress(OSError):  # a file that only Linux has
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    if hasattr(os, "nice"):
        os.nice(nice)


def _end_with_parent() -> None:
    # The other end of this pipe is never written to: it closes when the parent is gone, however it went.
    while os.read(0, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
