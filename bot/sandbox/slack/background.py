"""Work that goes on after the act that started it: retries, refreshes, a load."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Background:
    """The tasks under way; none outlives ``close``."""

    _tasks: set["asyncio.Task[Any]"] = field(default_factory=set)

    def start(self, work: Coroutine[Any, Any, object]) -> Callable[[], object]:
        """Run *work* on its own; what it raises is logged. The returned function ends it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finish)
        return task.cancel

    def _finish(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("local_slack_work_failed", exc_info=error)

    async def close(self) -> None:
        """Cancel what still runs and wait for its end."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
