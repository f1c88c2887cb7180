"""Which addresses may be fetched from, spelled in every way an address has."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.addresses import Reach, is_public, is_public_or_private, reach_of

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "168.63.129.15",
    "169.253.255.255",
    "172.15.255.255",
    "172.32.0.0",
    "192.167.255.255",
    "192.169.0.0",
    "223.255.255.255",
    "2400:cb00::1",
    "2606:4700::1111",
    "2a00:1450:4001:81b::200e",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
]
PRIVATE = [
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "::1",
    "fc00::1",
    "fdff::1",
    "::ffff:127.0.0.1",
    "::ffff:a00:1",
    "64:ff9b::7f00:1",
]
FORBIDDEN = [
    "0.0.0.0",  # noqa: S104 - nothing is bound
    "0.1.2.3",
    "100.100.100.200",
    "168.63.129.16",
    "169.254.169.254",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::",
    "2001:db8::1",
    "2002:7f00:1::1",
    "3fff::1",
    "5f00::1",
    "fd00:ec2::254",
    "fd20:ce::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]
CASES = [
    *((text, Reach.PUBLIC) for text in PUBLIC),
    *((text, Reach.PRIVATE) for text in PRIVATE),
    *((text, Reach.FORBIDDEN) for text in FORBIDDEN),
]


@pytest.mark.parametrize(("text", "reach"), CASES)
def test_an_address_reaches_as_far_as_the_registries_say(text: str, reach: Reach) -> None:
    assert reach_of(ip_address(text)) is reach


@pytest.mark.parametrize(
    ("text", "public", "public_or_private"),
    [("8.8.8.8", True, True), ("10.0.0.1", False, True), ("169.254.169.254", False, False)],
)
def test_what_is_forbidden_stays_so_where_private_addresses_are_allowed(
    text: str, *, public: bool, public_or_private: bool
) -> None:
    address = ip_address(text)

    assert (is_public(address), is_public_or_private(address)) == (public, public_or_private)


@given(st.ip_addresses(v=4))
def test_no_ipv4_address_is_public_that_python_knows_to_be_special(address: IPv4Address) -> None:
    is_special = not address.is_global or address.is_multicast or address.is_reserved

    assert not (is_special and is_public(address))


@given(st.ip_addresses(v=6))
def test_no_ipv6_address_is_public_that_python_knows_to_be_special(address: IPv6Address) -> None:
    is_special = not address.is_global or address.is_multicast or address.sixtofour is not None

    assert not (is_special and is_public(address)) or address.ipv4_mapped is not None


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_reaches_no_further_when_it_is_written_as_ipv6(
    address: IPv4Address,
) -> None:
    mapped = IPv6Address(f"::ffff:{address}")

    assert reach_of(mapped) is reach_of(address)
