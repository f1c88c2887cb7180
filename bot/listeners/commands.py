"""The slash command."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.asker import read_asker
from bot.commands import OpenSettings
from bot.desk import Desk
from bot.forms import Forms
from bot.replies import Answer, ResponseUrlReply
from bot.respond import Responder

COMMAND = "/mediatask"


def register_commands(app: AsyncApp, desk: Desk, forms: Forms, responder: Responder) -> None:
    """Listen for ``/mediatask``."""

    @app.command(COMMAND)
    async def on_command(ack: AsyncAck, command: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        reply = ResponseUrlReply(responder, command["response_url"])
        desk.begin(_answer(forms, command, client), reply)


async def _answer(forms: Forms, command: dict[str, Any], client: AsyncWebClient) -> Answer | None:
    asker, questions = read_asker(command), forms.questions
    asked = await questions.read(command.get("text") or "", asker)
    if isinstance(asked, Answer):
        return asked
    if isinstance(asked, OpenSettings):
        return await forms.open_settings(asker, client, str(command.get("trigger_id")))
    return await questions.answer(asked, asker)
