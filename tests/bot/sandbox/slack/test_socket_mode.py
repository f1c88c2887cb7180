"""Socket Mode with Slack's own client: envelopes, acknowledgements, and connections that end."""

import asyncio
import json
from contextlib import AsyncExitStack

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.server import LocalSlack
from bot.sandbox.slack.socket_mode import LIFETIME_SECONDS, Cut
from tests.bot.sandbox.slack.socket_app import connected
from tests.fakes.clock import FakeClock


async def open_socket(
    slack: LocalSlack, session: aiohttp.ClientSession, query: str = ""
) -> aiohttp.ClientWebSocketResponse:
    web = AsyncWebClient(slack.app_token, base_url=slack.api_url, session=session)
    opened = await web.apps_connections_open(app_token=slack.app_token)
    return await session.ws_connect(opened["url"] + query)


async def test_a_connection_begins_with_hello(slack: LocalSlack) -> None:
    async with connected(slack) as app:
        await slack.command("help")

    hello = json.loads(app.frames[0])
    assert (hello["type"], hello["num_connections"]) == ("hello", 1)
    assert hello["connection_info"]["app_id"] == "A0MEDIATASK"
    assert hello["debug_info"]["approximate_connection_time"] == 18060


async def test_a_command_comes_as_an_envelope_and_the_ack_may_answer_it(slack: LocalSlack) -> None:
    async with connected(slack) as app:
        app.answer = {"text": "at once"}
        outcome = await slack.command("tencent 1", user="U0BOB")

    (request,) = app.requests
    assert (request.type, request.accepts_response_payload) == ("slash_commands", True)
    assert (request.payload["text"], request.payload["user_id"]) == ("tencent 1", "U0BOB")
    assert outcome.response == {"text": "at once"}
    assert [one.text for one in slack.messages("C0MEDIA", viewer="U0BOB")] == ["at once"]


async def test_an_event_takes_no_answer(slack: LocalSlack) -> None:
    async with connected(slack) as app:
        app.answer = {"text": "ignored"}
        await slack.mention("tencent 1")

    (request,) = app.requests
    assert (request.type, request.accepts_response_payload) == ("events_api", False)
    assert request.retry_attempt == 0
    assert slack.backend.dispatch.deliveries[-1].ack.payload is None


async def test_each_envelope_goes_to_one_of_the_connections(slack: LocalSlack) -> None:
    async with connected(slack, 1) as first, connected(slack, 2) as second:
        for number in range(6):
            await slack.command(str(number))

    assert len(first.requests) == len(second.requests) == 3


async def test_without_a_connection_the_person_sees_dispatch_failed(slack: LocalSlack) -> None:
    outcome = await slack.command("help")

    assert outcome.error == "dispatch_failed"
    (told,) = slack.messages("C0MEDIA", viewer="U0ALICE")
    assert told.text == '/mediatask failed with the error "dispatch_failed"'


async def test_a_command_not_acknowledged_in_three_seconds_times_out_and_is_not_sent_again(
    still_slack: LocalSlack, clock: FakeClock
) -> None:
    async with connected(still_slack) as app:
        app.acknowledges = False
        command = asyncio.create_task(still_slack.command("help"))
        async with asyncio.timeout(5):
            while not app.requests:
                await clock.settle()
        await clock.advance(2.9)
        early = command.done()
        await clock.advance(0.2)
        outcome = await command
        await clock.advance(600)

    assert not early
    assert outcome.error == "operation_timeout"
    assert len(app.requests) == 1
    assert still_slack.acks == []


@pytest.mark.parametrize("how", ["refresh", "link_disabled", "reset"])
async def test_the_client_comes_back_after_a_cut(how: Cut, slack: LocalSlack) -> None:
    async with connected(slack) as app:
        before = slack.backend.socket_mode.connections[0]
        await slack.drop_connections(how)
        await slack.wait_for(
            lambda: slack.connections == 1 and slack.backend.socket_mode.connections[-1] != before
        )
        outcome = await slack.command("help")

    assert outcome.error is None
    assert len(app.requests) == 1


async def test_only_the_oldest_are_cut_where_a_number_is_given(slack: LocalSlack) -> None:
    async with connected(slack, 1), connected(slack, 2):
        cut = await slack.drop_connections("silence", 1)

        assert (cut, slack.connections) == (1, 1)


async def test_a_forgotten_connection_gets_nothing_and_the_client_notices(
    slack: LocalSlack,
) -> None:
    async with connected(slack) as app:
        await slack.drop_connections("silence")
        lost = await slack.command("help")
        await slack.wait_for(lambda: slack.connections == 1)
        found = await slack.command("help")

    assert (lost.error, found.error) == ("dispatch_failed", None)
    assert len(app.requests) == 1


async def test_what_goes_into_a_black_hole_is_lost_until_slack_notices(
    still_slack: LocalSlack, session: aiohttp.ClientSession, clock: FakeClock
) -> None:
    socket = await open_socket(still_slack, session)
    await still_slack.wait_for(lambda: still_slack.connections == 1)
    await still_slack.drop_connections("blackhole")
    await socket.send_str("nobody hears this")

    command = asyncio.create_task(still_slack.command("help"))
    await clock.advance(3.1)
    outcome = await command
    await clock.advance(20)
    await still_slack.wait_for(lambda: still_slack.connections == 0)

    assert outcome.error == "operation_timeout"
    assert json.loads((await socket.receive()).data)["type"] == "hello"
    assert (await socket.receive()).type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)


async def test_a_warning_comes_ten_seconds_before_the_refresh(
    still_slack: LocalSlack, session: aiohttp.ClientSession, clock: FakeClock
) -> None:
    socket = await open_socket(still_slack, session)
    await still_slack.wait_for(lambda: still_slack.connections == 1)

    await clock.advance(LIFETIME_SECONDS - 10)
    hello, warning = await socket.receive_json(), await socket.receive_json()
    still_routed = still_slack.connections
    await clock.advance(10)
    goodbye = await socket.receive_json()

    assert hello["type"] == "hello"
    assert (warning["type"], warning["reason"]) == ("disconnect", "warning")
    assert goodbye["reason"] == "refresh_requested"
    assert (still_routed, still_slack.connections) == (1, 0)


async def test_a_warning_can_be_had_at_once(
    still_slack: LocalSlack, session: aiohttp.ClientSession, clock: FakeClock
) -> None:
    socket = await open_socket(still_slack, session)
    await still_slack.wait_for(lambda: still_slack.connections == 1)

    await still_slack.drop_connections("warning")
    await clock.advance(0)

    assert (await socket.receive_json())["type"] == "hello"
    assert (await socket.receive_json())["reason"] == "warning"


async def test_debug_reconnects_shortens_a_connections_life(
    slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    socket = await open_socket(slack, session, "&debug_reconnects=true")

    hello = await socket.receive_json()

    assert hello["debug_info"]["approximate_connection_time"] == 360


async def test_an_eleventh_connection_is_one_too_many(
    slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(10):
            socket = await open_socket(slack, session)
            await stack.enter_async_context(socket)
            await socket.receive_json()
        eleventh = await stack.enter_async_context(await open_socket(slack, session))

        refusal = await eleventh.receive_json()

    assert refusal["reason"] == "too_many_websockets"


async def test_a_ticket_is_good_once_and_for_half_a_minute(
    still_slack: LocalSlack, session: aiohttp.ClientSession, clock: FakeClock
) -> None:
    web = AsyncWebClient(base_url=still_slack.api_url, session=session)
    used = (await web.apps_connections_open(app_token=still_slack.app_token))["url"]
    stale = (await web.apps_connections_open(app_token=still_slack.app_token))["url"]
    await session.ws_connect(used)
    await clock.advance(31)

    for url in (used, stale):
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await session.ws_connect(url)


@pytest.mark.parametrize("frame", ["no json", "[]", '{"envelope_id": "nobody\'s"}', "{}"])
async def test_a_frame_that_is_no_ack_changes_nothing(
    frame: str, slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    socket = await open_socket(slack, session)
    await socket.receive_json()
    await socket.send_str(frame)

    command = asyncio.create_task(slack.command("help"))
    envelope = await socket.receive_json()
    await socket.send_str(json.dumps({"envelope_id": envelope["envelope_id"]}))

    assert (await command).error is None


async def test_the_bot_token_opens_no_connection(slack: LocalSlack, web: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await web.apps_connections_open(app_token=slack.bot_token)


async def test_a_connection_that_is_gone_takes_nothing_and_another_does(
    slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    gone, other = await open_socket(slack, session), await open_socket(slack, session)
    for socket in (gone, other):
        await socket.receive_json()
    broken = slack.backend.socket_mode.connections[0]
    await broken.reset()
    broken.is_routed = True

    commands = [asyncio.create_task(slack.command(str(n))) for n in range(2)]
    for _ in commands:
        envelope = await other.receive_json()
        await other.send_str(json.dumps({"envelope_id": envelope["envelope_id"]}))
    outcomes = [await command for command in commands]
    await slack.wait_for(lambda: slack.connections == 1)
    await broken.reset()

    assert [outcome.error for outcome in outcomes] == [None, None]
    assert not await broken.send({})


async def test_without_anybody_to_send_to_a_lost_connection_is_a_failed_dispatch(
    slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    socket = await open_socket(slack, session)
    await socket.receive_json()
    broken = slack.backend.socket_mode.connections[0]
    await broken.reset()
    broken.is_routed = True

    assert (await slack.command("help")).error == "dispatch_failed"


async def test_a_binary_frame_is_no_ack(slack: LocalSlack, session: aiohttp.ClientSession) -> None:
    socket = await open_socket(slack, session)
    await socket.receive_json()
    await socket.send_bytes(b"what is this")

    command = asyncio.create_task(slack.command("help"))
    envelope = await socket.receive_json()
    await socket.send_str(json.dumps({"envelope_id": envelope["envelope_id"]}))

    assert (await command).error is None


async def test_closing_ends_connections_that_are_open(slack: LocalSlack) -> None:
    async with connected(slack) as app:
        app.client.auto_reconnect_enabled = False
        await slack.close()

    assert slack.connections == 0
