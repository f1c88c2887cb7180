"""What a ZEGO account needs; it serves the providers ``tencent``, ``huawei`` and ``record``."""

from typing import Literal

from pydantic import Field, SecretStr

from providers.account import Account, HttpUrl, ObsBucket


class ZegoAccount(Account):
    """One ZEGO project (AppID)."""

    vendor: Literal["zego"] = "zego"
    app_id: int = Field(ge=1, le=2**32 - 1)
    server_secret: SecretStr = Field(min_length=1)
    """Signs requests; console, Project Configuration."""
    callback_secret: SecretStr | None = None
    """Another value than *server_secret*; None: this account's callbacks are refused."""
    rtc_url: HttpUrl = "https://rtc-api.zego.im/"
    """Asked for media tasks; ZEGO recommends the regional host nearest to this machine."""
    record_url: HttpUrl = "https://cloudrecord-api.zego.im/"
    """Asked for recordings."""
    is_test: bool | None = None
    """Sent only when set: projects made before 2021-11-17 have a test environment."""
    rate: float = Field(default=20, gt=0)
    """DescribeMediaTask: requests a second over all rooms of the AppID."""
    record_rate: float = Field(default=10, gt=0)
    """DescribeRecordStatus and DescribeTasks: requests a second."""
    obs: ObsBucket | None = None
    """Turns the object keys of Huawei thumbnails into links."""
