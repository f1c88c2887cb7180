"""How fast a lane goes: one instant says when its next request is due.

GCRA in its virtual scheduling form (ITU-T I.371), without a burst. A slot is reserved ahead, so
that several processes can share a lane through the store; one process has ``MemoryPaces``.
"""

from dataclasses import dataclass, field
from typing import Protocol

from providers.clock import Clock

_FORGET_FROM = 4096
"""Lanes kept in memory before those are forgotten that would go at once anyway."""


class Paces(Protocol):
    """The schedules of all lanes, by name."""

    async def take(self, name: str, interval_s: float, *, ahead_s: float) -> float | None:
        """Reserve a lane's next slot, *interval_s* after the one before it.

        Gives the seconds to wait until it may be used; None, and nothing is reserved, where that
        would be more than *ahead_s*.
        """
        ...

    async def hold_off(self, name: str, seconds: float) -> None:
        """Give out no slot of a lane within the next *seconds*; slots given out stay."""
        ...


@dataclass(slots=True)
class MemoryPaces:
    """Schedules of one process."""

    clock: Clock
    _due: dict[str, float] = field(default_factory=dict)
    """When a lane's next slot is, on the monotonic clock."""

    async def take(self, name: str, interval_s: float, *, ahead_s: float) -> float | None:
        """Reserve the next slot, as ``Paces`` says."""
        now = self.clock.monotonic()
        due = max(self._due.get(name, now), now)
        if due - now > ahead_s:
            return None
        self._forget(now)
        self._due[name] = due + interval_s
        return due - now

    async def hold_off(self, name: str, seconds: float) -> None:
        """Push the next slot, as ``Paces`` says."""
        until = self.clock.monotonic() + seconds
        self._due[name] = max(self._due.get(name, until), until)

    def _forget(self, now: float) -> None:
        if len(self._due) >= _FORGET_FROM:
            self._due = {name: due for name, due in self._due.items() if due > now}
