"""One WebSocket: what it makes of the frames that come, and how it ends."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

import bot.socket_connection
from bot.socket_connection import Connection, Ending
from bot.socket_frames import Envelope
from tests.fakes.clock import FakeClock
from tests.fakes.slack_socket import SlackSocket, slack_socket


class Receiver:
    """Takes envelopes; those called ``bad`` it chokes on, those called ``slow`` it never ends."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    async def receive(self, connection: Connection, envelope: Envelope) -> None:
        self.taken.append(envelope.id)
        if envelope.id == "bad":
            raise RuntimeError("a bug")
        if envelope.id == "slow":
            await asyncio.Event().wait()
        await connection.send(json.dumps({"envelope_id": envelope.id}))


@pytest.fixture
async def slack() -> AsyncIterator[SlackSocket]:
    async with slack_socket() as listening:
        yield listening


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
async def connection(
    slack: SlackSocket, receiver: Receiver, session: aiohttp.ClientSession
) -> AsyncIterator[Connection]:
    socket = await session.ws_connect(f"{slack.url}link", autoping=False)
    made = Connection(socket, FakeClock(), receiver.receive)
    await made.start()
    yield made
    await made.close()


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await FakeClock().settle()


def envelope(envelope_id: str) -> str:
    return json.dumps({"envelope_id": envelope_id, "type": "interactive", "payload": {}})


def goodbye(reason: str) -> str:
    return json.dumps({"type": "disconnect", "reason": reason})


async def test_an_envelope_is_taken_and_answered(
    connection: Connection, receiver: Receiver, slack: SlackSocket
) -> None:
    await slack.say(envelope("e-1"))

    await until(lambda: slack.heard)

    assert connection.is_taking
    assert receiver.taken == ["e-1"]
    assert json.loads(slack.heard[0]) == {"envelope_id": "e-1"}


async def test_what_is_none_of_slacks_frames_changes_nothing(
    connection: Connection, receiver: Receiver, slack: SlackSocket
) -> None:
    await slack.say("Ping from applink-1")
    await slack.open[-1].send_bytes(b"\x00")
    await slack.say(envelope("e-1"))

    await until(lambda: slack.heard)

    assert receiver.taken == ["e-1"]
    assert connection.is_taking


async def test_slacks_own_pings_are_answered(connection: Connection, slack: SlackSocket) -> None:
    await slack.open[-1].ping(b"are you there")

    await until(lambda: slack.pongs)

    assert slack.pongs == [b"are you there"]
    assert connection.is_taking


async def test_an_envelope_nobody_can_handle_costs_no_other(
    connection: Connection, slack: SlackSocket, caplog: pytest.LogCaptureFixture
) -> None:
    await slack.say(envelope("bad"))
    await slack.say(envelope("e-1"))

    await until(lambda: slack.heard)

    assert connection.is_taking
    assert caplog.messages == ["envelope_failed"]
    caplog.clear()


GOODBYES = [
    ("warning", Ending.REFRESH, True),
    ("refresh_requested", Ending.REFRESH, False),
    ("link_disabled", Ending.LINK_DISABLED, False),
    ("too_many_websockets", Ending.CLOSED, False),
    ("something new", Ending.CLOSED, False),
]


@pytest.mark.parametrize(("reason", "ending", "is_taking"), GOODBYES)
async def test_slack_says_goodbye(
    connection: Connection, slack: SlackSocket, *, reason: str, ending: Ending, is_taking: bool
) -> None:
    await slack.say(goodbye(reason))

    async with asyncio.timeout(5):
        wanted = await asyncio.shield(connection.ending)

    assert wanted is ending
    assert connection.is_taking is is_taking


async def test_a_warned_connection_takes_what_still_comes_until_slack_ends_it(
    connection: Connection, slack: SlackSocket
) -> None:
    await slack.say(goodbye("warning"))
    finishing = asyncio.create_task(connection.finish())
    await slack.say(envelope("late"))
    await until(lambda: slack.heard)
    before = finishing.done()

    await slack.say(goodbye("refresh_requested"))
    async with asyncio.timeout(5):
        await finishing

    assert not before
    assert connection.ending.result() is Ending.REFRESH


async def test_a_connection_slack_forgets_to_end_is_not_waited_for_for_ever(
    connection: Connection, slack: SlackSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.socket_connection, "_LINGER_S", 0.01)
    await slack.say(goodbye("warning"))

    async with asyncio.timeout(5):
        await connection.finish()

    assert connection.is_taking


async def test_over_a_closed_connection_nothing_is_sent(connection: Connection) -> None:
    await connection.close()

    assert not await connection.send("{}")
    assert connection.ending.result() is Ending.CLOSED


async def test_closing_waits_for_nobody_for_ever(
    connection: Connection,
    receiver: Receiver,
    slack: SlackSocket,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bot.socket_connection, "_LAST_ACKS_WITHIN_S", 0.01)
    await slack.say(envelope("slow"))
    await until(lambda: receiver.taken)

    async with asyncio.timeout(5):
        await connection.close()

    assert not connection.is_taking


async def test_what_breaks_the_protocol_ends_the_connection(
    connection: Connection, slack: SlackSocket
) -> None:
    server: Any = slack.open[-1]
    server._req.transport.write(b"\xff\xff\xff\xff")  # noqa: SLF001  # below any WebSocket

    async with asyncio.timeout(5):
        ending = await asyncio.shield(connection.ending)

    assert ending is Ending.CLOSED


async def test_what_cannot_be_sent_whole_was_not_sent(connection: Connection) -> None:
    too_much = "x" * 50_000_000  # the other side hangs up long before the end

    was_sent = await connection.send(too_much)

    assert not was_sent
