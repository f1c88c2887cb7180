"""Every error code of TIW and of Tencent Cloud, and every HTTP status, has a name and a remedy."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from providers import errors
from providers.http import Reply
from providers.tencent_tiw.codes import CODES, is_task_failure, meaning_of_status, refuse
from providers.tencent_tiw.wire import Refusal

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def refusal_of(code: str | None, *, status: int = 200, **headers: str) -> errors.ProviderError:
    return refuse(
        Reply(status, headers, {}),
        Refusal.model_validate({"Code": code, "Message": "the vendor's words"}),
        request_id="r-1",
        now=NOON,
    )


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("AuthFailure", "auth"),
        ("AuthFailure.InvalidAuthorization", "auth"),
        ("AuthFailure.InvalidSecretId", "auth"),
        ("AuthFailure.MFAFailure", "auth"),
        ("AuthFailure.SecretIdNotFound", "auth"),
        ("AuthFailure.SignatureExpire", "clock_skew"),
        ("AuthFailure.SignatureFailure", "auth"),
        ("AuthFailure.TokenFailure", "auth"),
        ("AuthFailure.UnauthorizedOperation", "auth"),
        ("ActionOffline", "bad_request"),
        ("DryRunOperation", "bad_request"),
        ("InternalError", "unavailable"),
        ("InvalidAction", "bad_request"),
        ("InvalidParameter", "bad_request"),
        ("InvalidParameter.BodyParameterTypeUnmatched", "bad_request"),
        ("InvalidParameter.SdkAppIdNotFound", "configuration"),
        ("InvalidParameter.TaskNotFound", "not_found"),
        ("InvalidParameterValue", "bad_request"),
        ("InvalidRequest", "bad_request"),
        ("IpInBlacklist", "permission"),
        ("IpNotInWhitelist", "permission"),
        ("LimitExceeded", "rate_limited"),
        ("LimitExceeded.TaskConcurrency", "rate_limited"),
        ("MissingParameter", "bad_request"),
        ("NoSuchProduct", "configuration"),
        ("NoSuchVersion", "bad_request"),
        ("RequestLimitExceeded", "rate_limited"),
        ("RequestLimitExceeded.GlobalRegionUinLimitExceeded", "rate_limited"),
        ("RequestLimitExceeded.IPLimitExceeded", "rate_limited"),
        ("RequestLimitExceeded.UinLimitExceeded", "rate_limited"),
        ("RequestSizeLimitExceeded", "bad_request"),
        ("ResourceInUse", "unavailable"),
        ("ResourceInsufficient", "unavailable"),
        ("ResourceNotFound", "not_found"),
        ("ResourceUnavailable", "permission"),
        ("ResourceUnavailable.InterfaceUnAuthorized", "permission"),
        ("ResourceUnavailable.NotRegistered", "permission"),
        ("ResourceUnavailable.ServiceExpired", "permission"),
        ("ResponseSizeLimitExceeded", "bad_request"),
        ("ServiceUnavailable", "unavailable"),
        ("UnauthorizedOperation", "permission"),
        ("UnauthorizedOperation.SdkAppId", "permission"),
        ("UnknownParameter", "bad_request"),
        ("UnsupportedOperation", "bad_request"),
        ("UnsupportedProtocol", "configuration"),
        ("UnsupportedRegion", "configuration"),
    ],
)
def test_a_documented_code_has_its_reason_and_a_hint(code: str, reason: str) -> None:
    error = refusal_of(code)

    assert error.reason == reason
    assert error.hint
    assert (error.code, error.detail, error.request_id) == (code, "the vendor's words", "r-1")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("AuthFailure.SignatureExpire.Later", "clock_skew"),
        ("AuthFailure.Invented", "auth"),
        ("InvalidParameter.TaskNotFound.Deep.Deeper", "not_found"),
        ("InvalidParameter.Invented.TaskNotFound", "bad_request"),
        ("UnauthorizedOperation.Invented", "permission"),
    ],
)
def test_an_unknown_ending_means_what_its_beginning_means(code: str, reason: str) -> None:
    assert refusal_of(code).reason == reason


@pytest.mark.parametrize("code", ["Invented", "Invented.TaskNotFound", "AuthFailureX", "."])
def test_an_undocumented_code_is_a_refusal_shown_as_it_came(code: str) -> None:
    error = refusal_of(code)

    assert isinstance(error, errors.InvalidRequestError)
    assert error.code == code
    assert "documents no such code" in error.hint


def test_a_refusal_without_a_code_is_malformed() -> None:
    assert isinstance(refusal_of(None), errors.MalformedResponseError)


@pytest.mark.parametrize(
    ("code", "retries"),
    [
        ("RequestLimitExceeded", 2),
        ("InternalError", 2),
        ("LimitExceeded", 0),
        ("AuthFailure", 0),
        ("Invented", 0),
    ],
)
def test_only_passing_trouble_is_worth_asking_again(code: str, retries: int) -> None:
    assert refusal_of(code).retries == retries


STATUS_ERRORS: list[tuple[range, type[errors.ProviderError]]] = [
    (range(201, 300), errors.MalformedResponseError),
    (range(300, 400), errors.ConfigurationError),
    (range(400, 401), errors.InvalidRequestError),
    (range(401, 402), errors.AuthError),
    (range(402, 403), errors.InvalidRequestError),
    (range(403, 404), errors.PermissionDeniedError),
    (range(404, 405), errors.ConfigurationError),
    (range(405, 408), errors.InvalidRequestError),
    (range(408, 409), errors.UnavailableError),
    (range(409, 429), errors.InvalidRequestError),
    (range(429, 430), errors.RateLimitError),
    (range(430, 500), errors.InvalidRequestError),
    (range(500, 600), errors.UnavailableError),
    (range(600, 1000), errors.MalformedResponseError),
]


@pytest.mark.parametrize(("statuses", "expected"), STATUS_ERRORS)
def test_every_http_status_but_200_is_named(
    statuses: range, expected: type[errors.ProviderError]
) -> None:
    assert {meaning_of_status(status).error for status in statuses} == {expected}
    assert {type(refusal_of(None, status=status)) for status in statuses} == {expected}


def test_a_known_code_goes_before_the_http_status_and_an_unknown_one_does_not() -> None:
    known = refusal_of("AuthFailure.SignatureFailure", status=500)
    unknown = refusal_of("Invented", status=500)

    assert isinstance(known, errors.AuthError)
    assert isinstance(unknown, errors.UnavailableError)
    assert unknown.code == "Invented"


def test_the_wait_the_vendor_asks_for_is_kept() -> None:
    assert refusal_of(None, status=429, **{"Retry-After": "7"}).retry_after == 7


@pytest.mark.parametrize(
    ("ahead", "told"),
    [
        (timedelta(minutes=6), "360 s ahead of"),
        (timedelta(hours=-1), "3600 s behind"),
        (timedelta(seconds=3), "set this machine's clock"),
    ],
)
def test_a_refused_clock_is_told_by_how_much_it_is_wrong(ahead: timedelta, told: str) -> None:
    date = format_datetime(NOON - ahead, usegmt=True)

    error = refusal_of("AuthFailure.SignatureExpire", Date=date)

    assert isinstance(error, errors.ClockSkewError)
    assert told in error.hint


def test_a_refused_clock_without_a_date_to_compare_has_the_general_hint() -> None:
    assert refusal_of("AuthFailure.SignatureExpire").hint == errors.ClockSkewError.default_hint


@pytest.mark.parametrize("code", ["FailedOperation", "FailedOperation.Record", "FailedOperation.X"])
def test_failed_operation_is_about_the_task(code: str) -> None:
    assert is_task_failure(code)
    assert code not in CODES


@pytest.mark.parametrize(
    "code", [None, "", "InternalError", "FailedOperations", "X.FailedOperation"]
)
def test_no_other_code_is_about_the_task(code: str | None) -> None:
    assert not is_task_failure(code)


def test_a_refusal_in_silence_still_has_words() -> None:
    reply = Reply(503, {}, {})

    error = refuse(reply, Refusal(), request_id=None, now=NOON)

    assert "HTTP 503" in error.detail
