"""Answers recorded from the real sources, where this machine has them; they are no part of the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

DATA = Path(os.environ.get("COLLOQUIUM_TEST_DATA") or Path(__file__).parents[3] / "shared" / "data")
SAMPLES = DATA / "samples"

needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="no recorded answers: set COLLOQUIUM_TEST_DATA")


def recorded(pattern: str) -> list[Path]:
    """The recorded answers whose names match, in order; none where there are none."""
    return sorted(SAMPLES.rglob(pattern))
