"""What becomes of ZEGO's answers, over real HTTP: a status, or an error that betrays nothing."""

from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from providers.errors import (
    ClockSkewError,
    InvalidRequestError,
    MalformedResponseError,
    ProviderError,
    RateLimitError,
    TaskNotFoundError,
    UnreachableError,
)
from providers.models import TaskState
from providers.zego.signing import sign
from tests.providers.zego.cloud import (
    HUAWEI,
    RECORD,
    RUNNING,
    STAMP,
    TENCENT,
    RecordingCloud,
    Word,
    media,
    recordings,
)
from tests.providers.zego.samples import NOW, SECRET, load_reply


@pytest.mark.parametrize(("word", "vendor"), [("tencent", "Tencent"), ("huawei", "Huawei")])
async def test_a_vendors_object_beside_data_is_found(
    cloud: RecordingCloud, session: aiohttp.ClientSession, word: Word, vendor: str
) -> None:
    cloud.answers({"Code": 0, "Data": None, vendor: {"Status": "WAITING"}})

    status = await media(word, cloud.address, session).fetch_task(HUAWEI)

    assert status.state is TaskState.QUEUED


async def test_a_huawei_task_nobody_knows_is_not_found(
    cloud: RecordingCloud, session: aiohttp.ClientSession
) -> None:
    cloud.answers(load_reply("zego_media_huawei_no_task"))

    with pytest.raises(TaskNotFoundError):
        await media("huawei", cloud.address, session).fetch_task(HUAWEI)


async def test_a_recording_nobody_knows_is_not_found(
    cloud: RecordingCloud, session: aiohttp.ClientSession
) -> None:
    cloud.answers(load_reply("zego_record_unknown_task"))

    with pytest.raises(TaskNotFoundError) as missing:
        await recordings(cloud.address, session).fetch_task(RECORD)

    assert (missing.value.code, missing.value.request_id) == ("300001000", "1")
    assert "3 days" in missing.value.detail


@pytest.mark.parametrize("nothing", [{}, {"Data": None}, {"Data": {}}, {"Data": "x"}], ids=str)
@pytest.mark.parametrize("http_status", [200, 400, 500])
async def test_the_code_decides_whatever_the_http_status(
    cloud: RecordingCloud,
    session: aiohttp.ClientSession,
    nothing: dict[str, Any],
    http_status: int,
) -> None:
    document = {"Code": "300000003", "Message": "", "RequestId": 7, **nothing}
    cloud.answers(document, status=http_status, **{"Retry-After": "3"})

    with pytest.raises(RateLimitError) as refused:
        await recordings(cloud.address, session).fetch_task(RECORD)

    assert (refused.value.code, refused.value.request_id) == ("300000003", "7")
    assert refused.value.retry_after == 3


@pytest.mark.parametrize(
    ("document", "http_status", "retries"),
    [
        ({"Code": 0, "Data": {"Status": 2}}, 400, 0),
        ({"Code": 0, "Data": {"Status": 2}}, 201, 0),
        ({"Code": 0, "Data": {"Status": 2}}, 503, 2),
        ({"message": "no route"}, 404, 0),
        ({"message": "bad gateway"}, 502, 2),
        ({"Code": None}, 200, 0),
        ({"Code": {}}, 200, 0),
    ],
)
async def test_an_object_that_is_not_zegos_is_malformed(
    cloud: RecordingCloud,
    session: aiohttp.ClientSession,
    document: object,
    http_status: int,
    retries: int,
) -> None:
    cloud.answers(document, status=http_status)

    with pytest.raises(MalformedResponseError, match=str(http_status)) as broken:
        await recordings(cloud.address, session).fetch_task(RECORD)

    assert broken.value.retries == retries
    assert "gateway" not in str(broken.value)


async def test_a_proxys_429_is_a_rate_limit(
    cloud: RecordingCloud, session: aiohttp.ClientSession
) -> None:
    cloud.answers({"message": "slow down"}, status=429, **{"Retry-After": "2"})

    with pytest.raises(RateLimitError) as refused:
        await recordings(cloud.address, session).fetch_task(RECORD)

    assert refused.value.retry_after == 2


@pytest.mark.parametrize(
    "document",
    [
        {"Code": 0},
        {"Code": 0, "Data": None},
        {"Code": 0, "Data": []},
        {"Code": 0, "Data": {"Huawei": {"Status": "WAITING"}}},
        {"Code": 0, "Data": {"Tencent": {"TaskId": "t", "Status": ""}}},
        {"Code": 0, "Data": {"Tencent": "soon"}},
    ],
    ids=str,
)
async def test_success_without_the_asked_task_is_malformed(
    cloud: RecordingCloud, session: aiohttp.ClientSession, document: object
) -> None:
    cloud.answers(document)

    with pytest.raises(MalformedResponseError):
        await media("tencent", cloud.address, session).fetch_task(TENCENT)


@pytest.mark.parametrize("document", [{"Code": 0}, {"Code": 0, "Data": {"Status": 3}}], ids=str)
async def test_success_without_a_list_is_malformed(
    cloud: RecordingCloud, session: aiohttp.ClientSession, document: object
) -> None:
    cloud.answers(document)

    with pytest.raises(MalformedResponseError):
        await recordings(cloud.address, session).list_tasks(RUNNING)


async def test_files_and_members_that_are_no_objects_are_malformed(
    cloud: RecordingCloud, session: aiohttp.ClientSession
) -> None:
    provider = recordings(cloud.address, session)
    cloud.answers({"Code": 0, "Data": {"Status": 3, "RecordFiles": ["x"], "TaskidList": ["x"]}})

    for question in (provider.fetch_task(RECORD), provider.list_tasks(RUNNING)):
        with pytest.raises(MalformedResponseError, match="is not as documented") as broken:
            await question
        assert broken.value.__cause__ is None


async def test_a_refused_timestamp_tells_how_far_off_our_clock_is(
    cloud: RecordingCloud, session: aiohttp.ClientSession
) -> None:
    date = format_datetime(NOW - timedelta(minutes=14), usegmt=True)
    cloud.answers(load_reply("zego_signature_expired"), Date=date)

    with pytest.raises(ClockSkewError) as refused:
        await media("tencent", cloud.address, session).fetch_task(TENCENT)

    assert "14 min 0 s ahead of" in refused.value.hint


async def test_a_vendor_that_echoes_what_was_signed_betrays_nothing(
    cloud: RecordingCloud, session: aiohttp.ClientSession
) -> None:
    def echo(request: web.Request) -> object:
        return {"Code": 2, "Message": f"bad request {request.raw_path} for {SECRET}"}

    cloud.reply = echo

    with pytest.raises(InvalidRequestError) as refused:
        await media("tencent", cloud.address, session).fetch_task(TENCENT)

    signature = sign(1234567890, SECRET, nonce="0000000000000001", timestamp=STAMP)
    said = f"{refused.value!r} {refused.value} {refused.value.hint}"
    assert "bad request" in said
    assert signature not in said
    assert SECRET not in said


async def test_an_outage_names_no_address_and_no_signature(session: aiohttp.ClientSession) -> None:
    gone = TestServer(web.Application(), host="127.0.0.1")
    await gone.start_server()
    address = str(gone.make_url("/"))
    await gone.close()

    with pytest.raises(UnreachableError) as broken:
        await recordings(address, session).fetch_task(RECORD)

    assert "127.0.0.1" not in f"{broken.value!r}"
    assert "Signature" not in f"{broken.value!r}"


async def test_a_providers_repr_shows_no_secret(session: aiohttp.ClientSession) -> None:
    for provider in (media("tencent", "http://h", session), recordings("http://h", session)):
        assert SECRET not in f"{provider!r} {vars(provider)!r}"


async def test_only_provider_errors_leave_an_adapter(
    cloud: RecordingCloud, session: aiohttp.ClientSession
) -> None:
    provider = recordings(cloud.address, session)
    for code in (2, 7, 300000002, 300000005, 300010000, 100000017, -1, "x", 1.5, True):
        cloud.answers({"Code": code, "Message": ["odd"]})

        with pytest.raises(ProviderError) as refused:
            await provider.fetch_task(RECORD)

        assert refused.value.code
        assert refused.value.hint
