"""What a ZEGO account accepts."""

from typing import Any

import pytest
from pydantic import ValidationError

from tests.providers.zego.samples import SECRET, an_account


def test_the_documented_hosts_and_limits_are_the_defaults() -> None:
    account = an_account()

    assert account.vendor == "zego"
    assert account.rtc_url == "https://rtc-api.zego.im/"
    assert account.record_url == "https://cloudrecord-api.zego.im/"
    assert (account.rate, account.record_rate, account.timeout) == (20, 10, 10)
    assert (account.is_test, account.callback_secret, account.obs) == (None, None, None)


@pytest.mark.parametrize(
    "change",
    [
        {"app_id": 0},
        {"app_id": 2**32},
        {"server_secret": ""},
        {"rtc_url": "ftp://rtc-api.zego.im/"},
        {"rate": 0},
        {"record_rate": -1},
        {"appid": 1},
    ],
)
def test_a_wrong_setting_is_refused_without_showing_the_secret(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        an_account(**change)

    assert SECRET not in str(refused.value)


def test_the_secrets_are_not_in_the_repr() -> None:
    account = an_account(callback_secret="fakecallbacksecret")

    assert SECRET not in repr(account)
    assert "fakecallbacksecret" not in repr(account)
