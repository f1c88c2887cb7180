"""Every code a vendor documents for a failed task is told in words, with what to do about it."""

import pytest

from providers.huawei_mpc.task_codes import task_hint
from providers.tencent_tiw.codes import FAILURE_HINT, is_task_failure, meaning_of
from providers.zego.quit_reasons import ORDINARY, explain_quit

UNLISTED_QUIT = explain_quit("4711")
UNLISTED_MPC = task_hint("MPC.99999")
# ZEGO docs, Recording status callback, quit_reason, read 2026-11; 3 and 4 are ordinary endings.
QUIT_REASONS = ("1", "2", "5", "6", *(str(number) for number in range(1001, 1012)))
# MPC API reference, Error Codes, those of tasks; read 2026-11.
MPC_CODES = (
    *(10050, 10052, 10053, 10054),
    *range(10055, 10069),
    *(10089, 10090, 10125, 10209, 10212, 10216, 10217),
)
# TIW, DescribeVideoGenerationTask and Error Codes, read 2026-11.
TIW_CODES = (
    "AuthFailure.SignatureExpire",
    "AuthFailure.SignatureFailure",
    "AuthFailure.SecretIdNotFound",
    "AuthFailure.InvalidSecretId",
    "AuthFailure.InvalidAuthorization",
    "AuthFailure.TokenFailure",
    "AuthFailure.UnauthorizedOperation",
    "InternalError",
    "InvalidAction",
    "InvalidParameter.SdkAppIdNotFound",
    "InvalidParameter.TaskNotFound",
    "MissingParameter",
    "NoSuchVersion",
    "ActionOffline",
    "RequestLimitExceeded",
    "RequestLimitExceeded.GlobalRegionUinLimitExceeded",
    "RequestLimitExceeded.IPLimitExceeded",
    "RequestLimitExceeded.UinLimitExceeded",
    "ResourceUnavailable.NotRegistered",
    "ResourceUnavailable.ServiceExpired",
    "UnauthorizedOperation.SdkAppId",
    "UnsupportedRegion",
)


@pytest.mark.parametrize("reason", QUIT_REASONS)
def test_every_quit_reason_of_zego_has_words_and_a_remedy(reason: str) -> None:
    told = explain_quit(reason)

    assert told.code == reason
    assert told.message != UNLISTED_QUIT.message
    assert told.hint


@pytest.mark.parametrize("reason", ["3", "4"])
def test_an_ordinary_ending_is_no_failure(reason: str) -> None:
    assert reason in ORDINARY


def test_a_quit_reason_nobody_lists_is_told_as_it_is_with_where_to_ask() -> None:
    assert (UNLISTED_QUIT.code, "Technical Support" in (UNLISTED_QUIT.hint or "")) == ("4711", True)


@pytest.mark.parametrize("code", MPC_CODES)
def test_every_task_code_of_mpc_has_a_remedy_of_its_own(code: int) -> None:
    assert task_hint(f"MPC.{code}") not in {UNLISTED_MPC, task_hint(None)}


def test_a_task_code_nobody_lists_says_where_to_look_it_up() -> None:
    assert "error codes" in UNLISTED_MPC


@pytest.mark.parametrize("code", TIW_CODES)
def test_every_error_of_tiw_has_a_meaning(code: str) -> None:
    assert meaning_of(code) is not None


def test_a_failed_operation_of_tiw_is_the_tasks_failure_and_says_what_to_do() -> None:
    assert is_task_failure("FailedOperation.Record")
    assert "again" in FAILURE_HINT
