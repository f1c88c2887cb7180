"""``mediatask query``: the bot's answer without Slack, from the same code."""

import asyncio
import json
from collections.abc import Mapping, Sequence

from bot.commands import read_targets
from bot.vendors import ask_target, open_vendors
from bot.views.terminal import render_terminal
from providers.clock import Clock
from providers.models import TaskState, TaskStatus
from providers.registry import AnyAccount

EXIT_ANSWERED = 0
EXIT_NOT_FOUND = 1
EXIT_USAGE = 2
EXIT_REFUSED = 4


async def run_query(
    accounts: Mapping[str, AnyAccount], words: Sequence[str], *, as_json: bool, clock: Clock
) -> tuple[str, int]:
    """Look up what *words* ask for; give what to print and the exit status.

    Raises:
        UsageError: the words are no question.
    """
    async with open_vendors(
        accounts, clock=clock, observe=lambda *_: None, on_undocumented=lambda *_: None
    ) as vendors:
        targets = read_targets(words, vendors.accounts)
        answers = await asyncio.gather(*(ask_target(vendors.lookup, target) for target in targets))
    statuses = [status for answer in answers for status in answer]
    return render(statuses, as_json=as_json), exit_status(statuses)


def render(statuses: Sequence[TaskStatus], *, as_json: bool) -> str:
    """Write the answers for a program or for a person."""
    if not as_json:
        return "\n\n".join(render_terminal(status) for status in statuses)
    documents = [status.model_dump(mode="json") for status in statuses]
    return json.dumps(documents, ensure_ascii=False, indent=2)


def exit_status(statuses: Sequence[TaskStatus]) -> int:
    """Tell the worst: a vendor that did not answer, then a task nobody knows, then none of both."""
    states = {status.state for status in statuses}
    if None in states:
        return EXIT_REFUSED
    return EXIT_NOT_FOUND if TaskState.NOT_FOUND in states else EXIT_ANSWERED
