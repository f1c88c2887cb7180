"""Workflow Builder steps that wait for a task to end; the waiting lives in the store.

Slack is told first and the wait ended after, so that a crash in between tells it twice and never
not at all; Slack takes a step's end only once.
"""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot.models import Wait
from bot.slack_link import SlackRefusedError, SlackUnreachableError, ask_slack
from bot.store.errors import StoreError
from bot.store.store import Store
from providers.clock import Clock
from providers.lookup import Lookup
from providers.models import TaskRef, TaskState, TaskStatus

LONGEST = timedelta(hours=1)
_LOOK_EVERY_S = 1.0
_AT_ONCE = 20
_POLL_SOONEST = timedelta(seconds=3)
_POLL_LATEST = timedelta(seconds=60)
_FIRST_POLL = timedelta(seconds=20)
"""How long the first poll of a step is left to whoever Slack told of it."""
_LEASE = "waits"
_LEASE_S = 25.0
_TOLD_AGAIN_FOR = timedelta(days=1)
"""How long Slack is told the end of a step again and again, where it does not listen."""
_AGE_SHARE = 10
"""The pause between polls is a tenth of the age: a short task is told soon, a long one cheaply."""
_OVER = frozenset({"function_execution_not_found", "invalid_function_execution_id"})
"""Slack's words for a step that nobody waits for any more."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Waits:
    """Answers workflow steps, at once or when their task has ended."""

    store: Store
    lookup: Lookup
    client: AsyncWebClient
    clock: Clock
    _looked_after: set[int] = field(default_factory=set)
    _running: asyncio.Task[None] | None = field(default=None)

    def start(self) -> None:
        """Begin to look after the steps that wait, those from before a restart included."""
        self._running = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stop looking; what waits goes on waiting in the store."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
            await self._leave_to_others()

    async def answer_step(
        self, team_id: str, execution_id: str, ref: TaskRef, *, patience: timedelta
    ) -> None:
        """Answer a step when its task ends, or *patience* does; without any, at once.

        Once for each *execution_id*, however often Slack delivers it.
        """
        now = self.clock.now()
        until = now + min(patience, LONGEST)
        wait = await self.store.add_wait(team_id, execution_id, ref, until=until, at=now)
        if wait is not None:
            await self._look_after(wait)

    async def refuse_step(self, execution_id: str, problem: str) -> None:
        """Fail a step whose inputs are no question; whoever built the workflow reads why."""
        await self._tell(execution_id, None, problem)

    async def _run(self) -> None:
        while True:
            try:
                await self._look_after_all()
            except StoreError as error:
                log.warning("waits_not_looked_after reason=%s", error)
            await self.clock.sleep(_LOOK_EVERY_S)

    async def _look_after_all(self) -> None:
        """Look after what is due; one replica does so for all of them."""
        if not await self.store.leases.hold(_LEASE, _LEASE_S):
            return
        now = self.clock.now()
        due = await self.store.due_waits(now, _AT_ONCE)
        await asyncio.gather(*(self._look_after(wait) for wait in due if not is_new(wait, now)))

    async def _leave_to_others(self) -> None:
        try:
            await self.store.leases.drop(_LEASE)
        except StoreError as error:
            log.debug("waits_not_left reason=%s", error)  # they are taken over anyway

    async def _look_after(self, wait: Wait) -> None:
        """Poll a wait that nobody looks after now; a fault of ours holds up no other."""
        if wait.id in self._looked_after:
            return
        self._looked_after.add(wait.id)
        try:
            await self._poll(wait)
        except StoreError as error:
            log.warning("waits_not_looked_after reason=%s", error)
        except Exception:
            log.exception("wait_failed task=%s", wait.ref)
            await self.store.reschedule_wait(wait.id, self.clock.now() + _POLL_LATEST)
        finally:
            self._looked_after.discard(wait.id)

    async def _poll(self, wait: Wait) -> None:
        status = await self.lookup.ask(wait.ref, fresh=True, background=True)
        now = self.clock.now()
        over = status.state is not None and status.state.is_terminal
        if not over and now < wait.until:
            await self.store.reschedule_wait(wait.id, next_poll_at(wait, now))
        elif await self._tell(wait.execution_id, outputs_of(status), None):
            await self.store.end_wait(wait.id)
        elif now < wait.until + _TOLD_AGAIN_FOR:
            await self.store.reschedule_wait(wait.id, now + _POLL_LATEST)
        else:
            log.error("step_given_up task=%s", wait.ref)
            await self.store.end_wait(wait.id)

    async def _tell(
        self, execution_id: str, outputs: dict[str, str] | None, problem: str | None
    ) -> bool:
        """Tell Slack how a step ended; False where that has to be tried again."""
        execution = {"function_execution_id": execution_id}
        try:
            if outputs is None:
                told = self.client.functions_completeError(**execution, error=problem or "")
            else:
                told = self.client.functions_completeSuccess(**execution, outputs=outputs)
            await ask_slack(told)
        except (SlackRefusedError, SlackUnreachableError) as error:
            log.warning("step_not_completed reason=%s", error)
            return str(error) in _OVER
        return True


def is_new(wait: Wait, now: datetime) -> bool:
    """Tell whether the replica that was told of a step is still at its first poll."""
    return wait.next_poll_at == wait.created_at and now - wait.created_at < _FIRST_POLL


def next_poll_at(wait: Wait, now: datetime) -> datetime:
    """Say when a task is asked about again; never after the step's patience ends."""
    pause = min(max((now - wait.created_at) / _AGE_SHARE, _POLL_SOONEST), _POLL_LATEST)
    return min(now + pause, wait.until)


def outputs_of(status: TaskStatus) -> dict[str, str]:
    """Say a step's outputs; a link that signs its reader in is none of them."""
    links = (output.url for output in status.outputs if output.url and not output.signed)
    error = status.error
    return {
        "state": status.state or TaskState.UNKNOWN,
        "playback_url": next(links, ""),
        "error": f"{error.message} {error.hint or ''}".strip() if error else "",
    }
