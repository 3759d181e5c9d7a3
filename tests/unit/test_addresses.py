"""Which addresses are anybody's to ask."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.addresses import is_public, origin

NETWORKS = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
    "192.0.2.0/24", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4", "::/128", "::1/128", "fc00::/7", "fe80::/10",
    "ff00::/8", "2001:db8::/32", "64:ff9b:1::/48", "::/96", "fec0::/10",
)  # fmt: skip


@given(st.sampled_from(NETWORKS).map(ipaddress.ip_network), st.integers(0, 2**128))
def test_private_networks_are_not_public_in_any_disguise(
    network: ipaddress.IPv4Network | ipaddress.IPv6Network, number: int
) -> None:
    address = network[number % network.num_addresses]
    assert not is_public(str(address))
    if isinstance(address, ipaddress.IPv4Address):
        inner = int(address)
        assert not is_public(f"::ffff:{address}")
        assert not is_public(str(ipaddress.IPv6Address((0x64FF9B << 96) | inner)))
        assert not is_public(str(ipaddress.IPv6Address((0x2002 << 112) | (inner << 80) | 1)))


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "151.101.1.42", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@given(st.text())
def test_what_is_no_address_is_not_public(text: str) -> None:
    if is_public(text):
        ipaddress.ip_address(text.partition("%")[0])


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("http://a.org", ("http", "a.org", 80)),
        (" https://me:pw@A.org:8443/x?y#z ", ("https", "a.org", 8443)),
        ("http://[::1]:80/", ("http", "::1", 80)),
        ("HTTPS://a.org", ("https", "a.org", 443)),
    ],
)
def test_origins(url: str, found: tuple[str, str, int]) -> None:
    assert origin(url) == found


@pytest.mark.parametrize(
    "url", ["", "a.org", "//a.org", "ftp://a.org", "http://", "http://a:0", "http://a:70000", "http://["]
)
def test_what_has_no_origin(url: str) -> None:
    assert origin(url) is None


@given(st.text())
def test_any_text_may_be_asked_for_its_origin(text: str) -> None:
    assert origin(text) is None or text.strip()
    assert origin(f"http://{text}") is None or text
