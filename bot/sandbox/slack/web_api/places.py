"""Which conversation a call means, and whether the bot may post there."""

from bot.sandbox.slack import seed
from bot.sandbox.slack.backend import Backend
from bot.sandbox.slack.entities import Channel, Message
from bot.sandbox.slack.errors import ApiError


def visible_channel(backend: Backend, name: str) -> Channel:
    """Find a conversation by id, by ``#name``, or by the person it is with.

    Raises:
        ApiError: there is none, or it is private and the bot is not in it.
    """
    channels = backend.workspace.channels
    if name.startswith("U") and name in backend.workspace.users:
        return backend.workspace.direct_channel(name)
    plain = name.removeprefix("#")
    channel = channels.get(name) or next(
        (one for one in channels.values() if plain and one.name == plain), None
    )
    if channel is None or (channel.is_private and seed.BOT_USER not in channel.members):
        raise ApiError("channel_not_found")
    return channel


def postable_channel(backend: Backend, name: str) -> Channel:
    """Find a conversation and make sure that the bot may post in it.

    Raises:
        ApiError: as ``visible_channel``, or the bot is not in it, or it is archived.
    """
    channel = visible_channel(backend, name)
    if channel.is_archived:
        raise ApiError("is_archived")
    is_open = "chat:write.public" in backend.workspace.scopes and not channel.is_private
    if seed.BOT_USER not in channel.members and not is_open:
        raise ApiError("not_in_channel")
    return channel


def readable_channel(backend: Backend, name: str) -> Channel:
    """Find a conversation whose messages the bot may read.

    Raises:
        ApiError: as ``visible_channel``, or the bot is not in it, or lacks the scope for its kind.
    """
    channel = visible_channel(backend, name)
    if seed.BOT_USER not in channel.members:
        raise ApiError("not_in_channel")
    kind = "im" if channel.is_im else "groups" if channel.is_private else "channels"
    require_scope(backend, f"{kind}:history")
    return channel


def require_scope(backend: Backend, scope: str) -> None:
    """Refuse where the bot was not granted *scope*.

    Raises:
        ApiError: ``missing_scope``, with what is needed and what there is.
    """
    scopes = backend.workspace.scopes
    if scope and scope not in scopes:
        extra = {"needed": scope, "provided": ",".join(sorted(scopes))}
        raise ApiError("missing_scope", extra=extra)


def own_message(backend: Backend, channel: str, ts: str, refusal: str) -> Message:
    """Find a message of the bot's own.

    Raises:
        ApiError: there is none, or *refusal* where somebody else wrote it.
    """
    message = backend.workspace.find(channel, ts)
    if message is None:
        raise ApiError("message_not_found")
    if message.user != seed.BOT_USER:
        raise ApiError(refusal)
    return message
