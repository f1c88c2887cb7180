"""Where the store is, read from ``store.url``."""

import os.path
from pathlib import Path

from bot.store.errors import UnusableStoreError

_SQLITE = "sqlite:///"
_IN_MEMORY = frozenset({"sqlite://", "sqlite:///:memory:"})
_LATER = ("postgresql:", "postgresql+", "postgres:")


def read_location(url: str) -> Path | None:
    """Give the file's absolute path; None for a store in memory, forgotten when it closes.

    Links are followed, so that two names of one file are one store with one lock.

    Raises:
        UnusableStoreError: this version has no store for such an address. The address is not
            repeated, because it may carry a password.
    """
    if url in _IN_MEMORY:
        return None
    if url.startswith(_LATER):
        raise UnusableStoreError(
            "store.url: PostgreSQL comes with a later version; this one keeps its store in a"
            " SQLite file: sqlite:///mediatask.db"
        )
    name = url.removeprefix(_SQLITE)
    if name == url or not name or "\0" in name:
        raise UnusableStoreError(
            "store.url: found an address of no known kind, wanted sqlite:///mediatask.db or, with"
            " a whole path, sqlite:////var/lib/mediatask/mediatask.db"
        )
    return Path(os.path.realpath(name))
