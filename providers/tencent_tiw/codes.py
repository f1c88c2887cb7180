"""Tencent Cloud's error codes, and what a person on call does about each.

A code is a path (``AuthFailure.SignatureExpire``); the longest known beginning decides. Sources:
the error tables of TIW (DescribeVideoGenerationTask and "Error Codes") and of Tencent Cloud API 3.0
("Common Error Codes"), read 2026-11.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from providers import errors
from providers.http import Reply, retry_after
from providers.tencent_tiw.wire import Refusal

_TOLERANCE = timedelta(minutes=5)

_TASK_FAILURE = "FailedOperation"

FAILURE_HINT = (
    "The video was not made. Look at Tencent's message, then start the video generation again; if"
    " it fails again, send the request id and the task id to Tencent's support."
)

_KEYS = "Ask the operator to compare secret_id and secret_key with the Tencent Cloud console (CAM)."
_OURS = "MediaTask asked in a way this address does not know. Check the account's url; report it."
_URL = "This address does not serve TIW. Ask the operator to check the account's url and region."
_BUSY = "Tencent Cloud has trouble. Try again in a minute; the task itself goes on."
_APP = (
    "Ask the operator to compare sdk_app_id with the TIW console: the application must exist and"
    " belong to the Tencent Cloud account of these keys."
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a refusal is, in our words."""

    error: type[errors.ProviderError]
    hint: str | None = None
    """None: what is generally done about that error."""
    retries: int | None = None
    """None: as many as that error is generally worth."""


CODES: Mapping[str, Meaning] = {
    "AuthFailure": Meaning(errors.AuthError, _KEYS),
    "AuthFailure.InvalidSecretId": Meaning(
        errors.AuthError, "This is no key of Tencent Cloud's API. Ask the operator to check it."
    ),
    "AuthFailure.MFAFailure": Meaning(
        errors.AuthError, "This key asks for a second factor. Ask the operator for another key."
    ),
    "AuthFailure.SecretIdNotFound": Meaning(
        errors.AuthError, "This key was deleted or disabled. Ask the operator to set a new one."
    ),
    "AuthFailure.SignatureExpire": Meaning(errors.ClockSkewError),
    "AuthFailure.TokenFailure": Meaning(
        errors.AuthError,
        "The temporary keys have expired. Ask the operator to set secret_id, secret_key and"
        " security_token anew.",
    ),
    "AuthFailure.UnauthorizedOperation": Meaning(
        errors.AuthError, "Ask the operator to allow these keys TIW in Tencent Cloud's CAM."
    ),
    "ActionOffline": Meaning(errors.InvalidRequestError, _OURS),
    "DryRunOperation": Meaning(errors.InvalidRequestError, _OURS),
    "InternalError": Meaning(errors.UnavailableError, _BUSY),
    "InvalidAction": Meaning(errors.InvalidRequestError, _OURS),
    "InvalidParameter": Meaning(errors.InvalidRequestError),
    "InvalidParameter.SdkAppIdNotFound": Meaning(errors.ConfigurationError, _APP),
    "InvalidParameter.TaskNotFound": Meaning(
        errors.TaskNotFoundError,
        "TIW does not know this id for this application. Check the id, and whether another"
        " account's application made the task.",
    ),
    "InvalidParameterValue": Meaning(errors.InvalidRequestError),
    "InvalidRequest": Meaning(errors.InvalidRequestError),
    "IpInBlacklist": Meaning(
        errors.PermissionDeniedError, "Ask the operator to unblock this machine's address in CAM."
    ),
    "IpNotInWhitelist": Meaning(
        errors.PermissionDeniedError, "Ask the operator to allow this machine's address in CAM."
    ),
    "LimitExceeded": Meaning(
        errors.RateLimitError,
        "A quota of the Tencent Cloud account is used up. Try later, or ask Tencent for more.",
        retries=0,
    ),
    "MissingParameter": Meaning(errors.InvalidRequestError),
    "NoSuchProduct": Meaning(errors.ConfigurationError, _URL),
    "NoSuchVersion": Meaning(errors.InvalidRequestError, _OURS),
    "RequestLimitExceeded": Meaning(errors.RateLimitError),
    "RequestLimitExceeded.GlobalRegionUinLimitExceeded": Meaning(errors.RateLimitError),
    "RequestLimitExceeded.IPLimitExceeded": Meaning(errors.RateLimitError),
    "RequestLimitExceeded.UinLimitExceeded": Meaning(errors.RateLimitError),
    "RequestSizeLimitExceeded": Meaning(errors.InvalidRequestError),
    "ResourceInUse": Meaning(errors.UnavailableError, _BUSY),
    "ResourceInsufficient": Meaning(errors.UnavailableError, _BUSY),
    "ResourceNotFound": Meaning(errors.TaskNotFoundError),
    "ResourceUnavailable": Meaning(errors.PermissionDeniedError),
    "ResourceUnavailable.InterfaceUnAuthorized": Meaning(
        errors.PermissionDeniedError,
        "Ask the operator to have Tencent allow this API for the account.",
    ),
    "ResourceUnavailable.NotRegistered": Meaning(
        errors.PermissionDeniedError,
        "TIW is not enabled. Ask the operator to enable it in the TIW console.",
    ),
    "ResourceUnavailable.ServiceExpired": Meaning(
        errors.PermissionDeniedError,
        "The Tencent Cloud account is in arrears or its TIW service has expired. Ask the operator"
        " to settle or renew it.",
    ),
    "ResponseSizeLimitExceeded": Meaning(errors.InvalidRequestError),
    "ServiceUnavailable": Meaning(errors.UnavailableError, _BUSY),
    "UnauthorizedOperation": Meaning(
        errors.PermissionDeniedError,
        "Ask the operator to allow these keys TIW in Tencent Cloud's CAM.",
    ),
    "UnauthorizedOperation.SdkAppId": Meaning(errors.PermissionDeniedError, _APP),
    "UnknownParameter": Meaning(errors.InvalidRequestError),
    "UnsupportedOperation": Meaning(errors.InvalidRequestError),
    "UnsupportedProtocol": Meaning(
        errors.ConfigurationError, "Ask the operator to give the account's url as https."
    ),
    "UnsupportedRegion": Meaning(
        errors.ConfigurationError,
        "TIW is not served in this account's region. Ask the operator to set it: ap-singapore on"
        " the international site, ap-guangzhou on the China site.",
    ),
}

_UNDOCUMENTED = Meaning(
    errors.InvalidRequestError,
    "Tencent documents no such code. Ask its support, with the request id.",
)
"""Asking again is worth nothing that anybody promised, so it is not called a passing trouble."""

STATUSES: Mapping[int, Meaning] = {
    HTTPStatus.UNAUTHORIZED: Meaning(errors.AuthError, _KEYS),
    HTTPStatus.FORBIDDEN: Meaning(errors.PermissionDeniedError),
    HTTPStatus.NOT_FOUND: Meaning(errors.ConfigurationError, _URL),
    HTTPStatus.REQUEST_TIMEOUT: Meaning(errors.UnavailableError),
    HTTPStatus.TOO_MANY_REQUESTS: Meaning(errors.RateLimitError),
}
_STATUS_CLASSES: Mapping[int, Meaning] = {
    3: Meaning(errors.ConfigurationError, _URL),
    4: Meaning(errors.InvalidRequestError),
    5: Meaning(errors.UnavailableError, _BUSY),
}
"""By the first digit; a 2xx that is not 200 is nothing the vendor documents."""


def meaning_of(code: str) -> Meaning | None:
    """Look a code up by its longest known beginning, cut at dots; None: not even the first part."""
    while code not in CODES:
        code, dot, _ = code.rpartition(".")
        if not dot:
            return None
    return CODES[code]


def meaning_of_status(status: int) -> Meaning:
    """Say what an HTTP status other than 200 means where no known code came with it."""
    by_class = _STATUS_CLASSES.get(status // 100, Meaning(errors.MalformedResponseError))
    return STATUSES.get(status, by_class)


def is_task_failure(code: str | None) -> bool:
    """Whether a refusal of a query tells that the task itself failed (``FailedOperation.*``)."""
    return (code or "").split(".")[0] == _TASK_FAILURE


def refuse(
    reply: Reply, refusal: Refusal, *, request_id: str | None, now: datetime
) -> errors.ProviderError:
    """Name a refusal; its code decides, and the HTTP status where that is unknown or absent."""
    meaning = meaning_of(refusal.code or "")
    if meaning is None:
        undocumented = refusal.code and reply.status == HTTPStatus.OK
        meaning = _UNDOCUMENTED if undocumented else meaning_of_status(reply.status)
    skewed = meaning.error is errors.ClockSkewError
    return meaning.error(
        refusal.message or f"Tencent Cloud answered HTTP {reply.status} without saying why",
        code=refusal.code,
        hint=_tell_offset(reply, now) if skewed else meaning.hint,
        request_id=request_id,
        retry_after=retry_after(reply.headers),
        retries=meaning.retries,
    )


def _tell_offset(reply: Reply, now: datetime) -> str | None:
    """Tell by how much the clocks differ; None where the reply's ``Date`` does not show it."""
    offset = reply.clock_offset(now)
    if offset is None or abs(offset) <= _TOLERANCE:
        return None
    seconds = round(offset.total_seconds())
    way = "ahead of" if seconds > 0 else "behind"
    return (
        f"This machine's clock is {abs(seconds)} s {way} Tencent's, which allows 5 minutes. Ask"
        " the operator to set it by NTP."
    )
