"""Web addresses in running text."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

ADDRESS: Final = r"https?://(?:[^\s<>()\[\]{}\"'`\\$]|\\[_%#&~])*(?:[^\s<>()\[\]{}\"'`\\$.,;:!?*]|\\[_%#&~])"
"""A pattern: an address as it stands in text, without the punctuation behind it; LaTeX may have escaped some of it."""

_ADDRESS: Final = re.compile(ADDRESS)
_ESCAPED: Final = re.compile(r"\\([_%#&~])")
_CODE: Final = re.compile(
    r"https?://(?:[\w-]+\.)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org)/", re.IGNORECASE
)

_HOST: Final = re.compile(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]")
"""A host that reads as what it is: letters of other scripts look like Latin ones, and "%40" is an "@"."""


def honest(url: str) -> bool:
    """Say whether a web address leads where it seems to: no login before its host, and a host in plain letters.

    "https://discord.com@evil.example/" leads to evil.example; so may one whose host has Cyrillic letters. The
    names of other scripts are plain in their other form, "xn--…".
    """
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition(":")[0] if parts.port is not None else parts.netloc.removesuffix(":")
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and _HOST.fullmatch(host) is not None


def unescaped(address: str) -> str:
    """Return an address without the backslashes that LaTeX wants in it."""
    return _ESCAPED.sub(r"\1", address)


def find_links(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return `(code, other)` web addresses of a text, in order, each once; none that hides where it leads."""
    found = dict.fromkeys(filter(honest, map(unescaped, _ADDRESS.findall(text))))
    code = tuple(url for url in found if _CODE.match(url))
    return code, tuple(url for url in found if url not in code)
