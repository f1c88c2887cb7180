"""What a reply tells beside its document, and what it is called where it tells nothing."""

import traceback
from collections.abc import Mapping
from datetime import timedelta
from email.utils import format_datetime

import pytest
from multidict import CIMultiDict
from pydantic import BaseModel

from providers.errors import AuthError, MalformedResponseError, ProviderError, RateLimitError
from providers.http import Reply, reading, retry_after, undocumented
from tests.fakes.clock import FakeClock

NOW = FakeClock().now()


def a_reply(status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    return Reply(status, CIMultiDict(headers or {}), {})


@pytest.mark.parametrize(
    ("status", "kind", "retries"),
    [
        (200, MalformedResponseError, 0),
        (302, MalformedResponseError, 0),
        (404, MalformedResponseError, 0),
        (429, RateLimitError, 2),
        (500, MalformedResponseError, 2),
        (599, MalformedResponseError, 2),
    ],
)
def test_an_undocumented_answer_is_worth_asking_again_only_where_somebody_is_busy(
    status: int, kind: type[ProviderError], retries: int
) -> None:
    error = undocumented(status, {"Retry-After": "7"}, "odd", request_id="r")

    assert type(error) is kind
    assert (error.retries, error.request_id) == (retries, "r")
    assert error.retry_after == (7 if status == 429 else None)
    assert str(error) == f"odd (HTTP {status}, content type none)"


def test_a_content_type_is_told_without_its_parameters_and_not_for_ever() -> None:
    odd = undocumented(200, {"Content-Type": "text/html ; charset=utf-8"}, "odd")
    long = undocumented(200, {"Content-Type": "x" * 1000}, "odd")

    assert str(odd) == "odd (HTTP 200, content type text/html)"
    assert len(str(long)) < 100


class Wire(BaseModel):
    """What a vendor documents."""

    rows: list[dict[str, int]]


def test_a_field_that_is_not_as_documented_is_named_and_not_quoted() -> None:
    with (
        pytest.raises(MalformedResponseError) as failed,
        reading(a_reply(502, {"Content-Type": "application/json"}), "r-1"),
    ):
        Wire.model_validate({"rows": [{"a": "secret"}]})

    assert str(failed.value) == (
        "the answer's rows.0.a is not as documented (HTTP 502, content type application/json)"
    )
    assert (failed.value.request_id, failed.value.retries) == ("r-1", 2)
    assert "secret" not in "".join(traceback.format_exception(failed.value))


def test_what_a_reader_finds_malformed_is_told_with_status_and_content_type() -> None:
    with pytest.raises(MalformedResponseError) as failed, reading(a_reply(404), "r-1"):
        raise MalformedResponseError("no task_array", code="X.1")

    assert str(failed.value) == "no task_array (HTTP 404, content type none)"
    assert (failed.value.code, failed.value.request_id) == ("X.1", "r-1")


def test_reading_lets_everything_else_through() -> None:
    refused = AuthError("the key was refused")

    with pytest.raises(AuthError) as failed, reading(a_reply()):
        raise refused
    with reading(a_reply()):
        read = True

    assert failed.value is refused
    assert read


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": ""}, None),
        ({"Retry-After": "0"}, 0),
        ({"Retry-After": " 120 "}, 120),
        ({"Retry-After": "-1"}, None),
        ({"Retry-After": "1.5"}, None),
        ({"Retry-After": "\u0661"}, None),
        ({"Retry-After": "Fri, 20 Nov 2026 10:00:00 GMT"}, None),
    ],
)
def test_a_wait_is_read_where_it_is_written_in_seconds(
    headers: Mapping[str, str], seconds: float | None
) -> None:
    assert retry_after(headers) == seconds


@pytest.mark.parametrize("ahead_s", [0, 840, -60])
def test_the_clocks_are_compared_by_the_date_of_the_reply(ahead_s: int) -> None:
    date = format_datetime(NOW - timedelta(seconds=ahead_s), usegmt=True)

    assert a_reply(headers={"Date": date}).clock_offset(NOW) == timedelta(seconds=ahead_s)


def test_a_date_without_a_zone_is_taken_for_utc() -> None:
    reply = a_reply(headers={"Date": "Fri, 20 Nov 2026 09:59:00 -0000"})

    assert reply.clock_offset(NOW) == timedelta(minutes=1)


@pytest.mark.parametrize("headers", [{}, {"Date": ""}, {"Date": "soon"}, {"Date": "32 Foo 2026"}])
def test_without_a_date_nothing_is_said_of_the_clocks(headers: dict[str, str]) -> None:
    assert a_reply(headers=headers).clock_offset(NOW) is None
