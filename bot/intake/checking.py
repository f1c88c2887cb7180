"""Has tasks asked about, or takes what was told of them, although nobody may watch them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import TypeVar

from bot.models import CheckOrder, FollowedTask, Observation
from bot.store.checks import AT_ONCE
from bot.store.store import Store
from bot.watch.observer import Observer
from providers.clock import Clock
from providers.models import TaskRef

_TOLD_WITHIN = timedelta(minutes=1)
"""How long the poller leaves a task alone whose answer is already here; then we must have died."""

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Checking:
    """What callbacks and sweeps do with the tasks they find.

    *lanes* by provider and account; *wake* tells the poller that a queue has somebody new.
    """

    store: Store
    observer: Observer
    lanes: Mapping[tuple[str, str], str]
    clock: Clock
    wake: Callable[[], None]

    async def ask(self, orders: Iterable[CheckOrder]) -> None:
        """Have tasks asked about at once, those somebody watches too.

        Raises:
            StoreError: some may not be; order all of them again.
        """
        if await self.store.watches.check(orders, self.clock.now()):
            self.wake()

    async def known(self, refs: Iterable[TaskRef]) -> dict[TaskRef, FollowedTask]:
        """Read what is known of tasks, those that nobody follows any more too."""
        rows: dict[TaskRef, FollowedTask] = {}
        for some in batched(sorted(set(refs)), AT_ONCE):
            rows |= await self.store.watches.followed(some)
        return rows

    async def tell(self, answers: Iterable[Observation]) -> None:
        """Take in whole answers; of a task nobody knew they are the first.

        Raises:
            StoreError: some may not be recorded; tell all of them again.
        """
        for some in batched(answers, AT_ONCE):
            await self._tell(some)

    async def _tell(self, answers: Sequence[Observation]) -> None:
        known = await self.known(answer.ref for answer in answers)
        new = [answer for answer in answers if answer.ref not in known]
        if new:
            # Ordered when the first of them was true, so that each of them answers its order.
            ordered_at = min(answer.at for answer in new)
            ask_at = self.clock.now() + _TOLD_WITHIN
            orders = [
                CheckOrder(one.ref, self.lane(one.ref), one.source, ask_at=ask_at) for one in new
            ]
            await self.store.watches.check(orders, ordered_at)
        await self.observer.observe(answers)

    def lane(self, ref: TaskRef) -> str:
        """Name the lane a task is asked in."""
        return self.lanes[ref.provider, ref.account]


def batched(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """Go through *items* in portions of at most *size*."""
    left = iter(items)
    while portion := list(islice(left, size)):
        yield portion
