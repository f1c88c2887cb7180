import sqlite3
import ssl

import pytest
from sqlalchemy.exc import ArgumentError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.store.errors import explain, sqlstate_of


def failed(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("SQL logic error near secret")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (sqlite3.SQLITE_BUSY, "another program keeps the file locked"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "another program keeps the file locked"),
        (sqlite3.SQLITE_CANTOPEN, "cannot be opened"),
        (sqlite3.SQLITE_CORRUPT, "damaged"),
        (sqlite3.SQLITE_FULL, "the disk is full"),
        (sqlite3.SQLITE_IOERR_WRITE, "the disk reported an error"),
        (sqlite3.SQLITE_NOTADB, "not a SQLite database"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, "read-only"),
    ],
)
def test_what_an_operator_can_act_on_has_a_sentence(code: int, words: str) -> None:
    assert words in explain(failed(code))


class ServerError(Exception):
    """What a driver raises, with what PostgreSQL calls it."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__("near secret")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("sqlstate", "words"),
    [
        ("53100", "the disk of the PostgreSQL server is full"),
        ("53300", "no connection left"),
        ("53400", "lacks a resource"),
        ("25006", "read-only standby"),
        ("40P01", "waited for each other"),
        ("57P01", "was stopped"),
        ("57P02", "crashed"),
        ("57P03", "is starting or stopping"),
        ("08006", "was lost"),
        ("58030", "reported an error"),
        ("XX001", "damage"),
    ],
)
def test_what_a_server_says_has_a_sentence_too(sqlstate: str, words: str) -> None:
    wrapper = ArgumentError("wrapped")
    wrapper.__cause__ = ServerError(sqlstate)

    assert words in explain(wrapper)
    assert sqlstate_of(wrapper) == sqlstate


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TimeoutError(), "did not answer in time"),
        (ConnectionRefusedError(), "refuses connections there"),
        (ConnectionResetError(), "was lost"),
        (BrokenPipeError(), "was lost"),
        (ConnectionError("rejected SSL upgrade"), "offers no TLS"),
        (ssl.SSLCertVerificationError(), "certificate is not accepted"),
        (OSError("no route"), "cannot be reached"),
    ],
)
def test_a_link_that_fails_has_a_sentence(error: OSError, words: str) -> None:
    assert words in explain(error)
    assert sqlstate_of(error) is None


@pytest.mark.parametrize(
    "error", [failed(sqlite3.SQLITE_ERROR), ArgumentError("secret"), ServerError("42601")]
)
def test_anything_else_is_named_without_its_text(error: Exception) -> None:
    assert explain(error) == f"unexpected {type(error).__name__}"


def test_a_cause_explains_what_wraps_it() -> None:
    wrapper = ArgumentError("wrapped")
    wrapper.__cause__ = failed(sqlite3.SQLITE_FULL)

    assert "the disk is full" in explain(wrapper)


def test_waiting_in_vain_for_a_connection_is_a_slow_database() -> None:
    assert "the database is too slow" in explain(PoolTimeoutError())
