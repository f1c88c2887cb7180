"""Every Web API method there is here, and the route that serves them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

from aiohttp import web

from bot.sandbox.slack.backend import Backend
from bot.sandbox.slack.entities import Json
from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.limits import Tier
from bot.sandbox.slack.web_api import chat, conversations, files, people, surfaces
from bot.sandbox.slack.web_api.call import Call, check_token, read_call
from bot.sandbox.slack.web_api.places import require_scope
from bot.sandbox.slack.web_api.troubled import meet


@dataclass(frozen=True, slots=True)
class Method:
    """How a method is called and what it takes."""

    function: Callable[[Backend, Call], Awaitable[Json]]
    tier: Tier
    scope: str = ""
    """Empty where any token will do, or where it depends on the conversation."""
    caller: Literal["bot", "app", "anyone"] = "bot"
    """Whose token it takes."""


METHODS: dict[str, Method] = {
    "api.test": Method(people.api_test, "t4", caller="anyone"),
    "apps.connections.open": Method(surfaces.connections_open, "t3", caller="app"),
    "auth.test": Method(people.auth_test, "special"),
    "chat.delete": Method(chat.delete, "t3", "chat:write"),
    "chat.getPermalink": Method(chat.get_permalink, "special"),
    "chat.postEphemeral": Method(chat.post_ephemeral, "t4", "chat:write"),
    "chat.postMessage": Method(chat.post_message, "posting", "chat:write"),
    "chat.update": Method(chat.update, "t3", "chat:write"),
    "conversations.history": Method(conversations.history, "t3"),
    "conversations.info": Method(conversations.info, "t3"),
    "conversations.list": Method(conversations.list_, "t2", "channels:read"),
    "conversations.members": Method(conversations.members, "t4"),
    "conversations.open": Method(conversations.open_, "t3", "im:write"),
    "conversations.replies": Method(conversations.replies, "t3"),
    "files.completeUploadExternal": Method(files.complete_upload, "t4", "files:write"),
    "files.getUploadURLExternal": Method(files.get_upload_url, "t4", "files:write"),
    "files.info": Method(files.info, "t4", "files:read"),
    "functions.completeError": Method(surfaces.complete_error, "t3"),
    "functions.completeSuccess": Method(surfaces.complete_success, "t3"),
    "usergroups.list": Method(people.usergroups_list, "t2", "usergroups:read"),
    "users.info": Method(people.users_info, "t4", "users:read"),
    "users.list": Method(people.users_list, "t2", "users:read"),
    "views.open": Method(surfaces.views_open, "t4"),
    "views.publish": Method(surfaces.views_publish, "t4"),
    "views.push": Method(surfaces.views_push, "t4"),
    "views.update": Method(surfaces.views_update, "t4"),
}


def add_routes(app: web.Application, backend: Backend) -> None:
    """Serve ``/api/{method}``, by GET and POST."""

    async def serve(request: web.Request) -> web.StreamResponse:
        trouble = backend.troubles.next(request.match_info["method"])
        return await meet(backend, request, trouble, lambda: _serve(backend, request))

    app.router.add_route("*", "/api/{method}", serve)


async def _serve(backend: Backend, request: web.Request) -> web.Response:
    name = request.match_info["method"]
    method = None
    try:
        method = _look_up(name)
        call = await read_call(request)
        check_token(call, method.caller, backend.workspace.executions)
        require_scope(backend, method.scope)
        if (seconds := backend.limits.retry_after(method.tier, _bucket(name, call))) is not None:
            return _slow_down(seconds)
        answer = {"ok": True} | await method.function(backend, call)
    except ApiError as error:
        answer = _refuse(error)
    return web.json_response(answer, headers=_scopes(backend, method))


def _look_up(name: str) -> Method:
    try:
        return METHODS[name]
    except KeyError:
        raise ApiError("unknown_method", extra={"req_method": name}) from None


def _bucket(name: str, call: Call) -> str:
    return f"{name} {call.text('channel')}" if name == "chat.postMessage" else name


def _slow_down(seconds: int) -> web.Response:
    return web.json_response(
        {"ok": False, "error": "ratelimited"},
        status=HTTPStatus.TOO_MANY_REQUESTS,
        headers={"Retry-After": str(seconds)},
    )


def _refuse(error: ApiError) -> Json:
    answer: Json = {"ok": False, "error": error.code} | error.extra
    if error.messages:
        answer |= {"errors": error.messages, "response_metadata": {"messages": error.messages}}
    return answer


def _scopes(backend: Backend, method: Method | None) -> dict[str, str]:
    accepted = method.scope if method is not None else ""
    granted = ",".join(sorted(backend.workspace.scopes))
    return {"X-OAuth-Scopes": granted, "X-Accepted-OAuth-Scopes": accepted}
