"""Where the contract suite plays: the real adapter, gate and lookup before a local vendor."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import aiohttp

from providers.base import Provider
from providers.errors import ProviderError
from providers.gate import Gate
from providers.lookup import Endpoint, Lookup
from providers.models import TaskRef, TaskStatus
from providers.registry import AnyAccount, Endpoints, Tools, build_endpoints
from tests.fakes.clock import FakeClock
from tests.fakes.cloud import Asked, Cloud
from tests.providers.contract_vendors import Vendor

_ADDRESSES = ("url", "iam_url", "rtc_url", "record_url")
_BOUND_S = 10
"""No test waits longer for a real socket."""
_WINDOW_S = 0.02

Told = TypeVar("Told")


@dataclass
class Stage:
    """One vendor of the table, and everything of ours that asks it."""

    vendor: Vendor
    cloud: Cloud
    clock: FakeClock
    config: AnyAccount
    tools: Tools
    endpoint: Endpoint
    lookup: Lookup
    words: list[tuple[str, str]]
    observed: list[str] = field(default_factory=list)

    @property
    def asked(self) -> list[Asked]:
        return self.cloud.asked

    @property
    def provider(self) -> Provider:
        return self.endpoint.provider

    @property
    def gate(self) -> Gate:
        return self.endpoint.gate

    def rebuild(self) -> None:
        """Replace adapter and gate by others that remember nothing."""
        self.endpoint = _endpoints(self.vendor, self.config, self.tools)[self._key]

    @property
    def _key(self) -> tuple[str, str]:
        return (self.vendor.provider, self.vendor.account)

    def ref(self, task_id: str | None = None) -> TaskRef:
        return TaskRef(self.vendor.provider, self.vendor.account, task_id or self.vendor.task_id)

    async def attempt(self, task_id: str | None = None) -> TaskStatus | ProviderError:
        """Ask the adapter itself, which is one attempt."""
        return await told(self.provider.fetch_task(self.ref(task_id)))

    async def question(self) -> TaskStatus | ProviderError:
        """Ask through the gate, which may make more than one."""
        return await told(self.gate.call(lambda: self.provider.fetch_task(self.ref())))

    async def person(self, task_id: str | None = None, *, fresh: bool = False) -> TaskStatus:
        """Ask as a person does, and let the window pass in which batches gather."""
        asking = asyncio.create_task(self.lookup.ask(self.ref(task_id), fresh=fresh))
        await self.clock.advance(_WINDOW_S)
        return await bounded(asking)


async def bounded(answer: Awaitable[Told]) -> Told:
    """Wait for what comes over a socket, but not for ever."""
    async with asyncio.timeout(_BOUND_S):
        return await answer


async def told(question: Awaitable[TaskStatus]) -> TaskStatus | ProviderError:
    """Give the answer, or the error in its place."""
    try:
        return await bounded(question)
    except ProviderError as error:
        return error


@asynccontextmanager
async def open_stage(
    vendor: Vendor, *, clock: FakeClock | None = None, **changes: Any
) -> AsyncIterator[Stage]:
    """Start the vendor's cloud and set everything before it; *changes* go into the account."""
    clock = clock or FakeClock()
    words: list[tuple[str, str]] = []
    observed: list[str] = []
    async with Cloud(vendor.door, vendor.beside) as cloud, aiohttp.ClientSession() as session:
        config = _configure(vendor, cloud.url, changes)
        tools = Tools(
            session,
            clock,
            observe=lambda _gate, outcome, _seconds: observed.append(outcome),
            random=lambda: 1.0,
        )
        endpoints = _endpoints(vendor, config, tools)
        lookup = Lookup(endpoints, clock=clock, on_undocumented=lambda *word: words.append(word))
        endpoint = endpoints[vendor.provider, vendor.account]
        yield Stage(vendor, cloud, clock, config, tools, endpoint, lookup, words, observed)
        await lookup.aclose()


def _endpoints(vendor: Vendor, config: AnyAccount, tools: Tools) -> Endpoints:
    return build_endpoints({vendor.account: config}, tools)


def _configure(vendor: Vendor, address: str, changes: dict[str, Any]) -> AnyAccount:
    addresses = {key: address for key in _ADDRESSES if key in vendor.model.model_fields}
    return vendor.model.model_validate({**vendor.section, **addresses, **changes})
