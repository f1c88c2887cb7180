"""Values the store's tests remember."""

import os
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert

from bot.store.database import Database
from bot.store.statements import Repeated
from bot.store.tables import receipts
from providers.models import Kind, TaskRef, TaskState, TaskStatus

NOW = datetime(2026, 11, 20, 10, 0, 0, 123457, tzinfo=UTC)
REF = TaskRef("record", "main", "X3CgNeE4I1qAAABN")


def status(
    task_id: str = REF.task_id,
    state: TaskState | None = TaskState.RUNNING,
    kind: Kind | None = Kind.RECORDING,
) -> TaskStatus:
    return TaskStatus(
        provider=REF.provider,
        account=REF.account,
        task_id=task_id,
        kind=kind,
        state=state,
        queried_at=NOW,
    )


def write_garbage(path: Path) -> None:
    """Put a file there that is no database."""
    path.write_bytes(b"not a database, whatever it is called" * 100)


async def write_receipts(database: Database, count: int, at: datetime) -> None:
    """Record many receipts in one transaction."""
    rows = [{"team_id": "T1", "key": f"Ev{n:0100}", "received_at": at} for n in range(count)]
    await database.change(Repeated(insert(receipts), rows))


def overwrite(path: Path, start: int, size: int) -> None:
    """Damage *size* bytes of a file; a negative *start* counts from its end."""
    with path.open("r+b") as file:
        file.seek(start, os.SEEK_END if start < 0 else os.SEEK_SET)
        file.write(b"\xff" * size)
