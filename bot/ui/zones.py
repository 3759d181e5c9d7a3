"""Time zones as people type them."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

_COMMON_ZONES = (
    "UTC", "America/New_York", "America/Los_Angeles", "America/Chicago", "America/Sao_Paulo", "Europe/London",
    "Europe/Berlin", "Europe/Paris", "Asia/Kolkata", "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney",
)  # fmt: skip


@cache
def _zones_by_fold() -> dict[str, str]:
    return {zone.lower(): zone for zone in sorted(available_timezones()) if zone == "UTC" or "/" in zone}


def find_zone(typed: str) -> str | None:
    """Return the IANA name of a zone, letter case and spaces aside, or None."""
    return _zones_by_fold().get(typed.strip().lower().replace(" ", "_"))


def match_zones(typed: str) -> list[str]:
    """Return at most 25 zones whose name holds what was typed; common ones while nothing is."""
    wanted = typed.strip().lower().replace(" ", "_")
    if not wanted:
        return list(_COMMON_ZONES)
    zones = _zones_by_fold()
    found = [folded for folded in zones if wanted in folded]
    found.sort(key=lambda folded: (not folded.split("/")[-1].startswith(wanted), folded))
    return [zones[folded] for folded in found[:25]]
