"""What the accounts of every vendor have in common; each vendor's ``config.py`` adds its own."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr
from yarl import URL


def _check_url(text: str) -> str:
    url = URL(text)
    if url.scheme not in {"http", "https"} or not url.host:
        raise ValueError("an http or https address")
    if url.user or url.password or url.query_string or url.fragment:
        raise ValueError("an address without user, password, query or fragment")
    return text


HttpUrl = Annotated[str, AfterValidator(_check_url)]


class Strict(BaseModel):
    """A section of the configuration: frozen, and a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Account(Strict):
    """One named set of credentials at one vendor."""

    timeout: float = Field(default=10, gt=0, le=120)
    """Seconds within which a question is answered or given up, retries included."""
    rate: float = Field(gt=0)
    """Requests a second the vendor documents for this API."""


class ObsBucket(Strict):
    """How object keys of this account become links."""

    bucket: str
    """Used where the vendor does not tell the bucket."""
    region: str
    ak: SecretStr | None = None
    sk: SecretStr | None = None
    """With *ak* and *sk*, links are temporary and sign their reader in; without, they are plain."""
    expires: int = Field(default=3600, ge=60, le=7 * 24 * 3600)
    """Seconds a temporary link works."""
    url: HttpUrl | None = None
    """Another OBS address, asked in path style (``url/bucket/key``), for a stand-in."""
