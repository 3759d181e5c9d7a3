"""English words, as the vocabulary of the small model lists them: what is in it is no slip of the pen."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).parent / "vocabulary" / "bert_uncased.txt"


def pieces() -> list[str]:
    """Return the vocabulary's pieces in the order of their numbers; one inside a word begins with "##".

    Raises OSError where the file cannot be read.
    """
    return _FILE.read_text(encoding="utf-8").split("\n")[:-1]


class Dictionary:
    """Whole words, folded; read at the first question."""

    def __contains__(self, word: object) -> bool:
        """Say whether a word is listed; none is where the file cannot be read."""
        return word in self._words

    @cached_property
    def _words(self) -> frozenset[str]:
        try:
            return frozenset(piece for piece in pieces() if piece.isalpha())
        except OSError:
            return frozenset()
