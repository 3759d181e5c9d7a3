"""What another process holds: memory, threads, open files and connections. Linux only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Footprint:
    """MiB resident and at most, MiB of that its own (no mapped files), and counts."""

    rss_mb: float
    own_mb: float
    peak_mb: float
    threads: int
    files: int
    connections: int


def footprint(pid: int) -> Footprint:
    """Return what a process holds now. Raises OSError when it has ended."""
    folder = Path("/proc") / str(pid)
    fields = dict(line.split(":", 1) for line in (folder / "status").read_text("ascii").splitlines() if ":" in line)
    links = [_target(link) for link in (folder / "fd").iterdir()]
    rss, own, peak = (round(int(fields[name].split()[0]) / 1024, 1) for name in ("VmRSS", "RssAnon", "VmHWM"))
    return Footprint(
        rss,
        own,
        peak,
        threads=int(fields["Threads"]),
        files=len(links),
        connections=sum(link.startswith("socket:") for link in links),
    )


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:  # closed since it was listed
        return ""
