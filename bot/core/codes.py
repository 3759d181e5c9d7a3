"""LaTeX's characters by number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bot.core.latex import Walk
    from bot.core.line import Line

_CODE: Final = re.compile(r'"([0-9A-Fa-f]{1,6})|(\d{1,7})')
_TICKS: Final = {"51": "✓", "52": "✔", "55": "✗", "56": "✘"}


def by_number(walk: Walk, line: Line, depth: int) -> None:
    r"""Write \unicode{x2013}: the argument is a number, hexadecimal behind an x."""
    content = walk.argument(depth).strip()
    found = re.fullmatch(r"x([0-9A-Fa-f]{1,6})|(\d{1,7})", content)
    code = (int(found[1], 16) if found[1] else int(found[2])) if found else 0
    line.put(_chr(code) or content, apart=not _chr(code))


def char(walk: Walk, line: Line, _depth: int) -> None:
    r"""Write \char"2013 or \char65; before anything else the name of the macro."""
    found = walk.skip(_CODE)
    code = (int(found[1], 16) if found[1] else int(found[2])) if found else 0
    line.put(_chr(code) or ("char" if found is None else found[0]), apart=not _chr(code))


def _chr(code: int) -> str:
    """Return a character that can be shown, or ""."""
    return chr(code) if 32 <= code < 0xD800 or 0xE000 <= code < 0x110000 else ""  # noqa: PLR2004 - Unicode's own


def dingbat(walk: Walk, line: Line, depth: int) -> None:
    r"""Write \ding{55}: the ticks and crosses of tables; of others the number."""
    number = walk.argument(depth).strip()
    line.put(_TICKS.get(number) or f"ding {number}", apart=number not in _TICKS)
