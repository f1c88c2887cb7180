"""Our side: the whole stack, from lookup to mapping, as ``mediatask query`` and the bot use it."""

import asyncio
import gc
from collections.abc import Iterable, Iterator

from bot.settings.load import Settings
from bot.vendors import Vendors, open_vendors
from providers.clock import SystemClock
from providers.models import TaskRef, TaskState
from tests.bench.asking import Job, Took, measured, read_job, tell

_UNPACED = 1_000_000
"""Requests a second: so many that the limiter, which is part of the stack, lets all go."""


def _settings(job: Job) -> Settings:
    accounts = {name: {**told, "rate": _UNPACED} for name, told in job.accounts.items()}
    return Settings.model_validate({"accounts": accounts})


async def _ask_all(vendors: Vendors, job: Job, task_ids: Iterable[str]) -> int:
    """Ask, with so many in flight; give how many were not answered with a good result."""
    account = vendors.accounts[job.provider][0]
    refs = (TaskRef(job.provider, account, task_id) for task_id in task_ids)
    askers = (_ask_in_turn(vendors, refs) for _ in range(job.in_flight))
    return sum(await asyncio.gather(*askers))


async def _ask_in_turn(vendors: Vendors, refs: Iterator[TaskRef]) -> int:
    failed = 0
    for ref in refs:
        status = await vendors.lookup.ask(ref, fresh=True)
        failed += status.state is not TaskState.SUCCEEDED
    return failed


async def _main() -> None:
    job, took = read_job(), Took()

    def count(_gate: str, _outcome: str, _seconds: float) -> None:
        took.requests += 1

    async with open_vendors(
        _settings(job).accounts,
        clock=SystemClock(),
        observe=count,
        on_undocumented=lambda *_: None,
    ) as vendors:
        await _ask_all(vendors, job, job.warm_up_ids)
        took.requests = 0
        gc.freeze()  # as ``mediatask serve`` does once it is up
        with measured(took):
            took.failed = await _ask_all(vendors, job, job.task_ids)
    tell(took)


if __name__ == "__main__":
    asyncio.run(_main())
