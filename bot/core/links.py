"""Web addresses in running text."""

from __future__ import annotations

import re
from typing import Final

ADDRESS: Final = r"https?://(?:[^\s<>()\[\]{}\"'`\\$]|\\[_%#&~])*(?:[^\s<>()\[\]{}\"'`\\$.,;:!?*]|\\[_%#&~])"
"""A pattern: an address as it stands in text, without the punctuation behind it; LaTeX may have escaped some of it."""

_ADDRESS: Final = re.compile(ADDRESS)
_ESCAPED: Final = re.compile(r"\\([_%#&~])")
_CODE: Final = re.compile(
    r"https?://(?:[\w-]+\.)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org)/", re.IGNORECASE
)


def unescaped(address: str) -> str:
    """Return an address without the backslashes that LaTeX wants in it."""
    return _ESCAPED.sub(r"\1", address)


def find_links(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return `(code, other)` web addresses of a text, in order, each once."""
    found = dict.fromkeys(unescaped(address) for address in _ADDRESS.findall(text))
    code = tuple(url for url in found if _CODE.match(url))
    return code, tuple(url for url in found if url not in code)
