"""Bad weather over a cloud, as a client on the other end of a socket meets it."""

import asyncio
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.sandbox.clouds import Cloud, Scenario, VendorClouds, Weather, WeatherKind
from bot.sandbox.scenario import Spell
from tests.bot.sandbox.clouds.calls import zego_query
from tests.fakes.clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def still(scenario: Scenario, clock: FakeClock) -> AsyncIterator[VendorClouds]:
    """Clouds whose time stands still."""
    async with await VendorClouds.start(scenario, clock=clock) as running:
        yield running


def url(clouds: VendorClouds, task_id: str = "289665200") -> str:
    keys = clouds.scenario.keys.zego
    query = zego_query(keys, "DescribeMediaTask", Vendor="Huawei", TaskId=task_id)
    return clouds.rtc_url.removesuffix("/") + query


async def get(session: aiohttp.ClientSession, clouds: VendorClouds) -> tuple[int, str, bytes]:
    async with session.get(url(clouds), allow_redirects=False) as response:
        return response.status, response.content_type, await response.read()


async def wait_for_sleeper(clock: FakeClock) -> None:
    while not clock.sleepers:
        await clock.settle()


@pytest.mark.parametrize(
    ("kind", "status", "content_type"),
    [
        (WeatherKind.HTTP_500, 500, "text/html"),
        (WeatherKind.GARBAGE, 200, "text/html"),
        (WeatherKind.HUGE, 200, "application/json"),
        (WeatherKind.REDIRECT, 302, "application/json"),
        (WeatherKind.RATE_LIMITED, 200, "application/json"),
        (WeatherKind.SKEWED, 200, "application/json"),
        (WeatherKind.FLAPPING, 503, "text/html"),
    ],
)
async def test_each_weather_spoils_the_answer_in_its_way(
    still: VendorClouds,
    session: aiohttp.ClientSession,
    kind: WeatherKind,
    status: int,
    content_type: str,
) -> None:
    still.set_weather(Cloud.RTC, Weather(kind=kind))

    answer = await get(session, still)

    assert answer[:2] == (status, content_type)
    assert still.requests[-1].verdict == kind.value


async def test_a_huge_answer_is_json_of_more_than_a_mebibyte(
    still: VendorClouds, session: aiohttp.ClientSession
) -> None:
    still.set_weather(Cloud.RTC, Weather(kind=WeatherKind.HUGE))

    _, _, body = await get(session, still)

    assert len(body) > 1 << 20
    assert isinstance(json.loads(body), dict)


async def test_a_flapping_cloud_answers_every_second_question(
    still: VendorClouds, session: aiohttp.ClientSession
) -> None:
    still.set_weather(Cloud.RTC, Weather(kind=WeatherKind.FLAPPING))

    statuses = [(await get(session, still))[0] for _ in range(4)]

    assert statuses == [503, 200, 503, 200]


async def test_a_refused_connection_brings_no_answer(
    still: VendorClouds, session: aiohttp.ClientSession
) -> None:
    still.set_weather(Cloud.RTC, Weather(kind=WeatherKind.REFUSE))

    with pytest.raises(aiohttp.ClientConnectionError):
        await get(session, still)


@pytest.mark.parametrize(
    ("weather", "seconds"),
    [
        (Weather(kind=WeatherKind.SLOW), 3),
        (Weather(kind=WeatherKind.SLOW, seconds=7), 7),
        (Weather(kind=WeatherKind.HANG), 3600),
    ],
)
async def test_a_slow_answer_comes_after_its_time(
    still: VendorClouds,
    clock: FakeClock,
    session: aiohttp.ClientSession,
    weather: Weather,
    seconds: float,
) -> None:
    still.set_weather(Cloud.RTC, weather)

    async with asyncio.TaskGroup() as group:
        asking = group.create_task(get(session, still))
        await wait_for_sleeper(clock)
        is_early = asking.done()
        await clock.advance(seconds)

    assert (is_early, clock.slept, asking.result()[0]) == (False, [seconds], 200)


async def test_a_dripping_answer_comes_byte_by_byte(
    still: VendorClouds, clock: FakeClock, session: aiohttp.ClientSession
) -> None:
    still.set_weather(Cloud.RTC, Weather(kind=WeatherKind.DRIP, seconds=2))

    async with asyncio.TaskGroup() as group:
        asking = group.create_task(get(session, still))
        while not asking.done():
            await clock.advance(2)

    _, _, body = asking.result()
    assert json.loads(body)["Code"] == 0
    assert clock.slept == [2] * len(body)


async def test_whoever_hangs_up_is_forgotten(
    still: VendorClouds, clock: FakeClock, session: aiohttp.ClientSession
) -> None:
    still.set_weather(Cloud.RTC, Weather(kind=WeatherKind.HANG))
    asking = asyncio.create_task(get(session, still))
    await wait_for_sleeper(clock)

    asking.cancel()
    while clock.sleepers:
        await clock.settle()

    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_a_cloud_closes_while_somebody_hangs(
    scenario: Scenario, clock: FakeClock, session: aiohttp.ClientSession
) -> None:
    async with await VendorClouds.start(scenario, clock=clock) as clouds:
        clouds.set_weather(Cloud.RTC, Weather(kind=WeatherKind.HANG))
        asking = asyncio.create_task(get(session, clouds))
        await wait_for_sleeper(clock)

    with pytest.raises(aiohttp.ClientConnectionError):
        await asking


async def test_the_weather_of_a_task_spoils_it_alone(
    still: VendorClouds, clock: FakeClock, session: aiohttp.ClientSession
) -> None:
    slow = next(task for task in still.scenario.tasks if task.weather.kind is WeatherKind.SLOW)
    still.put_task(slow.model_copy(update={"provider": "huawei", "id": "7"}))

    other = await get(session, still)
    async with asyncio.TaskGroup() as group:
        asking = group.create_task(_read(session, url(still, "7")))
        await wait_for_sleeper(clock)
        await clock.advance(3)

    assert (other[0], asking.result()) == (200, 200)
    assert [asked.verdict for asked in still.requests] == ["ok", "slow"]


async def _read(session: aiohttp.ClientSession, address: str) -> int:
    async with session.get(address) as response:
        return response.status


async def test_the_scenario_has_weather_for_a_while(
    scenario: Scenario, clock: FakeClock, session: aiohttp.ClientSession
) -> None:
    storm = Spell(cloud=Cloud.RTC, kind=WeatherKind.HTTP_500, begins=10, ends=20)
    elsewhere = Spell(cloud=Cloud.TIW, kind=WeatherKind.GARBAGE)
    stormy = scenario.model_copy(update={"weather": (elsewhere, storm)})

    statuses = []
    async with await VendorClouds.start(stormy, clock=clock) as clouds:
        for pause in (0, 10, 10):
            await clock.advance(pause)
            statuses.append((await get(session, clouds))[0])

    assert statuses == [200, 500, 200]


async def test_weather_that_is_set_goes_before_the_scenarios(
    scenario: Scenario, clock: FakeClock, session: aiohttp.ClientSession
) -> None:
    storm = Spell(cloud=Cloud.RTC, kind=WeatherKind.HTTP_500)
    stormy = scenario.model_copy(update={"weather": (storm,)})

    async with await VendorClouds.start(stormy, clock=clock) as clouds:
        before = (await get(session, clouds))[0]
        clouds.set_weather(Cloud.RTC, Weather())
        after = (await get(session, clouds))[0]

    assert (before, after) == (500, 200)


async def test_the_date_of_a_reply_is_the_clouds_own(
    still: VendorClouds, session: aiohttp.ClientSession
) -> None:
    async with session.get(url(still)) as response:
        assert response.headers["Date"] == "Fri, 20 Nov 2026 10:00:00 GMT"
