"""What just happened in the workspace, told to whoever watches: the page, and waiting tests."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened."""

    kind: str
    """``message``, ``message_changed``, ``message_deleted``, ``view``, ``ack``, ``answer``,
    ``delivery``, ``connection``, ``execution``; ``closing`` when the server ends."""
    subject: Any = None
    """What it happened to."""
    viewer: str | None = None
    """The only person who sees it; None for everybody."""


@dataclass(slots=True)
class _Waiter:
    predicate: Callable[[], Any]
    future: "asyncio.Future[Any]"


@dataclass(slots=True)
class Changes:
    """A list of watchers, called one after the other as things happen."""

    _watchers: list[Callable[[Change], None]] = field(default_factory=list)
    _waiters: list[_Waiter] = field(default_factory=list)

    def announce(self, change: Change) -> None:
        """Tell everybody who watches, and wake those whose condition has come true."""
        for watcher in tuple(self._watchers):
            watcher(change)
        for waiter in tuple(self._waiters):
            _try(waiter)

    def watch(self, watcher: Callable[[Change], None]) -> Callable[[], None]:
        """Call *watcher* for each change from now on; the returned function ends it."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    async def wait_for(self, predicate: Callable[[], Found], seconds: float) -> Found:
        """Return what *predicate* answers once that is true; it is asked after every change.

        *seconds* are the machine's own, so a test always ends.

        Raises:
            TimeoutError: it never came true.
        """
        waiter = _Waiter(predicate, asyncio.get_running_loop().create_future())
        _try(waiter)
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout(seconds):
                found: Found = await waiter.future
                return found
        finally:
            self._waiters.remove(waiter)


def _try(waiter: _Waiter) -> None:
    if waiter.future.done():
        return
    try:
        found = waiter.predicate()
    except Exception as error:  # noqa: BLE001 - it is the waiter's own, and goes back to it
        waiter.future.set_exception(error)
        return
    if found:
        waiter.future.set_result(found)
