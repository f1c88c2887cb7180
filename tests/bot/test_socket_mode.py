"""Connections to Slack that are replaced in time, so that a command always finds one."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.metrics import Metrics
from bot.sandbox.slack.server import LocalSlack
from bot.sandbox.slack.socket_mode import Cut
from bot.socket_mode import SocketMode
from tests.fakes.clock import FakeClock

NOTICED_WITHIN_S = 30
ANSWERS: dict[str, dict[str, Any]] = {
    "words": {"text": "at once"},
    "blocks": {"text": "as JSON", "blocks": []},
}


@dataclass
class Listener:
    """What listens to the command."""

    hold: asyncio.Event = field(default_factory=asyncio.Event)
    """While it is clear, commands wait with their acknowledgement."""
    waiting: int = 0

    def __post_init__(self) -> None:
        self.hold.set()

    async def on_command(self, ack: AsyncAck, command: dict[str, str]) -> None:
        self.waiting += 1
        await self.hold.wait()
        self.waiting -= 1
        if command["text"] == "fails":
            raise RuntimeError("a bug")
        await ack(**ANSWERS.get(command["text"], {}))


@dataclass
class Link:
    """The connections, and what is told about them."""

    socket_mode: SocketMode
    clock: FakeClock
    metrics: Metrics
    listener: "Listener"

    def figure(self, name: str) -> float:
        """Read a figure of Socket Mode as Prometheus gets it; 0 where it was never counted."""
        for line in self.metrics.render().decode().splitlines():
            if line.startswith(f"mediatask_socket_{name} "):
                return float(line.rpartition(" ")[2])
        return 0.0

    async def pass_time(self, seconds: int) -> None:
        """Let time go by, slowly enough for pongs to come."""
        for _ in range(seconds):
            await self.clock.advance(1)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait, for seconds at most, without any time going by."""
        async with asyncio.timeout(5):
            while not condition():
                await self.clock.settle()

    async def under_way(self, number: int) -> None:
        """Wait until so many commands wait with their acknowledgement."""
        await self.until(lambda: self.listener.waiting == number)

    async def has(self, number: int) -> None:
        """Wait until so many connections are open."""
        await self.until(lambda: self.socket_mode.count_open() == number)

    async def rebuilds(self, number: int, reason: str) -> None:
        """Wait until so many connections had to be replaced, and all are open."""
        name = f'rebuilds_total{{reason="{reason}"}}'
        await self.until(lambda: self.figure(name) == number)
        await self.has(2)


@asynccontextmanager
async def link_to(
    slack: LocalSlack, session: aiohttp.ClientSession, clock: FakeClock
) -> AsyncIterator[Link]:
    client = AsyncWebClient(
        slack.bot_token, base_url=slack.api_url, session=session, retry_handlers=[]
    )
    app = AsyncApp(client=client, signing_secret="not used", process_before_response=True)
    listener, metrics = Listener(), Metrics()
    app.command("/mediatask")(listener.on_command)
    socket_mode = SocketMode(app, slack.app_token, session, clock=clock, metrics=metrics)
    try:
        yield Link(socket_mode, clock, metrics, listener)
    finally:
        await socket_mode.close()


@pytest.fixture
async def link(slack: LocalSlack, session: aiohttp.ClientSession) -> AsyncIterator[Link]:
    """Two open connections, on a clock that stands still."""
    async with link_to(slack, session, FakeClock()) as opening:
        await opening.socket_mode.connect()
        await opening.has(2)
        await opening.pass_time(20)
        yield opening


async def commands(slack: LocalSlack, number: int) -> list[str | None]:
    """Type *number* commands at once; what Slack itself says of each."""
    outcomes = await asyncio.gather(*(slack.command(f"record {n}") for n in range(number)))
    return [outcome.error for outcome in outcomes]


async def test_both_connections_are_open(link: Link, slack: LocalSlack) -> None:
    assert slack.connections == 2
    assert link.socket_mode.count_open() == 2
    assert link.socket_mode.remarks() == []
    assert link.figure("open") == 2


@pytest.mark.parametrize(
    ("text", "response"), [("words", "at once"), ("blocks", "as JSON"), ("help", None)]
)
async def test_an_acknowledgement_may_carry_an_answer(
    text: str, response: str | None, link: Link, slack: LocalSlack
) -> None:
    assert link.socket_mode.count_open()

    outcome = await slack.command(text)

    assert outcome.error is None
    assert (outcome.response or {}).get("text") == response


async def test_acknowledgements_are_timed(link: Link, slack: LocalSlack) -> None:
    await commands(slack, 3)

    told = link.metrics.render().decode()
    assert 'mediatask_ack_seconds_count{kind="socket"} 3.0' in told


@pytest.mark.parametrize("how", ["refresh", "warning", "reset", "link_disabled"])
async def test_no_command_is_lost_while_a_connection_is_replaced(
    how: Cut, link: Link, slack: LocalSlack
) -> None:
    await slack.drop_connections(how, 1)

    errors = await commands(slack, 20)
    await link.has(2)

    assert errors == [None] * 20
    assert await commands(slack, 4) == [None] * 4
    assert slack.connections >= 2


async def test_the_successor_is_open_before_the_old_connection_is_closed(
    link: Link, slack: LocalSlack
) -> None:
    seen: list[int] = []
    stop = slack.backend.workspace.changes.watch(
        lambda change: (
            seen.append(len(slack.backend.socket_mode.connections))
            if change.kind == "connection"
            else None
        )
    )

    await slack.drop_connections("refresh", 1)
    await link.rebuilds(1, "refresh")
    await slack.wait_for(lambda: seen == [3, 2])

    stop()
    assert link.figure("deaf_seconds_total") == 0


@pytest.mark.parametrize("how", ["silence", "blackhole"])
async def test_a_deaf_connection_is_noticed_and_replaced_within_half_a_minute(
    how: Cut, link: Link, slack: LocalSlack, caplog: pytest.LogCaptureFixture
) -> None:
    await slack.drop_connections(how, 1)

    await link.pass_time(NOTICED_WITHIN_S)
    await link.rebuilds(1, "deaf")

    assert await commands(slack, 4) == [None] * 4
    assert 15 <= link.figure("deaf_seconds_total") <= NOTICED_WITHIN_S
    assert "socket_ended connection=1 reason=deaf" in caplog.messages


async def test_a_healthy_connection_on_which_nothing_happens_is_left_alone(
    link: Link, slack: LocalSlack
) -> None:
    before = list(slack.backend.socket_mode.connections)

    for hour in (1, -2):
        link.clock.jump(timedelta(hours=hour))
        await link.pass_time(90)

    assert slack.backend.socket_mode.connections == before
    assert link.figure("deaf_seconds_total") == 0


async def test_a_connection_that_ends_at_once_is_not_replaced_in_a_whirl(
    slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    async with link_to(slack, session, FakeClock()) as link:
        await link.socket_mode.connect()
        await link.has(2)

        await slack.drop_connections("reset")
        await link.has(0)
        told = link.socket_mode.remarks()
        await link.clock.advance(1)
        await link.has(2)

    assert told == [f"Socket Mode connection {n}: it was closed" for n in (1, 2)]
    assert link.figure("deaf_seconds_total") == 2


async def test_an_acknowledgement_whose_way_is_cut_takes_another(
    link: Link, slack: LocalSlack
) -> None:
    link.listener.hold.clear()
    typing = [asyncio.create_task(slack.command("help")) for _ in range(2)]
    await link.under_way(2)
    await slack.drop_connections("reset", 1)
    await link.rebuilds(1, "closed")

    link.listener.hold.set()
    outcomes = await asyncio.gather(*typing)

    assert [outcome.error for outcome in outcomes] == [None, None]


async def test_an_acknowledgement_that_finds_no_way_is_said_to_be_lost(
    link: Link, slack: LocalSlack, caplog: pytest.LogCaptureFixture
) -> None:
    link.listener.hold.clear()
    typing = asyncio.create_task(slack.command("help"))
    await link.under_way(1)
    slack.trouble("apps.connections.open", "internal_error", times=9)
    await slack.drop_connections("reset")
    await link.has(0)

    link.listener.hold.set()
    await link.until(lambda: "acknowledgement_lost" in caplog.messages)

    assert not typing.done()
    typing.cancel()


async def test_acknowledgements_under_way_go_out_before_the_connections_close(
    link: Link, slack: LocalSlack
) -> None:
    link.listener.hold.clear()
    typing = asyncio.create_task(slack.command("help"))
    await link.under_way(1)

    closing = asyncio.create_task(link.socket_mode.close())
    await link.clock.settle()
    link.listener.hold.set()
    outcome = await typing
    await closing

    assert outcome.error is None
    assert link.socket_mode.count_open() == 0
    await slack.wait_for(lambda: not slack.connections)


@pytest.mark.parametrize(("text", "status"), [("fails", 500), ("nobody", 404)])
async def test_what_nobody_takes_is_logged_and_not_acknowledged(
    text: str, status: int, link: Link, slack: LocalSlack, caplog: pytest.LogCaptureFixture
) -> None:
    command = "/mediatask" if text == "fails" else "/unknown"
    typing = asyncio.create_task(slack.command(text, command=command))

    await link.until(lambda: f"envelope_refused status={status}" in caplog.messages)

    assert not typing.done()
    typing.cancel()
    caplog.clear()  # Bolt says in its own way that the listener failed
