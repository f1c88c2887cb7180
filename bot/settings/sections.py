"""What can be configured: the sections of the file, their types and their defaults."""

import re
from datetime import timedelta
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator

from providers.account import HttpUrl, Strict
from providers.huawei_mpc.config import HuaweiMpcAccount
from providers.tencent_tiw.config import TencentTiwAccount
from providers.zego.config import ZegoAccount

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def _read_duration(value: object) -> object:
    match = re.fullmatch(r"(\d{1,6})([smhd])", value) if isinstance(value, str) else None
    if match is None:
        raise ValueError("a duration such as 90s, 10m, 2h or 7d")
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])


Duration = Annotated[timedelta, BeforeValidator(_read_duration)]

_QUIET = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d (\S+)")


def _check_quiet(text: str) -> str:
    match = _QUIET.fullmatch(text)
    if match is None:
        raise ValueError("hours and a time zone, such as 23:00-07:00 Europe/Berlin")
    try:
        ZoneInfo(match[3])
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("a time zone this machine knows, such as Europe/Berlin") from None
    begins, _, ends = text.split(" ", maxsplit=1)[0].partition("-")
    if begins == ends:
        raise ValueError("hours that end at another time than they begin")
    return text


QuietHours = Annotated[str, AfterValidator(_check_quiet)]
ChannelId = Annotated[str, Field(pattern=r"^[CGD][A-Z0-9]{2,}$")]


class SlackSettings(Strict):
    """How the bot reaches its workspace."""

    mode: Literal["socket", "http"] = "socket"
    bot_token: SecretStr
    signing_secret: SecretStr | None = None
    """Needed in http mode: Slack signs every request with it."""
    app_token: SecretStr | None = None
    """Needed in socket mode: it opens the WebSocket."""
    api_url: HttpUrl = "https://slack.com/api/"
    read_back: bool = True
    """May the bot read its own threads to settle an uncertain send (needs a history scope)."""
    uncertain_sends: Literal["repeat", "leave"] = "repeat"
    """Where a send is uncertain and cannot be read back: send it again, so that nothing is lost and
    something may stand twice, or leave it, so that nothing stands twice and something may be lost.
    """
    channel_language: Literal["en", "zh"] = "en"
    """The language of answers everybody in a channel sees; private ones follow their reader."""

    @model_validator(mode="after")
    def _mode_has_its_secret(self) -> Self:
        needed = "app_token" if self.mode == "socket" else "signing_secret"
        secret: SecretStr | None = getattr(self, needed)
        if secret is None or not secret.get_secret_value():
            raise ValueError(f"{needed}, which {self.mode} mode needs")
        return self


class ServerSettings(Strict):
    """Where the bot listens: Slack in http mode, probes, metrics."""

    host: str = "127.0.0.1"
    port: int = Field(default=3000, ge=0, le=65535)
    """0 takes any free port and logs which."""


class StoreSettings(Strict):
    """Where the bot remembers."""

    url: SecretStr = SecretStr("sqlite:///mediatask.db")
    """Secret as a whole, because a PostgreSQL address carries a password."""


class OperatorsSettings(Strict):
    """Who may act for others, and where the bot reports its own troubles."""

    users: tuple[str, ...] = ()
    channel: ChannelId | None = None


class FetchSettings(Strict):
    """What the bot itself may download."""

    allow_private: bool = False


class WatchSettings(Strict):
    """How long a watch lasts."""

    limit: Duration = timedelta(days=7)
    grace: Duration = timedelta(minutes=10)


class SweepSettings(Strict):
    """How often unwatched failures are looked for."""

    every: Duration = timedelta(seconds=60)


class EscalationStep(Strict):
    """Who else hears of an alert nobody acknowledged."""

    after: Duration
    notify: tuple[str, ...] = ()
    pager: str | None = None

    @model_validator(mode="after")
    def _goes_somewhere(self) -> Self:
        if bool(self.notify) == (self.pager is not None):
            raise ValueError("either notify or pager")
        return self


class AlertRoute(Strict):
    """Which failures go to which channel."""

    provider: tuple[str, ...] = ()
    account: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    room: tuple[str, ...] = ()
    on: tuple[Literal["failed", "partial", "stuck", "outage", "empty"], ...] = (
        "failed",
        "partial",
        "stuck",
        "outage",
    )
    channel: ChannelId
    notify: tuple[str, ...] = ()
    escalate: tuple[EscalationStep, ...] = ()
    group: Duration = timedelta(minutes=2)
    quiet: QuietHours | None = None


class PagerDutyPager(Strict):
    """PagerDuty, Events API v2."""

    kind: Literal["pagerduty"]
    routing_key: SecretStr
    url: HttpUrl = "https://events.pagerduty.com/v2/enqueue"


class WebhookPager(Strict):
    """A signed JSON webhook."""

    kind: Literal["webhook"]
    url: HttpUrl
    secret: SecretStr


class Rota(Strict):
    """Who is on call, from a calendar."""

    ical: SecretStr
    """Secret as a whole: calendar addresses usually carry a token."""


AnyAccount = Annotated[
    ZegoAccount | HuaweiMpcAccount | TencentTiwAccount, Field(discriminator="vendor")
]
AnyPager = Annotated[PagerDutyPager | WebhookPager, Field(discriminator="kind")]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
