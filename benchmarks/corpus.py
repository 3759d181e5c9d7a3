"""Collections of papers for benchmarks: JSON lines, plain or compressed."""

from __future__ import annotations

import gzip
import lzma
from typing import TYPE_CHECKING, Any

from bot.core.paper import Problem
from bot.sources import files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.core.paper import Paper

_OPEN: dict[str, Any] = {".gz": gzip.open, ".xz": lzma.open}


def lines(path: Path) -> Iterator[str]:
    """Yield the lines of a file that may be .gz or .xz."""
    with _OPEN.get(path.suffix, open)(path, "rt", encoding="utf-8-sig") as stream:
        yield from stream


def papers(path: Path) -> list[Paper]:
    """Read a corpus file, or a seed dump, as the bot would."""
    if path.suffix == ".txt":
        batch = files.read(path)
        if isinstance(batch, Problem):
            raise SystemExit(batch.message)
        return list(batch.papers)
    return list(files.parse_jsonl("".join(lines(path)), path.name).papers)
