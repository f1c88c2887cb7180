"""One call of a Web API method: its arguments, whichever way they came, and its token."""

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.sandbox.slack import seed
from bot.sandbox.slack.entities import Json
from bot.sandbox.slack.errors import ApiError

_STRUCTURED = {
    "blocks": "invalid_blocks_format",
    "attachments": "invalid_attachments",
    "metadata": "invalid_metadata_format",
    "view": "invalid_arguments",
    "files": "invalid_arguments",
    "outputs": "invalid_arguments",
}
"""Arguments that are JSON inside a form: the refusal where they are not."""
_TRUE = frozenset({"true", "1", "True"})


@dataclass(frozen=True, slots=True)
class Call:
    """What a method is given."""

    arguments: Json
    token: str
    """Empty where the request carried none."""

    def text(self, name: str, default: str = "") -> str:
        """Read an argument as text."""
        value = self.arguments.get(name)
        return default if value is None else str(value)

    def required(self, name: str) -> str:
        """Read an argument that must be there.

        Raises:
            ApiError: it is not.
        """
        if not (value := self.text(name)):
            message = f"[ERROR] missing required field: {name}"
            raise ApiError("invalid_arguments", [message])
        return value

    def flag(self, name: str) -> bool:
        """Read a yes or no."""
        value = self.arguments.get(name)
        return value is True or str(value) in _TRUE

    def number(self, name: str, default: int) -> int:
        """Read a whole number."""
        text = self.text(name)
        return int(text) if text.isascii() and text.isdigit() else default

    def structured(self, name: str, wanted: type[Any]) -> Any:
        """Read a JSON argument of the *wanted* type.

        Raises:
            ApiError: it is missing or of another.
        """
        value = self.arguments.get(name)
        if not isinstance(value, wanted):
            raise ApiError("invalid_arguments", [f"[ERROR] failed to match all allowed: {name}"])
        return value


async def read_call(request: web.Request) -> Call:
    """Read the query, and the body as JSON, form or multipart; ``Authorization`` before ``token``.

    Raises:
        ApiError: a body that is not what its content type says.
    """
    arguments: Json = dict(request.query)
    if request.content_type == "application/json":
        arguments |= await _read_json(request)
    elif request.can_read_body:
        arguments |= dict(await request.post())
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    token = bearer.strip() if scheme.lower() == "bearer" else str(arguments.get("token", ""))
    return Call({name: _unpack(name, value) for name, value in arguments.items()}, token)


async def _read_json(request: web.Request) -> Json:
    try:
        body = json.loads(await request.read() or b"{}")
    except ValueError:
        raise ApiError("invalid_json") from None
    if not isinstance(body, dict):
        raise ApiError("json_not_object")
    return body


def _unpack(name: str, value: Any) -> Any:
    if name not in _STRUCTURED or not isinstance(value, str) or not value:
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise ApiError(_STRUCTURED[name]) from None


def check_token(call: Call, wanted: str, executions: Json) -> None:
    """Let a call pass whose token is good for it; a running workflow step has its own.

    Raises:
        ApiError: there is none, nobody knows it, or it is of the wrong kind.
    """
    if wanted == "anyone":
        return
    if not call.token:
        raise ApiError("not_authed")
    kinds = {seed.BOT_TOKEN: "bot", seed.APP_TOKEN: "app"}
    kinds |= {f"xwfp-local-{key}": "bot" for key in executions}
    kind = kinds.get(call.token)
    if kind is None:
        raise ApiError("invalid_auth")
    if kind != wanted:
        raise ApiError("not_allowed_token_type")
