"""One process per store file: an exclusive lock beside it, which the kernel drops with its owner.

The lock is on a file of its own, because closing any descriptor of the database would drop the
locks SQLite itself holds there.
"""

import fcntl
import os
from pathlib import Path
from typing import Self

from bot.store.errors import UnusableStoreError

_PRIVATE = 0o600


class FileLock:
    """Held from ``take`` to ``release``, and no longer than the process lives, however it ends."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def take(cls, database: Path) -> Self:
        """Lock *database*, which need not exist yet.

        Raises:
            UnusableStoreError: another process has it, or the directory cannot be written.
        """
        path = lock_path(database)
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, _PRIVATE)
        except OSError as error:
            raise UnusableStoreError(cannot_write(path, error)) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            owner = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
            os.close(descriptor)
            raise UnusableStoreError(_in_use(database, owner)) from error
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        return cls(descriptor)

    def release(self) -> None:
        """Let the next process in; the file stays, since removing it would race with its taker."""
        os.close(self._descriptor)


def lock_path(database: Path) -> Path:
    """Name the lock's file."""
    return database.with_name(database.name + ".lock")


def create_private(database: Path) -> None:
    """Create the file for its owner's eyes alone, and find out whether it can be written.

    Raises:
        UnusableStoreError: with the system's own reason, which SQLite would not tell.
    """
    try:
        os.close(os.open(database, os.O_RDWR | os.O_CREAT, _PRIVATE))
    except OSError as error:
        raise UnusableStoreError(cannot_write(database, error)) from error


def cannot_write(path: Path, error: OSError) -> str:
    """Say which file cannot be written, and why."""
    if isinstance(error, FileNotFoundError):
        return f"store.url: the directory {path.parent} does not exist; create it"
    return f"store.url: {path} cannot be written ({error.strerror})"


def _in_use(database: Path, owner: str) -> str:
    return (
        f"store.url: {database} is in use by another mediatask (process {owner or 'unknown'});"
        " one file serves one process: stop that one, or name another file"
    )
