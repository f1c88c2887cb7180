"""A local Slack, the vendors' clouds, a store, and the bot's processes between them.

Slack and the clouds live in this process, so that nothing they saw is hidden; the bot's processes
reach them over HTTP, as they would the real ones.
"""

import asyncio
import re
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

from bot.sandbox.clock import SystemClock as SandboxClock
from bot.sandbox.clouds import Asked, Cloud, Scenario, VendorClouds
from bot.sandbox.slack.entities import Message
from bot.sandbox.slack.server import LocalSlack
from bot.sandbox.slack.troubles import Weather
from bot.store.maintenance import migrate_store
from providers.clock import SystemClock
from tests.bench.processes import BenchError
from tests.fakes.bot import write_toml
from tests.fakes.postgres import Databases, PostgresServer, named_databases, running_postgres
from tests.reliability.books import Books, read_books
from tests.reliability.disk import small_disk
from tests.reliability.network import Network, forwarded, open_network
from tests.reliability.promises import Crowd, add_channels
from tests.reliability.replicas import Replica
from tests.reliability.verdict import Verdict, judge

BAD_DAY: Weather = {
    "http_503": 0.03,
    "done_http_500": 0.03,
    "lost_answer": 0.04,
    "late_answer": 0.02,
    "late_landing": 0.05,
    "rate_limited": 0.02,
}
"""Shares of all posts; the second to the fifth leave the bot not knowing whether they arrived."""
_WINDOWS = {
    Cloud.RTC: (20, 1.0),
    Cloud.RECORD: (20, 1.0),
    Cloud.TIW: (20, 1.0),
    Cloud.MPC: (100, 60.0),
}
"""Requests, within seconds, as each vendor documents; the clouds refuse what is more."""
_TOO_FAST = frozenset({"6", "2", "RequestLimitExceeded", "APIGW.0308"})
_EVENTS = {
    "uncertain": r"delivery_uncertain ",
    "read back": r"delivery_read_back ",
    "found": r"delivery_read_back .*reading=found",
    "absent": r"delivery_read_back .*reading=absent",
    "twins deleted": r"twin_deleted ",
    "tracebacks": r"Traceback ",
}
_LOOK_EVERY_S = 0.5
_TWINS_GONE_AFTER_S = 75.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What to set up."""

    store: str = "sqlite"
    """Or ``postgres``."""
    replicas: int = 1
    channels: int = 12
    seed: int = 1
    read_back: bool = True
    uncertain_sends: str = "repeat"
    limits: bool = True
    """Whether Slack keeps its rate limits; the vendors always do."""
    cables: bool = False
    """Whether each replica has a network of its own; needs root."""
    disk_mib: int = 0
    """The size of a disk of its own for the store; 0: it has none. Needs root."""


@dataclass(slots=True)
class World:
    """Everything that runs."""

    plan: Plan
    folder: Path
    slack: LocalSlack
    clouds: VendorClouds
    url: str
    postgres: PostgresServer | None
    network: Network | None
    replicas: list[Replica]
    crowd: Crowd
    session: aiohttp.ClientSession
    lot: Random
    faults: "Counter[str]" = field(default_factory=Counter)
    _last_asked: Asked | None = None
    requests: "Counter[Cloud]" = field(default_factory=Counter)
    refused: int = 0
    """Requests a vendor refused because they came too fast."""
    watch_requests_every_s: float = 5.0

    @property
    def store_path(self) -> Path:
        """Where the SQLite file is."""
        return Path(self.url.removeprefix("sqlite:///"))

    def messages(self) -> list[Message]:
        """Everything that stands in Slack."""
        workspace = self.slack.backend.workspace
        return [message for channel in workspace.channels for message in workspace.seen(channel)]

    async def books(self) -> Books:
        """Read the store."""
        return await read_books(self.url)

    async def verdict(self) -> Verdict:
        """Judge how it stands now."""
        return judge(self.crowd.promises, await self.books(), self.messages())

    async def start(self) -> None:
        """Start every replica and wait until all are ready.

        Raises:
            BenchError: one does not become ready.
        """
        for replica in self.replicas:
            replica.start()
        await self.become_ready()

    async def become_ready(self) -> None:
        """Wait until every replica is.

        Raises:
            BenchError: one does not become ready.
        """
        for replica in self.replicas:
            if not await replica.is_ready(self.session):
                raise BenchError("not ready:\n" + replica.log.read_text("utf-8")[-4000:])

    async def drain(self, within_s: float) -> Verdict:
        """Wait until all is told, or the time is over; late twins are given time to go."""
        verdict = await self._wait(within_s, self._is_settled)
        if verdict.duplicates:
            return await self._wait(_TWINS_GONE_AFTER_S, self._is_clean)
        return verdict

    async def drain_to_dead_letters(self, within_s: float) -> Verdict:
        """Wait until nothing is left to do without an operator, or the time is over."""
        return await self._wait(within_s, lambda verdict: not verdict.open)

    async def _wait(self, within_s: float, is_over: Callable[[Verdict], bool]) -> Verdict:
        clock = SystemClock()
        give_up_at = clock.monotonic() + within_s
        verdict = await self.verdict()
        while not is_over(verdict) and clock.monotonic() < give_up_at:
            for replica in self.replicas:
                replica.check()
            await clock.sleep(_LOOK_EVERY_S)
            verdict = await self.verdict()
        return verdict

    @staticmethod
    def _is_settled(verdict: Verdict) -> bool:
        return not (verdict.open or verdict.lost or verdict.untrue_cards)

    @staticmethod
    def _is_clean(verdict: Verdict) -> bool:
        return not verdict.wrong

    def events(self) -> "Counter[str]":
        """Count what the bots' logs tell of."""
        told: Counter[str] = Counter()
        for replica in self.replicas:
            text = replica.log.read_text("utf-8")
            for name, pattern in _EVENTS.items():
                told[name] += len(re.findall(pattern, text))
        return told

    def note_requests(self) -> None:
        """Read on in the clouds' journal; it keeps the last 20,000 requests."""
        asked = self.clouds.requests
        known = next((n for n, one in enumerate(asked) if one is self._last_asked), -1)
        for one in asked[known + 1 :]:
            self.requests[one.cloud] += 1
            self.refused += one.verdict in _TOO_FAST
        self._last_asked = asked[-1] if asked else None

    def set_slack_weather(self, weather: Weather) -> None:
        """Let posts go wrong, and a tenth as often edits and readings."""
        self.slack.backend.troubles.set_weather("chat.postMessage", weather)
        lesser: Weather = {trouble: share / 3 for trouble, share in weather.items()}
        for method in ("chat.update", "conversations.replies", "conversations.history"):
            self.slack.backend.troubles.set_weather(method, lesser)


@asynccontextmanager
async def open_world(plan: Plan) -> AsyncIterator[World]:
    """Set everything up but the bot, which ``World.start`` starts."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="mediatask-reliability-")))
        network = None
        if plan.cables:
            network = await stack.enter_async_context(open_network(plan.replicas))
        host = network.host if network else "127.0.0.1"
        slack = await stack.enter_async_context(
            await LocalSlack.start(clock=SandboxClock(), host=host)
        )
        slack.backend.limits.is_on = plan.limits
        slack.backend.troubles.lot.seed(plan.seed)
        clouds = await stack.enter_async_context(
            await VendorClouds.start(Scenario.load(), clock=SandboxClock(), host=host)
        )
        url, postgres = await _open_store(stack, plan, folder)
        bots_url = url
        if network is not None and postgres is not None:
            port = await stack.enter_async_context(forwarded(host, postgres.port))
            bots_url = url.replace(f"127.0.0.1:{postgres.port}", f"{host}:{port}")
        session = await stack.enter_async_context(
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5))
        )
        lot = Random(plan.seed)  # noqa: S311  # luck, and no secret
        crowd = Crowd(slack, clouds, lot, add_channels(slack, plan.channels))
        world = World(plan, folder, slack, clouds, url, postgres, network, [], crowd, session, lot)
        for number in range(plan.replicas):
            world.replicas.append(_replica(world, number, bots_url))
            stack.push_async_callback(world.replicas[-1].close)
        stack.push_async_callback(crowd.close)
        watching = asyncio.create_task(_watch_requests(world))
        stack.push_async_callback(_cancel, watching)
        yield world


async def _open_store(
    stack: AsyncExitStack, plan: Plan, folder: Path
) -> tuple[str, PostgresServer | None]:
    if plan.store == "sqlite":
        if plan.disk_mib:
            stack.enter_context(small_disk(folder / "disk", plan.disk_mib))
            return f"sqlite:///{folder / 'disk' / 'bot.db'}", None
        return f"sqlite:///{folder / 'bot.db'}", None
    server = None
    databases: Databases | None = named_databases()
    if databases is None:
        server = stack.enter_context(running_postgres())
        databases = server.databases
    name = await databases.create()
    url = databases.url(name) if server is None else server.tcp_url(name)
    await migrate_store(url)
    return url, server


def _replica(world: World, number: int, url: str) -> Replica:
    server = {"host": "127.0.0.1", "port": free_port()}
    within: Sequence[str] = ()
    if world.network is not None:
        server["host"] = world.network.address(number)
        within = world.network.within(number)
    settings = {**settings_of(world), "server": server, "store": {"url": url}}
    path = write_toml(settings, world.folder / f"replica-{number}.toml")
    probes = f"http://{server['host']}:{server['port']}"
    return Replica(path, world.folder / f"replica-{number}.log", probes, within)


def settings_of(world: World) -> dict[str, Any]:
    """Configure a bot of this world, but for its port and its store."""
    slack, plan = world.slack, world.plan
    return {
        "slack": {
            "mode": "socket",
            "bot_token": slack.bot_token,
            "app_token": slack.app_token,
            "api_url": slack.api_url,
            "read_back": plan.read_back,
            "uncertain_sends": plan.uncertain_sends,
        },
        "fetch": {"allow_private": True},
        "accounts": world.clouds.accounts(),
    }


def free_port() -> int:
    """Find a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _watch_requests(world: World) -> None:
    clock = SystemClock()
    while True:
        world.note_requests()
        await clock.sleep(world.watch_requests_every_s)


async def _cancel(task: "asyncio.Task[Any]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
