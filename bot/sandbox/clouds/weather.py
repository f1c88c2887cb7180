"""How a cloud spoils its answers; one function for each kind of weather."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.clock import Clock
from bot.sandbox.clouds.exchange import Answer, Brain
from bot.sandbox.scenario import Cloud, Spell, Weather, WeatherKind

OK = Weather()
_PAGE = b"<html><head><title>Welcome</title></head><body><h1>It works!</h1></body></html>"
_BROKEN = b"<html><body><h1>500 Internal Server Error</h1></body></html>"
_HUGE = b'{"Padding":"' + b"x" * (1 << 20) + b'"}'
_DEFAULT_S: Mapping[WeatherKind, float] = {
    WeatherKind.HANG: 3600,
    WeatherKind.SLOW: 3,
    WeatherKind.DRIP: 1,
}


class Sky:
    """The weather over every cloud: what was set at run time, else what the scenario says."""

    def __init__(self, spells: tuple[Spell, ...], clock: Clock) -> None:
        self._spells = spells
        self._clock = clock
        self._began = clock.monotonic()
        self._set: dict[Cloud, Weather] = {}

    def set(self, cloud: Cloud, weather: Weather) -> None:
        """Change the weather over one cloud until it is set again."""
        self._set[cloud] = weather

    def over(self, cloud: Cloud) -> Weather:
        """Tell the weather now."""
        if not self._spells:
            return self._set.get(cloud, OK)
        return self._set.get(cloud) or self._forecast(cloud)

    def _forecast(self, cloud: Cloud) -> Weather:
        now = self._clock.monotonic() - self._began
        for spell in self._spells:
            ends = float("inf") if spell.ends is None else spell.ends
            if spell.cloud is cloud and spell.begins <= now < ends:
                return spell
        return OK


@dataclass(frozen=True, slots=True)
class Storm:
    """One request in bad weather."""

    request: web.BaseRequest
    answer: Answer
    """What would have been said."""
    brain: Brain
    weather: Weather
    clock: Clock
    number: int
    """Counts the requests this cloud has spoilt, from 0."""

    @property
    def seconds(self) -> float:
        """How long this weather takes."""
        return self.weather.seconds or _DEFAULT_S[self.weather.kind]


def respond(answer: Answer, headers: Mapping[str, str]) -> web.Response:
    """Turn an answer into what is sent, as it is."""
    merged = {**headers, **answer.headers, "Content-Type": answer.content_type}
    return web.Response(body=answer.body, status=answer.status, headers=merged)


async def spoil(storm: Storm, headers: Mapping[str, str]) -> web.StreamResponse:
    """Do to an answer what the weather does."""
    return await _SPOILERS[storm.weather.kind](storm, headers)


async def _wait(storm: Storm, headers: Mapping[str, str]) -> web.StreamResponse:
    await storm.clock.sleep(storm.seconds)
    return respond(storm.answer, headers)


async def _close(storm: Storm, headers: Mapping[str, str]) -> web.StreamResponse:
    storm.request.protocol.force_close()
    return respond(storm.answer, headers)


async def _drip(storm: Storm, headers: Mapping[str, str]) -> web.StreamResponse:
    response = web.StreamResponse(status=storm.answer.status, headers=headers)
    response.content_type = storm.answer.content_type
    response.content_length = len(storm.answer.body)
    await response.prepare(storm.request)
    for byte in storm.answer.body:
        await storm.clock.sleep(storm.seconds)
        await response.write(bytes((byte,)))
    return response


async def _refuse(storm: Storm, headers: Mapping[str, str]) -> web.StreamResponse:
    return respond(storm.brain.refusal(storm.weather.kind), headers)


async def _flap(storm: Storm, headers: Mapping[str, str]) -> web.StreamResponse:
    if storm.number % 2:
        return respond(storm.answer, headers)
    return respond(Answer(_BROKEN, status=503, content_type="text/html"), headers)


def _always(answer: Answer) -> "_Spoiler":
    async def say(_storm: Storm, headers: Mapping[str, str]) -> web.StreamResponse:
        return respond(answer, headers)

    return say


_Spoiler = Callable[[Storm, Mapping[str, str]], Awaitable[web.StreamResponse]]

_SPOILERS: Mapping[WeatherKind, _Spoiler] = {
    WeatherKind.HANG: _wait,
    WeatherKind.SLOW: _wait,
    WeatherKind.REFUSE: _close,
    WeatherKind.DRIP: _drip,
    WeatherKind.RATE_LIMITED: _refuse,
    WeatherKind.SKEWED: _refuse,
    WeatherKind.FLAPPING: _flap,
    WeatherKind.HTTP_500: _always(Answer(_BROKEN, status=500, content_type="text/html")),
    WeatherKind.GARBAGE: _always(Answer(_PAGE, content_type="text/html")),
    WeatherKind.HUGE: _always(Answer(_HUGE)),
    WeatherKind.REDIRECT: _always(Answer(b"", status=302, headers={"Location": "/elsewhere"})),
}
