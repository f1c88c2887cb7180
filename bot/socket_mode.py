"""Socket Mode: two connections to Slack, each replaced before, or as soon as, it is no good.

Slack allows ten and sends each request over any one of them, once: what goes into a connection
that has gone deaf is lost. So there are two, one of them is replaced at a time, and a connection
Slack is about to end is kept until its successor is open.

This takes the place of the SDK's own client, which closes before it opens, asks for an address
once and then tries that one for ever, and tells the age of a pong by the wall clock.
"""

import asyncio
import logging
import time
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp

from bot.metrics import Metrics
from bot.slack_link import SlackRefusedError, SlackUnreachableError, ask_slack
from bot.socket_connection import Connection, Ending
from bot.socket_frames import Envelope, to_bolt_request, write_acknowledgement
from providers.clock import Clock

CONNECTIONS = 2
_OPEN_WITHIN_S = 10.0
_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 30.0
_LIVES_S = 10.0
"""A connection that ends sooner is not replaced at once, so that none are opened in a whirl."""
_CLOSE_WITHIN_S = 2.0
_TOLD = {
    Ending.REFRESH: "Slack replaces it",
    Ending.LINK_DISABLED: "Socket Mode is switched off in the app's settings",
    Ending.CLOSED: "it was closed",
    Ending.DEAF: "it answers no ping",
}

log = logging.getLogger(__name__)


class NotOpenedError(Exception):
    """No connection came about; the text is safe to show."""


@dataclass(eq=False, slots=True)
class _Line:
    """A place for one connection."""

    number: int
    connection: Connection | None = None
    trouble: str | None = "not open yet"
    """Why it takes no requests, or what is being done about it; None where all is well."""
    down_since: float | None = None
    """Since when it has been down and not yet counted so, on the monotonic clock."""

    @property
    def is_open(self) -> bool:
        return self.connection is not None and self.connection.is_taking


class SocketMode:
    """The connections of one process."""

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        session: aiohttp.ClientSession,
        *,
        clock: Clock,
        metrics: Metrics,
        connections: int = CONNECTIONS,
    ) -> None:
        self._app = app
        self._app_token = app_token
        self._session = session
        self._clock = clock
        self._metrics = metrics
        self._figures = metrics.socket_figures(self.count_open)
        self._lines = [_Line(number) for number in range(1, connections + 1)]
        self._one_at_a_time = asyncio.Lock()
        self._first_open = asyncio.Event()
        self._alive: set[Connection] = set()
        """Those on a line, and those that still finish what they began."""
        self._tasks: set[asyncio.Task[None]] = set()

    async def connect(self) -> None:
        """Open the connections; returns when the first is open, however long that takes."""
        for line in self._lines:
            self._start(self._serve(line))
        await self._first_open.wait()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def count_open(self) -> int:
        """Tell how many connections Slack would send a request over now."""
        return sum(line.is_open for line in self._lines)

    def remarks(self) -> list[str]:
        """Say what is wrong with single connections; a request may find another."""
        return [
            f"Socket Mode connection {line.number}: {line.trouble}"
            for line in self._lines
            if line.trouble is not None
        ]

    async def close(self) -> None:
        """Let acknowledgements under way go out, and end every connection; bounded."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(connection.close() for connection in tuple(self._alive)))

    async def _serve(self, line: _Line) -> None:
        """Keep *line* open for ever, also where that fails in a way nobody foresaw."""
        while True:
            try:
                await self._keep(line)
            except Exception:
                log.exception("socket_failed connection=%d", line.number)
                await self._clock.sleep(_LONGEST_PAUSE_S)

    async def _keep(self, line: _Line) -> None:
        while True:
            old, opened = line.connection, await self._replace(line)
            line.connection = opened
            self._note_opening(line)
            if old is not None:
                self._start(self._retire(old))
            opened_at = self._clock.monotonic()
            ending = await asyncio.shield(opened.ending)
            self._note_ending(line, opened, ending)
            if self._clock.monotonic() - opened_at < _LIVES_S:
                await self._clock.sleep(_FIRST_PAUSE_S)

    async def _replace(self, line: _Line) -> Connection:
        """Try until a connection is open, one line at a time."""
        pause = _FIRST_PAUSE_S
        while True:
            try:
                async with self._one_at_a_time:
                    return await self._open()
            except NotOpenedError as error:
                self._note_failure(line, str(error))
            await self._clock.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_S)

    async def _open(self) -> Connection:
        """Make one attempt.

        Raises:
            NotOpenedError: nothing came of it.
        """
        socket = await self._open_socket(await self._ask_address())
        connection = Connection(socket, self._clock, self._receive)
        self._alive.add(connection)
        with suppress(TimeoutError):
            async with asyncio.timeout(_OPEN_WITHIN_S):
                await connection.start()
        if not connection.is_taking:
            await self._close(connection)
            refusal = connection.refusal
            raise NotOpenedError(f"Slack ended it: {refusal}" if refusal else "Slack says no hello")
        return connection

    async def _ask_address(self) -> str:
        call = self._app.client.apps_connections_open(app_token=self._app_token)
        try:
            return str((await ask_slack(call))["url"])
        except SlackRefusedError as refusal:
            raise NotOpenedError(f"Slack answered {refusal}") from None
        except SlackUnreachableError as error:
            raise NotOpenedError(f"Slack cannot be reached: {error}") from None

    async def _open_socket(self, address: str) -> aiohttp.ClientWebSocketResponse:
        """Shake hands; the address is a secret, and so are the errors that carry it."""
        client = self._app.client
        try:
            async with asyncio.timeout(_OPEN_WITHIN_S):
                return await self._session.ws_connect(
                    address,
                    autoping=False,
                    timeout=aiohttp.ClientWSTimeout(ws_close=_CLOSE_WITHIN_S),
                    proxy=client.proxy,
                    ssl=client.ssl or True,
                )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NotOpenedError(f"no WebSocket ({type(error).__name__})") from None

    async def _retire(self, connection: Connection) -> None:
        await connection.finish()
        await self._close(connection)

    async def _close(self, connection: Connection) -> None:
        await connection.close()
        self._alive.discard(connection)

    def _note_opening(self, line: _Line) -> None:
        self._count_down_time(line)
        line.trouble = line.down_since = None
        self._first_open.set()
        log.info("socket_open connection=%d", line.number)

    def _note_ending(self, line: _Line, connection: Connection, ending: Ending) -> None:
        self._figures.count_rebuild(ending)
        if not connection.is_taking:
            is_deaf = ending is Ending.DEAF
            line.down_since = connection.heard_at if is_deaf else self._clock.monotonic()
        self._count_down_time(line)
        line.trouble = _TOLD[ending]
        level = logging.INFO if ending is Ending.REFRESH else logging.WARNING
        log.log(level, "socket_ended connection=%d reason=%s", line.number, ending)

    def _note_failure(self, line: _Line, reason: str) -> None:
        self._count_down_time(line)
        if reason != line.trouble:
            log.warning("socket_not_opened connection=%d reason=%s", line.number, reason)
        line.trouble = reason

    def _count_down_time(self, line: _Line) -> None:
        now = self._clock.monotonic()
        if line.down_since is not None:
            self._figures.count_deaf(now - line.down_since)
            line.down_since = now

    async def _receive(self, connection: Connection, envelope: Envelope) -> None:
        """Let Bolt's listeners take *envelope*, and acknowledge it."""
        arrived = time.perf_counter()
        response = await self._app.async_dispatch(to_bolt_request(envelope))
        frame = write_acknowledgement(envelope.id, response)
        if frame is None:
            log.warning("envelope_refused status=%d", response.status)
        elif await self._acknowledge(connection, frame):
            self._metrics.observe_ack("socket", time.perf_counter() - arrived)
        else:
            log.warning("acknowledgement_lost")

    async def _acknowledge(self, connection: Connection, frame: str) -> bool:
        """Send *frame* the way its envelope came, or, where that way is cut, another."""
        others = (line.connection for line in self._lines if line.is_open)
        for way in (connection, *others):
            if way is not None and await way.send(frame):
                return True
        return False
