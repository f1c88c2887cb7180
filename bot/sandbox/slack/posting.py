"""What a message must be before Slack takes it, and putting it where people see it."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack import seed
from bot.sandbox.slack.backend import Backend
from bot.sandbox.slack.blocks import validate_message
from bot.sandbox.slack.entities import Content, File, Json, Message
from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.pictures import slack_files


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes."""

    channel: str
    thread_ts: str | None = None
    ephemeral_for: str | None = None


async def accept(backend: Backend, words: Json) -> Content:
    """Judge the text, blocks, attachments and metadata that came.

    Raises:
        ApiError: Slack refuses it; the whole message, also where only one picture is at fault.
    """
    text = words.get("text") or ""
    blocks = _list(words.get("blocks"), "invalid_blocks_format")
    attachments = _list(words.get("attachments"), "invalid_attachments")
    if not text and not blocks and not attachments:
        raise ApiError("no_text")
    nested = [block for one in attachments for block in _list(one.get("blocks"), "invalid_blocks")]
    _refuse_invalid(blocks, text, nested)
    await _refuse_pictures(backend, blocks + nested)
    metadata = _accept_metadata(words.get("metadata"))
    return Content(text, backend.workspace.name_blocks(blocks), attachments, metadata)


def _list(value: Any, refusal: str) -> list[Json]:
    if value in (None, ""):
        return []
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise ApiError(refusal)
    return value


def _refuse_invalid(blocks: list[Json], text: str, nested: list[Json]) -> None:
    problems = validate_message(blocks or None, text) if blocks or text else []
    if any(problem.startswith("/text") for problem in problems):
        raise ApiError("msg_too_long")
    if nested:
        problems += [f"/attachments{problem}" for problem in validate_message(nested, text)]
    if problems:
        raise invalid_blocks(problems)


def invalid_blocks(problems: list[str]) -> ApiError:
    """Say it as Slack does, with the pointer of each fault."""
    return ApiError("invalid_blocks", [_explain(problem) for problem in problems])


def _explain(problem: str) -> str:
    pointer, _, reason = problem.partition(": ")
    return f"[ERROR] {reason} [json-pointer:{pointer}]"


async def _refuse_pictures(backend: Backend, blocks: list[Json]) -> None:
    problems = await backend.pictures.problems(blocks)
    for reference in slack_files(blocks):
        file = backend.workspace.files.get(reference.get("id", ""))
        if reference.get("id") and (file is None or not file.is_complete):
            problems.append("/blocks: invalid slack file")
    if problems:
        raise invalid_blocks(problems)


def _accept_metadata(metadata: Any) -> Json | None:
    if metadata in (None, "", {}):
        return None
    fits = (
        isinstance(metadata, dict)
        and isinstance(metadata.get("event_type"), str)
        and isinstance(metadata.get("event_payload"), dict)
    )
    if not fits:
        raise ApiError("invalid_metadata_format")
    return {"event_type": metadata["event_type"], "event_payload": metadata["event_payload"]}


def post(
    backend: Backend,
    place: Place,
    content: Content,
    *,
    username: str | None = None,
    broadcast: bool = False,
    files: list[File] | None = None,
) -> Message:
    """Put the bot's message there."""
    message = Message(
        ts=backend.workspace.next_ts(),
        channel=place.channel,
        user=seed.BOT_USER,
        content=content,
        is_bot=True,
        username=username,
        thread_ts=place.thread_ts,
        ephemeral_for=place.ephemeral_for,
        reply_broadcast=broadcast,
        files=files or [],
    )
    return backend.workspace.add(message)


def tell(backend: Backend, user: str, channel: str, text: str) -> Message:
    """Let Slackbot tell one person something, as Slack does when an app fails."""
    message = Message(
        ts=backend.workspace.next_ts(),
        channel=channel,
        user=seed.SLACKBOT,
        content=Content(text),
        is_bot=True,
        ephemeral_for=user,
    )
    return backend.workspace.add(message)
