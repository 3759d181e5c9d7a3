"""A part of a file: files are read and taken in piece by piece, so that a large one needs no large memory."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.paper import Batch


@dataclass(frozen=True, slots=True)
class Part(Batch):
    """What was read since the part before. `share` is how much of the file has been read, from 0 to 1."""

    share: float = 1.0
