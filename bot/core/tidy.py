"""Tidying: text as sources send it becomes text to read, without losing a word or a number."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from bot.core import latex, markup, misread, remains
from bot.core.links import ADDRESS

if TYPE_CHECKING:
    from collections.abc import Callable

PASSES: Final = 6
"""Times a text is read: what was wrapped twice (an entity in an entity, a tag behind one) is undone in turn."""

_SPACES: Final = re.compile(r"[ \t\r\f\v\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_UNSEEN: Final = re.compile(r"[\u00ad\u200b\u2060\ufeff]")
_LIGATURE: Final = re.compile("[ﬀ-ﬆ]")
_LATEX: Final = re.compile(r"[\\{}$^_~]")
_MARKS: Final = re.compile(r"[\\{}$^_~<>&]")
_ADDRESS: Final = re.compile(ADDRESS)


def tidy(text: str) -> str:
    """Return readable Unicode for text that may hold LaTeX, HTML, or what a source left of them.

    Web addresses are left alone. Unknown macros keep their names, unknown tags stay: only markup is removed.
    Tidy text comes back unchanged. Time is linear in the length, whatever it holds.
    """
    for _ in range(PASSES):
        before, text = text, _read(text)
        if text == before:
            return text
    # Wrapped deeper than any honest text: without its marks it can hide nothing more.
    return _read(_MARKS.sub(" ", text))


def _read(text: str) -> str:
    if not text.isprintable() or not text.isascii():
        text = _cleaned(text)
    if "<" in text or "&" in text:
        text = markup.read(text)
    text = _beside_addresses(text, remains.restored)
    if _LATEX.search(text):
        text = latex.read(text)
    text = _beside_addresses(text, _punctuated)
    if "  " in text or not text.isprintable():
        text = _SPACES.sub(" ", text)
    return text.strip()


def _cleaned(text: str) -> str:
    """Return text without characters that cannot be seen."""
    if not text.isascii():
        text = _UNSEEN.sub("", misread.mended(text))
        text = _LIGATURE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return _CONTROL.sub(" ", text)


def _beside_addresses(text: str, change: Callable[[str], str]) -> str:
    if "://" not in text:
        return change(text)
    pieces: list[str] = []
    place = 0
    for address in _ADDRESS.finditer(text):
        pieces += [change(text[place : address.start()]), address[0]]
        place = address.end()
    return "".join([*pieces, change(text[place:])])


def _punctuated(text: str) -> str:
    text = text.replace("``", "“").replace("''", "”")
    text = text.replace("---", "—").replace("--", "–")
    return text if text.isascii() else unicodedata.normalize("NFC", text)
