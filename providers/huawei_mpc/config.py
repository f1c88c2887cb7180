"""One account of Huawei Cloud MPC."""

from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, StringConstraints, model_validator

from providers.account import Account, HttpUrl, ObsBucket
from providers.huawei_mpc.signing import KeyPair

_KEY_PAIR = ("ak", "sk")
_IAM_USER = ("iam_user", "iam_password", "iam_domain")

_Host = Annotated[
    str,
    StringConstraints(to_lower=True, pattern=r"^[A-Za-z0-9.-]+(:[0-9]+)?$"),
]
_Name = Annotated[str, Field(min_length=1)]


class HuaweiMpcAccount(Account):
    """A project in one region, and one of two ways to sign in to it."""

    vendor: Literal["huawei-mpc"] = "huawei-mpc"
    project_id: str = Field(pattern=r"^[A-Za-z0-9_-]+$")
    ak: SecretStr | None = None
    sk: SecretStr | None = None
    """With *ak* every request is signed; Huawei recommends this way."""
    security_token: SecretStr | None = None
    """Goes with a temporary *ak* and *sk*."""
    iam_user: _Name | None = None
    iam_password: SecretStr | None = None
    iam_domain: _Name | None = None
    """The name of the Huawei Cloud account *iam_user* belongs to; with both, tokens are used."""
    region: str = Field(pattern=r"^[a-z0-9-]+$")
    url: HttpUrl | None = None
    iam_url: HttpUrl | None = None
    rate: float = Field(default=100 / 60, gt=0)
    """Requests a second; documented as 100 a minute for one tenant (MPC, Constraints)."""
    obs: ObsBucket | None = None
    """None: outputs are told by their object key, without a link."""
    smn_topics: tuple[str, ...] = ()
    """URNs of the SMN topics whose notifications are believed."""
    smn_hosts: tuple[_Host, ...] = ()
    """Hosts of certificates and subscriptions, beside Huawei's own; ``host``, or ``host:port``."""

    @property
    def endpoint(self) -> str:
        """The address of the API; in cn-north-1 its host is ``mts``, everywhere else ``mpc``."""
        host = "mts" if self.region == "cn-north-1" else "mpc"
        return self.url or f"https://{host}.{self.region}.myhuaweicloud.com"

    @property
    def iam_endpoint(self) -> str:
        """The address tokens come from; it must be of the same region."""
        return self.iam_url or f"https://iam.{self.region}.myhuaweicloud.com"

    @property
    def key_pair(self) -> KeyPair | None:
        """What requests are signed with; None where IAM tokens are used."""
        if self.ak is None or self.sk is None:
            return None
        return KeyPair(self.ak, self.sk, self.security_token)

    @model_validator(mode="after")
    def _one_way_to_sign_in(self) -> Self:
        families = [keys for keys in (_KEY_PAIR, _IAM_USER) if self._given(keys)]
        if len(families) != 1:
            raise ValueError(f"either {_list(_KEY_PAIR)}, or {_list(_IAM_USER)}")
        given = self._given(families[0])
        missing = [key for key in families[0] if key not in given]
        if missing:
            raise ValueError(f"{_list(missing)} beside {_list(given)}")
        if self.security_token is not None and families[0] is not _KEY_PAIR:
            raise ValueError("security_token only beside ak and sk")
        return self

    def _given(self, keys: tuple[str, ...]) -> list[str]:
        return [key for key in keys if getattr(self, key) is not None]


def _list(keys: tuple[str, ...] | list[str]) -> str:
    return " and ".join((", ".join(keys[:-1]), keys[-1])) if len(keys) > 1 else keys[0]
