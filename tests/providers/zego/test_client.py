"""What ZEGO is sent, byte for byte, over real HTTP."""

import json
from dataclasses import replace

import aiohttp
import pytest
from yarl import URL

from providers.base import Provider, TaskLister
from providers.errors import InvalidRequestError
from providers.models import TaskRef, TaskState
from tests.providers.zego.cloud import (
    HUAWEI,
    RECORD,
    RUNNING,
    TENCENT,
    RecordingCloud,
    media,
    recordings,
    signed_query,
)
from tests.providers.zego.samples import NOW, load_reply


async def test_a_media_question_travels_whole_in_the_query(
    cloud: RecordingCloud, session: aiohttp.ClientSession
) -> None:
    cloud.answers(load_reply("zego_media_tencent_compose_finish"))

    status = await media("tencent", cloud.address, session).fetch_task(TENCENT)

    ((method, line, _, body),) = cloud.seen
    asked = f"&Vendor=Tencent&TaskId={TENCENT.task_id}"
    assert (method, line, body) == ("GET", signed_query("DescribeMediaTask") + asked, b"")
    assert (status.state, status.ref, status.queried_at) == (TaskState.SUCCEEDED, TENCENT, NOW)
    assert status.request_id is None


async def test_the_other_vendor_is_named_in_the_question(
    cloud: RecordingCloud, session: aiohttp.ClientSession
) -> None:
    cloud.answers(load_reply("zego_media_huawei_succeeded"))

    status = await media("huawei", cloud.address, session, is_test=True).fetch_task(HUAWEI)

    ((_, line, _, _),) = cloud.seen
    assert line.endswith("&SignatureVersion=2.0&IsTest=true&Vendor=Huawei&TaskId=289665200")
    assert (status.state, len(status.outputs)) == (TaskState.SUCCEEDED, 2)


async def test_an_id_cannot_add_a_parameter_of_its_own(
    cloud: RecordingCloud, session: aiohttp.ClientSession
) -> None:
    cloud.answers(load_reply("zego_media_tencent_fail"))
    odd = replace(TENCENT, task_id="a&IsTest=true#b%20c+d/é")

    await media("tencent", cloud.address, session).fetch_task(odd)

    ((_, line, _, _),) = cloud.seen
    assert line.endswith("&TaskId=a%26IsTest%3Dtrue%23b%2520c%2Bd%2F%C3%A9")
    assert URL(f"http://h{line}", encoded=True).query["TaskId"] == odd.task_id


async def test_a_recording_is_asked_for_in_an_unsigned_body(
    cloud: RecordingCloud, session: aiohttp.ClientSession
) -> None:
    status = await recordings(cloud.address, session).fetch_task(RECORD)

    ((method, line, sort, body),) = cloud.seen
    assert (method, line) == ("POST", signed_query("DescribeRecordStatus"))
    assert (sort, body) == ("application/json", b'{"TaskId":"X3CgNeE4I1qAAABN"}')
    assert (status.state, status.request_id) == (TaskState.SUCCEEDED, "abcd123")


async def test_every_question_is_signed_anew(
    cloud: RecordingCloud, session: aiohttp.ClientSession
) -> None:
    provider = recordings(cloud.address, session)

    await provider.fetch_task(RECORD)
    await provider.fetch_task(RECORD)

    lines = [line for _, line, _, _ in cloud.seen]
    assert lines == [signed_query("DescribeRecordStatus", number) for number in (1, 2)]


async def test_a_base_path_of_the_account_is_kept(
    cloud: RecordingCloud, session: aiohttp.ClientSession
) -> None:
    await recordings(f"{cloud.address}zego", session).fetch_task(RECORD)

    ((_, line, _, _),) = cloud.seen
    assert line == "/zego" + signed_query("DescribeRecordStatus")


async def test_a_list_is_asked_for_and_read(
    cloud: RecordingCloud, session: aiohttp.ClientSession
) -> None:
    listed = {"TaskId": "X3CgNeE4I1qAAABN", "RoomId": "r", "Status": 2}
    cloud.answers({"Code": 0, "Data": {"TotalCount": 51, "TaskidList": [listed]}})

    page = await recordings(cloud.address, session).list_tasks(RUNNING)

    ((method, line, _, body),) = cloud.seen
    assert (method, line) == ("POST", signed_query("DescribeTasks"))
    assert json.loads(body)["Status"] == 2
    assert (page.total, page.has_more) == (51, True)
    assert [task.ref for task in page.tasks] == [RECORD]


async def test_a_list_zego_would_refuse_is_not_sent(
    cloud: RecordingCloud, session: aiohttp.ClientSession
) -> None:
    with pytest.raises(InvalidRequestError):
        await recordings(cloud.address, session).list_tasks(replace(RUNNING, state=None))

    assert cloud.seen == []


async def test_only_recordings_can_be_listed(session: aiohttp.ClientSession) -> None:
    providers: list[Provider] = [
        media("tencent", "http://h", session),
        media("huawei", "http://h", session),
        recordings("http://h", session),
    ]

    listers = {one.name: isinstance(one, TaskLister) for one in providers}

    assert listers == {"tencent": False, "huawei": False, "record": True}


@pytest.mark.parametrize(("was_ordinary", "state"), [(True, "succeeded"), (False, "partial")])
async def test_an_abnormal_ending_that_a_callback_called_ordinary_is_judged_by_its_files(
    was_ordinary: bool,  # noqa: FBT001  # a parameter of the test
    state: str,
    cloud: RecordingCloud,
    session: aiohttp.ClientSession,
) -> None:
    async def told(ref: TaskRef) -> bool:
        assert ref == RECORD
        return was_ordinary

    cloud.answers({"Code": 0, "Data": {"Status": 4, "RecordFiles": [{"Status": 3}]}})

    status = await recordings(cloud.address, session, told).fetch_task(RECORD)

    assert status.state == state
