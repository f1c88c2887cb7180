"""An app over Socket Mode, on Slack's own aiohttp client: it keeps what comes and acknowledges."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.server import LocalSlack


@dataclass
class SocketApp:
    """``frames`` are the raw texts, ``requests`` the envelopes in them."""

    client: SocketModeClient
    answer: dict[str, Any] | None = None
    acknowledges: bool = True
    frames: list[str] = field(default_factory=list)
    requests: list[SocketModeRequest] = field(default_factory=list)

    async def _keep(self, message: aiohttp.WSMessage) -> None:
        self.frames.append(message.data)

    async def _hear(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        self.requests.append(request)
        if self.acknowledges:
            response = SocketModeResponse(request.envelope_id, self.answer)
            await client.send_socket_mode_response(response)


@asynccontextmanager
async def connected(slack: LocalSlack, number: int = 1) -> AsyncIterator[SocketApp]:
    """Connect one client of the app, as the *number*-th."""
    web = AsyncWebClient(base_url=slack.api_url)
    client = SocketModeClient(slack.app_token, web_client=web, ping_interval=0.2)
    app = SocketApp(client)
    client.on_message_listeners.append(app._keep)  # noqa: SLF001 - its own listener
    client.socket_mode_request_listeners.append(app._hear)  # noqa: SLF001 - its own listener
    await client.connect()  # type: ignore[no-untyped-call]  # the SDK ships it untyped
    await slack.wait_for(lambda: slack.connections >= number)
    yield app
    await client.close()  # type: ignore[no-untyped-call]  # the SDK ships it untyped
