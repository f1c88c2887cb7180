"""Messages of Huawei's Simple Message Notification, and the proof that SMN sent them.

The signed text is some of a message's fields in alphabetical order, each name on a line and its
value on the next, every line ended, the last one too. The signature is RSA, PKCS#1 v1.5, with the
hash of the certificate's own signature. The certificate is trusted for where it was fetched from:
neither its chain nor its dates are looked at, as in Huawei's own sample (SMN user guide, HTTP or
HTTPS Message Format and Message Signature Verification, read 2026-11).
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import HashAlgorithm
from cryptography.x509 import load_pem_x509_certificate

from providers.callbacks import header
from providers.errors import (
    CertificateError,
    MalformedCallbackError,
    SignatureError,
    UnsupportedCallbackError,
)

_SMN_HOST = re.compile(r"smn\.[a-z0-9-]+\.myhuaweicloud\.com")
_CONSOLES = frozenset({"console.huaweicloud.com", "console-intl.huaweicloud.com"})
"""Where Huawei's own samples confirm subscriptions."""
_PORTS = {"https": 443, "http": 80}


class MessageType(StrEnum):
    """What SMN sends."""

    NOTIFICATION = "Notification"
    SUBSCRIPTION = "SubscriptionConfirmation"
    UNSUBSCRIPTION = "UnsubscribeConfirmation"


_TYPES: Mapping[str, MessageType] = {
    **{str(one): one for one in MessageType},
    "HttpSubscriptionUserConfirm": MessageType.SUBSCRIPTION,
    "HttpSubscriptionUserUnsubscribe": MessageType.UNSUBSCRIPTION,
}
"""The Chinese manual names the last two."""

_HEADERS = {
    "X-SMN-MESSAGE-TYPE": "type",
    "X-SMN-MESSAGE-ID": "message_id",
    "X-SMN-TOPIC-URN": "topic_urn",
}
_REQUIRED = ("message", "message_id", "timestamp", "topic_urn", "type", "signing_cert_url")


@dataclass(frozen=True, slots=True)
class SmnMessage:
    """A message as it came; nothing in it is to be believed before ``check_signature``."""

    type: MessageType
    topic: str
    sent_at: datetime
    certificate_url: str
    fields: Mapping[str, str] = field(repr=False)
    """Every text of the body, verbatim."""


def read_message(headers: Mapping[str, str], document: Mapping[str, Any]) -> SmnMessage:
    """Read a body, and compare it with the headers that repeat parts of it.

    Raises:
        UnsupportedCallbackError: it is of another type, or signed in another way.
        MalformedCallbackError: a field is missing, or headers and body disagree.
    """
    fields = {name: value for name, value in document.items() if isinstance(value, str)}
    kind = _TYPES.get(fields.get("type", ""))
    if kind is None:
        raise UnsupportedCallbackError("the callback is no message of SMN's")
    if fields.get("signature_version", "v1").lower() != "v1":
        raise UnsupportedCallbackError("the message is signed in a way that is not documented")
    missing = [name for name in _REQUIRED if not fields.get(name)]
    if missing:
        raise MalformedCallbackError(f"the message has no {missing[0]}")
    for name, repeated in _HEADERS.items():
        if header(headers, name) not in {None, fields[repeated]}:
            raise MalformedCallbackError(f"the message's {repeated} is not that of its headers")
    return SmnMessage(
        type=kind,
        topic=fields["topic_urn"],
        sent_at=_read_instant(fields["timestamp"]),
        certificate_url=fields["signing_cert_url"],
        fields=fields,
    )


def _read_instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
        return instant.replace(tzinfo=instant.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise MalformedCallbackError("the message's timestamp is no time") from None


def signed_texts(message: SmnMessage) -> tuple[bytes, ...]:
    """Write what may have been signed, likeliest first.

    An empty subject is left out by the manual and kept by its Java sample.
    """
    names = ["message", "message_id", "timestamp", "topic_urn", "type"]
    if message.type is not MessageType.NOTIFICATION:
        return (_write(message, [*names, "subscribe_url"]),)
    with_subject = _write(message, [*names, "subject"])
    if message.fields.get("subject"):
        return (with_subject,)
    return (_write(message, names), with_subject)


def _write(message: SmnMessage, names: list[str]) -> bytes:
    lines = (f"{name}\n{message.fields.get(name, '')}\n" for name in sorted(names))
    return "".join(lines).encode()


def check_signature(message: SmnMessage, pem: bytes) -> None:
    """Let a message pass that was signed with a certificate's key.

    Raises:
        SignatureError: it was not.
        CertificateError: the certificate is none, or not one for RSA.
    """
    key, algorithm = _read_certificate(pem)
    try:
        signature = b64decode(message.fields.get("signature", ""), validate=True)
    except (binascii.Error, ValueError):
        raise SignatureError("the message's signature is not base64") from None
    if not any(_fits(key, algorithm, signature, text) for text in signed_texts(message)):
        raise SignatureError("the message's signature is not that of its certificate")


def _read_certificate(pem: bytes) -> tuple[RSAPublicKey, HashAlgorithm]:
    try:
        certificate = load_pem_x509_certificate(pem)
        key, algorithm = certificate.public_key(), certificate.signature_hash_algorithm
    except (ValueError, UnsupportedAlgorithm):
        raise CertificateError("SMN's certificate cannot be read") from None
    if not isinstance(key, RSAPublicKey) or algorithm is None:
        raise CertificateError("SMN's certificate is not one for RSA")
    return key, algorithm


def _fits(key: RSAPublicKey, algorithm: HashAlgorithm, signature: bytes, text: bytes) -> bool:
    try:
        key.verify(signature, text, PKCS1v15(), algorithm)
    except InvalidSignature:
        return False
    return True


def check_certificate_url(url: str, hosts: Collection[str]) -> str:
    """Pass on where a certificate may be fetched from: SMN itself, or one of *hosts*.

    Raises:
        SignatureError: it is somewhere else, so whatever it proves proves nothing.
    """
    parts = _split(url)
    if parts is None or not (_is_smn(parts) or _is_named(parts, hosts)):
        raise SignatureError("the message's certificate is not at SMN")
    return url


def check_subscribe_url(url: str, hosts: Collection[str]) -> str:
    """Pass on where a subscription may be confirmed: SMN, Huawei's console, or one of *hosts*.

    Raises:
        UnsupportedCallbackError: it is somewhere else; the text names the host.
    """
    parts = _split(url)
    if parts is not None:
        is_console = _is_https(parts) and parts.hostname in _CONSOLES
        if is_console or _is_smn(parts) or _is_named(parts, hosts):
            return url
    host = re.sub(r"[^a-z0-9.-]", "?", (parts.hostname or "" if parts else ""))[:80] or "nowhere"
    raise UnsupportedCallbackError(
        f"the subscription is confirmed at {host}, which is not Huawei's nor in smn_hosts"
    )


def _split(url: str) -> SplitResult | None:
    """Take an address apart; None for one with a user, or none that a client would follow."""
    try:
        parts = urlsplit(url)
        odd = not url.isprintable() or " " in url or "@" in parts.netloc
        return None if odd or not parts.hostname or not _port(parts) else parts
    except ValueError:
        return None


def _port(parts: SplitResult) -> int | None:
    return parts.port or _PORTS.get(parts.scheme)


def _is_https(parts: SplitResult) -> bool:
    return parts.scheme == "https" and _port(parts) == _PORTS["https"]


def _is_smn(parts: SplitResult) -> bool:
    return _is_https(parts) and bool(_SMN_HOST.fullmatch(parts.hostname or ""))


def _is_named(parts: SplitResult, hosts: Collection[str]) -> bool:
    """Whether the operator named it; only this very machine may do without TLS or a fixed port."""
    host = parts.hostname or ""
    with_port = f"{host}:{_port(parts)}"
    if _is_loopback(host):
        return not {host, with_port}.isdisjoint(hosts)
    return parts.scheme == "https" and with_port in {_with_port(one) for one in hosts}


def _with_port(host: str) -> str:
    return host if ":" in host else f"{host}:{_PORTS['https']}"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
