"""What can go wrong with the store, in sentences that are safe to log and to show.

StoreError                  a statement failed; the next one may not
└── UnusableStoreError      the store cannot be opened as it is; a person must act
"""

import sqlite3


class StoreError(Exception):
    """The store did not do what it was asked; the message says why and holds no value of a row."""


class UnusableStoreError(StoreError):
    """The store cannot be opened; ``serve`` ends with status 2 and this message."""


_EXPLAINED = {
    sqlite3.SQLITE_BUSY: "another program keeps the file locked; close it, such as a sqlite3 shell",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened; look at its permissions and its directory",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; restore it from a backup, or move it away",
    sqlite3.SQLITE_FULL: "the disk is full; free some space",
    sqlite3.SQLITE_IOERR: "the disk reported an error; look at the machine's log",
    sqlite3.SQLITE_NOTADB: "the file is not a SQLite database; name another one in store.url",
    sqlite3.SQLITE_READONLY: "the file is read-only; look at its permissions and its disk",
}
"""What an operator can act on: SQLite documentation, Result and Error Codes, read 2026-11."""

_SLOW = "TimeoutError"
"""SQLAlchemy's class for a connection that nobody gave back in time."""
_PRIMARY_CODE = 0xFF
"""An extended result code keeps the primary one in its lowest byte."""


def explain(error: BaseException) -> str:
    """Say what a failed statement means; what no table knows is named by its class alone."""
    cause: BaseException | None = error
    while cause is not None:
        code = getattr(cause, "sqlite_errorcode", 0) & _PRIMARY_CODE
        if code in _EXPLAINED:
            return _EXPLAINED[code]
        cause = cause.__cause__
    if type(error).__name__ == _SLOW:
        return "the disk is too slow: no connection was free for ten seconds"
    return f"unexpected {type(error).__name__}"
