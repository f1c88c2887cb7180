"""What is the task's failure, what the question's, and what no answer at all."""

from typing import Any

import pytest

from providers import errors
from providers.http import Reply
from providers.models import Kind, TaskState
from providers.tencent_tiw.mapping import read_reply
from tests.providers.tencent_tiw.replies import CASES, FILE, NOON, REF, SAMPLE, read, read_refusal


@pytest.mark.parametrize("code", ["FailedOperation", "FailedOperation.Record"])
def test_a_failed_operation_of_the_query_is_the_failure_of_the_task(code: str) -> None:
    status = read({"Error": {"Code": code, "Message": "No slides."}, "RequestId": "r-1"})

    assert (status.state, status.kind) == (TaskState.FAILED, Kind.VIDEO_GENERATION)
    assert (status.task_id, status.request_id) == (REF.task_id, "r-1")
    assert status.error is not None
    assert (status.error.code, status.error.message) == (code, "No slides.")
    assert status.error.reason == "task_failed"
    assert status.error.hint


def test_a_failure_without_a_message_says_so() -> None:
    status = read({"Error": {"Code": "FailedOperation.Record", "Message": None}})

    assert status.error is not None
    assert status.error.message == "Tencent gave no message."


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("tiw_task_not_found", "not_found"),
        ("tiw_signature_failure", "auth"),
        ("tiw_rate_limited", "rate_limited"),
    ],
)
def test_a_documented_refusal_is_raised(name: str, reason: str) -> None:
    response = CASES[name]["body"]["Response"]

    error = read_refusal(response)

    assert error.reason == reason
    assert (error.code, error.detail) == (response["Error"]["Code"], response["Error"]["Message"])
    assert error.request_id == response["RequestId"]


def test_a_failed_operation_under_an_http_error_is_not_believed() -> None:
    error = read_refusal({"Error": {"Code": "FailedOperation.Record"}}, status=502)

    assert error.reason == "unavailable"


def test_a_task_under_an_http_error_is_not_believed() -> None:
    error = read_refusal(SAMPLE, status=503)

    assert (error.reason, error.retries) == ("malformed", 2)
    assert "HTTP 503" in error.detail


@pytest.mark.parametrize(
    "document",
    [{}, {"Response": None}, {"message": "bad gateway"}, {"Response": {"Error": {"Message": "x"}}}],
)
def test_another_json_under_an_http_error_is_malformed_and_worth_asking_again(
    document: dict[str, Any],
) -> None:
    with pytest.raises(errors.MalformedResponseError, match="HTTP 502") as refused:
        read_reply(REF, Reply(502, {}, document), NOON)

    assert refused.value.retries == 2


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({}, "Response"),
        ({"Response": None}, "Response"),
        ({"Response": []}, "Response"),
        ({"Code": 0, "Data": {}}, "Response"),
        ({"Response": {}}, "no Status"),
        ({"Response": {"RequestId": "r", "Error": None}}, "no Status"),
        ({"Response": {"Error": "secret"}}, "Response.Error"),
        ({"Response": {"Error": {}}}, "no Code"),
        ({"Response": {**SAMPLE, "VideoInfoList": {"0": FILE}}}, "Response.VideoInfoList"),
        ({"Response": {**SAMPLE, "VideoInfoList": ["secret"]}}, "Response.VideoInfoList.0"),
    ],
)
def test_an_undocumented_shape_is_malformed_and_its_content_is_not_told(
    document: dict[str, Any], told: str
) -> None:
    with pytest.raises(errors.MalformedResponseError) as refused:
        read_reply(REF, Reply(200, {}, document), NOON)

    assert told in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("code", ["FailedOperation.Record", "AuthFailure.SignatureFailure"])
def test_a_secret_the_vendor_repeats_is_not_passed_on(code: str) -> None:
    message = "Key k3y5 with signature f00d is refused. " + "x" * 1000
    reply = Reply(200, {}, {"Response": {"Error": {"Code": code, "Message": message}}})

    told = tell(reply, secrets=("k3y5", "f00d"))

    assert told.startswith("Key *** with signature *** is refused. x")
    assert len(told) == 300


def tell(reply: Reply, *, secrets: tuple[str, ...]) -> str:
    try:
        status = read_reply(REF, reply, NOON, secrets=secrets)
    except errors.ProviderError as error:
        return error.detail
    return status.error.message if status.error else ""
