"""Routes for a benchmark that runs the local Slack as a process of its own."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from bot.sandbox.slack.entities import Json
from bot.sandbox.slack.load import Load, run_load
from bot.sandbox.slack.page_api import refuse_foreign_page
from bot.sandbox.slack.people import People


async def _load(people: People, given: Json) -> Json:
    """Type commands at a rate and report; answers when all is over."""
    return await run_load(people, Load(**given))


async def _deliver_to(people: People, given: Json) -> Json:
    """Deliver to ``url``; null is Socket Mode."""
    people.backend.deliver_to(given["url"])
    return {}


async def _cut(people: People, given: Json) -> Json:
    """Cut WebSockets: ``how``, and ``number`` of the oldest or all."""
    number = await people.backend.socket_mode.cut(given["how"], given.get("number"))
    return {"cut": number}


async def _limits(people: People, given: Json) -> Json:
    """Switch the rate limits: ``on``."""
    people.backend.limits.is_on = bool(given["on"])
    return {}


async def _trouble(people: People, given: Json) -> Json:
    """Order a ``trouble`` for the next ``times`` calls of ``method``."""
    people.backend.troubles.order(given["method"], given["trouble"], given.get("times", 1))
    return {}


async def _weather(people: People, given: Json) -> Json:
    """Let shares of the calls of ``method`` go wrong: ``shares`` by trouble."""
    people.backend.troubles.set_weather(given["method"], given["shares"])
    return {}


CONTROLS: dict[str, Callable[[People, Json], Awaitable[Json]]] = {
    "load": _load,
    "deliver_to": _deliver_to,
    "cut": _cut,
    "limits": _limits,
    "trouble": _trouble,
    "weather": _weather,
}
"""Last part of the path under ``/control``."""


def add_routes(app: web.Application, people: People) -> None:
    """Serve ``POST /control/{what}`` with a JSON body."""

    async def serve(request: web.Request) -> web.Response:
        control = CONTROLS.get(request.match_info["what"])
        if control is None:
            raise web.HTTPNotFound
        refuse_foreign_page(request)
        try:
            answer = await control(people, await request.json())
        except (KeyError, TypeError, ValueError) as error:
            return web.json_response({"error": str(error)}, status=HTTPStatus.BAD_REQUEST)
        return web.json_response(answer)

    app.router.add_post("/control/{what}", serve)
