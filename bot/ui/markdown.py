"""Text for Discord: escaped, clipped to limits, and with the words that matched in bold."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

from bot.core import text
from bot.core.links import honest

_SPECIAL = re.compile(r"([\\*_~|`<>\[\]()#])")
_URL = re.compile(r"https?://[^\s<>()\[\]{}\"'`*_~|\\]+(?:_[^\s<>()\[\]{}\"'`*~|\\]+)*")
# A list mark at the start of a text, or after a line break: "- " or "1. ".
_LINE_START = re.compile(r"^(\s*\d*)([-+.])(?=\s)", re.MULTILINE)


def escape(raw: str) -> str:
    """Return text that Discord shows as it stands: no markdown, mention or time code works.

    Plain web addresses stay clickable, since they show where they lead.
    """
    return _escape_lines(_escape_inline(raw))


def _escape_lines(raw: str) -> str:
    return _LINE_START.sub(r"\1\\\2", raw)


def _escape_inline(raw: str) -> str:
    pieces: list[str] = []
    place = 0
    for url in _URL.finditer(raw):
        pieces += [_escape_prose(raw[place : url.start()]), url[0]]
        place = url.end()
    return "".join([*pieces, _escape_prose(raw[place:])])


def _escape_prose(raw: str) -> str:
    escaped = _SPECIAL.sub(r"\\\1", raw)
    # A zero-width space after "@" breaks what a backslash cannot.
    return escaped.replace("@", "@\u200b")


def clip(raw: str, limit: int) -> str:
    """Return at most `limit` characters, cut between words, with an ellipsis where cut."""
    if len(raw) <= limit:
        return raw
    head = raw[: limit - 1]
    space = head.rfind(" ")
    return head[: space if space > limit // 2 else None].rstrip(" ,;:.") + "…"


def fit(raw: str, limit: int, bold: frozenset[str] = frozenset()) -> str:
    """Escape a text and clip it so that the result, markup included, keeps within `limit`.

    The limit holds for characters and for two thirds of the bytes as JSON: Discord also bounds the bytes
    of a message with components. Words whose terms are in `bold` are shown in bold.
    """
    room = min(limit, len(raw))
    while room > 0:
        shown = mark(clip(raw, room), bold)
        taken = max(len(shown), weight(shown) * 2 // 3)
        if taken <= limit:
            return shown
        room = min(room - 1, room * limit // taken)
    return ""


def weight(shown: str) -> int:
    """Return how many bytes a text takes in a JSON document."""
    return len(json.dumps(shown, ensure_ascii=False).encode())


def mark(raw: str, bold: frozenset[str]) -> str:
    """Escape a text and set the words whose terms are in `bold` in bold type, neighbours together."""
    pieces: list[str] = []
    place = 0
    for start, end in _runs(raw, bold):
        pieces += [_escape_inline(raw[place:start]), "**", _escape_prose(raw[start:end]), "**"]
        place = end
    return _escape_lines("".join([*pieces, _escape_inline(raw[place:])]))


def _runs(raw: str, bold: frozenset[str]) -> list[tuple[int, int]]:
    urls = [(m.start(), m.end()) for m in _URL.finditer(raw)]
    found: list[tuple[int, int]] = []
    for word in text.words(raw) if bold else ():
        if not bold.intersection(word.terms) or any(start <= word.start < end for start, end in urls):
            continue
        if found and raw[found[-1][1] : word.start] == " ":
            found[-1] = (found[-1][0], word.end)
        else:
            found.append((word.start, word.end))
    return found


def link(label: str, url: str | None) -> str:
    """Return an escaped label, as a link if there is an address that Discord accepts."""
    return f"[{label}]({url})" if url and sound(url) else label


def sound(url: str) -> bool:
    """Say whether an address is one that Discord takes: a web address of a named host, nothing to break out with.

    What was kept by an older version may still have a login in it.
    """
    if not url.startswith(("https://", "http://")) or re.search(r"[\s()<>]", url) or not honest(url):
        return False
    try:
        return "." in (urlsplit(url).hostname or "").strip(".")
    except ValueError:
        return False
