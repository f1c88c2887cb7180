"""``@MediaTask record X3Cg…``, which works where a slash command cannot: inside a thread."""

import re
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.asker import Asker, read_asker
from bot.commands import OpenSettings, Show
from bot.desk import Desk
from bot.questions import Questions
from bot.receipts import Receipts
from bot.replies import Answer, PostReply
from bot.views.notes import render_note

_MENTION = re.compile(r"<@[UW][A-Z0-9]+(\|[^>]*)?>")


def register_mentions(app: AsyncApp, desk: Desk, questions: Questions, receipts: Receipts) -> None:
    """Listen for mentions; Slack may deliver one event several times."""

    @app.event("app_mention")
    async def on_mention(
        body: dict[str, Any], event: dict[str, Any], client: AsyncWebClient
    ) -> None:
        asker = read_asker(body)
        thread_ts = event.get("thread_ts") or event["ts"]
        reply = PostReply(client, event["channel"], thread_ts, asker.user_id)
        work = _answer(questions, str(event.get("text") or ""), asker)
        desk.begin(receipts.once(asker, f"event:{body.get('event_id')}", work), reply)


async def _answer(questions: Questions, text: str, asker: Asker) -> Answer:
    """Answer tasks to everybody, for everybody saw the question; all else to the asker alone."""
    asked = await questions.read(_MENTION.sub(" ", text), asker)
    if isinstance(asked, Answer):
        return asked
    if isinstance(asked, Show):
        return await questions.show(asked.targets, asker, public=True)
    if isinstance(asked, OpenSettings):
        words = await questions.audience.words(asker)
        return Answer(render_note(words, "settings_by_command"), words=words)
    return replace(await questions.answer(asked, asker), public=False)
