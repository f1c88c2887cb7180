"""What Huawei's codes mean where a question was refused; ``task_codes`` has those of tasks.

Sources, read in 2026-11: API Gateway, Error Codes; MPC API reference, Error Codes; IAM API
reference, Obtaining a User Token. The pages attach one code to several HTTP statuses, so a known
code decides and the status only speaks for unknown ones.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

from providers.errors import (
    AuthError,
    ClockSkewError,
    ConfigurationError,
    InvalidRequestError,
    MalformedResponseError,
    PermissionDeniedError,
    ProviderError,
    RateLimitError,
    UnavailableError,
)
from providers.reading import read_text

_RENEW: Final = "APIGW.0307"
CLOCK_TOLERANCE: Final = timedelta(minutes=15)
"""API Request Signing Guide, on X-Sdk-Date."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code or status comes to: which error, in which words."""

    error: type[ProviderError]
    detail: str
    hint: str | None = None
    """None: the hint every error of that kind has."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is no answer, as far as it could be read."""

    status: int
    code: str | None = None
    message: str | None = None
    request_id: str | None = None
    retry_after: float | None = None
    clock_offset: timedelta | None = None
    """How far this machine's clock is ahead of Huawei's; None where Huawei did not tell."""
    token_sent: bool = False
    """Whether a token was refused, in place of which another may be had: worth one more try."""


_PROJECT_HINT = (
    "Ask the operator to check region, url and project_id of this account; they must belong"
    " together."
)
_KEY_HINT = (
    "Ask the operator to check ak and sk (or the IAM user) of this account, that the key is"
    " enabled, and that it belongs to the project's Huawei Cloud account."
)
_POLICY_HINT = (
    "Ask the operator to grant this account's user MPC rights (for instance MPC Administrator)"
    " in the project, in Huawei's IAM console."
)
_ACCOUNT_HINT = (
    "Ask the account's owner to log in to the Huawei Cloud console: real-name check, balance and"
    " MPC subscription must be in order."
)
_OPERATION_HINT = "Check the id; if it is right, give the code to Huawei support."
_BUG_HINT = "Check the task id. If it is right, tell the operator: the bot asked wrongly."

_API: Mapping[str, Meaning] = {
    "APIGW.0101": Meaning(
        ConfigurationError, "Huawei knows no such API at this address", _PROJECT_HINT
    ),
    "APIGW.0301": Meaning(AuthError, "Huawei could not verify the key or token", _KEY_HINT),
    "APIGW.0302": Meaning(
        PermissionDeniedError, "the IAM user may not call this API", _POLICY_HINT
    ),
    "APIGW.0303": Meaning(ClockSkewError, "Huawei refused the time the request was signed at"),
    "APIGW.0305": Meaning(AuthError, "Huawei could not verify the signature", _KEY_HINT),
    "APIGW.0306": Meaning(PermissionDeniedError, "access to this API is denied", _POLICY_HINT),
    _RENEW: Meaning(
        AuthError,
        "the IAM token has expired or is of another region",
        "The bot fetches a new token by itself. If this stays, ask the operator to check that"
        " iam_url and url are of the same region.",
    ),
    "APIGW.0308": Meaning(
        RateLimitError,
        "Huawei throttled the question",
        "Huawei allows 100 questions a minute for the whole tenant. Try again in a minute.",
    ),
    "APIGW.0309": Meaning(
        PermissionDeniedError, "the project is frozen or not available", _ACCOUNT_HINT
    ),
    "MPC.10050": Meaning(UnavailableError, "MPC has an internal error"),
    "MPC.10202": Meaning(InvalidRequestError, "MPC found a parameter of the question invalid"),
    "MPC.10203": Meaning(AuthError, "MPC could not authenticate this account", _KEY_HINT),
    "MPC.10204": Meaning(InvalidRequestError, "MPC refused the request method", _BUG_HINT),
    "MPC.10205": Meaning(InvalidRequestError, "MPC refused the content type", _BUG_HINT),
    "MPC.10206": Meaning(
        PermissionDeniedError, "the account has not passed real-name verification", _ACCOUNT_HINT
    ),
    "MPC.10207": Meaning(
        PermissionDeniedError, "the state of the account does not allow this", _ACCOUNT_HINT
    ),
    "MPC.10208": Meaning(
        PermissionDeniedError, "the project is not one of this account", _PROJECT_HINT
    ),
    **dict.fromkeys(
        (  # Of templates, agencies and paths, shown with 400 and 403 alike; no question is of them.
            *("MPC.10089", "MPC.10090", "MPC.10091", "MPC.10155", "MPC.10156", "MPC.10209"),
            *("MPC.10212", "MPC.10223", "MPC.10224", "MPC.10230", "MPC.10231"),
        ),
        Meaning(InvalidRequestError, "MPC could not do what was asked", _OPERATION_HINT),
    ),
}

_STATUS: Mapping[int, Meaning] = {
    HTTPStatus.BAD_REQUEST: Meaning(InvalidRequestError, "Huawei refused the question"),
    HTTPStatus.UNAUTHORIZED: Meaning(AuthError, "Huawei refused the key or token", _KEY_HINT),
    HTTPStatus.FORBIDDEN: Meaning(
        PermissionDeniedError, "this account may not ask that", _POLICY_HINT
    ),
    HTTPStatus.NOT_FOUND: Meaning(
        ConfigurationError, "there is no such API or project at this address", _PROJECT_HINT
    ),
    HTTPStatus.REQUEST_TIMEOUT: Meaning(UnavailableError, "Huawei gave up waiting"),
    HTTPStatus.TOO_MANY_REQUESTS: Meaning(RateLimitError, "Huawei throttled the question"),
}

_IAM_HINT = (
    "Ask the operator to check iam_user, iam_password and iam_domain (the account's name). Only an"
    " IAM user can fetch tokens, not the HUAWEI ID that owns the account."
)
_IAM: Mapping[int, Meaning] = {
    HTTPStatus.BAD_REQUEST: Meaning(
        ConfigurationError, "IAM found the request for a token incomplete", _IAM_HINT
    ),
    HTTPStatus.UNAUTHORIZED: Meaning(AuthError, "IAM refused the user or password", _IAM_HINT),
    HTTPStatus.FORBIDDEN: Meaning(
        PermissionDeniedError,
        "IAM does not let this user fetch a token",
        "Ask the operator to allow programmatic access for this IAM user, and a token for this"
        " project, in Huawei's IAM console.",
    ),
    HTTPStatus.NOT_FOUND: Meaning(
        ConfigurationError, "IAM knows no such project or address", _PROJECT_HINT
    ),
}

_SHAPES = (("error_code", "error_msg"), ("errorCode", "errorMsg"), ("code", "message"))

_UNBROKEN = re.compile(r"\S{20,}")
"""No word is that long, and every key, token and signature is at least that."""
_MAX_MESSAGE = 200


def read_code(document: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Find code and message in any of the shapes Huawei's services answer refusals with.

    Each of three spellings may be nested one level (IAM: ``{"error": {...}}``).
    """
    nested = [value for value in document.values() if isinstance(value, dict)]
    for candidate in (document, *nested):
        for code_name, message_name in _SHAPES:
            if code := read_text(candidate.get(code_name)):
                return code, read_text(candidate.get(message_name))
    return None, None


def api_error(refusal: Refusal) -> ProviderError:
    """Name what MPC or the gateway before it refused; older gateways spell the prefix APIG."""
    known = _API.get(_normalize(refusal.code))
    return _build(known or _by_status(refusal, _STATUS), refusal)


def iam_error(refusal: Refusal) -> ProviderError:
    """Name what IAM refused; its codes repeat the HTTP status, so the status decides."""
    return _build(_by_status(refusal, {**_STATUS, **_IAM}), refusal)


def is_token_refused(refusal: Refusal) -> bool:
    """Tell whether another token may help."""
    renew = _normalize(refusal.code) == _RENEW
    return renew or refusal.status == HTTPStatus.UNAUTHORIZED


def _by_status(refusal: Refusal, table: Mapping[int, Meaning]) -> Meaning:
    meaning = table.get(refusal.status) or _other_status(refusal.status)
    told = _quotable(refusal.message)
    if told is None:
        return meaning
    return Meaning(meaning.error, f"{meaning.detail}: {told}", meaning.hint)


def _other_status(status: int) -> Meaning:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Meaning(UnavailableError, f"Huawei has trouble (HTTP {status})")
    if status >= HTTPStatus.BAD_REQUEST:
        return Meaning(InvalidRequestError, f"Huawei refused the question (HTTP {status})")
    return Meaning(
        MalformedResponseError, f"the answer is not what Huawei documents (HTTP {status})"
    )


def _quotable(message: str | None) -> str | None:
    """Cut whatever a careless gateway might echo of our keys, and anything endless."""
    if message is None:
        return None
    told = _UNBROKEN.sub("…", " ".join(message.split()))
    return told if len(told) <= _MAX_MESSAGE else f"{told[: _MAX_MESSAGE - 1]}…"


def _build(meaning: Meaning, refusal: Refusal) -> ProviderError:
    hint = meaning.hint
    if meaning.error is ClockSkewError and refusal.clock_offset is not None:
        hint = _clock_hint(refusal.clock_offset)
    return meaning.error(
        meaning.detail,
        code=refusal.code,
        hint=hint,
        request_id=refusal.request_id,
        retry_after=refusal.retry_after,
        retries=1 if refusal.token_sent and meaning.error is AuthError else None,
    )


def _clock_hint(offset: timedelta) -> str:
    seconds = round(offset.total_seconds())
    if abs(offset) < CLOCK_TOLERANCE:
        return (
            f"This machine's clock is only {abs(seconds)} s off Huawei's, which is not the cause."
            f" {_KEY_HINT}"
        )
    side = "ahead of" if seconds > 0 else "behind"
    return (
        f"This machine's clock is {abs(seconds)} s {side} Huawei's; 15 minutes are allowed. Ask the"
        " operator to set it by NTP."
    )


def _normalize(code: str | None) -> str:
    """Spell a gateway's code the new way."""
    text = code or ""
    return f"APIGW.{text.removeprefix('APIG.')}" if text.startswith("APIG.") else text
