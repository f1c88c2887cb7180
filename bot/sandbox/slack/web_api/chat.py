"""``chat.*``: posting, editing and deleting messages (Slack docs, reference/methods, 2026-11)."""

from bot.sandbox.slack import posting
from bot.sandbox.slack.backend import Backend
from bot.sandbox.slack.entities import Json
from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.payloads import message_json
from bot.sandbox.slack.posting import Place
from bot.sandbox.slack.web_api.call import Call
from bot.sandbox.slack.web_api.places import own_message, postable_channel, visible_channel

_MAX_UPDATE_TEXT = 4000


async def post_message(backend: Backend, call: Call) -> Json:
    """Post; ``thread_ts`` answers in a thread, ``reply_broadcast`` tells the channel as well."""
    channel = postable_channel(backend, call.text("channel"))
    content = await posting.accept(backend, call.arguments)
    message = posting.post(
        backend,
        Place(channel.id, call.text("thread_ts") or None),
        content,
        username=call.text("username") or None,
        broadcast=call.flag("reply_broadcast"),
    )
    return {"channel": channel.id, "ts": message.ts, "message": message_json(message)}


async def post_ephemeral(backend: Backend, call: Call) -> Json:
    """Post for one member's eyes."""
    channel = postable_channel(backend, call.text("channel"))
    user = call.required("user")
    if user not in channel.members:
        raise ApiError("user_not_in_channel")
    content = await posting.accept(backend, call.arguments)
    place = Place(channel.id, call.text("thread_ts") or None, user)
    return {"message_ts": posting.post(backend, place, content).ts}


async def update(backend: Backend, call: Call) -> Json:
    """Edit one of the bot's own messages; blocks, attachments and metadata not given stay."""
    channel = visible_channel(backend, call.text("channel"))
    message = own_message(backend, channel.id, call.required("ts"), "cant_update_message")
    if len(call.text("text")) > _MAX_UPDATE_TEXT:
        raise ApiError("msg_too_long")
    before = message.content
    kept = {"blocks": before.blocks, "attachments": before.attachments, "metadata": before.metadata}
    backend.workspace.replace(message, await posting.accept(backend, kept | call.arguments))
    shown = message_json(message)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


async def delete(backend: Backend, call: Call) -> Json:
    """Delete one of the bot's own messages."""
    channel = visible_channel(backend, call.text("channel"))
    message = own_message(backend, channel.id, call.required("ts"), "cant_delete_message")
    backend.workspace.remove(message)
    return {"channel": channel.id, "ts": message.ts}


async def get_permalink(backend: Backend, call: Call) -> Json:
    """Make the address of a message."""
    channel = visible_channel(backend, call.text("channel"))
    message = backend.workspace.find(channel.id, call.required("message_ts"))
    if message is None:
        raise ApiError("message_not_found")
    where = f"{backend.base_url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    query = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.is_reply else ""
    return {"channel": channel.id, "permalink": where + query}
