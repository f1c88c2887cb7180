"""What goes over the wire to TIW, and that nothing secret comes back out."""

import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from providers import errors
from providers.base import BatchProvider, Provider, TaskLister
from providers.models import TaskRef, TaskState
from providers.tencent_tiw.client import TencentTiwProvider
from providers.tencent_tiw.config import TencentTiwAccount
from providers.tencent_tiw.signing import KeyPair, authorize
from tests.fakes.clock import FakeClock

REF = TaskRef("tiw", "whiteboard", "ghucnligqtgtvk2624mb")
ACCOUNT: Mapping[str, Any] = {
    "vendor": "tencent-tiw",
    "secret_id": "AKIDsecretid",
    "secret_key": "verysecretkey",
    "sdk_app_id": 1400000001,
    "region": "ap-singapore",
}
FINISHED = {"Response": {"Status": "FINISHED", "VideoInfoList": [{"VideoId": "1"}]}}


class RecordingVendor:
    """Answers every request with the same words and keeps what it was sent."""

    def __init__(self) -> None:
        self.status = 200
        self.echo = False
        self.text = json.dumps(FINISHED)
        self.seen: list[tuple[str, str, Mapping[str, str], bytes]] = []
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self.server = TestServer(app, host="127.0.0.1")

    async def _answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.seen.append((request.method, request.raw_path, request.headers, body))
        text = _refuse_with_echo(request.headers) if self.echo else self.text
        return web.Response(status=self.status, text=text, content_type="application/json")


def _refuse_with_echo(headers: Mapping[str, str]) -> str:
    message = f"Token={headers['X-TC-Token']} {headers['Authorization']}"
    return json.dumps({"Response": {"Error": {"Code": "AuthFailure", "Message": message}}})


@pytest.fixture
async def vendor() -> AsyncIterator[RecordingVendor]:
    recording = RecordingVendor()
    async with recording.server:
        yield recording


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as one:
        yield one


def provider_at(
    url: str, session: aiohttp.ClientSession, clock: FakeClock | None = None, **changes: object
) -> TencentTiwProvider:
    config = TencentTiwAccount.model_validate({**ACCOUNT, "url": url, **changes})
    return TencentTiwProvider("whiteboard", config, session=session, clock=clock or FakeClock())


async def test_the_request_is_the_documented_one(
    vendor: RecordingVendor, session: aiohttp.ClientSession
) -> None:
    clock = FakeClock(datetime(2026, 11, 20, 10, 0, 0, 999_000, tzinfo=UTC))

    await provider_at(str(vendor.server.make_url("")), session, clock).fetch_task(REF)

    ((method, path, headers, body),) = vendor.seen
    assert (method, path) == ("POST", "/")
    assert json.loads(body) == {"SdkAppId": 1400000001, "TaskId": "ghucnligqtgtvk2624mb"}
    assert headers["Content-Type"] == "application/json"
    assert headers["X-TC-Action"] == "DescribeVideoGenerationTask"
    assert headers["X-TC-Version"] == "2019-09-19"
    assert headers["X-TC-Timestamp"] == "1795168800"
    assert headers["X-TC-Region"] == "ap-singapore"
    assert headers["X-TC-Language"] == "en-US"
    assert "X-TC-Token" not in headers


async def test_the_signature_covers_the_host_and_the_bytes_as_they_arrive(
    vendor: RecordingVendor, session: aiohttp.ClientSession
) -> None:
    await provider_at(str(vendor.server.make_url("")), session).fetch_task(REF)

    ((_, _, headers, body),) = vendor.seen
    signed = {name: headers[name] for name in ("Content-Type", "Host")}
    keys = KeyPair(SecretStr("AKIDsecretid"), SecretStr("verysecretkey"))
    at = datetime.fromtimestamp(int(headers["X-TC-Timestamp"]), UTC)
    assert headers["Host"].endswith(f":{vendor.server.port}")
    assert headers["Authorization"] == authorize(keys, signed, body, service="tiw", at=at)


async def test_every_question_is_signed_anew(
    vendor: RecordingVendor, session: aiohttp.ClientSession
) -> None:
    clock = FakeClock()
    provider = provider_at(str(vendor.server.make_url("")), session, clock)

    await provider.fetch_task(REF)
    await clock.advance(1)
    await provider.fetch_task(REF)

    assert len({headers["Authorization"] for _, _, headers, _ in vendor.seen}) == 2


async def test_temporary_keys_bring_their_token(
    vendor: RecordingVendor, session: aiohttp.ClientSession
) -> None:
    url = str(vendor.server.make_url(""))

    await provider_at(url, session, security_token="sts-token").fetch_task(REF)

    ((_, _, headers, _),) = vendor.seen
    assert headers["X-TC-Token"] == "sts-token"


async def test_a_strange_id_arrives_as_it_was_typed(
    vendor: RecordingVendor, session: aiohttp.ClientSession
) -> None:
    typed = TaskRef("tiw", "whiteboard", '任务-🎬-é"\\&')

    status = await provider_at(str(vendor.server.make_url("")), session).fetch_task(typed)

    ((_, _, _, body),) = vendor.seen
    assert json.loads(body)["TaskId"] == typed.task_id
    assert status.ref == typed


async def test_the_answer_is_about_the_task_that_was_asked_for(
    vendor: RecordingVendor, session: aiohttp.ClientSession
) -> None:
    vendor.text = json.dumps({"Response": {**FINISHED["Response"], "TaskId": "another"}})
    clock = FakeClock()

    status = await provider_at(str(vendor.server.make_url("")), session, clock).fetch_task(REF)

    assert (status.ref, status.state) == (REF, TaskState.SUCCEEDED)
    assert status.queried_at == clock.now()


@pytest.mark.parametrize(
    ("status", "text", "expected"),
    [
        (200, '{"Response": {"Error": {"Code": "InternalError"}}}', errors.UnavailableError),
        (200, '{"Response": {"Error": {"Code": "AuthFailure"}}}', errors.AuthError),
        (200, "<html>proxy</html>", errors.MalformedResponseError),
        (200, "{}", errors.MalformedResponseError),
        (503, '{"error": "busy"}', errors.MalformedResponseError),
        (429, '{"error": "slow down"}', errors.RateLimitError),
    ],
)
async def test_a_refusal_tells_no_secret(
    vendor: RecordingVendor,
    session: aiohttp.ClientSession,
    status: int,
    text: str,
    expected: type[errors.ProviderError],
) -> None:
    vendor.status, vendor.text = status, text
    url = str(vendor.server.make_url(""))
    provider = provider_at(url, session, security_token="verysecrettoken")

    with pytest.raises(expected) as refused:
        await provider.fetch_task(REF)

    ((_, _, headers, _),) = vendor.seen
    signature = headers["Authorization"].rpartition("=")[2]
    shown = f"{refused.value!r} {refused.value} {vars(refused.value)} {provider!r}"
    assert not [secret for secret in ("verysecret", "AKIDsecretid", signature) if secret in shown]


async def test_a_vendor_that_repeats_what_it_was_sent_gives_nothing_away(
    vendor: RecordingVendor, session: aiohttp.ClientSession
) -> None:
    vendor.echo = True
    url = str(vendor.server.make_url(""))

    with pytest.raises(errors.AuthError) as refused:
        await provider_at(url, session, security_token="verysecrettoken").fetch_task(REF)

    assert "Credential=***/2026-11-20/tiw/tc3_request" in refused.value.detail
    assert "Signature=***" in refused.value.detail
    assert "Token=***" in refused.value.detail


async def test_a_vendor_that_is_down_is_unreachable(session: aiohttp.ClientSession) -> None:
    vendor = RecordingVendor()
    async with vendor.server:
        gone = str(vendor.server.make_url(""))

    with pytest.raises(errors.UnreachableError):
        await provider_at(gone, session).fetch_task(REF)


async def test_it_is_a_provider_and_neither_lists_nor_batches(
    session: aiohttp.ClientSession,
) -> None:
    provider: Provider = provider_at("http://127.0.0.1:1", session)

    assert provider.name == "tiw"
    assert not isinstance(provider, BatchProvider)
    assert not isinstance(provider, TaskLister)
