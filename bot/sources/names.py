"""Names of columns and keys."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.core.paper import fold


@lru_cache(maxsize=2_000)
def plain(key: str) -> str:
    """Return a name in lower case without accents, spaces and marks: "Publication Year" is "publicationyear"."""
    return re.sub(r"[^a-z0-9]", "", fold(key[:100]))
