"""Lettering: names in the letters that every font has."""

from __future__ import annotations

import unicodedata

from bot.core import text

_MARKS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", "‑": "-", "⁄": "/"})


def plain(name: str) -> str:
    """Return a name in ASCII, "" where a letter of it cannot be written so.

    Case is kept, accents are dropped, a Greek letter is spelled out ("β-VAE" is "beta-VAE"); so are signs dropped.
    """
    made = []
    for sign in unicodedata.normalize("NFKD", name).translate(_MARKS):
        written = _plain(sign)
        if not written and sign.isalnum():
            return ""
        made.append(written)
    shown = " ".join("".join(made).split())
    return shown if any(map(str.isalnum, shown)) else ""


def _plain(sign: str) -> str:
    if sign.isascii():
        return sign if sign.isprintable() else " "
    small = sign.lower()
    written = text.GREEK.get(small) or text.latin(small)
    if not written.isascii():
        return ""
    return written if small == sign else written.capitalize()
