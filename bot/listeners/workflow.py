"""The Workflow Builder step "Look up a media task"."""

from dataclasses import dataclass
from datetime import timedelta
from math import isfinite
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.asker import Asker
from bot.commands import UsageError, read_targets, split_words
from bot.desk import Desk
from bot.guard import Guard
from bot.replies import Answer
from bot.respond import Outcome
from bot.waits import LONGEST, Waits
from providers.models import TaskRef

CALLBACK_ID = "look_up_media_task"
_WANTED = "This step needs one provider and one id, such as record and X3CgNeE4I1qAAABN."
_WORKFLOW = "workflow"
"""Stands for the person, whom Slack does not name: a rule about somebody never fits."""


@dataclass(frozen=True, slots=True)
class StepReply:
    """The workflow that runs the step; what there is to say fails it, so that it does not hang."""

    waits: Waits
    execution_id: str

    async def prepare(self) -> None:
        """Nothing."""

    async def send(self, answer: Answer, *, replace: bool) -> Outcome:
        """Fail the step with what there is to say."""
        del replace
        await self.waits.refuse_step(self.execution_id, answer.view.text)
        return Outcome.SENT


def register_workflow(app: AsyncApp, desk: Desk, waits: Waits, guard: Guard) -> None:
    """Listen for the step; how long it waits is one of its inputs."""

    @app.function(CALLBACK_ID, auto_acknowledge=False)
    async def on_step(ack: AsyncAck, body: dict[str, Any], inputs: dict[str, Any]) -> None:
        await ack()
        reply = StepReply(waits, body["event"]["function_execution_id"])
        desk.begin(_answer(waits, guard, body, inputs), reply)


async def _answer(waits: Waits, guard: Guard, body: dict[str, Any], inputs: dict[str, Any]) -> None:
    execution_id, team_id = body["event"]["function_execution_id"], str(body.get("team_id"))
    words = split_words(f"{inputs.get('provider') or ''} {inputs.get('task_id') or ''}")
    try:
        targets = read_targets(words, guard.accounts) if words else ()
    except UsageError as error:
        await waits.refuse_step(execution_id, f"{error.problem} For example: {error.example}")
        return
    if len(targets) != 1 or targets[0].provider is None or targets[0].account is None:
        await waits.refuse_step(execution_id, _WANTED)
        return
    if denied := await guard.refuse("show", Asker(team_id, _WORKFLOW), targets, done="step"):
        await waits.refuse_step(execution_id, f"The rule {denied.rule} does not allow that.")
        return
    ref = TaskRef(targets[0].provider, targets[0].account, targets[0].task_id)
    patience = timedelta(minutes=_minutes(inputs.get("wait_minutes")))
    await waits.answer_step(team_id, execution_id, ref, patience=patience)


def _minutes(told: object) -> float:
    """Read a number Slack may send as text; what is none means not to wait."""
    try:
        minutes = float(str(told or 0))
    except ValueError:
        return 0
    return min(max(minutes, 0), LONGEST / timedelta(minutes=1)) if isfinite(minutes) else 0
