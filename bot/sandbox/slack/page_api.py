"""The demo page's own routes: the workspace as one person sees it, and what that person does.

Only the page itself may post: a request that names another origin is refused, so that no other
site open in the same browser can act here.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any

from aiohttp import web
from yarl import URL

from bot.sandbox.slack import seed
from bot.sandbox.slack.acts import Outcome
from bot.sandbox.slack.backend import Backend
from bot.sandbox.slack.changes import Change
from bot.sandbox.slack.entities import Json
from bot.sandbox.slack.errors import ApiError, NotPossibleError
from bot.sandbox.slack.page_json import change_json, state_json
from bot.sandbox.slack.people import People

FALLBACK = Path(__file__).parent.parent / "page" / "fallback.html"

Act = Callable[[People, Json], Awaitable[Json]]


async def _command(people: People, given: Json) -> Json:
    command, _, text = given["text"].strip().partition(" ")
    if command == "/invite":
        people.invite(channel=given["channel"])
        return {"ok": True, "ack_ms": 0, "error": None}
    if command != "/mediatask":
        return {"ok": False, "ack_ms": 0, "error": f"{command} is not a valid command."}
    outcome = await people.command(
        text,
        user=given.get("user") or seed.ME,
        channel=given["channel"],
        command=command,
        thread_ts=given.get("thread_ts"),
    )
    return _shown(outcome)


async def _action(people: People, given: Json) -> Json:
    chosen, block_id = given.get("action"), given.get("block_id")
    if given.get("view_id"):
        return _shown(
            await people.press_in_view(
                given["view_id"], given["action_id"], value=chosen, block_id=block_id
            )
        )
    channel, ts, action_id = given["channel"], given["ts"], given["action_id"]
    return _shown(await people.click(channel, ts, action_id, value=chosen, block_id=block_id))


async def _message(people: People, given: Json) -> Json:
    message = await people.say(
        given["text"], channel=given["channel"], thread_ts=given.get("thread_ts")
    )
    return {"ok": True, "error": None, "ts": message.ts}


async def _view_submit(people: People, given: Json) -> Json:
    outcome = await people.submit(given["view_id"], given.get("values") or {})
    return _shown(outcome) | {"errors": (outcome.response or {}).get("errors", {})}


async def _view_close(people: People, given: Json) -> Json:
    return _shown(await people.close_view(given["view_id"]))


async def _shortcut(people: People, given: Json) -> Json:
    if given.get("ts"):
        where = given["callback_id"], given["channel"], given["ts"]
        return _shown(await people.message_shortcut(*where))
    return _shown(await people.global_shortcut(given["callback_id"]))


async def _home(people: People, given: Json) -> Json:
    del given
    ack = await people.open_home()
    return {"ok": ack is not None and ack.error is None, "error": ack and ack.error}


ACTS: dict[str, Act] = {
    "command": _command,
    "action": _action,
    "message": _message,
    "view_submit": _view_submit,
    "view_close": _view_close,
    "shortcut": _shortcut,
    "home": _home,
}
"""Last part of the path: what the person does."""


def _shown(outcome: Outcome) -> Json:
    return {"ok": outcome.error is None, "ack_ms": outcome.ack_ms, "error": outcome.error}


def add_routes(
    app: web.Application,
    people: People,
    page_dir: Path | None,
    stories: Sequence[Mapping[str, str]],
) -> None:
    """Serve the page and its routes."""
    backend = people.backend

    async def state(request: web.Request) -> web.Response:
        del request
        return web.json_response(state_json(backend, stories))

    async def act(request: web.Request) -> web.Response:
        return await _act(people, request)

    async def events(request: web.Request) -> web.StreamResponse:
        return await _stream(backend, request)

    async def index(request: web.Request) -> web.StreamResponse:
        del request
        return _index(page_dir)

    app.router.add_get("/", index)
    app.router.add_get("/page/state", state)
    app.router.add_get("/page/events", events)
    app.router.add_post("/page/{act}", act)
    if page_dir is not None and (page_dir / "assets").is_dir():
        app.router.add_static("/assets", page_dir / "assets")


def _index(page_dir: Path | None) -> web.StreamResponse:
    built = [page_dir / "index.html"] if page_dir is not None else []
    for path in (*built, FALLBACK):
        if path.is_file():
            return web.FileResponse(path, headers={"Cache-Control": "no-store"})
    raise web.HTTPNotFound(text="the page has not been built")


async def _act(people: People, request: web.Request) -> web.Response:
    act = ACTS.get(request.match_info["act"])
    if act is None:
        raise web.HTTPNotFound
    refuse_foreign_page(request)
    try:
        answer = await act(people, await request.json())
    except (NotPossibleError, ApiError) as error:
        answer = {"ok": False, "error": str(error)}
    except (AttributeError, KeyError, TypeError, ValueError):
        answer = {"ok": False, "error": "bad_request"}
        return web.json_response(answer, status=HTTPStatus.BAD_REQUEST)
    return web.json_response(answer)


def refuse_foreign_page(request: web.Request) -> None:
    """Let a request pass that comes from our own page, or from no page at all.

    Raises:
        web.HTTPForbidden: another site's page sent it.
    """
    origin = request.headers.get("Origin")
    if origin is not None and URL(origin).authority != request.host:
        raise web.HTTPForbidden(text="only the page itself may do this")


async def _stream(backend: Backend, request: web.Request) -> web.StreamResponse:
    """Send what happens, as server-sent events, until the page goes or the server ends."""
    waiting = asyncio.Queue[Change]()
    stop = backend.workspace.changes.watch(waiting.put_nowait)
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
    )
    try:
        await response.prepare(request)
        await response.write(b": hello\n\n")
        while (change := await waiting.get()).kind != "closing":
            for kind, shown in change_json(backend, change):
                await response.write(_event(kind, shown))
    except ConnectionError:
        pass  # the page was closed, and nobody is left to tell
    finally:
        stop()
    return response


def _event(kind: str, shown: Any) -> bytes:
    return f"event: {kind}\ndata: {json.dumps(shown)}\n\n".encode()
