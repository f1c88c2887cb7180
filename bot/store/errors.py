"""What can go wrong with the store, in sentences that are safe to log and to show.

StoreError                  a statement failed; the next one may not
└── UnusableStoreError      the store cannot be opened as it is; a person must act
"""

import sqlite3
import ssl


class StoreError(Exception):
    """The store did not do what it was asked; the message says why and holds no value of a row."""


class UnusableStoreError(StoreError):
    """The store cannot be opened; ``serve`` ends with status 2 and this message."""


_BY_SQLITE = {
    sqlite3.SQLITE_BUSY: "another program keeps the file locked; close it, such as a sqlite3 shell",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened; look at its permissions and its directory",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; restore it from a backup, or move it away",
    sqlite3.SQLITE_FULL: "the disk is full; free some space",
    sqlite3.SQLITE_IOERR: "the disk reported an error; look at the machine's log",
    sqlite3.SQLITE_NOTADB: "the file is not a SQLite database; name another one in store.url",
    sqlite3.SQLITE_READONLY: "the file is read-only; look at its permissions and its disk",
}
"""What an operator can act on: SQLite documentation, Result and Error Codes, read 2026-11."""

_BY_POSTGRESQL = {
    "28P01": "PostgreSQL refuses the password; look at the user and password of the address",
    "28000": "PostgreSQL refuses the user; look at the address, and at the server's pg_hba.conf",
    "3D000": "PostgreSQL has no such database; create it, or name another one in store.url",
    "42501": "PostgreSQL denies the user this table; let the owner of the tables use the store",
    "42P01": "a table is missing; run mediatask migrate, or look whether it is the right database",
    "25006": "PostgreSQL is a read-only standby; name the primary server in store.url",
    "40P01": "two transactions waited for each other; the database ended this one",
    "53100": "the disk of the PostgreSQL server is full; free some space",
    "53200": "the PostgreSQL server is out of memory",
    "53300": "PostgreSQL has no connection left; raise its max_connections, or end other clients",
    "57P01": "PostgreSQL was stopped or ended this connection",
    "57P02": "PostgreSQL crashed and is starting again",
    "57P03": "PostgreSQL is starting or stopping",
}
"""By SQLSTATE: PostgreSQL documentation, Appendix A, Error Codes, read 2026-11."""
_BY_POSTGRESQL_CLASS = {
    "08": "the connection to PostgreSQL was lost",
    "53": "PostgreSQL lacks a resource; look at its log",
    "58": "the machine of the PostgreSQL server reported an error; look at its log",
    "XX": "PostgreSQL reports damage or a fault of its own; look at its log",
}
"""By the first two characters, where the code itself has no sentence."""

NO_LONGER_WRITABLE = "25006"
"""PostgreSQL's SQLSTATE where the server became a standby, or always was one."""

_BY_LINK: tuple[tuple[type[BaseException], str], ...] = (
    (UnicodeEncodeError, "a text holds half a character, which no database keeps"),
    (ssl.SSLError, "PostgreSQL's certificate is not accepted; look at sslmode and sslrootcert"),
    (TimeoutError, "PostgreSQL did not answer in time; look at the server and the network"),
    (
        ConnectionRefusedError,
        "PostgreSQL refuses connections there; look at the address and whether it runs",
    ),
    (ConnectionResetError, "the connection to PostgreSQL was lost"),
    (BrokenPipeError, "the connection to PostgreSQL was lost"),
    (OSError, "PostgreSQL cannot be reached; look at the address, the server and the network"),
)
"""Why nothing came back at all, or nothing was sent; the first that fits."""
_BY_NAME = {
    "ConnectionError": "PostgreSQL offers no TLS there, which sslmode demands",
    "ClientConfigurationError": "store.url has an option, or a value of one, that is unknown",
}
"""What the driver refuses to begin with, by the name of its exception alone."""
_BUSY = "the database is too slow: no connection was free for ten seconds"
_SLOW = ("sqlalchemy.exc", "TimeoutError")
"""SQLAlchemy's class for a connection that nobody gave back in time."""
_PRIMARY_CODE = 0xFF
"""An extended result code keeps the primary one in its lowest byte."""


def explain(error: BaseException) -> str:
    """Say what a failed statement means; what no table knows is named by its class alone."""
    cause: BaseException | None = error
    while cause is not None:
        sentence = _explain_one(cause)
        if sentence is not None:
            return sentence
        cause = cause.__cause__
    return f"unexpected {type(error).__name__}"


def sqlstate_of(error: BaseException) -> str | None:
    """Give PostgreSQL's five characters; None where it did not say any."""
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str) or error.__cause__ is None:
        return state
    return sqlstate_of(error.__cause__)


def _explain_one(error: BaseException) -> str | None:
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE
    state = getattr(error, "sqlstate", None) or ""
    by_code = _BY_SQLITE.get(code) or _BY_POSTGRESQL.get(state)
    return by_code or _BY_POSTGRESQL_CLASS.get(state[:2]) or _explain_link(error)


def _explain_link(error: BaseException) -> str | None:
    kind = type(error)
    if (kind.__module__, kind.__name__) == _SLOW:
        return _BUSY
    by_kind = (sentence for link, sentence in _BY_LINK if isinstance(error, link))
    return _BY_NAME.get(kind.__name__) or next(by_kind, None)
