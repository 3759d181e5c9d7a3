"""A line being written: pieces of text, and what may not run into one word."""

from __future__ import annotations


class Line:
    """Collects pieces of text. A piece put `apart` is a word: a space keeps it from letters and digits beside it."""

    def __init__(self, before: str = "") -> None:
        """Begin a line; `before` is the character that stands before it."""
        self._pieces: list[str] = []
        self._apart = False
        self.last = before

    def put(self, piece: str, *, apart: bool = False) -> None:
        """Add a piece."""
        if not piece:
            return
        if (apart or self._apart) and self.last.isalnum() and piece[0].isalnum():
            self._pieces.append(" ")
        self._pieces.append(piece)
        self.last, self._apart = piece[-1], apart

    def glue(self) -> None:
        """Let the next piece follow without a space."""
        self._apart = False

    def tail(self, count: int) -> str:
        """Return the last characters, at most `count`."""
        found = ""
        for piece in reversed(self._pieces):
            found = piece[-count:] + found
            if len(found) >= count:
                break
        return found[-count:]

    def __str__(self) -> str:
        return "".join(self._pieces)
