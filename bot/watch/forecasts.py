"""When followed tasks should end, from how long others took, and when they are asked about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.hazard import Expected
from bot.models import FollowedTask
from bot.store.store import Store
from bot.virtual_time import VirtualTime
from bot.watch.histories import Histories

_FORESEEN_S = 86_400.0
_SLOWEST = 1e-9


@dataclass(frozen=True, slots=True)
class Forecasts:
    """Looks ahead for whoever reads a card or a list."""

    store: Store
    histories: Histories

    async def of(self, tasks: Sequence[FollowedTask], now: datetime) -> dict[int, Expected | None]:
        """Tell by each task's row id when it should end; None where too few ends were seen.

        What has ended is left out.

        Raises:
            StoreError: the store could not be read.
        """
        return {
            task.id: (await self.histories.of(task)).expected_finish(
                (now - task.born_at).total_seconds()
            )
            for task in tasks
            if task.state is None or not task.state.is_terminal
        }

    async def next_polls(
        self, tasks: Sequence[FollowedTask], now: datetime
    ) -> dict[int, datetime | None]:
        """Tell by each task's row id about when its vendor is asked next; None: in its turn.

        Raises:
            StoreError: the store could not be read.
        """
        lanes = {name: await self.store.watches.lane(name) for name in {one.lane for one in tasks}}
        return {task.id: _next_poll(task, lanes[task.lane], now) for task in tasks}


def _next_poll(task: FollowedTask, lane: VirtualTime, now: datetime) -> datetime | None:
    """Turn the distance of its tag into time, at the lane's pace of late."""
    wait_s = (task.tag - lane.virtual_s) / max(lane.speed, _SLOWEST)
    soonest = now + timedelta(seconds=wait_s) if 0 < wait_s < _FORESEEN_S else None
    if task.poll_after is None or task.poll_after <= now:
        return soonest
    return max(soonest or task.poll_after, task.poll_after)
