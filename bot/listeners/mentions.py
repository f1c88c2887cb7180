"""``@MediaTask record X3Cg…``, which works where a slash command cannot: inside a thread."""

import re
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.alertdesk import AlertCommand, AlertDesk
from bot.asker import Asker, read_asker
from bot.commands import Command, OpenSettings, Show, Unwatch, Watch, Watches
from bot.desk import Desk
from bot.egress import Egress
from bot.questions import Questions
from bot.receipts import Receipts
from bot.replies import Answer, PostReply
from bot.views.notes import render_note
from bot.watchlists import Watchlists


def register_mentions(
    app: AsyncApp,
    desk: Desk,
    watchlists: Watchlists,
    alertdesk: AlertDesk,
    receipts: Receipts,
    egress: Egress,
) -> None:
    """Listen for mentions; Slack may deliver one event several times."""

    @app.event("app_mention")
    async def on_mention(
        body: dict[str, Any],
        event: dict[str, Any],
        client: AsyncWebClient,
        context: AsyncBoltContext,
    ) -> None:
        asker = read_asker(body)
        thread_ts = event.get("thread_ts") or event["ts"]
        reply = PostReply(client, event["channel"], thread_ts, asker.user_id, egress)
        text = _without(context.bot_user_id, str(event.get("text") or ""))
        work = _answer(watchlists, alertdesk, text, asker, event.get("thread_ts"))
        desk.begin(receipts.once(asker, f"event:{body.get('event_id')}", work), reply)


def _without(user_id: str | None, text: str) -> str:
    """Take the bot's own name out; others may be whom a watch is to notify."""
    return re.sub(rf"<@{user_id}(\|[^>]*)?>", " ", text)


async def _answer(
    watchlists: Watchlists, alertdesk: AlertDesk, text: str, asker: Asker, thread_ts: str | None
) -> Answer:
    """Answer tasks to everybody, for everybody saw the question; all else to the asker alone."""
    questions = watchlists.questions
    match await questions.read(text, asker):
        case Answer() as refusal:
            return refusal
        case Watch() | Unwatch() | Watches() as asked:
            return await watchlists.answer(asked, asker, thread_ts)
        case asked if isinstance(asked, AlertCommand):
            return await alertdesk.answer(asked, asker)
        case asked:
            return await _answer_question(questions, asked, asker)


async def _answer_question(questions: Questions, asked: Command, asker: Asker) -> Answer:
    match asked:
        case Show(targets):
            return await questions.show(targets, asker, public=True)
        case OpenSettings():
            words = await questions.audience.words(asker)
            return Answer(render_note(words, "settings_by_command"), words=words)
        case _:
            return replace(await questions.answer(asked, asker), public=False)
