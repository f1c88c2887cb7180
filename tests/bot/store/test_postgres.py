"""PostgreSQL that stops, hangs, refuses and comes back; what the operator reads then."""

import re
import sys
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import asyncpg
import pytest
from sqlalchemy import text

from bot.store.errors import StoreError, UnusableStoreError
from bot.store.location import Server
from bot.store.maintenance import examine_store, migrate_store
from bot.store.postgres import connect_server, find_trouble
from bot.store.store import open_store
from tests.bot.store.samples import NOW
from tests.fakes.clock import FakeClock
from tests.fakes.postgres import PASSWORD, Databases, PostgresServer

READ_ONLY = "ALTER DATABASE {name} SET default_transaction_read_only = {on}"


@pytest.fixture
async def own_name(postgres_server: PostgresServer) -> AsyncIterator[str]:
    """The name of a migrated database on a server that a test may stop."""
    databases = postgres_server.databases
    name = await databases.create()
    await migrate_store(databases.url(name))
    yield name
    await databases.drop(name)


@pytest.fixture
def own_url(postgres_server: PostgresServer, own_name: str) -> str:
    return postgres_server.databases.url(own_name)


async def run_as_admin(databases: Databases, statement: str) -> None:
    connection = await asyncpg.connect(databases.address)
    await connection.execute(statement)
    await connection.close()


async def test_after_a_crash_of_the_server_the_store_comes_back_by_itself(
    postgres_server: PostgresServer, own_url: str, clock: FakeClock
) -> None:
    async with open_store(own_url, clock) as store:
        kept = [await store.is_first("T1", f"Ev{n}", NOW) for n in range(10)]
        postgres_server.restart("immediate")
        await clock.settle()  # whereupon the connections are found closed

        again = [await store.is_first("T1", f"Ev{n}", NOW) for n in range(10)]

    assert kept == [True] * 10
    assert again == [False] * 10


async def test_while_the_server_is_down_it_is_said_so_and_then_all_is_well(
    postgres_server: PostgresServer, own_url: str, clock: FakeClock
) -> None:
    async with open_store(own_url, clock) as store:
        postgres_server.stop()
        try:
            with pytest.raises(StoreError, match=r"was lost|stopped|cannot be reached"):
                await store.check_writable()
            with pytest.raises(StoreError, match="cannot be reached"):
                await store.check_writable()
        finally:
            postgres_server.start()

        await store.check_writable()


async def test_a_server_that_does_not_answer_is_given_up_and_asked_anew(
    postgres_server: PostgresServer, own_url: str
) -> None:
    database = connect_server(Server(own_url, "it"), answer_s=0.3)
    await database.fetch(text("SELECT 1"))
    with postgres_server.paused(), pytest.raises(StoreError, match="did not answer in time"):
        await database.change(text("SELECT 1"))

    rows = await database.fetch(text("SELECT 1 AS one"))

    assert rows[0].one == 1
    await database.close()


async def test_a_commit_that_is_not_answered_costs_its_connection_and_nothing_else(
    postgres_server: PostgresServer, own_url: str
) -> None:
    database = connect_server(Server(own_url, "it"), answer_s=0.3)

    async def stop_before_the_commit(transaction: Any) -> None:
        await transaction.run(text("CREATE TABLE song (title text)"))
        paused.__enter__()

    paused = postgres_server.paused()
    with pytest.raises(StoreError, match="did not answer in time"):
        await database.transact(stop_before_the_commit)
    paused.__exit__(None, None, None)

    assert len(await database.fetch(text("SELECT 1"))) == 1
    await database.close()


async def test_a_server_that_became_read_only_is_told_and_asked_anew(
    postgres_server: PostgresServer, own_name: str, own_url: str, clock: FakeClock
) -> None:
    async with open_store(own_url, clock) as store:
        await run_as_admin(postgres_server.databases, READ_ONLY.format(name=own_name, on="on"))
        postgres_server.restart("fast")
        await clock.settle()
        with pytest.raises(StoreError, match="read-only standby; name the primary"):
            await store.is_first("T1", "Ev1", NOW)
        await run_as_admin(postgres_server.databases, READ_ONLY.format(name=own_name, on="off"))

        assert await store.is_first("T1", "Ev1", NOW)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://postgres:{password}@127.0.0.1:{port}/{name}", "database .* schema"),
        ("postgresql://postgres:hunter2@127.0.0.1:{port}/{name}", "refuses the password"),
        ("postgresql://postgres:{password}@127.0.0.1:{port}/nowhere", "no such database"),
        ("postgresql://postgres:hunter2@127.0.0.1:1/{name}", "refuses connections there"),
        ("postgresql:///{name}?host=/nowhere", "cannot be reached"),
        ("postgresql://bot:hunter2@127.0.0.1:{port}/{name}?sslmode=no", "option"),
        ("postgresql://bot:hunter2@127.0.0.1:{port}/{name}?sslmode=require", "offers no TLS"),
    ],
)
async def test_what_is_wrong_with_an_address_is_told_without_its_password(
    postgres_server: PostgresServer, own_name: str, address: str, said: str
) -> None:
    password = quote(PASSWORD, safe="")
    url = address.format(port=postgres_server.port, name=own_name, password=password)

    try:
        told = await examine_store(url)
    except UnusableStoreError as error:
        told = str(error)

    assert re.search(said, told)
    assert "hunter2" not in told
    assert password not in told


async def test_a_user_who_may_not_and_one_too_many_are_told(
    postgres_server: PostgresServer, own_url: str
) -> None:
    await run_as_admin(postgres_server.databases, "CREATE ROLE guest LOGIN CONNECTION LIMIT 1")
    url = own_url.replace("postgres@", "guest@")
    guest = await asyncpg.connect(url)

    with pytest.raises(UnusableStoreError, match="has no connection left"):
        await examine_store(url)
    await guest.close()
    with pytest.raises(UnusableStoreError, match="denies the user this table"):
        await examine_store(url)

    await run_as_admin(postgres_server.databases, "DROP ROLE guest")


class About:
    """What a server says about itself."""

    def __init__(self, major: int = 16, encoding: str = "UTF8", *, standby: bool = False) -> None:
        self.version = f"{major}.1"
        self.major = major
        self.encoding = encoding
        self.is_standby = standby


@pytest.mark.parametrize(
    ("about", "trouble"),
    [
        (About(), None),
        (About(14), None),
        (About(13), "PostgreSQL 13.1 is too old; 14 is the oldest that will do"),
        (About(standby=True), "PostgreSQL is a read-only standby; name the primary server"),
        (About(encoding="SQL_ASCII"), "create it with ENCODING 'UTF8'"),
    ],
)
def test_a_server_that_cannot_keep_the_store_is_found(about: Any, trouble: str | None) -> None:
    found = find_trouble(about)

    assert (found is None) == (trouble is None)
    assert (trouble or "") in (found or "")


async def test_a_database_of_another_encoding_is_refused(postgres_server: PostgresServer) -> None:
    databases = postgres_server.databases
    await run_as_admin(
        databases, "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'"
    )

    with pytest.raises(UnusableStoreError, match="encoded as LATIN1"):
        await migrate_store(databases.url("latin"))

    await databases.drop("latin")


async def test_a_stopped_process_does_not_hold_a_transaction_open_for_ever(own_url: str) -> None:
    database = connect_server(Server(own_url, "it"))

    rows = await database.fetch(text("SHOW idle_in_transaction_session_timeout"))

    assert rows[0][0] == "1min"
    await database.close()


async def test_without_the_driver_its_absence_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)

    with pytest.raises(UnusableStoreError, match=r"pip install 'mediatask\[postgres\]'"):
        await examine_store("postgresql://bot:hunter2@db/media")
