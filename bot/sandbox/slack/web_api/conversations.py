"""``conversations.*``: looking channels up, and reading back what was said."""

from bot.sandbox.slack import seed
from bot.sandbox.slack.backend import Backend
from bot.sandbox.slack.entities import Channel, Json, Message
from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.payloads import message_json
from bot.sandbox.slack.web_api.call import Call
from bot.sandbox.slack.web_api.places import readable_channel, require_scope, visible_channel

_PAGE = 100
_MAX_PAGE = 999


async def info(backend: Backend, call: Call) -> Json:
    """Describe a conversation."""
    channel = visible_channel(backend, call.text("channel"))
    require_scope(backend, f"{_family(channel)}:read")
    shown = channel_json(channel)
    if call.flag("include_num_members"):
        shown["num_members"] = len(channel.members)
    return {"channel": shown}


async def list_(backend: Backend, call: Call) -> Json:
    """List the conversations the bot can see, all on one page."""
    kinds = call.text("types", "public_channel").split(",")
    wanted = [one for one in backend.workspace.channels_of(seed.BOT_USER) if _kind(one) in kinds]
    kept = [one for one in wanted if not (call.flag("exclude_archived") and one.is_archived)]
    return {"channels": [channel_json(one) for one in kept]} | _no_more()


async def members(backend: Backend, call: Call) -> Json:
    """List who is in a conversation."""
    channel = visible_channel(backend, call.text("channel"))
    require_scope(backend, f"{_family(channel)}:read")
    return {"members": sorted(channel.members)} | _no_more()


async def open_(backend: Backend, call: Call) -> Json:
    """Find or start the direct conversation with one person."""
    users = [user for user in call.text("users").split(",") if user]
    if len(users) != 1:
        raise ApiError("users_list_not_supplied" if not users else "method_not_supported")
    if users[0] not in backend.workspace.users:
        raise ApiError("user_not_found")
    channel = backend.workspace.direct_channel(users[0])
    return {"channel": {"id": channel.id, "is_im": True, "user": users[0]}}


async def history(backend: Backend, call: Call) -> Json:
    """Read a channel back, newest first, without the replies in threads."""
    channel = readable_channel(backend, call.text("channel"))
    messages = [
        message
        for message in backend.workspace.seen(channel.id)
        if not message.is_reply or message.reply_broadcast
    ]
    return _page(list(reversed(_between(messages, call))), call)


async def replies(backend: Backend, call: Call) -> Json:
    """Read a thread back: the parent, then the answers, oldest first."""
    channel = readable_channel(backend, call.text("channel"))
    parent = backend.workspace.find(channel.id, call.required("ts"))
    if parent is None:
        raise ApiError("thread_not_found")
    return _page([parent, *_between(backend.workspace.replies(parent), call)], call)


def _between(messages: list[Message], call: Call) -> list[Message]:
    oldest, latest = call.text("oldest", "0"), call.text("latest") or "9999999999.999999"
    if call.flag("inclusive"):
        return [one for one in messages if _key(oldest) <= _key(one.ts) <= _key(latest)]
    return [one for one in messages if _key(oldest) < _key(one.ts) < _key(latest)]


def _key(ts: str) -> tuple[int, int]:
    seconds, _, micros = ts.partition(".")
    try:
        return int(seconds), int(micros.ljust(6, "0")[:6])
    except ValueError:
        raise ApiError("invalid_ts_latest") from None


def _page(messages: list[Message], call: Call) -> Json:
    """Cut a page out; the cursor is the number of messages before the next one."""
    start = call.number("cursor", 0)
    end = start + max(1, min(call.number("limit", _PAGE), _MAX_PAGE))
    with_metadata = call.flag("include_all_metadata")
    shown = [message_json(one, with_metadata=with_metadata) for one in messages[start:end]]
    answer: Json = {"messages": shown, "has_more": end < len(messages)}
    cursor = str(end) if answer["has_more"] else ""
    return answer | {"response_metadata": {"next_cursor": cursor}}


def _no_more() -> Json:
    return {"response_metadata": {"next_cursor": ""}}


def _family(channel: Channel) -> str:
    """Name the kind as scopes do."""
    if channel.is_im:
        return "im"
    return "groups" if channel.is_private else "channels"


def _kind(channel: Channel) -> str:
    """Name the kind as ``types`` does."""
    if channel.is_im:
        return "im"
    return "private_channel" if channel.is_private else "public_channel"


def channel_json(channel: Channel) -> Json:
    """Write a conversation as the bot sees it."""
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": not channel.is_im and not channel.is_private,
        "is_group": channel.is_private and not channel.is_im,
        "is_im": channel.is_im,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_ext_shared": channel.is_ext_shared,
        "is_shared": channel.is_ext_shared,
        "is_member": seed.BOT_USER in channel.members,
        "context_team_id": seed.TEAM_ID,
    }
