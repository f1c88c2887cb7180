"""The workspace as the demo page shows it; pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.sandbox.slack import seed
from bot.sandbox.slack.backend import Backend
from bot.sandbox.slack.changes import Change
from bot.sandbox.slack.entities import Channel, Json, Message, OpenView
from bot.sandbox.slack.payloads import view_json


def state_json(backend: Backend, stories: Sequence[Mapping[str, str]]) -> Json:
    """Write everything the page starts from; ephemeral messages are gone after a reload."""
    workspace = backend.workspace
    channels = list(workspace.channels_of(seed.ME))
    home, modal = backend.views.homes.get(seed.ME), backend.views.top(seed.ME)
    return {
        "team": {"name": seed.TEAM_NAME},
        "me": seed.ME,
        "bot": seed.BOT_USER,
        "users": [
            {
                "id": user.id,
                "name": user.name,
                "real_name": user.real_name,
                "is_bot": user.is_bot,
                "color": user.color,
            }
            for user in workspace.users.values()
        ],
        "channels": [_channel_json(channel) for channel in channels],
        "messages": {
            channel.id: [message_json(backend, one) for one in workspace.seen(channel.id)]
            for channel in channels
        },
        "stories": [dict(story) for story in stories],
        "shortcuts": [dict(shortcut) for shortcut in workspace.shortcuts],
        "home": home and view_json(home),
        "view": modal and view_json(modal),
    }


def _channel_json(channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name or "MediaTask",
        "is_private": channel.is_private,
        "is_im": channel.is_im,
        "is_archived": channel.is_archived,
        "is_member": seed.ME in channel.members,
        "bot_is_member": seed.BOT_USER in channel.members,
    }


def message_json(backend: Backend, message: Message) -> Json:
    """Write one message; files that its blocks refer to get an address the page can show."""
    author = backend.workspace.users[message.user]
    return {
        "ts": message.ts,
        "channel": message.channel,
        "user": message.user,
        "username": message.username or author.real_name,
        "is_bot": message.is_bot,
        "text": message.text,
        "blocks": with_file_addresses(message.blocks),
        "attachments": message.content.attachments,
        "thread_ts": message.thread_ts,
        "reply_broadcast": message.reply_broadcast,
        "edited": message.edited_ts is not None,
        "ephemeral": message.ephemeral_for is not None,
        "files": [
            {
                "id": file.id,
                "name": file.name,
                "title": file.title,
                "alt_txt": file.alt_text,
                "url": f"/page/files/{file.id}",
            }
            for file in message.files
        ],
    }


def with_file_addresses(node: Any) -> Any:
    """Copy blocks, with an ``image_url`` beside every ``slack_file`` id."""
    if isinstance(node, list):
        return [with_file_addresses(child) for child in node]
    if not isinstance(node, dict):
        return node
    copied = {key: with_file_addresses(child) for key, child in node.items()}
    file = node.get("slack_file")
    if isinstance(file, dict) and file.get("id"):
        copied["image_url"] = f"/page/files/{file['id']}"
    return copied


def change_json(backend: Backend, change: Change) -> Iterator[tuple[str, Json]]:
    """Write a change as the page's events; nothing for what the person does not see."""
    if change.viewer not in (None, seed.ME):
        return
    subject = change.subject
    match change.kind:
        case "message" | "message_changed" if _is_visible(backend, subject):
            yield change.kind, _where(subject) | {"message": message_json(backend, subject)}
        case "message_deleted" if _is_visible(backend, subject):
            yield change.kind, _where(subject)
        case "view":
            yield "view", _view_event(subject)
        case "ack":
            kind, ack = subject
            yield "ack", {"kind": kind, "ms": ack.seconds * 1000, "error": ack.error}
        case _:
            pass


def _is_visible(backend: Backend, message: Message) -> bool:
    channel = backend.workspace.channels[message.channel]
    return seed.ME in channel.members or not channel.is_private


def _where(message: Message) -> Json:
    return {"channel": message.channel, "ts": message.ts}


def _view_event(view: OpenView | None) -> Json:
    kind = "modal" if view is None else view.body["type"]
    return {"view": view and view_json(view), "kind": kind}
