"""The HTTP side of one cloud: reads the request, asks the cloud, lets the weather at the answer.

It is aiohttp's low-level server, without router, middlewares or access log: benchmarks drive it.
"""

from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from aiohttp import web

from bot.sandbox.clock import Clock
from bot.sandbox.clouds.exchange import Brain, Call
from bot.sandbox.clouds.weather import OK, Sky, Storm, respond, spoil
from bot.sandbox.scenario import Cloud, WeatherKind

_CLOSE_S = 0.2


@dataclass(frozen=True, slots=True)
class Asked:
    """One request in the journal; nothing in it is secret."""

    cloud: Cloud
    action: str
    at: datetime
    task_ids: tuple[str, ...]
    verdict: str
    """``ok``, the vendor's code where the question was refused, or the weather that spoilt it."""


Journal = deque[Asked]


class Front:
    """One local server."""

    def __init__(
        self, cloud: Cloud, brain: Brain, sky: Sky, clock: Clock, journal: Journal
    ) -> None:
        self._cloud = cloud
        self._brain = brain
        self._sky = sky
        self._clock = clock
        self._journal = journal
        self._spoilt = 0
        self._runner = web.ServerRunner(
            web.Server(self._handle, handler_cancellation=True, access_log=None),
            shutdown_timeout=_CLOSE_S,
        )
        self.url = ""

    @property
    def actions(self) -> Collection[str]:
        """What can be asked here."""
        return self._brain.actions

    async def open(self, host: str, port: int) -> None:
        """Listen; port 0 takes a free one."""
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        address = self._runner.addresses[0]
        self.url = f"http://{host}:{address[1]}"

    async def close(self) -> None:
        """Stop listening and drop whoever still hangs."""
        await self._runner.cleanup()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        now = self._clock.now()
        path, _, query = request.raw_path.partition("?")
        body = await request.read() if request.body_exists else b""
        call = Call(request.method, path, query, request.headers, body, now)
        answer = await self._brain.answer(call)
        weather = self._sky.over(self._cloud)
        if weather.kind is WeatherKind.OK:
            weather = answer.weather or OK
        is_fair = weather.kind is WeatherKind.OK
        verdict = answer.verdict if is_fair else weather.kind.value
        self._journal.append(Asked(self._cloud, answer.action, now, answer.task_ids, verdict))
        if is_fair:
            return respond(answer, self._headers(now))
        storm = Storm(request, answer, self._brain, weather, self._clock, self._spoilt)
        self._spoilt += 1
        return await spoil(storm, self._headers(now))

    def _headers(self, now: datetime) -> Mapping[str, str]:
        # The date is the stand-in's: a client reads from it how far off its own clock is.
        return {"Date": format_datetime(now, usegmt=True), "Server": "openresty"}
