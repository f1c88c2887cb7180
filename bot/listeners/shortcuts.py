"""The shortcuts: the lookup form from anywhere, and every id that stands in a message."""

from collections.abc import Iterator

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands import find_ids
from bot.desk import Desk
from bot.forms import Forms
from bot.press import Body, Press
from bot.replies import Answer
from bot.respond import Responder
from bot.views.notes import render_note

MESSAGE_SHORTCUT = "look_up_in_message"
GLOBAL_SHORTCUT = "look_up"
_WRITTEN = frozenset(
    {
        *("text", "title", "pretext", "fallback", "footer", "alt_text", "value"),
        *("url", "title_link", "from_url", "image_url", "original_url"),
    }
)
"""What of a message people read, or follow; the rest are Slack's own ids and times."""


def register_shortcuts(app: AsyncApp, desk: Desk, forms: Forms, responder: Responder) -> None:
    """Listen for both."""
    words_of = forms.questions.audience.words

    @app.shortcut(GLOBAL_SHORTCUT)
    async def on_global(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await ack()
        press = Press(body, client, responder, words_of)
        desk.begin(forms.open_lookup(press.asker, client, press.trigger_id), press.by_url())

    @app.shortcut(MESSAGE_SHORTCUT)
    async def on_message(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await ack()
        press = Press(body, client, responder, words_of)
        desk.begin(_look_up_in_message(forms, press), press.beside())


async def _look_up_in_message(forms: Forms, press: Press) -> Answer:
    """Show every task whose id stands anywhere in a message."""
    asker, questions = press.asker, forms.questions
    text = " ".join(_texts(press.body.get("message") or {}))
    targets = find_ids(text, questions.accounts)
    if not targets:
        words = await press.words()
        return Answer(render_note(words, "no_ids"), words=words)
    return await questions.show(targets, asker)


def _texts(node: object) -> Iterator[str]:
    """Go through all that is written in a message, its blocks and attachments, however deep."""
    if isinstance(node, list):
        for child in node:
            yield from _texts(child)
    if isinstance(node, dict):
        # A button's value is written for the bot that made it; ours may hold many ids.
        written = _WRITTEN - {"value"} if node.get("type") == "button" else _WRITTEN
        for key, child in node.items():
            if isinstance(child, str):
                yield from [child] if key in written else []
            else:
                yield from _texts(child)
