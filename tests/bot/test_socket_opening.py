"""Opening a connection: it is tried until it works, one at a time, and says why it does not."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

import bot.socket_mode
from bot.metrics import Metrics
from bot.socket_connection import LOOK_EVERY_S
from bot.socket_mode import SocketMode
from tests.fakes.clock import FakeClock
from tests.fakes.hasty_clock import HastyClock
from tests.fakes.slack_socket import SlackSocket, slack_socket

MakeSocketMode = Callable[..., SocketMode]
NO_USE = '{"type": "disconnect", "reason": "too_many_websockets"}'


@pytest.fixture
async def slack() -> AsyncIterator[SlackSocket]:
    async with slack_socket() as listening:
        yield listening


@pytest.fixture
async def make(session: aiohttp.ClientSession) -> AsyncIterator[MakeSocketMode]:
    """Make connections that are closed in the end."""
    made: list[SocketMode] = []

    def make_one(url: str, clock: FakeClock, connections: int = 1) -> SocketMode:
        client = AsyncWebClient("xoxb-1", base_url=url, session=session, retry_handlers=[])
        app = AsyncApp(client=client, signing_secret="not used")
        made.append(
            SocketMode(
                app, "xapp-1", session, clock=clock, metrics=Metrics(), connections=connections
            )
        )
        return made[-1]

    yield make_one
    for socket_mode in made:
        await socket_mode.close()


async def until(condition: Callable[[], object], clock: FakeClock) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await clock.settle()


async def test_every_attempt_asks_for_an_address_of_its_own_and_the_pauses_grow(
    slack: SlackSocket, make: MakeSocketMode, hasty_clock: HastyClock
) -> None:
    slack.refuses = True
    connecting = asyncio.create_task(make(slack.url, hasty_clock).connect())

    await until(lambda: len(hasty_clock.slept) >= 7, hasty_clock)
    slack.refuses = False
    async with asyncio.timeout(5):
        await connecting

    pauses = [slept for slept in hasty_clock.slept if slept != LOOK_EVERY_S]
    assert pauses[:7] == [1, 2, 4, 8, 16, 30, 30]
    assert slack.addresses == len(slack.open) + len(pauses)


async def test_two_connections_are_never_opened_at_the_same_time(
    slack: SlackSocket, make: MakeSocketMode
) -> None:
    clock = FakeClock()
    socket_mode = make(slack.url, clock, connections=4)

    await socket_mode.connect()
    await until(lambda: socket_mode.count_open() == 4, clock)

    assert (slack.addresses, slack.most_asking) == (4, 1)


REFUSALS = [
    ({"refuses": True}, "no WebSocket (WSServerHandshakeError)"),
    ({"greeting": (NO_USE,)}, "Slack ended it: too_many_websockets"),
    ({"greeting": ()}, "Slack says no hello"),
    ({"answer": {"ok": False, "error": "internal_error"}}, "Slack answered internal_error"),
]


@pytest.mark.parametrize(("unfriendly", "why"), REFUSALS)
async def test_why_a_connection_does_not_come_about_is_told_and_logged_once_without_its_ticket(
    unfriendly: dict[str, Any],
    why: str,
    slack: SlackSocket,
    make: MakeSocketMode,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(bot.socket_mode, "_OPEN_WITHIN_S", 0.1)
    for name, value in unfriendly.items():
        setattr(slack, name, value)
    clock = FakeClock()
    socket_mode = make(slack.url, clock)
    connecting = asyncio.create_task(socket_mode.connect())

    await until(lambda: 1 in clock.slept, clock)
    await clock.advance(1)
    await until(lambda: 2 in clock.slept, clock)

    assert socket_mode.remarks() == [f"Socket Mode connection 1: {why}"]
    assert caplog.messages == [f"socket_not_opened connection=1 reason={why}"]
    assert not connecting.done()
    connecting.cancel()


async def test_an_unreachable_slack_is_told(
    make: MakeSocketMode, caplog: pytest.LogCaptureFixture
) -> None:
    clock = FakeClock()
    socket_mode = make("http://127.0.0.1:9/", clock)
    connecting = asyncio.create_task(socket_mode.connect())

    await until(lambda: clock.sleepers, clock)

    why = "Slack cannot be reached: no connection to Slack (ClientConnectorError)"
    assert socket_mode.remarks() == [f"Socket Mode connection 1: {why}"]
    assert caplog.messages == [f"socket_not_opened connection=1 reason={why}"]
    connecting.cancel()


async def test_before_anything_is_open_that_is_what_is_told(make: MakeSocketMode) -> None:
    socket_mode = make("http://127.0.0.1:9/", FakeClock(), connections=2)

    remarks = socket_mode.remarks()

    assert socket_mode.count_open() == 0
    assert remarks == [f"Socket Mode connection {number}: not open yet" for number in (1, 2)]


class FaultyClock(FakeClock):
    """Breaks when it is first asked to wait."""

    async def sleep(self, seconds: float) -> None:
        if not self.slept:
            self.slept.append(seconds)
            raise RuntimeError("a bug")
        await super().sleep(seconds)


async def test_it_goes_on_also_after_a_fault_nobody_foresaw(
    slack: SlackSocket, make: MakeSocketMode, caplog: pytest.LogCaptureFixture
) -> None:
    clock = FaultyClock()
    slack.refuses = True
    socket_mode = make(slack.url, clock)
    connecting = asyncio.create_task(socket_mode.connect())
    await until(lambda: clock.sleepers, clock)

    slack.refuses = False
    await clock.advance(30)
    async with asyncio.timeout(5):
        await connecting

    assert socket_mode.count_open() == 1
    assert "socket_failed connection=1" in caplog.messages
    caplog.clear()
