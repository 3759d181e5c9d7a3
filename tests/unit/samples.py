"""The seed papers, and small papers made up for a test."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.core.paper import Batch, Paper, canonical_id
from bot.sources import files

SEEDS = Path(__file__).parents[2] / "seeds" / "000_a5b1f55687363816.txt"


@cache
def seed_papers() -> tuple[Paper, ...]:
    batch = files.read(SEEDS)
    assert isinstance(batch, Batch)
    return batch.papers


def made_up(title: str, abstract: str = "", **known: object) -> Paper:
    facts: dict[str, object] = {"id": canonical_id(None, title), "source": "file", **known}
    return Paper(title=title, abstract=abstract, **facts)  # type: ignore[arg-type]
