"""Where the store is, read from ``store.url``."""

import os.path
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit

from bot.store.errors import UnusableStoreError

_SQLITE = "sqlite:///"
_IN_MEMORY = frozenset({"sqlite://", "sqlite:///:memory:"})
_POSTGRESQL = frozenset({"postgresql", "postgres"})
_HOSTS = re.compile(r"([\w.-]*|\[[\da-fA-F:.]+\])(:\d+)?(,([\w.-]+|\[[\da-fA-F:.]+\])(:\d+)?)*")
_DATABASE = re.compile(r"[^/@]+")
_SOCKET = "/"
"""PostgreSQL takes a host that begins so for the directory of its socket."""


@dataclass(frozen=True, slots=True)
class Server:
    """A database on a PostgreSQL server."""

    address: str = field(repr=False)
    """As configured, with the password."""
    label: str
    """Which one it is, for people; without user or password."""


def read_location(url: str) -> Path | Server | None:
    """Give a file's absolute path, or the server; None for a store in memory.

    Links are followed, so that two names of one file are one store with one lock.

    Raises:
        UnusableStoreError: there is no store for such an address. The address is not repeated,
            because it may carry a password.
    """
    if url in _IN_MEMORY:
        return None
    if url.startswith("postgres"):
        return _read_server(url)
    name = url.removeprefix(_SQLITE)
    if name == url or not name or "\0" in name:
        raise UnusableStoreError(
            "store.url: found an address of no known kind, wanted sqlite:///mediatask.db, with"
            " a whole path sqlite:////var/lib/mediatask/mediatask.db, or"
            " postgresql://user:password@host/database"
        )
    return Path(os.path.realpath(name))


def _read_server(url: str) -> Server:
    """Look at no more of the address than says which database it is; the driver reads it all."""
    label = _label(url)
    if label is None:
        raise UnusableStoreError(
            "store.url: found an address that is none of PostgreSQL's, wanted"
            " postgresql://user:password@host:5432/database, where the signs :/?#@%[] in a"
            " password are written as %3A and so on"
        )
    return Server(url, label)


def _label(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        options = parse_qs(parts.query)
    except ValueError:
        return None
    hosts, database = _read_hosts(parts, options), parts.path.removeprefix("/")
    well_formed = parts.scheme in _POSTGRESQL and "://" in url and "#" not in url
    if well_formed and hosts is not None and _DATABASE.fullmatch(database):
        return f"database {database} on {hosts}"
    return None


def _read_hosts(parts: SplitResult, options: dict[str, list[str]]) -> str | None:
    """Name the servers, or the directory of the socket; None where that is nothing such."""
    named = parts.netloc.rpartition("@")[2]
    if not _HOSTS.fullmatch(named):
        return None
    told = options.get("host", [""])[-1]
    if told.startswith(_SOCKET):
        return f"the socket in {told}"
    return named or (told if _HOSTS.fullmatch(told) else None) or "localhost"
