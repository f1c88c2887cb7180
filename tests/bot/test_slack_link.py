"""The bot's standing with Slack: refused for good, unreachable for now, or up."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.server import LocalSlack
from bot.sandbox.slack.troubles import Trouble
from bot.slack_link import (
    Identity,
    SlackLink,
    SlackRefusedError,
    SlackUnreachableError,
    SlackUnsentError,
    ask_slack,
)
from tests.fakes.clock import FakeClock
from tests.fakes.hasty_clock import HastyClock
from tests.fakes.scripted_server import ScriptedServer

Client = Callable[..., AsyncWebClient]
OK = {"ok": True}


@dataclass
class FakeConnections:
    """Socket Mode that opens ``number`` connections, or fails as told."""

    number: int = 2
    said: str | None = None
    error: Exception | None = None
    wrong: tuple[str, ...] = ()
    is_closed: bool = False

    async def connect(self) -> None:
        if self.error:
            raise self.error

    def count_open(self) -> int:
        return self.number

    def remarks(self) -> list[str]:
        return [self.said] if self.said else []

    async def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def client(session: aiohttp.ClientSession) -> Client:
    def make(base_url: str, token: str = LocalSlack.bot_token) -> AsyncWebClient:
        return AsyncWebClient(token, base_url=base_url, session=session, retry_handlers=[])

    return make


@pytest.fixture
def connections() -> FakeConnections:
    return FakeConnections()


@pytest.fixture
async def link(
    slack: LocalSlack, client: Client, connections: FakeConnections, hasty_clock: HastyClock
) -> AsyncIterator[SlackLink]:
    made = SlackLink(client(slack.api_url), slack.app_token, lambda: connections, hasty_clock)
    yield made
    await made.close()


async def up(link: SlackLink) -> None:
    async with asyncio.timeout(5):
        await link.up.wait()


async def test_it_is_up_when_slack_has_accepted_both_tokens(link: SlackLink) -> None:
    before = await link.reasons_not_ready()

    link.start()
    await up(link)

    assert before == ["not connected to Slack yet"]
    assert await link.reasons_not_ready() == []


async def test_once_it_is_up_it_knows_who_we_are(link: SlackLink) -> None:
    before = link.identity

    link.start()
    await up(link)

    assert before == Identity()
    assert link.identity == Identity("T0NORTHWIND", None, "U0MEDIATASK", "B0MEDIATASK")


async def test_in_http_mode_the_bot_token_is_enough(
    slack: LocalSlack, client: Client, hasty_clock: HastyClock
) -> None:
    link = SlackLink(client(slack.api_url), None, None, hasty_clock)

    link.start()
    await up(link)

    assert await link.reasons_not_ready() == []
    await link.close()


async def test_without_any_open_connection_it_is_not_ready(
    link: SlackLink, connections: FakeConnections
) -> None:
    connections.number = 0
    connections.said = "connection 1 is deaf"

    link.start()
    await up(link)

    assert await link.reasons_not_ready() == [
        "no open Socket Mode connection",
        "connection 1 is deaf",
    ]


async def test_a_connection_that_is_not_well_is_a_remark_while_another_is_open(
    link: SlackLink, connections: FakeConnections
) -> None:
    connections.said = "connection 1 is deaf"
    before = link.remarks()

    link.start()
    await up(link)

    assert (before, link.remarks()) == ([], ["connection 1 is deaf"])
    assert await link.reasons_not_ready() == []


@pytest.mark.parametrize(
    ("bot_token", "app_token", "code"),
    [
        ("xoxb-wrong", "xapp-1-local-app", "invalid_auth"),
        ("xapp-1-local-app", "xapp-1-local-app", "not_allowed_token_type"),
        ("xoxb-local-bot", "xapp-wrong", "invalid_auth"),
    ],
)
async def test_refused_credentials_are_told_and_not_tried_again(
    bot_token: str,
    app_token: str,
    code: str,
    slack: LocalSlack,
    client: Client,
    hasty_clock: HastyClock,
) -> None:
    link = SlackLink(client(slack.api_url, bot_token), app_token, FakeConnections, hasty_clock)

    link.start()
    async with asyncio.timeout(5):
        refused = await link.refused()

    assert refused == code
    assert await link.reasons_not_ready() == [f"Slack refused our credentials: {code}"]
    assert hasty_clock.slept == []
    await link.close()


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        ("http_500", "Slack cannot be reached: the answer is not Slack's JSON"),
        ("no_answer", "Slack cannot be reached: no answer of Slack's (ServerDisconnectedError)"),
        ("internal_error", "Slack answered internal_error"),
        ("rate_limited", "Slack answered ratelimited"),
    ],
)
async def test_an_unreachable_slack_is_logged_once_and_tried_until_it_answers(
    trouble: Trouble,
    reason: str,
    slack: LocalSlack,
    link: SlackLink,
    caplog: pytest.LogCaptureFixture,
) -> None:
    slack.trouble("auth.test", trouble, times=4)

    link.start()
    await up(link)

    assert caplog.messages == [f"slack_unreachable reason={reason}"]
    assert await link.reasons_not_ready() == []


async def test_meanwhile_the_reason_can_be_read(slack: LocalSlack, client: Client) -> None:
    clock = FakeClock()
    link = SlackLink(client(slack.api_url), None, None, clock)
    slack.trouble("auth.test", "internal_error")

    link.start()
    async with asyncio.timeout(5):
        while not clock.sleepers:
            await clock.settle()
    meanwhile = await link.reasons_not_ready()
    await clock.advance(1)
    await up(link)

    assert meanwhile == ["Slack answered internal_error"]
    assert await link.reasons_not_ready() == []
    await link.close()


async def test_the_pauses_double_up_to_half_a_minute(
    slack: LocalSlack, link: SlackLink, hasty_clock: HastyClock
) -> None:
    slack.trouble("auth.test", "internal_error", times=7)

    link.start()
    await up(link)

    assert hasty_clock.slept == [1, 2, 4, 8, 16, 30, 30]


async def test_a_fault_nobody_foresaw_reaches_whoever_waits(
    link: SlackLink, connections: FakeConnections
) -> None:
    connections.error = RuntimeError("a bug")

    link.start()

    async with asyncio.timeout(5):
        with pytest.raises(RuntimeError, match="a bug"):
            await link.refused()


async def test_it_may_be_closed_while_it_still_tries(
    slack: LocalSlack, client: Client, connections: FakeConnections
) -> None:
    clock = FakeClock()
    link = SlackLink(client(slack.api_url), None, lambda: connections, clock)
    slack.trouble("auth.test", "internal_error")
    link.start()
    async with asyncio.timeout(5):
        while not clock.sleepers:
            await clock.settle()

    await link.close()

    assert not link.up.is_set()
    assert not connections.is_closed


async def test_what_never_began_can_be_closed(
    link: SlackLink, connections: FakeConnections
) -> None:
    await link.close()

    assert not connections.is_closed


async def test_closing_closes_the_connections(
    link: SlackLink, connections: FakeConnections
) -> None:
    link.start()
    await up(link)

    await link.close()

    assert connections.is_closed


@pytest.mark.parametrize(
    ("body", "status", "content_type"),
    [
        ("Bad Gateway", 502, "text/plain"),
        ("<html>Bad Gateway</html>", 502, "text/html"),
        ("<html>Sign in</html>", 200, "text/html"),
        ("{", 200, "application/json"),
        ("[]", 200, "application/json"),
        ("{}", 200, "application/json"),
        ("Welcome", 200, "text/plain"),
        ("\x00", 502, "application/gzip"),
    ],
)
async def test_whatever_is_not_slacks_json_counts_as_no_answer(
    body: str, status: int, content_type: str, client: Client, server: ScriptedServer
) -> None:
    server.will_say(body, status=status, content_type=content_type)

    with pytest.raises(SlackUnreachableError) as caught:
        await ask_slack(client(server.url).api_call("chat.postMessage"))

    assert body not in str(caught.value)


async def test_a_slack_that_says_nothing_is_given_up(
    client: Client, server: ScriptedServer
) -> None:
    server.will_hang()

    with pytest.raises(SlackUnreachableError, match="TimeoutError"):
        await ask_slack(client(server.url).auth_test(), within_s=0.05)


async def test_a_refusal_is_told_by_slacks_own_code(client: Client, server: ScriptedServer) -> None:
    server.will_say({"ok": False, "error": "missing_scope"})

    with pytest.raises(SlackRefusedError, match=r"^missing_scope$"):
        await ask_slack(client(server.url).auth_test())


@pytest.mark.parametrize("body", [{"ok": False, "error": "ratelimited"}, "<html>Slow down</html>"])
async def test_a_429_says_for_how_long_slack_wants_to_be_left_alone(
    body: str | dict[str, object], client: Client, server: ScriptedServer
) -> None:
    kind = "application/json" if isinstance(body, dict) else "text/html"
    headers: dict[str, Any] = {"Retry-After": "7"}
    server.will_say(body, status=429, content_type=kind, **headers)

    with pytest.raises(SlackRefusedError, match=r"^ratelimited$") as refusal:
        await ask_slack(client(server.url).auth_test())

    assert refusal.value.retry_after == 7


async def test_without_a_connection_slack_certainly_did_nothing(client: Client) -> None:
    with pytest.raises(SlackUnsentError, match="ClientConnectorError"):
        await ask_slack(client("http://127.0.0.1:9/").auth_test())


async def test_an_answer_is_passed_on(client: Client, server: ScriptedServer) -> None:
    server.will_say(OK)

    response = await ask_slack(client(server.url).auth_test())

    assert response.data == OK
