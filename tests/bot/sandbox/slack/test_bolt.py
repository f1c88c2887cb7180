"""A real Bolt app against the local Slack: a command is acknowledged and answered, both ways in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.server import LocalSlack


def answering_app(slack: LocalSlack, client: AsyncWebClient) -> AsyncApp:
    app = AsyncApp(client=client, token=slack.bot_token, signing_secret=slack.signing_secret)

    @app.command("/mediatask")
    async def show(ack: AsyncAck, respond: AsyncRespond, command: dict[str, Any]) -> None:
        await ack()
        await respond(text=f"you asked for {command['text']}")

    return app


@asynccontextmanager
async def over_http(app: AsyncApp, slack: LocalSlack) -> AsyncIterator[None]:
    runner = web.AppRunner(app.server(port=0, host="127.0.0.1").web_app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    slack.deliver_to(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    yield
    await runner.cleanup()


@asynccontextmanager
async def over_socket_mode(app: AsyncApp, slack: LocalSlack) -> AsyncIterator[None]:
    handler = AsyncSocketModeHandler(app, slack.app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt ships it untyped
    yield
    await handler.close_async()  # type: ignore[no-untyped-call]  # Bolt ships it untyped


@pytest.mark.parametrize("way_in", [over_http, over_socket_mode])
async def test_a_command_is_acknowledged_and_answered(
    way_in: Any, slack: LocalSlack, web: AsyncWebClient
) -> None:
    async with way_in(answering_app(slack, web), slack):
        outcome = await slack.command("tencent 1", channel="C0STUDIO")
        await slack.wait_for(lambda: slack.messages("C0STUDIO", viewer="U0ALICE"))

    assert outcome.error is None
    assert [m.text for m in slack.messages("C0STUDIO", viewer="U0ALICE")] == [
        "you asked for tencent 1"
    ]
    assert slack.messages("C0STUDIO") == []
