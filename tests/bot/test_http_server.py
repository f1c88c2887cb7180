"""The bot's own HTTP server: probes, metrics, and Slack's requests."""

import io
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.http_server import MAX_BODY_BYTES, HttpServer, Standing, create_web_app
from bot.metrics import CONTENT_TYPE, Metrics
from bot.sandbox.slack.server import LocalSlack

Start = Callable[..., Coroutine[Any, Any, str]]
VENDORS = {"record@main": {"answering": False}}


def ready_but_for(*reasons: str) -> Callable[[], Coroutine[Any, Any, Any]]:
    async def readiness() -> Standing:
        return Standing(reasons, VENDORS, ["connection 1 is deaf"])

    return readiness


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Start a server and give its address."""
    async with AsyncExitStack() as stack:

        async def begin(slack: AsyncApp | None = None, *reasons: str) -> str:
            web_app = create_web_app(slack, Metrics(), ready_but_for(*reasons))
            server = await HttpServer.start(web_app, "127.0.0.1", 0)
            stack.push_async_callback(server.close)
            return f"http://127.0.0.1:{server.port}"

        yield begin


@pytest.fixture
def app(slack: LocalSlack, session: aiohttp.ClientSession) -> AsyncApp:
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url, session=session)
    return AsyncApp(client=client, signing_secret=slack.signing_secret)


async def test_it_is_alive_while_its_loop_turns(
    start: Start, session: aiohttp.ClientSession
) -> None:
    url = await start()

    async with session.get(f"{url}/healthz") as response:
        assert (response.status, await response.text()) == (200, "ok")


@pytest.mark.parametrize(
    ("reasons", "status"),
    [((), 200), (("Slack cannot be reached", "the store is read-only"), 503)],
)
async def test_readiness_tells_its_reasons_and_the_vendors_never_change_it(
    reasons: tuple[str, ...], status: int, start: Start, session: aiohttp.ClientSession
) -> None:
    url = await start(None, *reasons)

    async with session.get(f"{url}/readyz") as response:
        told = await response.json()

    assert response.status == status
    assert told == {
        "ready": not reasons,
        "reasons": list(reasons),
        "vendors": VENDORS,
        "remarks": ["connection 1 is deaf"],
    }


async def test_metrics_are_prometheus_text(start: Start, session: aiohttp.ClientSession) -> None:
    url = await start()

    async with session.get(f"{url}/metrics") as response:
        text = await response.text()

    assert response.headers["Content-Type"] == CONTENT_TYPE
    assert "# TYPE mediatask_questions_total counter" in text


async def test_in_socket_mode_slack_has_no_route(
    start: Start, session: aiohttp.ClientSession
) -> None:
    url = await start()

    async with session.post(f"{url}/slack/events", data="command=/mediatask") as response:
        assert response.status == 404


async def test_a_request_nobody_signed_is_refused(
    start: Start, app: AsyncApp, session: aiohttp.ClientSession
) -> None:
    url = await start(app)

    async with session.post(f"{url}/slack/events", data="command=/mediatask") as response:
        assert response.status == 401


async def test_a_signed_challenge_is_answered(
    start: Start, app: AsyncApp, slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    url = await start(app)
    body = '{"type":"url_verification","challenge":"once-more"}'
    at = str(int(slack.backend.clock.now().timestamp()))
    signature = SignatureVerifier(slack.signing_secret).generate_signature(timestamp=at, body=body)
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": str(signature),
    }

    async with session.post(f"{url}/slack/events", data=body, headers=headers) as response:
        assert (response.status, await response.json()) == (200, {"challenge": "once-more"})


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b'"text"', "application/json"),
        (b"payload=%7B", "application/x-www-form-urlencoded"),
        (b"payload=5", "application/x-www-form-urlencoded"),
        (b'{"authorizations":5}', "application/json"),
        (b'{"authorizations":[5]}', "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"text", "text/plain; charset=klingon"),
    ],
)
async def test_a_body_that_is_none_of_slacks_is_a_bad_request_and_no_fault_of_ours(
    body: bytes, content_type: str, start: Start, app: AsyncApp, session: aiohttp.ClientSession
) -> None:
    url = await start(app)

    headers = {"Content-Type": content_type}
    async with session.post(f"{url}/slack/events", data=body, headers=headers) as response:
        assert response.status == 400


async def test_a_body_over_a_mebibyte_is_not_read(
    start: Start, app: AsyncApp, session: aiohttp.ClientSession
) -> None:
    url = await start(app)

    data = io.BytesIO(b"x" * (MAX_BODY_BYTES + 1))
    async with session.post(f"{url}/slack/events", data=data) as response:
        assert response.status == 413


async def test_an_address_that_is_taken_leaves_nothing_open(start: Start) -> None:
    url = await start()
    taken = int(url.rpartition(":")[2])
    web_app = create_web_app(None, Metrics(), ready_but_for())

    with pytest.raises(OSError, match="address already in use"):
        await HttpServer.start(web_app, "127.0.0.1", taken)
