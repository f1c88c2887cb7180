"""Every documented return code, what it is called, and what a person is told to do."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from providers.errors import InvalidRequestError, ProviderError
from providers.models import Reason
from providers.zego.codes import MEDIA_CODES, RECORD_CODES, Refusal, Verdict, to_error

GATEWAY = {
    "100000000": Reason.CONFIGURATION,
    "100000001": Reason.CONFIGURATION,
    "100000002": Reason.BAD_REQUEST,
    "100000003": Reason.BAD_REQUEST,
    "100000004": Reason.CLOCK_SKEW,
    "100000005": Reason.AUTH,
    "100000006": Reason.BAD_REQUEST,
    "100000007": Reason.BAD_REQUEST,
    "100000008": Reason.BAD_REQUEST,
    "100000009": Reason.BAD_REQUEST,
    "100000010": Reason.CONFIGURATION,
    "100000011": Reason.CONFIGURATION,
    "100000013": Reason.BAD_REQUEST,
    "100000014": Reason.BAD_REQUEST,
    "100000015": Reason.UNAVAILABLE,
    "100000016": Reason.CONFIGURATION,
    "100000017": Reason.PERMISSION,
}
MEDIA = GATEWAY | {
    "2": Reason.BAD_REQUEST,
    "3": Reason.PERMISSION,
    "4": Reason.BAD_REQUEST,
    "5": Reason.CONFIGURATION,
    "6": Reason.RATE_LIMITED,
    "7": Reason.AUTH,
    "1000": Reason.UNAVAILABLE,
    "41003": Reason.BAD_REQUEST,
}
RECORD = GATEWAY | {
    "300000002": Reason.PERMISSION,
    "300000003": Reason.RATE_LIMITED,
    "300000004": Reason.BAD_REQUEST,
    "300000005": Reason.AUTH,
    "300000006": Reason.RATE_LIMITED,
    "300001000": Reason.NOT_FOUND,
    "300001001": Reason.BAD_REQUEST,
    "300001004": Reason.BAD_REQUEST,
    "300010000": Reason.UNAVAILABLE,
}
TABLES = [
    pytest.param(MEDIA_CODES["tencent"], MEDIA, id="tencent"),
    pytest.param(MEDIA_CODES["huawei"], MEDIA, id="huawei"),
    pytest.param(RECORD_CODES, RECORD, id="record"),
]


def refused(
    code: str,
    codes: Mapping[str, Verdict],
    *,
    message: str | None = None,
    offset: timedelta | None = None,
) -> ProviderError:
    refusal = Refusal(code, message, request_id="r1", retry_after=None, clock_offset=offset)
    return to_error(refusal, codes)


@pytest.mark.parametrize(("codes", "reasons"), TABLES)
def test_every_documented_code_has_its_reason(
    codes: Mapping[str, Verdict], reasons: Mapping[str, Reason]
) -> None:
    assert {code: refused(code, codes).reason for code in codes} == reasons


@pytest.mark.parametrize(("codes", "reasons"), TABLES)
def test_every_code_says_what_it_means_and_what_to_do(
    codes: Mapping[str, Verdict], reasons: Mapping[str, Reason]
) -> None:
    errors = [refused(code, codes) for code in reasons]

    assert all(error.detail.endswith(".") and error.hint.endswith(".") for error in errors)
    assert all(error.code and error.request_id == "r1" for error in errors)


@pytest.mark.parametrize(("asked", "other"), [("tencent", "`huawei`"), ("huawei", "`tencent`")])
def test_a_vendor_mismatch_names_the_word_to_try(asked: str, other: str) -> None:
    assert other in refused("4", MEDIA_CODES[asked]).hint


@pytest.mark.parametrize(
    ("code", "retries"),
    [("1000", 1), ("6", 2), ("100000015", 2), ("2", 0), ("7", 0), ("100000004", 0), ("5", 0)],
)
def test_only_what_may_pass_is_worth_asking_again(code: str, retries: int) -> None:
    assert refused(code, MEDIA_CODES["tencent"]).retries == retries


def test_an_undocumented_code_is_shown_and_not_repeated() -> None:
    error = refused("424242", RECORD_CODES, message="surprise")

    assert isinstance(error, InvalidRequestError)
    assert error.code == "424242"
    assert error.retries == 0
    assert "surprise" in error.detail
    assert "request id" in error.hint


def test_the_vendors_words_are_passed_on_in_moderation() -> None:
    error = refused("300000004", RECORD_CODES, message="TaskId " * 100)

    assert "TaskId" in error.detail
    assert len(error.detail) < 400


@pytest.mark.parametrize("code", ["100000004", "100000005", "7"])
def test_words_about_a_signature_are_not_passed_on(code: str) -> None:
    error = refused(code, MEDIA_CODES["tencent"], message="want md5(12345…) = 0011")

    assert "0011" not in f"{error}{error.hint}"


@pytest.mark.parametrize(
    ("offset", "words"),
    [
        (timedelta(minutes=14, seconds=3), "14 min 3 s ahead of"),
        (timedelta(minutes=-61), "61 min 0 s behind"),
        (timedelta(seconds=-2), "0 min 2 s off"),
    ],
)
def test_a_refused_timestamp_tells_how_far_the_clocks_are_apart(
    offset: timedelta, words: str
) -> None:
    assert words in refused("100000004", RECORD_CODES, offset=offset).hint


def test_a_refused_timestamp_without_a_date_header_still_has_a_hint() -> None:
    assert "NTP" in refused("100000004", RECORD_CODES).hint


def test_the_offset_is_told_only_where_the_clock_is_at_fault() -> None:
    error = refused("100000005", RECORD_CODES, offset=timedelta(minutes=14))

    assert "14 min" not in error.hint
