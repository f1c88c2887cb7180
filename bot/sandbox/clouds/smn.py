"""SMN's signature over its messages, with a key and a certificate of its own.

Huawei SMN user guide, Message Signature Verification, read 2026-11: some fields in alphabetical
order, each name and each value on a line of its own, every line ended; RSA, PKCS#1 v1.5, SHA-256.
"""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

TOPIC = "urn:smn:ap-southeast-3:0123456789abcdef0123456789abcdef:mpc"
_KEY_BITS = 2048
_EXPONENT = 65537
_LASTS = timedelta(days=30)

_SIGNED: Mapping[str, tuple[str, ...]] = {
    "Notification": ("message", "message_id", "subject", "timestamp", "topic_urn", "type"),
}
_SIGNED_OTHERWISE = ("message", "message_id", "subscribe_url", "timestamp", "topic_urn", "type")


@dataclass(frozen=True, slots=True)
class SmnSigner:
    """A key, and the certificate that proves what is signed with it."""

    pem: bytes
    key: RSAPrivateKey = field(repr=False)

    @classmethod
    def create(cls, now: datetime) -> Self:
        """Make a new key and a certificate for it, good from *now* on for a month."""
        key = generate_private_key(_EXPONENT, _KEY_BITS)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "smn.sandbox.invalid")])
        number = x509.random_serial_number()
        builder = x509.CertificateBuilder(name, name, key.public_key(), number)
        builder = builder.not_valid_before(now).not_valid_after(now + _LASTS)
        return cls(builder.sign(key, SHA256()).public_bytes(Encoding.PEM), key)

    def sign(self, body: Mapping[str, str]) -> dict[str, str]:
        """Add the signature; a subject that is empty is not signed."""
        names = _SIGNED.get(body["type"], _SIGNED_OTHERWISE)
        text = "".join(f"{name}\n{body[name]}\n" for name in names if body.get(name))
        signature = self.key.sign(text.encode(), PKCS1v15(), SHA256())
        return {**body, "signature": b64encode(signature).decode()}
