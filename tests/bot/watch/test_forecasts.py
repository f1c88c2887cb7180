"""When a list says that a task is asked about next."""

from datetime import timedelta
from typing import Any

import pytest

from bot.virtual_time import VirtualTime
from bot.watch.forecasts import Forecasts
from tests.bot.views.samples import NOW
from tests.bot.views.watch_samples import followed


class Lanes:
    """Knows one lane, in which a second of virtual time takes ten."""

    @property
    def watches(self) -> "Lanes":
        return self

    async def lane(self, name: str) -> VirtualTime:
        assert name == "record@main"
        return VirtualTime(virtual_s=5.0, speed=0.1)


@pytest.mark.parametrize(
    ("tag", "after_s", "due_s"),
    [
        (6.0, None, 10.0),
        (5.0, None, None),
        (0.0, None, None),
        (1e9, None, None),
        (6.0, 60, 60.0),
        (6.0, 5, 10.0),
        (0.0, 60, 60.0),
        (6.0, -5, 10.0),
    ],
)
async def test_the_next_poll_is_foretold_from_the_turn_and_the_pause_after_errors(
    tag: float, after_s: float | None, due_s: float | None
) -> None:
    store: Any = Lanes()
    forecasts = Forecasts(store, store)
    poll_after = None if after_s is None else NOW + timedelta(seconds=after_s)
    task = followed(tag=tag, poll_after=poll_after)

    told = await forecasts.next_polls([task], NOW)

    due = None if due_s is None else NOW + timedelta(seconds=due_s)
    assert told == {task.id: due}
