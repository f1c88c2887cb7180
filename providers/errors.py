"""Why a vendor's answer could not be had, or a callback not believed, named by what to do next.

::

    ProviderError
    ├── UnreachableError        again   no answer: DNS, TCP, TLS, timeout
    ├── RateLimitError          again   after .retry_after
    ├── UnavailableError        again   5xx, or the vendor's own "busy"
    ├── AuthError               stop    key or signature refused: tell the operator
    ├── ClockSkewError          stop    our clock and the vendor's disagree
    ├── PermissionDeniedError   stop    the account may not ask this
    ├── ConfigurationError      stop    the account is set up wrongly
    ├── InvalidRequestError     stop    we sent something the vendor refuses
    ├── MalformedResponseError  stop    the vendor broke its own contract
    └── TaskNotFoundError       stop    ends a lookup

    CallbackError
    ├── SignatureError            refuse  nobody proved that the vendor sent it
    ├── StaleCallbackError        refuse  proved once, and too long ago
    ├── WrongAccountError         refuse  for another app or topic than this account's
    ├── UnsupportedCallbackError  refuse  a type that is none of this vendor's
    ├── MalformedCallbackError    refuse  it cannot be read
    └── CertificateError          again   what would prove it cannot be used: the vendor may retry

``str(error)`` is safe to show to people: no URL, header, key or body is ever part of it.
A task that failed at the vendor is no error here but a ``TaskStatus`` with state ``failed``.
"""

from typing import ClassVar

from providers.models import Reason


class ProviderError(Exception):
    """The root; raised by adapters as one of its children only.

    ``detail`` is one sentence in plain words; ``code`` the vendor's own, verbatim; ``hint`` what a
    person should do next; ``retry_after`` seconds the vendor asked for; ``retries`` how many more
    attempts are worth making (the gate makes them, never the adapter).
    """

    reason: ClassVar[Reason]
    default_retries: ClassVar[int] = 0
    default_hint: ClassVar[str]

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        hint: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        retries: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code
        self.hint = hint or self.default_hint
        self.request_id = request_id
        self.retry_after = retry_after
        self.retries = self.default_retries if retries is None else retries


class UnreachableError(ProviderError):
    """No answer came: DNS, TCP, TLS, a timeout, or a connection that broke."""

    reason = Reason.UNREACHABLE
    default_retries = 2
    default_hint = "The vendor did not answer. Try again in a minute; the task itself goes on."


class RateLimitError(ProviderError):
    """More was asked than the vendor allows; ``retry_after`` says how long to wait, if it told."""

    reason = Reason.RATE_LIMITED
    default_retries = 2
    default_hint = "Too many questions at once. Try again in a few seconds."


class UnavailableError(ProviderError):
    """The vendor answered that it cannot answer now."""

    reason = Reason.UNAVAILABLE
    default_retries = 2
    default_hint = "The vendor has trouble. Try again in a minute; the task itself goes on."


class AuthError(ProviderError):
    """The vendor refused the key or the signature."""

    reason = Reason.AUTH
    default_hint = "Ask the operator to check this account's keys in the configuration."


class ClockSkewError(ProviderError):
    """The vendor refused the request's timestamp."""

    reason = Reason.CLOCK_SKEW
    default_hint = "Ask the operator to set this machine's clock by NTP; the vendor refuses it."


class PermissionDeniedError(ProviderError):
    """The account exists and is known, and may not do this."""

    reason = Reason.PERMISSION
    default_hint = "Ask the operator to enable this service for the account at the vendor."


class ConfigurationError(ProviderError):
    """The account is set up wrongly here or at the vendor."""

    reason = Reason.CONFIGURATION
    default_hint = "Ask the operator to compare this account's settings with the vendor's console."


class InvalidRequestError(ProviderError):
    """The vendor refused what was asked."""

    reason = Reason.BAD_REQUEST
    default_hint = "Check the task id and the provider."


class MalformedResponseError(ProviderError):
    """The answer is not what the vendor documents; its body is never part of the message."""

    reason = Reason.MALFORMED
    default_hint = (
        "The vendor's answer could not be read. Try again; if it stays, tell the operator."
    )


class TaskNotFoundError(ProviderError):
    """The vendor does not know the task, or no longer does."""

    reason = Reason.NOT_FOUND
    default_hint = "Check the id and the provider, and how long ago the task ran."


class CallbackError(Exception):
    """Why a callback is not believed; raised as one of its children only."""

    verdict: ClassVar[str]
    """One word of a closed set; a metric label."""
    retryable: ClassVar[bool] = False
    """Whether the very same callback may be believed when it comes again."""


class SignatureError(CallbackError):
    """The proof is missing, wrong, or nothing that could be the vendor's."""

    verdict = "forged"


class StaleCallbackError(CallbackError):
    """The proof is right and too old, or from too far ahead of our clock."""

    verdict = "stale"


class WrongAccountError(CallbackError):
    """The proof is right and the callback speaks of somebody else's app or topic."""

    verdict = "wrong_account"


class UnsupportedCallbackError(CallbackError):
    """It is of a content type, or of a sort of message, that this vendor never sends here."""

    verdict = "unsupported"


class MalformedCallbackError(CallbackError):
    """It cannot be read, or lacks what it is about; its body is never part of the message."""

    verdict = "malformed"


class CertificateError(CallbackError):
    """The certificate was fetched from where it should be, and nothing can be proved with it."""

    verdict = "unverifiable"
    retryable = True
