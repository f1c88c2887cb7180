"""The local Slack as one thing to start, use and close."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web

from bot.sandbox.clock import Clock
from bot.sandbox.slack import control, page_api, response_urls, seed
from bot.sandbox.slack.backend import Backend
from bot.sandbox.slack.changes import Change, Found
from bot.sandbox.slack.entities import Execution, Message, OpenView
from bot.sandbox.slack.http_delivery import HttpDelivery
from bot.sandbox.slack.people import People
from bot.sandbox.slack.socket_mode import Cut
from bot.sandbox.slack.troubles import Trouble
from bot.sandbox.slack.web_api import files, table

_MAX_BODY = files.MAX_FILE_BYTES + 1_000_000
_SHUTDOWN_SECONDS = 1.0
_REQUEST_SECONDS = 10.0


class LocalSlack(People):
    """A Slack of one workspace, on one port; its people act through its methods.

    Ids worth knowing are in ``seed``. ``backend`` is there for whoever wants to look inside.
    """

    team_id = seed.TEAM_ID
    bot_user_id = seed.BOT_USER
    bot_token = seed.BOT_TOKEN
    app_token = seed.APP_TOKEN
    signing_secret = seed.SIGNING_SECRET

    def __init__(self, backend: Backend, runner: web.AppRunner) -> None:
        super().__init__(backend)
        self._runner = runner

    @classmethod
    async def start(
        cls,
        *,
        clock: Clock,
        host: str = "127.0.0.1",
        port: int = 0,
        page_dir: Path | None = None,
        stories: Sequence[Mapping[str, str]] = (),
        shortcuts: Sequence[Mapping[str, str]] = (),
    ) -> "LocalSlack":
        """Open for business; *port* 0 takes a free one.

        *stories* are what the page offers: ``title``, ``command`` and ``text`` each; *shortcuts*
        what the app does: ``callback_id``, ``name`` and ``type`` each.

        Raises:
            OSError: the port is taken.
        """
        session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(total=_REQUEST_SECONDS),
        )
        backend = Backend.build(clock, session)
        backend.workspace.shortcuts = tuple(shortcuts)
        app = web.Application(client_max_size=_MAX_BODY)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
        slack = cls(backend, runner)
        _add_routes(app, slack, page_dir, stories)
        try:
            await runner.setup()
            await web.TCPSite(runner, host, port).start()
        except OSError:
            await slack.close()
            raise
        bound = runner.addresses[0][1]
        backend.base_url = f"http://{host}:{bound}"
        return slack

    @property
    def api_url(self) -> str:
        """Where the Web API is, as a client's base URL."""
        return f"{self.backend.base_url}/api/"

    @property
    def page_url(self) -> str:
        """Where a person opens the page."""
        return f"{self.backend.base_url}/"

    @property
    def acks(self) -> list[tuple[str, float]]:
        """Kind and seconds of every acknowledgement that came in time, oldest first."""
        return list(self.backend.acks)

    def deliver_to(self, url: str | None) -> None:
        """Send everything to *url*, signed, from now on; None goes back to Socket Mode."""
        self.backend.deliver_to(url)

    async def verify_url(self) -> bool:
        """Check that the URL answers Slack's challenge; False in Socket Mode."""
        courier = self.backend.dispatch.courier
        return isinstance(courier, HttpDelivery) and await courier.verify_url()

    async def drop_connections(self, how: Cut = "refresh", number: int | None = None) -> int:
        """Cut the *number* oldest WebSockets (None: all); how many were cut."""
        return await self.backend.socket_mode.cut(how, number)

    @property
    def connections(self) -> int:
        """Count the WebSockets that get envelopes."""
        return sum(one.is_routed for one in self.backend.socket_mode.connections)

    def trouble(self, method: str, trouble: Trouble, times: int = 1) -> None:
        """Let the next calls of a Web API method, or of ``response_url``, go wrong."""
        self.backend.troubles.order(method, trouble, times)

    def messages(self, channel: str, viewer: str | None = None) -> list[Message]:
        """List a channel, oldest first; with *viewer*, what only they see is among it."""
        return self.backend.workspace.seen(channel, viewer)

    def home(self, user: str = seed.ME) -> OpenView | None:
        """Look at somebody's Home; None where the bot has published none."""
        return self.backend.views.homes.get(user)

    def modal(self, user: str = seed.ME) -> OpenView | None:
        """Look at the modal in front of somebody; None where none is open."""
        return self.backend.views.top(user)

    def execution(self, execution_id: str) -> Execution:
        """Look at a workflow step's run."""
        return self.backend.workspace.executions[execution_id]

    async def wait_for(
        self,
        predicate: Callable[[], Found],
        timeout: float = 5.0,  # noqa: ASYNC109 - it must end also where the clock is a fake
    ) -> Found:
        """Return what *predicate* answers once it is true; it is asked whenever things change.

        Raises:
            TimeoutError: not within *timeout* seconds of the machine's own time.
        """
        return await self.backend.workspace.changes.wait_for(predicate, timeout)

    async def close(self) -> None:
        """End every connection, then the server."""
        self.backend.workspace.changes.announce(Change("closing"))
        await self.backend.close()
        await self._runner.cleanup()
        await self.backend.session.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


def _add_routes(
    app: web.Application,
    slack: LocalSlack,
    page_dir: Path | None,
    stories: Sequence[Mapping[str, str]],
) -> None:
    app.router.add_get("/link/", slack.backend.socket_mode.accept)
    table.add_routes(app, slack.backend)
    response_urls.add_routes(app, slack.backend)
    files.add_routes(app, slack.backend)
    page_api.add_routes(app, slack, page_dir, stories)
    control.add_routes(app, slack)
