"""Who does what there is only one to do: for a while, and again and again.

A lease ends by itself, so a replica that dies is replaced; one that was merely stopped finds out
when it asks again. The database's clock decides, so replicas need not agree about the time.
"""

from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import Executable, delete, exists, literal, select, update

from bot.store.database import Database
from bot.store.delivery_tables import leases
from bot.store.paces import NOW
from bot.store.statements import InsertInto
from providers.clock import Clock

_RENEWED_AT = 0.5
"""A lease is renewed when that share of it is left, and costs nothing before."""


class Leases(Protocol):
    """What one of all replicas does, by name."""

    async def hold(self, name: str, for_s: float) -> bool:
        """Take the lease or keep it; True: it is ours for at least half of *for_s* from now.

        Everybody who asks for one name asks for the same time.
        """
        ...

    async def drop(self, name: str) -> None:
        """Let somebody else have it at once; nothing happens where it is not ours."""
        ...


class SoleLeases:
    """The leases of a process that has its store to itself."""

    async def hold(self, name: str, for_s: float) -> bool:
        """Say yes: there is nobody else."""
        del name, for_s
        return True

    async def drop(self, name: str) -> None:
        """Do nothing: nobody waits for it."""


@dataclass(frozen=True, slots=True)
class StoredLeases:
    """Leases among all processes on one PostgreSQL database.

    *owner* is this process's alone. Methods raise ``StoreError`` where the database fails.
    """

    database: Database
    clock: Clock
    owner: str
    _until: dict[str, float] = field(default_factory=dict)
    """Until when a lease is surely ours, on the monotonic clock."""

    async def hold(self, name: str, for_s: float) -> bool:
        """Take it or keep it, as ``Leases`` says."""
        asked_at = self.clock.monotonic()
        if self._until.get(name, asked_at) - asked_at > _RENEWED_AT * for_s:
            return True
        self._until.pop(name, None)
        taken = take_lease(self.database.insert, name, self.owner, for_s)
        if not await self.database.change(taken):
            return False
        self._until[name] = asked_at + for_s
        return True

    async def drop(self, name: str) -> None:
        """Give it up, as ``Leases`` says."""
        self._until.pop(name, None)
        await self.database.change(drop_lease(name, self.owner))


def take_lease(insert: InsertInto, name: str, owner: str, for_s: float) -> Executable:
    """Take a lease that is ours, over, or of a time the clock was set back from; gives a row."""
    lease = leases.c
    free = (lease.owner == owner) | (lease.until < NOW) | (lease.until > NOW + 2 * for_s)
    taken = (
        update(leases)
        .where(lease.name == name, free)
        .values(owner=owner, until=NOW + for_s)
        .returning(lease.name)
        .cte("taken")
    )
    first = select(literal(name), literal(owner), NOW + for_s)
    added = (
        insert(leases)
        .from_select(list(leases.c), first.where(~exists().where(lease.name == name)))
        .on_conflict_do_nothing()
        .returning(lease.name)
        .cte("added")
    )
    return select(taken.c.name).union_all(select(added.c.name))


def drop_lease(name: str, owner: str) -> Executable:
    """Delete a lease if it is this owner's."""
    return delete(leases).where(leases.c.name == name, leases.c.owner == owner)
