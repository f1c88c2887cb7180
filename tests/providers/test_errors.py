"""Every error has a reason of its own, a number of attempts it is worth, and a remedy."""

import pytest

from providers import errors
from providers.errors import ProviderError
from providers.models import Reason

KINDS = [
    (errors.UnreachableError, Reason.UNREACHABLE, 2),
    (errors.RateLimitError, Reason.RATE_LIMITED, 2),
    (errors.UnavailableError, Reason.UNAVAILABLE, 2),
    (errors.AuthError, Reason.AUTH, 0),
    (errors.ClockSkewError, Reason.CLOCK_SKEW, 0),
    (errors.PermissionDeniedError, Reason.PERMISSION, 0),
    (errors.ConfigurationError, Reason.CONFIGURATION, 0),
    (errors.InvalidRequestError, Reason.BAD_REQUEST, 0),
    (errors.MalformedResponseError, Reason.MALFORMED, 0),
    (errors.TaskNotFoundError, Reason.NOT_FOUND, 0),
]


@pytest.mark.parametrize(("kind", "reason", "retries"), KINDS)
def test_an_error_says_by_itself_what_to_do_next(
    kind: type[ProviderError], reason: Reason, retries: int
) -> None:
    error = kind("it went wrong")

    assert (error.reason, error.retries, error.hint) == (reason, retries, kind.default_hint)
    assert (str(error), error.detail) == ("it went wrong", "it went wrong")
    assert (error.code, error.request_id, error.retry_after) == (None, None, None)


def test_the_table_has_every_error_and_every_reason_but_the_tasks_own() -> None:
    assert {kind for kind, _, _ in KINDS} == set(ProviderError.__subclasses__())
    assert {reason for _, reason, _ in KINDS} == set(Reason) - {Reason.TASK_FAILED}


@pytest.mark.parametrize(("kind", "_reason", "_retries"), KINDS)
def test_a_remedy_is_a_sentence_of_its_own(
    kind: type[ProviderError], _reason: Reason, _retries: int
) -> None:
    others = [other.default_hint for other, _, _ in KINDS if other is not kind]

    assert kind.default_hint.endswith(".")
    assert kind.default_hint not in others


def test_an_error_keeps_what_the_vendor_told() -> None:
    error = errors.RateLimitError(
        "too fast", code="6", hint="Wait.", request_id="7", retry_after=1.5, retries=0
    )

    assert (error.code, error.hint, error.request_id) == ("6", "Wait.", "7")
    assert (error.retry_after, error.retries) == (1.5, 0)


def test_an_empty_hint_is_none() -> None:
    assert errors.AuthError("refused", hint="").hint == errors.AuthError.default_hint
