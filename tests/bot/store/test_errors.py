import sqlite3

import pytest
from sqlalchemy.exc import ArgumentError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.store.errors import explain


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


@pytest.mark.parametrize("error", [failed(sqlite3.SQLITE_ERROR), ArgumentError("secret")])
def test_anything_else_is_named_without_its_text(error: Exception) -> None:
    assert explain(error) == f"unexpected {type(error).__name__}"


def test_a_cause_explains_what_wraps_it() -> None:
    wrapper = ArgumentError("wrapped")
    wrapper.__cause__ = failed(sqlite3.SQLITE_FULL)

    assert "the disk is full" in explain(wrapper)


def test_waiting_in_vain_for_a_connection_is_a_slow_disk() -> None:
    assert "the disk is too slow" in explain(PoolTimeoutError())
