"""Huawei's own SDK believes the stand-in: it gets answers, and is refused with a wrong key."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ServiceResponseException
from huaweicloudsdkcore.http.http_config import HttpConfig
from huaweicloudsdkcore.region.region import Region
from huaweicloudsdkmpc.v1 import ListTranscodingTaskRequest, MpcClient

from bot.sandbox.clock import SystemClock
from bot.sandbox.clouds import Cloud, Scenario, VendorClouds, Weather, WeatherKind

pytestmark = pytest.mark.usefixtures("no_proxy")


def connect(clouds: VendorClouds, **other: str) -> Any:
    keys = clouds.scenario.keys.huawei
    credentials = BasicCredentials(
        other.get("ak", keys.ak), other.get("sk", keys.sk), other.get("project", keys.project_id)
    )
    if "token" in other:
        credentials.with_security_token(other["token"])
    config = HttpConfig(timeout=(5, 10))
    builder = MpcClient.new_builder().with_http_config(config).with_credentials(credentials)
    return builder.with_endpoint(clouds.mpc_url).build()


async def ask(clouds: VendorClouds, asked: dict[str, Any], **other: str) -> Any:
    def send() -> Any:
        return connect(clouds, **other).list_transcoding_task(ListTranscodingTaskRequest(**asked))

    return await asyncio.to_thread(send)


async def refused(clouds: VendorClouds, asked: dict[str, Any], **other: str) -> tuple[int, str]:
    with pytest.raises(ServiceResponseException) as caught:
        await ask(clouds, asked, **other)
    return caught.value.status_code, caught.value.error_code


async def test_the_sdk_reads_a_task_of_which_a_template_failed(clouds: VendorClouds) -> None:
    (told,) = [task for task in clouds.scenario.tasks if task.id == "22123973"]
    codes = [file.code for file in told.steps[-1].files]

    reply = await ask(clouds, {"task_id": [22123973], "x_language": "en-us"})

    (task,) = reply.task_array
    entries = task.transcode_detail.multitask_info
    assert (task.task_id, task.status, reply.is_truncated) == ("22123973", "SUCCEEDED", 0)
    assert [entry.error.error_code if entry.error else None for entry in entries] == codes
    assert codes[-1] is not None
    assert entries[0].output_file.video_info.width == 1280
    assert len(task.create_time) == 14


async def test_the_sdk_asks_about_ids_of_different_lengths_in_its_own_order(
    clouds: VendorClouds,
) -> None:
    reply = await ask(clouds, {"task_id": [22123974, 9, 22123973, 100]})

    found = {task.task_id: task.status for task in reply.task_array}
    assert found == {"22123974": "FAILED", "22123973": "SUCCEEDED"}
    assert clouds.requests[-1].task_ids == ("9", "100", "22123973", "22123974")


@pytest.mark.parametrize(
    ("asked", "ids", "total"),
    [
        ({"status": "NEED_TO_BE_AUDIT"}, ["22123975"], 1),
        ({"status": "WAITING"}, ["22123976"], 1),
        ({"size": 2}, ["22123976", "22123977"], 5),
        ({"size": 2, "page": 2}, ["22123973"], 5),
        ({"start_time": "20000101000000", "end_time": "20000102000000"}, [], 0),
    ],
)
async def test_the_sdk_lists_newest_first(
    clouds: VendorClouds, asked: dict[str, Any], ids: list[str], total: int
) -> None:
    reply = await ask(clouds, asked)

    assert [task.task_id for task in reply.task_array] == ids
    assert reply.total == total
    assert bool(reply.is_truncated) is (asked == {"size": 2})


@pytest.mark.parametrize(
    ("other", "verdict"),
    [
        ({"sk": "wrong"}, (401, "APIGW.0301")),
        ({"ak": "NOBODY"}, (401, "APIGW.0301")),
        ({"token": "temporary"}, (401, "APIGW.0301")),
        ({"project": "f" * 32}, (403, "MPC.10208")),
    ],
)
async def test_the_sdk_is_refused_with_wrong_keys(
    clouds: VendorClouds, other: dict[str, str], verdict: tuple[int, str]
) -> None:
    assert await refused(clouds, {"task_id": [22123973]}, **other) == verdict


@pytest.mark.parametrize(
    "asked",
    [
        {"task_id": list(range(11))},
        {"size": 101},
        {"size": 0},
        {"status": "DONE"},
        {"start_time": "yesterday"},
        {"end_time": "2026010100000"},
    ],
)
async def test_the_sdk_is_refused_wrong_parameters(
    clouds: VendorClouds, asked: dict[str, Any]
) -> None:
    assert await refused(clouds, asked) == (400, "MPC.10202")


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        (WeatherKind.RATE_LIMITED, (429, "429")),  # the SDK reads no further than the status
        (WeatherKind.SKEWED, (401, "APIGW.0303")),
    ],
)
async def test_the_sdk_recognises_bad_weather(
    clouds: VendorClouds, kind: WeatherKind, verdict: tuple[int, str]
) -> None:
    clouds.set_weather(Cloud.MPC, Weather(kind=kind))

    assert await refused(clouds, {"task_id": [22123973]}) == verdict


async def test_temporary_keys_need_their_token(scenario: Scenario) -> None:
    huawei = scenario.keys.huawei.model_copy(update={"security_token": "temporary"})
    keys = scenario.keys.model_copy(update={"huawei": huawei})
    temporary = scenario.model_copy(update={"keys": keys})

    async with await VendorClouds.start(temporary, clock=SystemClock()) as clouds:
        verdict = await refused(clouds, {"task_id": [22123973]})
        reply = await ask(clouds, {"task_id": [22123973]}, token="temporary")

    assert (verdict, reply.total) == ((401, "APIGW.0301"), 1)


def _find_project(clouds: VendorClouds, region: str) -> Callable[[], Any]:
    keys = clouds.scenario.keys.huawei
    credentials = BasicCredentials(keys.ak, keys.sk).with_iam_endpoint(clouds.iam_url)
    builder = MpcClient.new_builder().with_credentials(credentials)
    client = builder.with_region(Region(region, clouds.mpc_url)).build
    return lambda: client().list_transcoding_task(ListTranscodingTaskRequest(size=1))


async def test_the_sdk_finds_the_project_of_a_region(clouds: VendorClouds) -> None:
    reply = await asyncio.to_thread(_find_project(clouds, clouds.scenario.keys.huawei.region))

    assert len(reply.task_array) == 1
    assert clouds.requests[0].action == "GET /v3/projects"
