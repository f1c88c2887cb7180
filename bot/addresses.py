"""Which network addresses the bot may fetch from: a decision about values, nothing is looked up.

The bot fetches links that vendors wrote, so a link must not lead into the network the bot stands
in. What is forbidden stays so whatever the configuration allows: the addresses at which clouds
tell a machine its own credentials, and those no web server can have.

Sources: IANA's registries of special-purpose IPv4 and IPv6 addresses, read 2026-11. Python's own
``is_global`` follows them too, and differs from one patch release to the next.
"""

from enum import StrEnum
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_network,
)

Address = IPv4Address | IPv6Address
_Network = IPv4Network | IPv6Network


class Reach(StrEnum):
    """Who can be at an address."""

    PUBLIC = "public"
    """Any machine of the internet."""
    PRIVATE = "private"
    """A machine of the bot's own network, or this very one."""
    FORBIDDEN = "forbidden"
    """No web server anybody means."""


_V4_FORBIDDEN = (
    "0.0.0.0/8",  # this network
    "100.100.100.200/32",  # Alibaba Cloud tells credentials here
    "168.63.129.16/32",  # Azure's host
    "169.254.0.0/16",  # link-local; 169.254.169.254 tells credentials at most clouds
    "192.0.0.0/24",  # protocol assignments; 192.0.0.192 tells credentials at Oracle's cloud
    "192.0.2.0/24",  # documentation
    "192.88.99.0/24",  # relays of 6to4
    "198.18.0.0/15",  # benchmarks
    "198.51.100.0/24",  # documentation
    "203.0.113.0/24",  # documentation
    "224.0.0.0/4",  # multicast
    "240.0.0.0/4",  # reserved, broadcast
)
_V4_PRIVATE = ("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
_V6_FORBIDDEN = (
    "2001::/23",  # protocol assignments, Teredo among them
    "2001:db8::/32",  # documentation
    "2002::/16",  # 6to4
    "3fff::/20",  # documentation
    "fd00:ec2::/32",  # AWS tells credentials here
    "fd20:ce::/32",  # and Google Cloud here
)
_V6_PRIVATE = ("::1/128", "fc00::/7")
_V6_PUBLIC = ("2000::/3",)
_V6_OF_V4 = tuple(map(IPv6Network, ("::ffff:0:0/96", "64:ff9b::/96")))
"""Where the last four bytes are an IPv4 address: mapped, and translated (NAT64)."""


def _table(*rows: tuple[Reach, tuple[str, ...]]) -> tuple[tuple[_Network, Reach], ...]:
    return tuple((ip_network(text), reach) for reach, texts in rows for text in texts)


_V4_TABLE = _table((Reach.FORBIDDEN, _V4_FORBIDDEN), (Reach.PRIVATE, _V4_PRIVATE))
_V6_TABLE = _table(
    (Reach.FORBIDDEN, _V6_FORBIDDEN), (Reach.PRIVATE, _V6_PRIVATE), (Reach.PUBLIC, _V6_PUBLIC)
)


def reach_of(address: Address) -> Reach:
    """Tell who can be at *address*; the first network of the table that has it decides."""
    if isinstance(address, IPv4Address):
        return _look_up(address, _V4_TABLE, Reach.PUBLIC)
    if any(address in network for network in _V6_OF_V4):
        return reach_of(IPv4Address(address.packed[-4:]))
    return _look_up(address, _V6_TABLE, Reach.FORBIDDEN)


def _look_up(
    address: Address, table: tuple[tuple[_Network, Reach], ...], otherwise: Reach
) -> Reach:
    return next((reach for network, reach in table if address in network), otherwise)


def is_public(address: Address) -> bool:
    """Whether a bot that may leave its own network alone may fetch from *address*."""
    return reach_of(address) is Reach.PUBLIC


def is_public_or_private(address: Address) -> bool:
    """Whether a bot that may fetch from its own network too may fetch from *address*."""
    return reach_of(address) is not Reach.FORBIDDEN
