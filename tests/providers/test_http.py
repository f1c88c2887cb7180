"""One exchange: what is sent, what is read, and what every way to fail is called."""

import json
import ssl
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from providers.errors import (
    ConfigurationError,
    MalformedResponseError,
    ProviderError,
    UnreachableError,
)
from providers.http import MAX_REPLY_BYTES, Reply, Request, exchange
from tests.fakes.cloud import Cloud, Says, breaks_off, talks_nonsense


@pytest.fixture
async def cloud() -> AsyncIterator[Cloud]:
    async with Cloud() as one:
        yield one


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as one:
        yield one


async def failure(session: aiohttp.ClientSession, request: Request) -> ProviderError:
    with pytest.raises(ProviderError) as failed:
        await exchange(session, request)
    assert failed.value.__cause__ is None
    assert failed.value.__context__ is None
    return failed.value


async def test_a_request_goes_out_byte_for_byte(
    cloud: Cloud, session: aiohttp.ClientSession
) -> None:
    cloud.answers(Says({"a": 1}, 418, {"X-Request-Id": "r"}))
    target = "/p%2Fq/./?b=%7e%2F+&a=%C3%BC&b=%41"

    reply = await exchange(
        session, Request("POST", cloud.url + target, {"X-Own": "1"}, b'{"id": "\xc3\xbc"}')
    )

    (asked,) = cloud.asked
    assert (asked.method, asked.target, asked.body) == ("POST", target, b'{"id": "\xc3\xbc"}')
    assert asked.headers["X-Own"] == "1"
    assert (reply.status, reply.document, reply.headers["x-request-id"]) == (418, {"a": 1}, "r")


def test_a_request_and_a_reply_show_nothing_they_carry() -> None:
    request = Request("GET", "http://h/?Signature=secret", {"A": "secret"}, b"secret")
    reply = Reply(200, {"X-Subject-Token": "secret"}, {"a": "secret"})

    assert repr(request) == "Request(method='GET')"
    assert repr(reply) == "Reply(status=200)"


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_dropped_connection_is_not_asked_over_again(
    cloud: Cloud, session: aiohttp.ClientSession, method: str
) -> None:
    cloud.answers(Says({}), breaks_off)
    request = Request(method, cloud.url)
    await exchange(session, request)

    error = await failure(session, request)

    assert isinstance(error, UnreachableError)
    assert len(cloud.asked) == 2


async def test_aiohttp_by_itself_would_ask_again(
    cloud: Cloud, session: aiohttp.ClientSession
) -> None:
    cloud.answers(Says({}), breaks_off, Says({}))

    for _ in range(2):
        async with session.get(cloud.url) as response:
            await response.read()

    assert len(cloud.asked) == 3  # the promise above would be an idle one otherwise


@pytest.mark.parametrize(
    ("body", "document"),
    [
        (b"{}", {}),
        (b' {"a": [1.5, null, true]}\n', {"a": [1.5, None, True]}),
        (b'{"id": 12345678901234567890}', {"id": 12345678901234567890}),
        (b'\xef\xbb\xbf{"bom": 1}', {"bom": 1}),
        ('{"a": "\u6f22 \U0001f3ac"}'.encode(), {"a": "\u6f22 \U0001f3ac"}),
        (rb'{"a": "\ud83c\udfac"}', {"a": "\U0001f3ac"}),
        (rb'{"a": "x\ud83c"}', {"a": "x?"}),
        (rb'{"a": "\UD83C"}'.replace(rb"\U", rb"\u"), {"a": "?"}),
        (rb'{"\udc00": {"b": ["\udfff"]}}', {"?": {"b": ["?"]}}),
    ],
)
async def test_json_is_read_whatever_the_content_type(
    cloud: Cloud, session: aiohttp.ClientSession, body: bytes, document: dict[str, Any]
) -> None:
    cloud.answers(Says(body=body, content_type="text/plain"))

    reply = await exchange(session, Request("GET", cloud.url))

    assert reply.document == document
    assert json.dumps(reply.document, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "body",
    [b"", b"<p>", b"[]", b"null", b'"a"', b"1", b'{"a": Infinity}', b'{"a":' * 9999, b"\xff"],
)
async def test_all_else_is_malformed(
    cloud: Cloud, session: aiohttp.ClientSession, body: bytes
) -> None:
    cloud.answers(Says(body=body, content_type="text/html"))

    error = await failure(session, Request("GET", cloud.url))

    assert isinstance(error, MalformedResponseError)
    assert str(error) == "the answer is not a JSON object (HTTP 200, content type text/html)"


@pytest.mark.parametrize("encoding", ["identity", "deflate", "gzip"])
async def test_a_reply_is_cut_after_one_mebibyte_however_it_is_packed(
    cloud: Cloud, session: aiohttp.ClientSession, encoding: str
) -> None:
    async def pack(_request: web.Request) -> web.StreamResponse:
        response = web.Response(body=b" " * (8 * MAX_REPLY_BYTES))
        response.enable_compression(web.ContentCoding(encoding))
        return response

    cloud.answers(pack)

    error = await failure(session, Request("GET", cloud.url))

    assert isinstance(error, MalformedResponseError)
    assert "over 1 MiB (HTTP 200" in str(error)


async def test_an_answer_that_breaks_off_in_the_middle_is_no_answer(
    cloud: Cloud, session: aiohttp.ClientSession
) -> None:
    async def break_in_the_middle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b'{"a":')
        return await breaks_off(request)

    cloud.answers(break_in_the_middle)

    error = await failure(session, Request("GET", cloud.url))

    assert isinstance(error, UnreachableError)
    assert (error.detail, error.retries) == ("the connection broke in the middle of the answer", 2)


async def test_what_is_not_http_is_malformed(cloud: Cloud, session: aiohttp.ClientSession) -> None:
    cloud.answers(talks_nonsense)

    error = await failure(session, Request("GET", cloud.url))

    assert isinstance(error, MalformedResponseError)
    assert str(error) == "the answer is not HTTP"


async def test_no_tls_where_it_is_asked_for_is_unreachable(
    cloud: Cloud, session: aiohttp.ClientSession
) -> None:
    cloud.answers(Says({}))

    error = await failure(session, Request("GET", cloud.url.replace("http:", "https:")))

    assert isinstance(error, UnreachableError)
    assert "TLS" in str(error)
    assert cloud.asked == []


async def test_a_port_nobody_listens_at_is_unreachable(
    cloud: Cloud, session: aiohttp.ClientSession
) -> None:
    url = cloud.url
    await cloud.close()

    error = await failure(session, Request("GET", url))

    assert isinstance(error, UnreachableError)
    assert str(error) == "the connection to the vendor was refused"


class NoNames(AbstractResolver):
    """A name server that knows nothing."""

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
        raise OSError(f"no {host}:{port} in {family}")

    async def close(self) -> None:
        return None


async def test_a_name_that_does_not_resolve_is_unreachable() -> None:
    connector = aiohttp.TCPConnector(resolver=NoNames())

    async with aiohttp.ClientSession(connector=connector) as session:
        error = await failure(session, Request("GET", "http://nowhere.invalid/"))

    assert isinstance(error, UnreachableError)
    assert str(error) == "the vendor's host name could not be resolved"


class Breaking:
    """A session whose every request fails in one way."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def request(self, *_: object, **__: object) -> object:
        raise self._error


@pytest.mark.parametrize(
    ("broken", "kind", "told"),
    [
        (aiohttp.ServerTimeoutError("u"), UnreachableError, "did not answer in time"),
        (aiohttp.ServerDisconnectedError("u"), UnreachableError, "broke before an answer"),
        (aiohttp.ClientPayloadError("u"), UnreachableError, "in the middle"),
        (OSError("u"), UnreachableError, "failed"),
        (ssl.SSLError("u"), UnreachableError, "failed"),
        (aiohttp.ClientError("u"), MalformedResponseError, "not HTTP"),
        (ValueError("u"), ConfigurationError, "a key"),
        (aiohttp.InvalidURL(URL("u")), ConfigurationError, "not a URL"),
    ],
)
async def test_every_failure_has_a_name_that_repeats_none_of_its_words(
    broken: Exception, kind: type[ProviderError], told: str
) -> None:
    session: Any = Breaking(broken)

    error = await failure(session, Request("GET", "http://h/"))

    assert type(error) is kind
    assert told in error.detail


@pytest.mark.parametrize(
    "url", ["", "nowhere", "/path", "http://", "http://h:x", "http://[", "ftp://h/", "mailto:a@b"]
)
async def test_an_address_that_is_none_is_a_fault_of_the_configuration(
    session: aiohttp.ClientSession, url: str
) -> None:
    error = await failure(session, Request("GET", url))

    assert isinstance(error, ConfigurationError)


@pytest.mark.parametrize("key", ["line\nbreak", "\r\nX-Injected: 1", "\0"])
async def test_a_key_that_is_no_header_is_a_fault_of_the_configuration(
    cloud: Cloud, session: aiohttp.ClientSession, key: str
) -> None:
    error = await failure(session, Request("GET", cloud.url, {"Authorization": key}))

    assert isinstance(error, ConfigurationError)
    assert cloud.asked == []
