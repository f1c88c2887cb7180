"""Answers through a response URL: five within 30 minutes, also where the bot is no member.

Slack docs, interactivity/handling-user-interaction, read 2026-11. An ephemeral message can be
replaced or deleted by whoever answers its own interaction, and never becomes everybody's.
"""

from http import HTTPStatus

from aiohttp import web

from bot.sandbox.slack import posting
from bot.sandbox.slack.backend import Backend
from bot.sandbox.slack.changes import Change
from bot.sandbox.slack.entities import Json, Message
from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.interactions import Interaction
from bot.sandbox.slack.posting import Place
from bot.sandbox.slack.web_api.troubled import meet

_GONE = frozenset({"expired_url", "used_url"})


def add_routes(app: web.Application, backend: Backend) -> None:
    """Serve the response URLs of *backend*."""

    async def respond(request: web.Request) -> web.StreamResponse:
        trouble = backend.troubles.next("response_url")
        return await meet(backend, request, trouble, lambda: _respond(backend, request))

    app.router.add_post("/commands/{token}", respond)
    app.router.add_post("/actions/{token}", respond)


async def _respond(backend: Backend, request: web.Request) -> web.Response:
    try:
        interaction = backend.interactions.use_response(request.match_info["token"])
        await answer(backend, interaction, await _read(request))
    except ApiError as error:
        return _refuse(error)
    return web.Response(text="ok")


def _refuse(error: ApiError) -> web.Response:
    status = HTTPStatus.NOT_FOUND if error.code in _GONE else HTTPStatus.BAD_REQUEST
    shown: Json = {"ok": False, "error": error.code}
    if error.messages:
        shown["response_metadata"] = {"messages": error.messages}
    return web.json_response(shown, status=status)


async def _read(request: web.Request) -> Json:
    try:
        words = await request.json()
    except ValueError:
        words = None
    if not isinstance(words, dict):
        raise ApiError("invalid_payload")
    return words


async def answer(backend: Backend, interaction: Interaction, words: Json) -> Message | None:
    """Do what an answer asks: say something new, replace the original, or delete it.

    Raises:
        ApiError: Slack refuses the message.
    """
    original = interaction.message
    if words.get("delete_original") in (True, "true"):
        if original is not None:
            backend.workspace.remove(original)
        interaction.message = None
        return None
    content = await posting.accept(backend, words)
    if words.get("replace_original") in (True, "true") and original is not None:
        message = backend.workspace.replace(original, content)
    else:
        message = posting.post(backend, _place(interaction, words), content)
        if interaction.kind == "command":
            interaction.message = message
    interaction.answers.append(message)
    interaction.answered_at = interaction.answered_at or backend.clock.monotonic()
    backend.workspace.changes.announce(Change("answer", interaction))
    return message


def _place(interaction: Interaction, words: Json) -> Place:
    public = words.get("response_type") == "in_channel"
    viewer = None if public else interaction.user
    return Place(interaction.channel or "", words.get("thread_ts"), viewer)
