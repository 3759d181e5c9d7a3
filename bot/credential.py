"""Secrets: read from a file, a token looked at before Discord sees it, and none left in a core dump.

No message here repeats what was given.
"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 4096
"""Bytes of a file with a secret: what is larger is another file."""
_LAST = 20
"""Characters of a token's last part, at least; Discord's have 27 or 38."""
_OTHERS = [
    (r"""(['"`“‘«]).*|.*['"`”’»]""", "there are quotes around it: write it without them"),
    (r"(?i)(?:bot|bearer)\s.*", "it begins with “Bot”: write only what follows"),
    (r"[A-Z_]+\s*=.*", "it begins with a name and “=”: write only what follows"),
    (r"(?i)https?://.*", "that is an address"),
    (r".*\s.*", "a space or a line break is in it"),
    (r"\d+", "that is the application id, of the General Information page"),
    (r"[0-9a-f]{64}", "that is the public key, of the General Information page"),
    (r"[\w-]{32}", "that is the client secret, of the OAuth2 page"),
    (r"(?=.*[^\w.-]).*", "it holds characters that no token has"),
    (r"(?![\w-]+\.[\w-]+\.[\w-]+$).*", "it is not three parts joined by dots"),
    (rf"[^.]*\.[^.]*\.[^.]{{0,{_LAST - 1}}}", "its end is missing"),
]
"""What people give for the token by mistake, and what to tell them; the first that fits."""


def wrong(token: str) -> str | None:
    """Return what is wrong with the shape of a token, or None. Discord alone knows whether it is valid."""
    for shape, why in _OTHERS:
        if re.fullmatch(shape, token, re.DOTALL | re.ASCII):
            return f"{why}. Copy it again from the application's Bot page (Reset Token)"
    return None


def from_file(file: Path) -> str:
    """Return the secret that a file holds, without the space around it. Raises ValueError with why there is none."""
    try:
        if file.is_dir():
            # What Docker makes where a file that is to be mounted does not exist.
            raise ValueError("is a folder: the file that should be there was not when it was mounted")
        if file.exists() and not file.is_file():
            # A pipe that nobody writes to would be waited for without end.
            raise ValueError("is no ordinary file")
        with file.open("rb") as stream:
            content = stream.read(LARGEST + 1)
        # Some editors begin a file with a mark.
        found = content.decode("utf-8-sig").strip()
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ValueError("cannot be read: it is no text") from error
    if len(content) > LARGEST:
        raise ValueError("cannot be read: it is too large for a secret")
    if not found:
        raise ValueError("is empty: write the secret into it, on one line")
    return found


def leave_no_core() -> None:
    """Let this process and its children leave no image of their memory behind if they crash, where the system can."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - not on Windows

        # One byte, not none: a system that hands dumps to a program does so whatever the limit, except for this one
        # (Linux, fs/coredump.c).
        _, most = resource.getrlimit(resource.RLIMIT_CORE)
        least = 1 if most == resource.RLIM_INFINITY else min(1, most)
        resource.setrlimit(resource.RLIMIT_CORE, (least, least))
