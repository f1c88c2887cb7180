"""SMN as it would sign: own keys and certificates, the text written by the manual's rule."""

import json
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding

from providers.callbacks import Received, Unverified
from providers.huawei_mpc.callback import HuaweiMpcCallbackReceiver
from providers.huawei_mpc.config import HuaweiMpcAccount

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
STAMP = "2026-11-20T10:00:00Z"
TOPIC = "urn:smn:cn-north-4:0123456789abcdef0123456789abcdef:mpc"
CERT_URL = "https://smn.cn-north-4.myhuaweicloud.com/smn/SMN_cn-north-4_fake.pem"
SUBSCRIBE_URL = "https://smn.cn-north-4.myhuaweicloud.com/smn/subscription/confirm?token=FAKETOKEN"
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Signer:
    """A key and the certificate of it."""

    key: rsa.RSAPrivateKey
    pem: bytes
    hash: SHA256 | SHA384

    def sign(self, body: dict[str, Any], text: str | None = None) -> dict[str, Any]:
        """Sign *body* as the manual says, or another *text* in its place."""
        signature = self.key.sign((text or manual(body)).encode(), PKCS1v15(), self.hash)
        return {**body, "signature": b64encode(signature).decode()}


def manual(body: dict[str, Any]) -> str:
    """Write the signed text; an empty subject is left out."""
    names = {"message", "message_id", "timestamp", "topic_urn", "type"}
    names |= {"subject"} if body["type"] == "Notification" and body.get("subject") else set()
    names |= set() if body["type"] == "Notification" else {"subscribe_url"}
    return "".join(f"{name}\n{body[name]}\n" for name in sorted(names))


@cache
def signer(algorithm: type[SHA256] | type[SHA384] = SHA256, number: int = 0) -> Signer:
    """Make a signer once; another *number* is another key."""
    key = rsa.generate_private_key(65537, 2048)
    return Signer(key, _certificate(key, algorithm(), f"smn-{number}.invalid"), algorithm())


@cache
def elliptic_certificate() -> bytes:
    return _certificate(ec.generate_private_key(ec.SECP256R1()), SHA256(), "elliptic.invalid")


def _certificate(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, algorithm: SHA256 | SHA384, host: str
) -> bytes:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(NOW).not_valid_after(NOW + timedelta(days=1))
    return builder.sign(key, algorithm).public_bytes(Encoding.PEM)


def notification(message: object, **fields: Any) -> dict[str, Any]:
    """An unsigned notification; a *message* that is no text is written as JSON."""
    text = message if isinstance(message, str) else json.dumps(message)
    about = {"message": text, "message_id": "88c726942175432bac921eafd0036163", "subject": "demo"}
    proof = {"timestamp": STAMP, "signature_version": "v1", "signing_cert_url": CERT_URL}
    return {"type": "Notification", "topic_urn": TOPIC, **about, **proof, **fields}


def transcoded(status: str = "SUCCEED", /, **fields: Any) -> dict[str, Any]:
    """An unsigned notification about a transcoding."""
    info = {"task_id": "22123973", "status": status, "create_time": "20200310031605", **fields}
    return notification({"event_type": "TranscodeComplete", "transcode_info": info})


def subscription(kind: str = "SubscriptionConfirmation", **fields: Any) -> dict[str, Any]:
    asked = notification("You are invited", type=kind, subscribe_url=SUBSCRIBE_URL, **fields)
    del asked["subject"]
    return asked


def receiver(**settings: Any) -> HuaweiMpcCallbackReceiver:
    keys = {"project_id": "0123456789abcdef", "region": "cn-north-4", "ak": "AK", "sk": "SK"}
    account = {**keys, "smn_topics": [TOPIC], **settings}
    return HuaweiMpcCallbackReceiver("transcode", HuaweiMpcAccount.model_validate(account))


def parse(body: dict[str, Any] | bytes, now: datetime = NOW, **settings: Any) -> Unverified:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return receiver(**settings).parse_callback(JSON, sent, now=now)


def receive(body: dict[str, Any], now: datetime = NOW, **settings: Any) -> Received:
    """Sign, parse and verify."""
    return parse(signer().sign(body), now, **settings).verify(signer().pem)
