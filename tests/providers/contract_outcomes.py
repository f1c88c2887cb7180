"""What an answer must come to under each HTTP status: the expectations of the contract suite.

An outcome is ``ok`` or a reason, and how many more attempts the question is then worth.
"""

from collections.abc import Callable
from http import HTTPStatus

from providers.errors import ProviderError
from providers.models import TaskStatus
from tests.providers.contract_vendors import HUAWEI, IAM, RECORD, TENCENT, TIW, Vendor

STATUSES = sorted({status.value for status in HTTPStatus if status >= 200} | {299, 399, 499, 599})
"""Every one that has a name, and the last of each class."""

BODILESS = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}
"""Whatever is meant to stand in them does not arrive."""

Outcome = tuple[str, int]
Expect = Callable[[Vendor, int], Outcome]

_OK = ("ok", 0)
_MALFORMED = ("malformed", 0)
_BAD_REQUEST = ("bad_request", 0)
_CONFIGURATION = ("configuration", 0)

_ZEGO = (TENCENT.id, HUAWEI.id, RECORD.id)

_BY_STATUS: dict[int, Outcome] = {
    HTTPStatus.UNAUTHORIZED: ("auth", 0),
    HTTPStatus.FORBIDDEN: ("permission", 0),
    HTTPStatus.NOT_FOUND: _CONFIGURATION,
    HTTPStatus.REQUEST_TIMEOUT: ("unavailable", 2),
    HTTPStatus.TOO_MANY_REQUESTS: ("rate_limited", 2),
}
_BY_CLASS: dict[int, Outcome] = {
    2: _MALFORMED,
    3: _MALFORMED,
    4: _BAD_REQUEST,
    5: ("unavailable", 2),
}
_OWN: dict[tuple[str, int], Outcome] = {
    (IAM.id, HTTPStatus.BAD_REQUEST): _CONFIGURATION,
    (TIW.id, HTTPStatus.OK): _BAD_REQUEST,
    # Tencent Cloud's API sends nobody elsewhere, so the address must be another's.
    **{(TIW.id, status): _CONFIGURATION for status in range(300, 400)},
}


def outcome_of(answer: TaskStatus | ProviderError) -> Outcome:
    return _OK if isinstance(answer, TaskStatus) else (answer.reason.value, answer.retries)


def undocumented(_vendor: Vendor, status: int) -> Outcome:
    """Expect the one rule for whatever is not the vendor's documented JSON."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return ("rate_limited", 2)
    return ("malformed", 2 if status >= 500 else 0)


def success(vendor: Vendor, status: int) -> Outcome:
    """Expect a documented success to count under its own status alone."""
    own = {HTTPStatus.OK, HTTPStatus.CREATED} if vendor is IAM else {HTTPStatus.OK}
    return _OK if status in own else _unless_bodiless(vendor, status, undocumented(vendor, status))


def refused_key(vendor: Vendor, status: int) -> Outcome:
    """Expect a listed code to decide whatever the status; IAM has none but the status."""
    if vendor is IAM:
        return unlisted_code(vendor, status)
    return _unless_bodiless(vendor, status, ("auth", vendor.auth_retries))


def unlisted_code(vendor: Vendor, status: int) -> Outcome:
    """Expect the status to speak where the code says nothing; ZEGO's says that it refused."""
    by_status = _BY_STATUS.get(status, _BY_CLASS[status // 100])
    outcome = _OWN.get((vendor.id, status), by_status)
    if vendor.id in _ZEGO:
        outcome = _BAD_REQUEST
    if outcome[0] == "auth":
        outcome = ("auth", vendor.auth_retries)
    return _unless_bodiless(vendor, status, outcome)


def _unless_bodiless(vendor: Vendor, status: int, outcome: Outcome) -> Outcome:
    return undocumented(vendor, status) if status in BODILESS else outcome
