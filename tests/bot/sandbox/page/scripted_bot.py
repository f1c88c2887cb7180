"""A bot that does what the test says: `/mediatask show` answers with the blocks it was given."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.server import LocalSlack

Json = dict[str, Any]


@dataclass(slots=True)
class ScriptedBot:
    """What it answers with, and what it was told."""

    client: AsyncWebClient
    blocks: list[Json] = field(default_factory=list)
    text: str = "the answer"
    modal: Json = field(default_factory=dict)
    """Opened by `/mediatask form`."""
    refusal: Json | None = None
    """What a submission is answered with, where it is not accepted."""
    home: Json = field(default_factory=dict)
    acks: asyncio.Event = field(default_factory=asyncio.Event)
    """While it is clear, presses wait for their acknowledgement."""
    actions: list[Json] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    submissions: list[Json] = field(default_factory=list)
    shortcuts: list[Json] = field(default_factory=list)


@asynccontextmanager
async def scripted_bot(slack: LocalSlack) -> AsyncIterator[ScriptedBot]:
    """Connect it over Socket Mode, as the real one."""
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(slack.bot_token, base_url=slack.api_url, session=session)
        bot = ScriptedBot(client)
        bot.acks.set()
        app = AsyncApp(client=client)
        _listen_to_words(app, bot)
        _listen_to_presses(app, bot)
        handler: Any = AsyncSocketModeHandler(app, slack.app_token)  # its methods have no types
        await handler.connect_async()
        yield bot
        await handler.close_async()


def _listen_to_words(app: AsyncApp, bot: ScriptedBot) -> None:
    @app.command("/mediatask")
    async def answer(ack: AsyncAck, respond: AsyncRespond, command: Json) -> None:
        await ack()
        bot.commands.append(command["text"])
        if command["text"] == "form":
            await bot.client.views_open(trigger_id=command["trigger_id"], view=bot.modal)
        else:
            await respond(text=bot.text, blocks=bot.blocks)

    @app.event("app_home_opened")
    async def open_home(event: Json) -> None:
        await bot.client.views_publish(user_id=event["user"], view=bot.home)

    @app.event("message")
    async def hear() -> None:
        """Say nothing to what people write."""


def _listen_to_presses(app: AsyncApp, bot: ScriptedBot) -> None:
    @app.action(re.compile(""))
    async def press(ack: AsyncAck, body: Json) -> None:
        bot.actions.extend(body["actions"])
        await bot.acks.wait()
        await ack()

    @app.shortcut(re.compile(""))
    async def run_shortcut(ack: AsyncAck, body: Json) -> None:
        await ack()
        bot.shortcuts.append(body)

    @app.view("form")
    async def submit(ack: AsyncAck, view: Json) -> None:
        bot.submissions.append(view["state"]["values"])
        await ack(**(bot.refusal or {}))
