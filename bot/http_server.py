"""The bot's own HTTP server: Slack in http mode, probes and metrics."""

import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

from bot.metrics import CONTENT_TYPE, Metrics

MAX_BODY_BYTES = 1 << 20
_UNREADABLE = (ValueError, LookupError, AttributeError, TypeError, RecursionError)
"""What Bolt raises over a body that is none of Slack's; it reads it before it checks who signed."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the process stands, as ``GET /readyz`` tells it."""

    reasons: Sequence[str]
    """Why it is not ready; none where it is."""
    vendors: Mapping[str, object]
    remarks: Sequence[str] = ()
    """What is not well although it may be ready."""


Readiness = Callable[[], Awaitable[Standing]]
Receive = Callable[[web.Request], Awaitable[web.StreamResponse]]


def create_web_app(
    slack: AsyncApp | None,
    metrics: Metrics,
    readiness: Readiness,
    *,
    callbacks: Receive | None = None,
) -> web.Application:
    """Build the routes; *slack* is None in socket mode, where Slack has no route here.

    *callbacks* takes in what vendors push, its body unread; None: there is no route for them.
    """
    web_app = web.Application(client_max_size=MAX_BODY_BYTES)
    web_app.router.add_get("/healthz", _healthz)

    async def readyz(_: web.Request) -> web.Response:
        standing = await readiness()
        body = {"ready": not standing.reasons, **asdict(standing)}
        return web.json_response(body, status=503 if standing.reasons else 200)

    async def show_metrics(_: web.Request) -> web.Response:
        return web.Response(body=metrics.render(), headers={"Content-Type": CONTENT_TYPE})

    web_app.router.add_get("/readyz", readyz)
    web_app.router.add_get("/metrics", show_metrics)
    if slack is not None:
        web_app.router.add_post("/slack/events", _slack_route(slack, metrics))
    if callbacks is not None:
        web_app.router.add_post("/callbacks/{account}", callbacks)
    return web_app


async def _healthz(_: web.Request) -> web.Response:
    return web.Response(text="ok")


def _slack_route(
    slack: AsyncApp, metrics: Metrics
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def receive(request: web.Request) -> web.Response:
        arrived = time.perf_counter()
        try:
            bolt_request = await to_bolt_request(request)
        except _UNREADABLE:
            return web.Response(status=400, text="the body cannot be read")
        response = await slack.async_dispatch(bolt_request)
        metrics.observe_ack("http", time.perf_counter() - arrived)
        return await to_aiohttp_response(response)

    return receive


@dataclass(slots=True)
class HttpServer:
    """A listening server; ``port`` is the one really bound."""

    runner: web.AppRunner
    port: int

    @classmethod
    async def start(cls, web_app: web.Application, host: str, port: int) -> "HttpServer":
        """Listen.

        Raises:
            OSError: the address is taken, or not this machine's.
        """
        runner = web.AppRunner(web_app, access_log=None, shutdown_timeout=5)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError:
            await runner.cleanup()
            raise
        return cls(runner, runner.addresses[0][1])

    async def close(self) -> None:
        """Stop listening, and let requests that are under way end."""
        await self.runner.cleanup()
