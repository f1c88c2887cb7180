"""What Slack sends to an app, as its documentation shows it (docs.slack.dev, read 2026-11).

Pure: entities in, JSON out.
"""

from typing import Any

from bot.sandbox.slack import seed
from bot.sandbox.slack.entities import Channel, Execution, Json, Message, OpenView, User
from bot.sandbox.slack.interactions import Interaction

VERIFICATION_TOKEN = "local-verification-token"  # noqa: S105 - deprecated at Slack, checked nowhere


def shown_name(channel: Channel) -> str:
    """Name a channel as payloads do: a private one is not told by name."""
    if channel.is_im:
        return "directmessage"
    return "privategroup" if channel.is_private else channel.name


def slash_command(
    interaction: Interaction, command: str, channel: Channel, user: User, response_url: str
) -> dict[str, str]:
    """Build the form fields of a slash command."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": seed.TEAM_ID,
        "team_domain": seed.TEAM_DOMAIN,
        "channel_id": channel.id,
        "channel_name": shown_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": interaction.text,
        "api_app_id": seed.APP_ID,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": interaction.trigger_id,
    }


def _person(user: User) -> Json:
    team_id = user.team_id or seed.TEAM_ID
    return {"id": user.id, "username": user.name, "name": user.name, "team_id": team_id}


def _interactive(kind: str, interaction: Interaction, user: User) -> Json:
    return {
        "type": kind,
        "team": {"id": seed.TEAM_ID, "domain": seed.TEAM_DOMAIN},
        "user": _person(user),
        "api_app_id": seed.APP_ID,
        "token": VERIFICATION_TOKEN,
        "trigger_id": interaction.trigger_id,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def message_action(
    interaction: Interaction, user: User, channel: Channel, message: Message, response_url: str
) -> Json:
    """Build what a press on something in a message sends; without its ``actions``.

    An ephemeral message itself is not told, only where it stands.
    """
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.ephemeral_for is not None,
    }
    if message.thread_ts is not None:
        container["thread_ts"] = message.thread_ts
    payload = _interactive("block_actions", interaction, user) | {
        "container": container,
        "channel": {"id": channel.id, "name": shown_name(channel)},
        "state": {"values": {}},
        "response_url": response_url,
    }
    if message.ephemeral_for is None:
        payload["message"] = message_json(message)
    return payload


def view_action(interaction: Interaction, user: User, view: OpenView) -> Json:
    """Build what a press on something in a modal or in Home sends; without its ``actions``."""
    return _interactive("block_actions", interaction, user) | {
        "container": {"type": "view", "view_id": view.id},
        "view": view_json(view),
    }


def view_submission(interaction: Interaction, user: User, view: OpenView) -> Json:
    """Build what a modal's submit button sends."""
    shown = {"view": view_json(view), "response_urls": []}
    return _interactive("view_submission", interaction, user) | shown


def view_closed(interaction: Interaction, user: User, view: OpenView, *, cleared: bool) -> Json:
    """Build what closing a modal sends; it carries no trigger."""
    payload = _interactive("view_closed", interaction, user)
    del payload["trigger_id"]
    return payload | {"view": view_json(view), "is_cleared": cleared}


def global_shortcut(interaction: Interaction, user: User, callback_id: str, ts: str) -> Json:
    """Build what a shortcut from the search bar sends."""
    payload = _interactive("shortcut", interaction, user)
    return payload | {"callback_id": callback_id, "action_ts": ts}


def message_shortcut(
    interaction: Interaction, user: User, channel: Channel, message: Message, response_url: str
) -> Json:
    """Build what a shortcut on a message sends; without its ``callback_id`` and ``action_ts``."""
    return _interactive("message_action", interaction, user) | {
        "channel": {"id": channel.id, "name": shown_name(channel)},
        "message_ts": message.ts,
        "message": message_json(message),
        "response_url": response_url,
    }


def event_callback(event: Json, number: int, at: int, *, shared: bool = False) -> Json:
    """Wrap an event; its ``event_id`` stays the same when it is delivered again."""
    authorization = {
        "enterprise_id": None,
        "team_id": seed.TEAM_ID,
        "user_id": seed.BOT_USER,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": seed.TEAM_ID,
        "context_team_id": seed.TEAM_ID,
        "context_enterprise_id": None,
        "api_app_id": seed.APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{number:010X}",
        "event_time": at,
        "authorizations": [authorization],
        "is_ext_shared_channel": shared,
        "event_context": f"4-{number:032x}",
    }


def message_event(kind: str, message: Message, channel: Channel) -> Json:
    """Tell of a person's message; *kind* is ``message`` or ``app_mention``."""
    event = message_json(message) | {
        "type": kind,
        "channel": message.channel,
        "event_ts": message.ts,
    }
    if kind == "message":
        event["channel_type"] = channel_type(channel)
    return event


def channel_type(channel: Channel) -> str:
    """Name a channel's kind as message events do: ``im``, ``group`` or ``channel``."""
    if channel.is_im:
        return "im"
    return "group" if channel.is_private else "channel"


def home_opened(user: str, channel: str, ts: str, view: OpenView | None) -> Json:
    """Tell that somebody opened the bot's Home; the view is told where there is one."""
    event = {"type": "app_home_opened", "user": user, "channel": channel, "tab": "home"}
    shown = {"view": view_json(view)} if view is not None else {}
    return event | {"event_ts": ts} | shown


def function_executed(execution: Execution, number: int, ts: str) -> Json:
    """Ask the app to run a workflow step; the token in it is good for that run."""
    return {
        "type": "function_executed",
        "function": {
            "id": f"Fn{number:09X}",
            "callback_id": execution.callback_id,
            "title": execution.callback_id,
            "type": "app",
            "app_id": seed.APP_ID,
            "input_parameters": [],
            "output_parameters": [],
        },
        "inputs": execution.inputs,
        "function_execution_id": execution.id,
        "workflow_execution_id": f"Wx{number:09X}",
        "event_ts": ts,
        "bot_access_token": f"xwfp-local-{execution.id}",
    }


def message_json(message: Message, *, with_metadata: bool = True) -> Json:
    """Write a message as the Web API and payloads show it."""
    shown: Json = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.content.text,
        "blocks": message.content.blocks,
        "team": seed.TEAM_ID,
    }
    if message.is_bot:
        shown |= {"bot_id": seed.BOT_ID, "app_id": seed.APP_ID}
    return shown | _present(
        attachments=message.content.attachments,
        username=message.username,
        thread_ts=message.thread_ts,
        files=[{"id": file.id, "name": file.name, "title": file.title} for file in message.files],
        edited=message.edited_ts and {"user": message.user, "ts": message.edited_ts},
        metadata=message.content.metadata if with_metadata else None,
        subtype="thread_broadcast" if message.reply_broadcast else None,
    )


def _present(**fields: Any) -> Json:
    return {name: value for name, value in fields.items() if value}


def view_json(view: OpenView) -> Json:
    """Write a view as ``views.*`` answers and payloads show it."""
    defaults = {
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "clear_on_close": False,
        "notify_on_close": False,
        "close": None,
        "submit": None,
    }
    return (
        defaults
        | view.body
        | {
            "id": view.id,
            "team_id": seed.TEAM_ID,
            "app_id": seed.APP_ID,
            "app_installed_team_id": seed.TEAM_ID,
            "bot_id": seed.BOT_ID,
            "state": {"values": view.values},
            "hash": view.hash,
            "root_view_id": view.root_id,
            "previous_view_id": view.previous_id,
        }
    )
