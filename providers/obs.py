r"""How a Huawei OBS object key becomes a link.

A public bucket needs no signature. For a private one the link is temporary and signs its reader
in; what is signed is ``GET\n\n\n{Expires}\n/{bucket}/{quoted key}``, by HMAC-SHA1 with the
secret key, in base 64 (Huawei OBS API reference, Authentication of Signature in a URL).
"""

import base64
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

from pydantic import SecretStr

from providers.account import ObsBucket


@dataclass(frozen=True, slots=True)
class ObsLink:
    """A link to an object; the repr leaves out the address, which may be a key to it."""

    url: str = field(repr=False)
    signed: bool
    """Whether *url* signs its reader in, so that it must not be posted to a channel."""
    expires_at: datetime | None
    """When *url* stops working; None for a plain link, which does not."""


def make_link(
    key: str, *, bucket: str | None, location: str | None, obs: ObsBucket, now: datetime
) -> ObsLink:
    """Link to the object *key*; None for *bucket* or *location* means the configured one.

    The link is temporary where *obs* holds a key pair, counted in whole seconds from *now*. Every
    byte outside ``A-Za-z0-9-_.~/`` is percent-encoded, so no key can add a query of its own.
    """
    container = quote(bucket or obs.bucket, safe="")
    path = quote(key)
    address = _address(container, path, location or obs.region, obs)
    if obs.ak is None or obs.sk is None:
        return ObsLink(address, signed=False, expires_at=None)
    expires = int(now.timestamp()) + obs.expires
    signature = _sign(f"/{container}/{path}", expires, obs.sk)
    access_key = quote(obs.ak.get_secret_value(), safe="")
    query = f"Expires={expires}&AccessKeyId={access_key}&Signature={quote(signature)}"
    return ObsLink(
        f"{address}?{query}", signed=True, expires_at=datetime.fromtimestamp(expires, UTC)
    )


def _address(container: str, path: str, location: str, obs: ObsBucket) -> str:
    if obs.url is not None:
        return f"{obs.url.rstrip('/')}/{container}/{path}"
    return f"https://{container}.obs.{quote(location, safe='')}.myhuaweicloud.com/{path}"


def _sign(resource: str, expires: int, secret_key: SecretStr) -> str:
    text = f"GET\n\n\n{expires}\n{resource}"
    digest = hmac.digest(secret_key.get_secret_value().encode(), text.encode(), "sha1")
    return base64.b64encode(digest).decode()
