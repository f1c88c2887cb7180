"""The slash command."""

from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.alertdesk import AlertCommand, AlertDesk
from bot.asker import read_asker
from bot.commands import OpenSettings, Unwatch, Watch, Watches
from bot.desk import Desk
from bot.forms import Forms
from bot.replies import Answer, ResponseUrlReply
from bot.respond import Responder
from bot.watchlists import Watchlists

COMMAND = "/mediatask"


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers which commands."""

    forms: Forms
    watchlists: Watchlists
    alertdesk: AlertDesk


def register_commands(
    app: AsyncApp, desk: Desk, answering: Answering, responder: Responder
) -> None:
    """Listen for ``/mediatask``."""

    @app.command(COMMAND)
    async def on_command(ack: AsyncAck, command: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        reply = ResponseUrlReply(responder, command["response_url"])
        desk.begin(_answer(answering, command, client), reply)


async def _answer(
    answering: Answering, command: dict[str, Any], client: AsyncWebClient
) -> Answer | None:
    forms, questions = answering.forms, answering.forms.questions
    asker = read_asker(command)
    asked = await questions.read(command.get("text") or "", asker)
    if isinstance(asked, Answer):
        return asked
    if isinstance(asked, OpenSettings):
        return await forms.open_settings(asker, client, str(command.get("trigger_id")))
    if isinstance(asked, Watch | Unwatch | Watches):
        return await answering.watchlists.answer(asked, asker)
    if isinstance(asked, AlertCommand):
        return await answering.alertdesk.answer(asked, asker)
    return await questions.answer(asked, asker)
