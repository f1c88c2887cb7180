from datetime import timedelta
from typing import Any

import pytest

from providers.errors import MalformedResponseError, ProviderError
from providers.huawei_mpc.codes import Refusal, api_error, iam_error, is_token_refused, read_code
from providers.models import Reason
from tests.providers.huawei_mpc.vectors import fixture_body

BY_CODE = {
    "APIGW.0101": Reason.CONFIGURATION,
    "APIGW.0301": Reason.AUTH,
    "APIGW.0302": Reason.PERMISSION,
    "APIGW.0303": Reason.CLOCK_SKEW,
    "APIGW.0305": Reason.AUTH,
    "APIGW.0306": Reason.PERMISSION,
    "APIGW.0307": Reason.AUTH,
    "APIGW.0308": Reason.RATE_LIMITED,
    "APIGW.0309": Reason.PERMISSION,
    "APIG.0101": Reason.CONFIGURATION,
    "APIG.0301": Reason.AUTH,
    "APIG.0303": Reason.CLOCK_SKEW,
    "APIG.0307": Reason.AUTH,
    "APIG.0308": Reason.RATE_LIMITED,
    "MPC.10050": Reason.UNAVAILABLE,
    "MPC.10202": Reason.BAD_REQUEST,
    "MPC.10203": Reason.AUTH,
    "MPC.10204": Reason.BAD_REQUEST,
    "MPC.10205": Reason.BAD_REQUEST,
    "MPC.10206": Reason.PERMISSION,
    "MPC.10207": Reason.PERMISSION,
    "MPC.10208": Reason.PERMISSION,
    "MPC.10209": Reason.BAD_REQUEST,
    "MPC.10212": Reason.BAD_REQUEST,
    "MPC.10223": Reason.BAD_REQUEST,
}

BY_STATUS = {
    200: Reason.MALFORMED,
    302: Reason.MALFORMED,
    400: Reason.BAD_REQUEST,
    401: Reason.AUTH,
    403: Reason.PERMISSION,
    404: Reason.CONFIGURATION,
    405: Reason.BAD_REQUEST,
    406: Reason.BAD_REQUEST,
    408: Reason.UNAVAILABLE,
    413: Reason.BAD_REQUEST,
    429: Reason.RATE_LIMITED,
    500: Reason.UNAVAILABLE,
    502: Reason.UNAVAILABLE,
    503: Reason.UNAVAILABLE,
    504: Reason.UNAVAILABLE,
}


@pytest.mark.parametrize("status", [400, 401, 403, 500])
@pytest.mark.parametrize(("code", "reason"), BY_CODE.items())
def test_a_known_code_decides_whatever_the_http_status(
    code: str, reason: Reason, status: int
) -> None:
    error = api_error(Refusal(status, code, "vendor text"))

    assert (error.reason, error.code) == (reason, code)
    assert error.hint
    assert "vendor text" not in str(error)


@pytest.mark.parametrize(("status", "reason"), BY_STATUS.items())
def test_the_status_speaks_for_an_unknown_code(status: int, reason: Reason) -> None:
    error = api_error(Refusal(status, "MPC.99999", "disk  is\nfull"))

    assert (error.reason, error.code) == (reason, "MPC.99999")
    assert str(error).endswith(": disk is full")


@pytest.mark.parametrize(("status", "reason"), {**BY_STATUS, 400: Reason.CONFIGURATION}.items())
def test_iam_is_read_by_its_status(status: int, reason: Reason) -> None:
    error = iam_error(Refusal(status, str(status), "vendor text"))

    assert (error.reason, error.code) == (reason, str(status))


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"error_code": "MPC.1", "error_msg": "m"}, ("MPC.1", "m")),
        ({"errorCode": "MPC.1", "errorMsg": "m"}, ("MPC.1", "m")),
        ({"code": "MPC.1", "message": "m"}, ("MPC.1", "m")),
        ({"error": {"code": 401, "message": "m", "title": "Unauthorized"}}, ("401", "m")),
        ({"error": {"error_code": "IAM.1", "error_msg": "m"}}, ("IAM.1", "m")),
        ({"any": {"errorCode": "X.1"}}, ("X.1", None)),
        ({"error_code": "", "code": "X.2"}, ("X.2", None)),
        ({"error_code": None, "task_array": []}, (None, None)),
        ({}, (None, None)),
        (fixture_body("huawei_bad_request"), ("MPC.10202", "Invalid request parameter")),
        (fixture_body("huawei_transcodings_one"), (None, None)),
    ],
)
def test_a_code_is_found_in_every_shape_huawei_uses(
    document: dict[str, Any], expected: tuple[str | None, str | None]
) -> None:
    assert read_code(document) == expected


def test_what_the_vendor_told_for_support_and_pacing_is_kept() -> None:
    error = api_error(Refusal(429, "APIGW.0308", request_id="r-1", retry_after=7.0))

    assert (error.request_id, error.retry_after, error.retries) == ("r-1", 7.0, 2)


@pytest.mark.parametrize(
    ("offset", "words"),
    [
        (timedelta(minutes=16), "960 s ahead of Huawei's"),
        (timedelta(minutes=-20), "1200 s behind Huawei's"),
        (timedelta(seconds=3), "only 3 s off Huawei's, which is not the cause"),
        (None, "by NTP"),
    ],
)
def test_a_refused_time_is_explained_by_how_far_the_clocks_are_apart(
    offset: timedelta | None, words: str
) -> None:
    error = api_error(Refusal(401, "APIGW.0303", clock_offset=offset))

    assert words in error.hint


@pytest.mark.parametrize(
    ("refusal", "retries"),
    [
        (Refusal(401, "APIGW.0307", token_sent=True), 1),
        (Refusal(401, "APIGW.0301", token_sent=True), 1),
        (Refusal(401, "MPC.10206", token_sent=True), 0),
        (Refusal(401, "APIGW.0301"), 0),
        (Refusal(503, token_sent=True), 2),
    ],
)
def test_only_a_refused_token_is_worth_another_try_with_a_new_one(
    refusal: Refusal, retries: int
) -> None:
    assert api_error(refusal).retries == retries


@pytest.mark.parametrize(
    ("refusal", "refused"),
    [
        (Refusal(401, "MPC.10203"), True),
        (Refusal(403, "APIGW.0307"), True),
        (Refusal(403, "APIG.0307"), True),
        (Refusal(403, "APIGW.0301"), False),
        (Refusal(500), False),
    ],
)
def test_a_token_is_refused_by_status_or_by_code(refusal: Refusal, *, refused: bool) -> None:
    assert is_token_refused(refusal) is refused


def test_nothing_like_a_key_is_quoted_from_a_refusal() -> None:
    echoed = "bad header Access=AKTESTHUAWEI00000001, Signature=0123456789abcdef0123456789abcdef!"

    error: ProviderError = api_error(Refusal(400, "X.1", echoed))

    assert str(error) == "Huawei refused the question: bad header … …"


def test_an_endless_message_is_cut() -> None:
    error = api_error(Refusal(302, "X.1", "word " * 1000))

    assert isinstance(error, MalformedResponseError)
    assert len(str(error)) < 300
    assert str(error).endswith("…")
