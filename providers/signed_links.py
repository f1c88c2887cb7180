"""Links that sign their reader in: how to tell them, and when they stop working. Pure.

Storage and delivery services put the signature and the time into the query, each in its own way.
Sources, read 2026-11: Huawei OBS and Amazon S3 references, "Authentication in a URL" and
"Signature Version 4 in query parameters" (Alibaba OSS and Google Cloud Storage write the latter
with their own prefix); Tencent COS, "Request signature"; Tencent VOD, "Key hotlink protection";
Alibaba Cloud CDN, "Type A signing"; Azure Storage, "Service SAS".
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ALIYUN_GRACE = timedelta(minutes=30)
"""Alibaba Cloud CDN adds a validity of its own to the time in the link; this is its default."""

_SIGNATURE = re.compile(
    r"[?&](?:x-(?:amz|obs|oss|goog|tos)-signature|q-signature|signature|sign|sig|auth_key)=[^&#]",
    re.IGNORECASE,
)
_V4_PREFIXES = ("amz", "obs", "oss", "goog", "tos")
_DECIMAL = re.compile(r"[0-9]{10}")
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]{8}")
_AUTH_KEY = re.compile(r"([0-9]{10})-[^-]+-[^-]+-[0-9a-fA-F]{32}")


def is_signed_link(url: str | None) -> bool:
    """Whether *url* carries a signature, so that whoever has it may open what it points to."""
    return url is not None and _SIGNATURE.search(url) is not None


def link_expiry(url: str | None) -> datetime | None:
    """Tell when a signed link stops working; None where it does not say, or carries no signature.

    What looks like a time but cannot be one is taken for nothing said.
    """
    if url is None or not is_signed_link(url):
        return None
    try:
        query = {name.lower(): value for name, value in parse_qsl(urlsplit(url).query)}
    except ValueError:
        return None
    for names, read in _READERS.items():
        if query.keys() >= names and (expiry := read(query)):
            return expiry
    return None


def _read_epoch(text: str) -> datetime | None:
    return _EPOCH + timedelta(seconds=int(text)) if _DECIMAL.fullmatch(text) else None


def _read_expires(query: Mapping[str, str]) -> datetime | None:
    return _read_epoch(query["expires"])


def _read_sign_time(query: Mapping[str, str]) -> datetime | None:
    """Read Tencent COS's ``begin;end``."""
    return _read_epoch(query["q-sign-time"].partition(";")[2])


def _read_hexadecimal(query: Mapping[str, str]) -> datetime | None:
    if not _HEXADECIMAL.fullmatch(query["t"]):
        return None
    return _EPOCH + timedelta(seconds=int(query["t"], 16))


def _read_auth_key(query: Mapping[str, str]) -> datetime | None:
    found = _AUTH_KEY.fullmatch(query["auth_key"])
    signed_until = _read_epoch(found[1]) if found else None
    return signed_until + _ALIYUN_GRACE if signed_until else None


def _read_azure(query: Mapping[str, str]) -> datetime | None:
    try:
        expiry = datetime.fromisoformat(query["se"])
    except ValueError:
        return None
    return expiry if expiry.tzinfo else expiry.replace(tzinfo=UTC)


def _version_4(prefix: str) -> Callable[[Mapping[str, str]], datetime | None]:
    """Read the instant of signing and the seconds from then on: ``20261120T100000Z``, ``3600``."""

    def read(query: Mapping[str, str]) -> datetime | None:
        try:
            at = datetime.strptime(query[f"x-{prefix}-date"] + "+0000", "%Y%m%dT%H%M%SZ%z")
            return at.astimezone(UTC) + timedelta(seconds=int(query[f"x-{prefix}-expires"]))
        except (OverflowError, ValueError):
            return None

    return read


_READERS: Mapping[frozenset[str], Callable[[Mapping[str, str]], datetime | None]] = {
    frozenset({"expires", "signature"}): _read_expires,
    **{
        frozenset({f"x-{prefix}-date", f"x-{prefix}-expires"}): _version_4(prefix)
        for prefix in _V4_PREFIXES
    },
    frozenset({"q-sign-time"}): _read_sign_time,
    frozenset({"t", "sign"}): _read_hexadecimal,
    frozenset({"auth_key"}): _read_auth_key,
    frozenset({"se", "sig"}): _read_azure,
}
"""The parameters that tell, in lower case, and what reads them."""
