"""How statements are run, in every dialect; ``sqlite_file`` and ``postgres`` connect."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Executable, Row
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.errors import NO_LONGER_WRITABLE, StoreError, explain, sqlstate_of
from bot.store.statements import InsertInto, Repeated

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Dialect:
    """What differs between the databases."""

    insert: InsertInto
    """Its ``INSERT``, which knows ``ON CONFLICT``."""
    failures: tuple[type[Exception], ...]
    """What SQLAlchemy and the driver raise where the database does not do as it is told."""
    replicated: bool
    """Whether several processes may use the store at the same time."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """One commit in the making."""

    _connection: AsyncConnection

    async def run(self, change: Executable | Repeated) -> Sequence[Row[Any]]:
        """Run one statement; give the rows it returns, none where it returns none."""
        result = await self._connection.execute(*_with_values(change))
        return result.all() if result.returns_rows else ()

    async def run_sync(self, work: Callable[[Connection], _Result]) -> _Result:
        """Let something do its work that knows only SQLAlchemy's own connections."""
        return await self._connection.run_sync(work)


Steps = Callable[[Transaction], Awaitable[_Result]]


class Database:
    """Runs statements. What was begun is finished, also when whoever asked is cancelled.

    A cancelled statement would cost its connection, and SQLite's next one would open a second
    writer while the first still ends.

    A change that raises ``StoreError`` was not made, with one exception nobody can rule out: the
    database or the way to it failed while it was told to commit. So whatever must not happen twice
    has a key or a version that lets it happen once, and is then simply done again.
    """

    def __init__(self, writer: AsyncEngine, reader: AsyncEngine, dialect: Dialect) -> None:
        self.writer = writer
        self.reader = reader
        self.insert = dialect.insert
        self.replicated = dialect.replicated
        self._failures = dialect.failures
        self._under_way: set[asyncio.Task[Any]] = set()
        self._closed = False

    async def fetch(self, statement: Executable | Repeated) -> Sequence[Row[Any]]:
        """Read, without waiting for whoever writes.

        Raises:
            StoreError: the statement failed.
        """
        return await self._finish(self._run_alone(statement))

    async def change(self, *changes: Executable | Repeated) -> Sequence[Row[Any]]:
        """Commit *changes* together; give the rows the last of them returns.

        When this returns, they are on the disk.

        Raises:
            StoreError: as the class says.
        """
        first = changes[0]
        if self.replicated and len(changes) == 1 and not isinstance(first, Repeated):
            return await self._finish(self._run_alone(first))

        async def steps(transaction: Transaction) -> Sequence[Row[Any]]:
            rows: Sequence[Row[Any]] = ()
            for change in changes:
                rows = await transaction.run(change)
            return rows

        return await self.transact(steps)

    async def change_if(
        self, first: Executable, *rest: Executable | Repeated
    ) -> Sequence[Row[Any]]:
        """Commit *first*, and *rest* with it where it returns a row; give the rows of *first*.

        Raises:
            StoreError: as the class says.
        """

        async def steps(transaction: Transaction) -> Sequence[Row[Any]]:
            rows = await transaction.run(first)
            for change in rest if rows else ():
                await transaction.run(change)
            return rows

        return await self.transact(steps)

    async def transact(self, steps: Steps[_Result]) -> _Result:
        """Commit all that *steps* runs, or nothing where it raises; give what it returns.

        For changes that depend on what an earlier one of them returned; *steps* waits for nothing
        but its transaction. On PostgreSQL another transaction may run between any two of them, so
        rows that are read to be changed are locked or compared; rows of one table are changed in
        one order everywhere, or two transactions may wait for each other.

        Raises:
            StoreError: as the class says.
        """
        return await self._finish(self._transact(steps))

    async def close(self) -> None:
        """Finish what is under way and close; the last connection empties SQLite's log."""
        self._closed = True
        if self._under_way:
            await asyncio.wait(self._under_way)
        await self.reader.dispose()
        await self.writer.dispose()

    async def _finish(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        if self._closed:  # SQLAlchemy would open the file again, which may be another's by now
            work.close()
            raise StoreError("the store is closed")
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)

    async def _run_alone(self, statement: Executable | Repeated) -> Sequence[Row[Any]]:
        async with self._connection(self.reader) as connection:
            result = await connection.execute(*_with_values(statement))
            return result.all() if result.returns_rows else ()

    async def _transact(self, steps: Steps[_Result]) -> _Result:
        async with self._connection(self.writer) as connection:
            result = await steps(Transaction(connection))
            await connection.commit()
            return result

    @asynccontextmanager
    async def _connection(self, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        """Lend a connection; one that is of no use any more is not lent again."""
        try:
            async with engine.connect() as connection:
                try:
                    yield connection
                except self._failures as error:
                    if isinstance(error, OSError) or sqlstate_of(error) == NO_LONGER_WRITABLE:
                        await connection.invalidate(error)
                    raise
        except self._failures as error:
            raise StoreError(explain(error)) from error


def _with_values(
    change: Executable | Repeated,
) -> tuple[Executable, Sequence[Mapping[str, object]] | None]:
    return change if isinstance(change, Repeated) else (change, None)
