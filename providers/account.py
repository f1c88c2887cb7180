"""What the accounts of every vendor have in common; each vendor's ``config.py`` adds its own."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Self, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator
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
    """A section of the configuration: frozen, and a misspelt key is an error.

    Every secret ``key`` may be given as ``key_file``, the path of a file that holds it; one
    newline at its end does not count. A secret must not be empty.
    """

    model_config = ConfigDict(
        frozen=True,
        defer_build=True,
        extra="forbid",
        hide_input_in_errors=True,
        allow_inf_nan=False,  # TOML can write both, and no limit or time is either
    )

    @model_validator(mode="before")
    @classmethod
    def _read_secret_files(cls, section: object) -> object:
        if not isinstance(section, dict):
            return section
        section = dict(section)
        for key in _secret_keys(cls) & {str(key).removesuffix("_file") for key in section}:
            path = section.pop(f"{key}_file", None)
            if path is not None and key in section:
                raise ValueError(f"either {key} or {key}_file, not both")
            if path is not None:
                section[key] = _read_secret(key, path)
            if section.get(key) == "":
                raise ValueError(f"a {key} that is not empty")
        return section


def _secret_keys(section: type[BaseModel]) -> set[str]:
    fields = section.model_fields.items()
    return {
        key for key, field in fields if SecretStr in {field.annotation, *get_args(field.annotation)}
    }


def _read_secret(key: str, path: object) -> str:
    try:
        return Path(str(path)).read_text("utf-8").removesuffix("\n")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ValueError(f"a readable {key}_file ({why})") from None


class Account(Strict):
    """One named set of credentials at one vendor."""

    timeout: float = Field(default=10, gt=0, le=120)
    """Seconds within which a question is answered or given up, retries included."""
    rate: float = Field(gt=0)
    """Requests a second the vendor documents for this API."""

    def secrets(self) -> tuple[str, ...]:
        """Reveal every secret of this account, so that ``redact`` can look for them."""
        values = (value for _, value in self)
        return tuple(value.get_secret_value() for value in values if isinstance(value, SecretStr))


def redact(text: str, secrets: Iterable[str]) -> str:
    """Blot out *secrets* in a vendor's words, which may repeat what they were sent."""
    for secret in secrets:
        text = text.replace(secret, "***")
    return text


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

    @model_validator(mode="after")
    def _keys_come_in_pairs(self) -> Self:
        if (self.ak is None) != (self.sk is None):
            raise ValueError("both ak and sk, or neither")
        return self
