"""What ZEGO's return codes mean, per API: the same small number differs between products.

Sources, read 2026-11: ZEGO docs, Server API, Return Codes (gateway and "Media File
Interfaces"), DescribeMediaTask, Responses, and Cloud Recording, Server API, Return codes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from providers.errors import (
    AuthError,
    ClockSkewError,
    ConfigurationError,
    InvalidRequestError,
    PermissionDeniedError,
    ProviderError,
    RateLimitError,
    TaskNotFoundError,
    UnavailableError,
)

OK = "0"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one code means and what a person should do about it."""

    error: type[ProviderError]
    meaning: str
    hint: str | None = None
    """None: the error's own hint says it all."""
    retries: int | None = None
    """None: as many as the error is worth by itself."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reply whose ``Code`` is not 0, with what its headers add."""

    code: str
    message: str | None
    """ZEGO's own words, free of anything secret."""
    request_id: str | None
    retry_after: float | None
    """Seconds; ZEGO documents none."""
    clock_offset: timedelta | None
    """How far our clock is ahead of ZEGO's; None where the reply does not tell."""


_BUG = "This is a fault of the bot, not of the task: tell its operator, with the code."
_SUPPORT = "Ask the operator to contact ZEGOCLOUD Technical Support with the code and request id."
_CONSOLE = "Ask the operator to compare app_id and server_secret with ZEGO's console."
_KEYS = (
    "Ask the operator to compare app_id and server_secret with ZEGO's console: "
    "Project Configuration, Basic Information."
)

_GATEWAY: Mapping[str, Verdict] = {
    "100000000": Verdict(
        ConfigurationError,
        "ZEGO does not serve the host it was asked at.",
        "Ask the operator to check rtc_url and record_url of this account.",
    ),
    "100000001": Verdict(ConfigurationError, "The AppId is malformed.", _CONSOLE),
    "100000002": Verdict(InvalidRequestError, "The request's timestamp is empty.", _BUG),
    "100000003": Verdict(InvalidRequestError, "The request's timestamp is malformed.", _BUG),
    "100000004": Verdict(ClockSkewError, "ZEGO says the signature has expired."),
    "100000005": Verdict(AuthError, "ZEGO refuses the signature.", _KEYS),
    "100000006": Verdict(InvalidRequestError, "The request names no action.", _BUG),
    "100000007": Verdict(
        InvalidRequestError,
        "ZEGO does not know the action at this address.",
        "Ask the operator to check that rtc_url and record_url are not swapped.",
    ),
    "100000008": Verdict(InvalidRequestError, "The request's nonce is empty.", _BUG),
    "100000009": Verdict(InvalidRequestError, "The request's signature is empty.", _BUG),
    "100000010": Verdict(ConfigurationError, "ZEGO has no ServerSecret for this AppID.", _CONSOLE),
    "100000011": Verdict(ConfigurationError, "ZEGO has no settings for this AppID.", _CONSOLE),
    "100000013": Verdict(InvalidRequestError, "The signature version is empty.", _BUG),
    "100000014": Verdict(InvalidRequestError, "The signature version is not supported.", _BUG),
    "100000015": Verdict(UnavailableError, "ZEGO's gateway has an internal error."),
    "100000016": Verdict(
        ConfigurationError,
        "This AppID has no production environment.",
        "Ask the operator to set is_test = true, or to have ZEGO put the project into production.",
    ),
    "100000017": Verdict(
        PermissionDeniedError,
        "The service is not enabled for this AppID.",
        "Ask the operator to enable the service for this project in ZEGO's console.",
    ),
}

_MEDIA: Mapping[str, Verdict] = {
    **_GATEWAY,
    "2": Verdict(
        InvalidRequestError,
        "ZEGO refuses the input.",
        "Check that the id was copied whole and belongs to a merge, transcode or thumbnail task.",
    ),
    "3": Verdict(
        PermissionDeniedError,
        "Media tasks are not enabled for this AppID.",
        "Ask the operator to have ZEGOCLOUD Technical Support enable them.",
    ),
    "5": Verdict(
        ConfigurationError,
        "ZEGO's settings for this AppID are wrong.",
        "Ask the operator to contact ZEGOCLOUD Technical Support: media files are set up there.",
    ),
    "6": Verdict(
        RateLimitError,
        "ZEGO was asked too often.",
        "All rooms of an AppID share 20 questions a second. Try again in a few seconds.",
    ),
    "7": Verdict(AuthError, "ZEGO refuses the credentials.", _KEYS),
    # Also the answer to a wrong file id, so it need not pass by itself (MediaThumbnails page).
    "1000": Verdict(
        UnavailableError,
        "ZEGO refused the request and gives no reason.",
        "Check the id, and whether the task ran in the last three days: older ones are likely "
        "forgotten. If both are right, contact ZEGOCLOUD Technical Support with the request id.",
        retries=1,
    ),
    "41003": Verdict(
        InvalidRequestError,
        "ZEGO says the media file does not exist.",
        "Check whether the source file was deleted, then start the task again.",
    ),
}


def _media_codes(other: str) -> Mapping[str, Verdict]:
    wrong_vendor = Verdict(
        InvalidRequestError,
        "The CDN vendor does not match the task.",
        f"This id belongs to the other vendor: try `{other}`.",
    )
    return {**_MEDIA, "4": wrong_vendor}


MEDIA_CODES: Mapping[str, Mapping[str, Verdict]] = {
    "tencent": _media_codes("huawei"),
    "huawei": _media_codes("tencent"),
}
"""DescribeMediaTask, by provider."""

RECORD_CODES: Mapping[str, Verdict] = {
    **_GATEWAY,
    "300000002": Verdict(
        PermissionDeniedError,
        "Cloud recording is not enabled for this AppID.",
        "Ask the operator to enable Cloud Recording for this project in ZEGO's console.",
    ),
    "300000003": Verdict(
        RateLimitError,
        "ZEGO was asked too often.",
        "ZEGO answers 10 questions about recordings a second. Try again in a few seconds.",
    ),
    "300000004": Verdict(
        InvalidRequestError,
        "ZEGO refuses a parameter.",
        "Check that the id was copied whole: a recording's task id has 16 characters.",
    ),
    "300000005": Verdict(AuthError, "The check at ZEGO's gateway failed.", _KEYS),
    "300000006": Verdict(
        RateLimitError,
        "The AppID runs as many recordings as it may.",
        "Wait until a recording ends, or ask the operator to have ZEGO raise the limit.",
    ),
    "300001000": Verdict(
        TaskNotFoundError,
        "The recording is unknown to ZEGO, or started more than 3 days ago.",
        "Check the id; ZEGO tells nothing of recordings that started over three days ago.",
    ),
    "300001001": Verdict(
        InvalidRequestError,
        "The recording has already ended.",
        "Nothing is to be done: look at its files.",
    ),
    "300001004": Verdict(
        InvalidRequestError, "The recording is not paused.", "Nothing is to be done: it runs."
    ),
    "300010000": Verdict(UnavailableError, "ZEGO's recording service has an internal error."),
}
"""DescribeRecordStatus and DescribeTasks."""

# A request refused for an unknown reason is not worth repeating, and no sign of an outage.
_UNLISTED = Verdict(
    InvalidRequestError, "ZEGO refused with a code that its documents do not list.", _SUPPORT
)

_QUIET: tuple[type[ProviderError], ...] = (AuthError, ClockSkewError)
"""Their messages may repeat what was signed, so they are not passed on."""

_MAX_MESSAGE = 300
_ALLOWED_SKEW = timedelta(minutes=10)


def to_error(refusal: Refusal, codes: Mapping[str, Verdict]) -> ProviderError:
    """Turn a refusal into the error of the API's table, with ZEGO's own words where it has any.

    A code the documents do not list is an ``InvalidRequestError``, shown with its code.
    """
    verdict = codes.get(refusal.code, _UNLISTED)
    return verdict.error(
        _detail(verdict, refusal.message),
        code=refusal.code,
        hint=_hint(verdict, refusal.clock_offset),
        request_id=refusal.request_id,
        retry_after=refusal.retry_after,
        retries=verdict.retries,
    )


def _detail(verdict: Verdict, message: str | None) -> str:
    if message is None or verdict.error in _QUIET:
        return verdict.meaning
    return f"{verdict.meaning} ZEGO's words: {message[:_MAX_MESSAGE]}"


def _hint(verdict: Verdict, offset: timedelta | None) -> str | None:
    if verdict.error is not ClockSkewError or offset is None:
        return verdict.hint
    minutes, seconds = divmod(round(abs(offset).total_seconds()), 60)
    if abs(offset) < _ALLOWED_SKEW:
        return (
            f"This machine's clock is {minutes} min {seconds} s off ZEGO's, which is within its "
            "ten minutes: ask the operator whether a proxy holds requests back."
        )
    side = "ahead of" if offset > timedelta() else "behind"
    return (
        f"This machine's clock is {minutes} min {seconds} s {side} ZEGO's, which allows ten "
        "minutes: ask the operator to set it by NTP."
    )
