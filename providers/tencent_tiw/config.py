"""What the configuration says of one Tencent Cloud account that uses the whiteboard."""

from typing import Literal

from pydantic import Field, SecretStr, field_validator

from providers.account import Account, HttpUrl

_INTERNATIONAL_REGION = "ap-singapore"
_INTERNATIONAL_URL = "https://tiw.intl.tencentcloudapi.com"
_CHINA_URL = "https://tiw.tencentcloudapi.com"


class TencentTiwAccount(Account):
    """A key pair of Tencent Cloud and the whiteboard application it may ask about."""

    vendor: Literal["tencent-tiw"] = "tencent-tiw"
    secret_id: SecretStr
    secret_key: SecretStr
    sdk_app_id: int = Field(gt=0)
    region: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    """``ap-singapore`` is the international site, every other region the China site."""
    url: HttpUrl | None = None
    """None: by region."""
    callback_key: SecretStr | None = None
    """Signs the vendor's callbacks; None: they are refused."""
    security_token: SecretStr | None = None
    """Goes with temporary keys."""
    rate: float = Field(default=20, gt=0)
    """Requests a second the vendor documents for this API."""

    @property
    def endpoint(self) -> str:
        """Where this account is asked."""
        site = _INTERNATIONAL_URL if self.region == _INTERNATIONAL_REGION else _CHINA_URL
        return self.url or site

    @field_validator("secret_id", "security_token")
    @classmethod
    def _fits_a_header(cls, secret: SecretStr | None) -> SecretStr | None:
        text = secret.get_secret_value() if secret else ""
        if not (text.isascii() and text.isprintable()) or " " in text:
            raise ValueError("a key of ASCII characters, without spaces or line breaks")
        return secret
