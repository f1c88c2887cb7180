"""Tencent's own SDK believes the stand-in: it gets answers, and is refused with a wrong key."""

import asyncio
from typing import Any

import pytest
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.tiw.v20190919.models import DescribeVideoGenerationTaskRequest
from tencentcloud.tiw.v20190919.tiw_client import TiwClient

from bot.sandbox.clock import SystemClock
from bot.sandbox.clouds import Cloud, Scenario, VendorClouds, Weather, WeatherKind
from tests.fakes.clock import FakeClock

pytestmark = pytest.mark.usefixtures("no_proxy")

FINISHED = "ghucnligqtgtvk2624mb"


def profile(clouds: VendorClouds, method: str = "POST") -> ClientProfile:
    endpoint = clouds.tiw_url.removeprefix("http://")
    http = HttpProfile(protocol="http", endpoint=endpoint, reqMethod=method, reqTimeout=10)
    return ClientProfile(httpProfile=http)


def ask(clouds: VendorClouds, task_id: str, **other: Any) -> Any:
    keys = clouds.scenario.keys.tencent
    credential = Credential(
        other.get("secret_id", keys.secret_id),
        other.get("secret_key", keys.secret_key),
        other.get("token"),
    )
    region = other.get("region", keys.region)
    client = TiwClient(credential, region, profile(clouds, other.get("method", "POST")))
    request = DescribeVideoGenerationTaskRequest()
    request.SdkAppId = other.get("sdk_app_id", keys.sdk_app_id)
    request.TaskId = task_id
    return client.DescribeVideoGenerationTask(request)


async def refused(clouds: VendorClouds, task_id: str, **other: Any) -> str:
    def send() -> str:
        with pytest.raises(TencentCloudSDKException) as caught:
            ask(clouds, task_id, **other)
        return str(caught.value.get_code())

    return await asyncio.to_thread(send)


async def test_the_sdk_reads_a_finished_task(clouds: VendorClouds) -> None:
    reply = await asyncio.to_thread(ask, clouds, FINISHED)

    video = reply.VideoInfoList[0]
    assert (reply.TaskId, reply.Status, reply.TotalTime) == (FINISHED, "FINISHED", 156750)
    assert video.VideoUrl == f"{clouds.media_url}/videos/whiteboard.mp4"
    assert (video.VideoDuration, video.Width, video.Height) == (156750, 1024, 768)
    assert reply.RoomId == int(reply.GroupId)
    assert reply.VideoInfos.VideoUrl.startswith("Disused")


async def test_the_sdk_may_ask_with_get(clouds: VendorClouds) -> None:
    reply = await asyncio.to_thread(ask, clouds, FINISHED, method="GET")

    assert reply.Status == "FINISHED"


async def test_the_sdk_reads_a_task_that_waits(clouds: VendorClouds) -> None:
    reply = await asyncio.to_thread(ask, clouds, "0running000000000000")

    assert (reply.Status, reply.VideoInfoList) == ("QUEUED", None)


@pytest.mark.parametrize(
    ("task_id", "other", "code"),
    [
        (FINISHED, {"secret_key": "wrong"}, "AuthFailure.SignatureFailure"),
        (FINISHED, {"secret_id": "AKIDnobody"}, "AuthFailure.SecretIdNotFound"),
        (FINISHED, {"token": "temporary"}, "AuthFailure.TokenFailure"),
        (FINISHED, {"region": "mars-north-1"}, "UnsupportedRegion"),
        (FINISHED, {"sdk_app_id": 1}, "UnauthorizedOperation.SdkAppId"),
        (FINISHED, {"sdk_app_id": "1"}, "InvalidParameter.BodyParameterTypeUnmatched"),
        ("nobodyknowsthistask0", {}, "InvalidParameter.TaskNotFound"),
        ("0failed0000000000000", {}, "FailedOperation.Record"),
    ],
)
async def test_the_sdk_is_refused_in_the_vendors_words(
    clouds: VendorClouds, task_id: str, other: dict[str, Any], code: str
) -> None:
    told = await refused(clouds, task_id, **other)

    assert (told, clouds.requests[-1].verdict) == (code, code)


async def test_temporary_keys_need_their_token(scenario: Scenario) -> None:
    tencent = scenario.keys.tencent.model_copy(update={"security_token": "temporary"})
    keys = scenario.keys.model_copy(update={"tencent": tencent})
    temporary = scenario.model_copy(update={"keys": keys})

    async with await VendorClouds.start(temporary, clock=SystemClock()) as clouds:
        code = await refused(clouds, FINISHED)
        reply = await asyncio.to_thread(ask, clouds, FINISHED, token="temporary")

    assert (code, reply.Status) == ("AuthFailure.TokenFailure", "FINISHED")


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (WeatherKind.RATE_LIMITED, "RequestLimitExceeded"),
        (WeatherKind.SKEWED, "AuthFailure.SignatureExpire"),
        (WeatherKind.HTTP_500, "ServerNetworkError"),
        (WeatherKind.REFUSE, "ClientNetworkError"),
    ],
)
async def test_the_sdk_recognises_bad_weather(
    clouds: VendorClouds, kind: WeatherKind, code: str
) -> None:
    clouds.set_weather(Cloud.TIW, Weather(kind=kind))

    assert await refused(clouds, FINISHED) == code


async def test_the_twenty_first_request_of_a_second_is_too_many(scenario: Scenario) -> None:
    clock = FakeClock(SystemClock().now())

    async with await VendorClouds.start(scenario, clock=clock) as clouds:
        for _ in range(20):
            await asyncio.to_thread(ask, clouds, FINISHED)
        code = await refused(clouds, FINISHED)
        await clock.advance(1)
        reply = await asyncio.to_thread(ask, clouds, FINISHED)

    assert (code, reply.Status) == ("RequestLimitExceeded", "FINISHED")


@pytest.mark.parametrize(
    ("action", "version", "code"),
    [
        ("DescribeOnlineRecord", "2019-09-19", "InvalidAction"),
        ("DescribeVideoGenerationTask", "2017-01-01", "NoSuchVersion"),
        ("DescribeVideoGenerationTask", "2019-09-19", "UnknownParameter"),
    ],
)
async def test_the_common_client_is_refused_what_does_not_exist(
    clouds: VendorClouds, action: str, version: str, code: str
) -> None:
    keys = clouds.scenario.keys.tencent
    credential = Credential(keys.secret_id, keys.secret_key)
    client = CommonClient("tiw", version, credential, keys.region, profile(clouds))
    parameters = {"SdkAppId": keys.sdk_app_id, "TaskId": FINISHED, "Colour": "red"}

    with pytest.raises(TencentCloudSDKException) as caught:
        await asyncio.to_thread(client.call_json, action, parameters)

    assert caught.value.get_code() == code
