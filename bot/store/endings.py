"""Why tasks ended, where a callback tells more than the vendor's answer will."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, Row, delete, select, tuple_

from bot.store.database import Database
from bot.store.oncall_tables import endings
from bot.store.statements import InsertInto, Repeated
from providers.models import TaskError, TaskRef


@dataclass(frozen=True, slots=True)
class Ending:
    """What a callback said of how a task ended; nobody has confirmed it."""

    ref: TaskRef
    ordinarily: bool | None = None
    """Of a recording's abnormal ending: whether it was an idle time-out or the time limit."""
    cause: TaskError | None = None


def save_endings(insert: InsertInto, told: Sequence[Ending], at: datetime) -> Repeated:
    """Keep what was said; of one task only what was said last."""
    row = insert(endings)
    new = {name: row.excluded[name] for name in ("ordinarily", "cause", "told_at")}
    replaced = row.on_conflict_do_update(index_elements=endings.primary_key, set_=new)
    each = {one.ref: one for one in told}
    return Repeated(replaced, [_write(each[ref], at) for ref in sorted(each)])


def select_ending(ref: TaskRef) -> Executable:
    """Read what was said of a task: one row or none."""
    named = (endings.c[name] == value for name, value in asdict(ref).items())
    return select(endings).where(*named)


def forget_endings(before: datetime, limit: int) -> Executable:
    """Delete some that were told long ago; gives a row for each."""
    key = tuple_(*endings.primary_key)
    some = select(*endings.primary_key).where(endings.c.told_at < before).limit(limit)
    return delete(endings).where(key.in_(some)).returning(endings.c.task_id)


class Endings:
    """Endings in the store. Methods raise ``StoreError`` where the database fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, told: Sequence[Ending], at: datetime) -> None:
        """Keep what callbacks said."""
        if told:
            await self._database.change(save_endings(self._database.insert, told, at))

    async def of(self, ref: TaskRef) -> Ending | None:
        """Tell what a callback said of how a task ended; None: none did."""
        rows = await self._database.fetch(select_ending(ref))
        return _read(rows[0]) if rows else None

    async def was_ordinary(self, ref: TaskRef) -> bool:
        """Tell whether a callback called a recording's abnormal ending an ordinary one."""
        ending = await self.of(ref)
        return ending is not None and ending.ordinarily is True


def _write(told: Ending, at: datetime) -> Mapping[str, Any]:
    cause = told.cause.model_dump(mode="json") if told.cause else None
    return {**asdict(told.ref), "ordinarily": told.ordinarily, "cause": cause, "told_at": at}


def _read(row: Row[Any]) -> Ending:
    return Ending(
        ref=TaskRef(row.provider, row.account, row.task_id),
        ordinarily=row.ordinarily,
        cause=TaskError.model_validate(row.cause) if row.cause else None,
    )
