"""The vendors' side of the process: one session, and the lookup that asks through it.

``mediatask query`` and ``mediatask serve`` both stand on this, so that the shell and Slack give
the same answer; it imports nothing of Slack's.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from bot.commands import Accounts, Target
from providers.clock import Clock
from providers.gate import Observe
from providers.lookup import Lookup
from providers.models import TaskRef, TaskStatus
from providers.registry import (
    AnyAccount,
    Endpoints,
    NewTurns,
    Tools,
    WasOrdinary,
    build_endpoints,
    nobody_said,
)

USER_AGENT = "mediatask"


@dataclass(frozen=True, slots=True)
class Vendors:
    """Everything that can be asked, and how."""

    session: aiohttp.ClientSession
    endpoints: Endpoints
    lookup: Lookup

    @property
    def accounts(self) -> Accounts:
        """Each provider's accounts, the default first."""
        return self.lookup.accounts


def open_session() -> aiohttp.ClientSession:
    """Open the process's one session; deadlines and limits are set where requests are made."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=30),
        timeout=aiohttp.ClientTimeout(total=None),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": USER_AGENT},
    )


@asynccontextmanager
async def open_vendors(
    accounts: Mapping[str, AnyAccount],
    *,
    clock: Clock,
    observe: Observe,
    on_undocumented: Callable[[str, str], None],
    new_turns: NewTurns | None = None,
    was_ordinary: WasOrdinary = nobody_said,
) -> AsyncIterator[Vendors]:
    """Build the vendors' side and take it down again.

    *was_ordinary* where callbacks are kept; *new_turns* where other processes ask with the same
    accounts and keep the limits with this one.
    """
    async with open_session() as session:
        tools = Tools(session, clock, observe, new_turns=new_turns, was_ordinary=was_ordinary)
        endpoints = build_endpoints(accounts, tools)
        lookup = Lookup(endpoints, clock=clock, on_undocumented=on_undocumented)
        try:
            yield Vendors(session, endpoints, lookup)
        finally:
            await lookup.aclose()


async def ask_target(
    lookup: Lookup, target: Target, *, fresh: bool = False
) -> tuple[TaskStatus, ...]:
    """Ask about what a person named: one account's task, or an id whose provider is worked out."""
    if target.provider is None or target.account is None:
        return await lookup.ask_id(target.task_id, fresh=fresh)
    ref = TaskRef(target.provider, target.account, target.task_id)
    return (await lookup.ask(ref, fresh=fresh),)
