"""HTML in feeds: the text a reader sees, nothing of it lost. Exponents, indices and formulas are left to `tidy`."""

from __future__ import annotations

import html
import re
from typing import Final

_BLOCKS: Final = (
    "address|article|aside|blockquote|br|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header|hr|li|main|nav|ol|p|"
    "pre|section|sec|table|tbody|td|tfoot|th|thead|title|tr|ul"
)
_INLINES: Final = (
    "a|abbr|b|bdi|bdo|big|cite|code|del|dfn|em|font|i|img|ins|italic|bold|kbd|label|mark|q|s|samp|small|span|strike|"
    "strong|sc|time|tt|u|var|wbr|body|html|head|meta|link"
)
# Only tags that HTML (or JATS, its cousin in journals' feeds) has: "a<b and c>d" is mathematics.
_TAG: Final = re.compile(rf"</?(?:[a-z]+:)?(?:({_BLOCKS})|{_INLINES})(\s[^<>]*)?/?>", re.IGNORECASE)
_SILENT: Final = re.compile(r"<(script|style)(?:\s[^<>]*)?>", re.IGNORECASE)


def plain(text: str) -> str:
    """Return the text of a piece of HTML on one line: entities read, known tags gone, unknown ones kept as text.

    Takes time in proportion to its length, whatever stands there.
    """
    if "<" in text:
        text = _TAG.sub(_gap, _without_silent(_without_comments(text)))
    return " ".join(html.unescape(text).split())


def _gap(tag: re.Match[str]) -> str:
    attributes = (tag[2] or "").strip(" \t\r\n/")
    if attributes and "=" not in attributes:
        return tag[0]  # "a<b and c>d"
    return " " if tag[1] else ""


def _without_comments(text: str) -> str:
    first, *rest = text.split("<!--")
    pieces = (piece.partition("-->") for piece in rest)
    return first + "".join(after if end else f"<!--{before}" for before, end, after in pieces)


def _without_silent(text: str) -> str:
    """Drop what scripts and style sheets hold, up to their end or the next one's beginning."""
    first, *rest = _SILENT.split(text)
    kept = (
        re.split(rf"</{name}\s*>", piece, maxsplit=1, flags=re.IGNORECASE)
        for name, piece in zip(rest[::2], rest[1::2], strict=True)
    )
    return first + "".join(halves[1] if len(halves) > 1 else "" for halves in kept)
