"""HTML, JATS and MathML in text: entities become characters, tags go, formulas become LaTeX to be read as such.

Only known tags go, and those that stand in pairs: <think> and <eos> are words that papers write about.
"""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5
from typing import Final

from bot.core import mathml

_ENTITY: Final = re.compile(r"\\?&(?:amp;)*(#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TAG: Final = re.compile(r"<(/?)((?:[a-z]{1,8}:)?[A-Za-z][A-Za-z0-9-]{0,30})(\s[^<>]*|/)?>")
_ATTRIBUTES: Final = re.compile(r"\s*/?|\s+[A-Za-z:-]+\s*=.*", re.DOTALL)
_TARGET: Final = re.compile(r"href\s*=\s*[\"']?(https?://[^\s\"'<>{}\\]+)")
_CDATA: Final = re.compile(r"<!\[CDATA\[|\]\]>")
_PREFIXES: Final = ("jats:", "mml:", "m:", "ce:", "html:", "xhtml:")
_INLINE: Final = frozenset(
    {"i", "b", "em", "strong", "u", "tt", "span", "font", "small", "big", "italic", "bold", "sc"}
)
_BLOCKS: Final = frozenset({"p", "br", "div", "li", "ul", "ol", "hr", "h1", "h2", "h3", "h4", "h5", "h6"})
_SCRIPTS: Final = {"sub": "_{", "inf": "_{", "sup": "^{"}
_VOID: Final = frozenset({"br", "hr"})
_TITLE: Final = re.compile(
    r"<(jats:|ce:)?(?:title|section-title)>\s*([^<>]{1,60}?)\s*[.:]?\s*</\1(?:title|section-title)>"
)
_TEX: Final = re.compile(r"<((?:jats:)?tex-math)(?:\s[^<>]*)?>")


def read(text: str) -> str:
    """Return text without HTML's markup; formulas, exponents and links come out as LaTeX."""
    if "&" in text:
        text = _ENTITY.sub(_character, text)
    if "<" not in text:
        return text
    if "CDATA" in text or "]]>" in text:
        text = _CDATA.sub("", text)
    if "tex-math>" in text and "math>" in text.replace("tex-math>", ""):
        text = _without_tex(text)
    text = _TITLE.sub(_heading, text)
    return _untagged(mathml.read(text))


def _without_tex(text: str) -> str:
    """Leave formulas in LaTeX out where the same ones stand in MathML too."""
    pieces: list[str] = []
    place = 0
    while start := _TEX.search(text, place):
        closing = f"</{start[1]}>"
        end = text.find(closing, start.end())
        if end < 0:
            break
        pieces.append(text[place : start.start()])
        place = end + len(closing)
    return "".join([*pieces, text[place:]])


def _character(match: re.Match[str]) -> str:
    name = f"&{match[1]};"
    if name[1] != "#" and name[1:] not in html5:
        return match[0]
    return unescape(name)


def _heading(match: re.Match[str]) -> str:
    return " " if match[2].lower() == "abstract" else f" {match[2]}: "


def _untagged(text: str) -> str:
    found = list(_TAG.finditer(text))
    opened = {tag[2] for tag in found if not tag[1]}
    paired = {tag[2] for tag in found if tag[1]} & opened

    def replace(tag: re.Match[str]) -> str:
        prefixed = tag[2].startswith(_PREFIXES)
        name = tag[2].rpartition(":")[2].lower()
        if not _ATTRIBUTES.fullmatch(tag[3] or ""):
            return tag[0]
        if not prefixed and tag[2] not in paired and name not in _VOID:
            return tag[0]
        return _replaced(name, tag, prefixed=prefixed)

    return _TAG.sub(replace, text)


def _replaced(name: str, tag: re.Match[str], *, prefixed: bool) -> str:
    if name in _SCRIPTS:
        return "}" if tag[1] else _SCRIPTS[name]
    if name in {"a", "ext-link", "uri"}:
        target = _TARGET.search(tag[3] or "")
        return "}" if tag[1] else f"\\href{{{target[1]}}}{{" if target else "{"
    if name in _INLINE:
        return ""
    return " " if name in _BLOCKS or prefixed else tag[0]
