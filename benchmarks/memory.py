"""How much memory a process holds."""

from __future__ import annotations

import ctypes
import gc
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")


def settle() -> None:
    """Give back to the system what is free, so that what is left is what is needed."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's; musl has none
        if trim is not None:
            trim(0)


def used() -> dict[str, float | None]:
    """Return this process's MiB: its own memory, with files it maps, and the most it ever had.

    "private_mb" is anonymous memory (RssAnon): pages of a mapped file are the kernel's to drop. None where the
    system does not tell.
    """
    if not _STATUS.exists():
        return {"private_mb": None, "rss_mb": None, "peak_mb": None}
    fields = dict(line.split(":", 1) for line in _STATUS.read_text(encoding="ascii").splitlines() if ":" in line)

    def mib(name: str) -> float:
        return round(int(fields[name].split()[0]) / 1024, 1)

    return {"private_mb": mib("RssAnon"), "rss_mb": mib("VmRSS"), "peak_mb": mib("VmHWM")}
