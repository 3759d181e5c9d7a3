"""Text that was read in the wrong encoding: UTF-8 as Latin-1 or Windows-1252, and Windows-1252 as Latin-1."""

from __future__ import annotations

import re
from typing import Final

_SEQUENCE: Final = re.compile(
    # Two bytes: a letter with an accent that no language puts before such a sign ("Ã©", "Î±"), quotes excepted.
    "[\xc2-\xdf][\x80-\x9f\xa1-\xaa\xac-\xba\xbc-\xbf]"
    # Three and four: one of them is a control character, or the euro sign of "â€™".
    "|[\xe0-\xef][\x80-\x9f][\x80-\xbf]|[\xe0-\xef][\x80-\xbf][\x80-\x9f]"
    "|\xe2€[\x80-\xbf˜™œš›žŸ“”‘’–—•…†‡‰‹Œ]|[\xf0-\xf4][\x80-\x9f][\x80-\xbf]{2}"
)
_WINDOWS: Final = re.compile("[\x80\x82-\x8c\x8e\x91-\x9c\x9e\x9f]")


def mended(text: str) -> str:
    """Return a text as it was meant where that is beyond doubt."""
    text = _SEQUENCE.sub(_decoded, text)
    return _WINDOWS.sub(lambda match: match[0].encode("latin-1").decode("cp1252"), text)


def _decoded(match: re.Match[str]) -> str:
    content = b"".join(_byte(character) for character in match[0])
    try:
        found = content.decode()
    except UnicodeDecodeError:
        return match[0]
    return match[0] if found < "\xa0" else found


def _byte(character: str) -> bytes:
    return character.encode("latin-1" if character <= "\xff" else "cp1252")
