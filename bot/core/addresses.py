"""Addresses: those of the sources, which of all lie on the open internet, and what a URL's origin is."""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import urlsplit

_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
"""RFC 6052: such an IPv6 address ends in the IPv4 address that is really asked."""
_UNICAST: Final = ipaddress.ip_network("2000::/3")
"""All of IPv6 that has been given out; Python's own table of exceptions grows with its versions."""
_PORTS: Final = {"http": 80, "https": 443}
HUGGINGFACE: Final = "https://huggingface.co"
ARXIV_LISTS: Final = "https://rss.arxiv.org"
ARXIV_API: Final = "https://export.arxiv.org"
"""Where the sources are asked, unless the operator names other places."""


def is_public(address: str) -> bool:
    """Return whether an IP address is anybody's to ask: not private, loopback, link-local, shared or reserved.

    An IPv6 address that carries an IPv4 address (mapped, 6to4, NAT64) is judged by that one.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or _nat64(found)
        if inner is not None:
            return is_public(str(inner))
        if found not in _UNICAST:
            return False
    return found.is_global and not found.is_multicast


def _nat64(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None


def origin(url: str) -> tuple[str, str, int] | None:
    """Return (scheme, host, port) of an http or https URL, or None for anything else."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or port == 0:
        return None
    return parts.scheme, parts.hostname, port or _PORTS[parts.scheme]
