"""A Tencent Cloud account as the operator writes it."""

from typing import Any

import pytest
from pydantic import ValidationError

from providers.tencent_tiw.config import TencentTiwAccount

SMALLEST: dict[str, Any] = {
    "vendor": "tencent-tiw",
    "secret_id": "AKIDsecretid",
    "secret_key": "verysecretkey",
    "sdk_app_id": 1400000001,
    "region": "ap-singapore",
}


def account(**changes: object) -> TencentTiwAccount:
    return TencentTiwAccount.model_validate({**SMALLEST, **changes})


@pytest.mark.parametrize(
    ("region", "endpoint"),
    [
        ("ap-singapore", "https://tiw.intl.tencentcloudapi.com"),
        ("ap-guangzhou", "https://tiw.tencentcloudapi.com"),
        ("ap-shanghai", "https://tiw.tencentcloudapi.com"),
    ],
)
def test_the_region_tells_the_site(region: str, endpoint: str) -> None:
    assert account(region=region).endpoint == endpoint


def test_a_configured_address_goes_before_the_region() -> None:
    assert account(url="http://127.0.0.1:8080").endpoint == "http://127.0.0.1:8080"


def test_what_is_left_out_has_the_documented_default() -> None:
    config = account()

    assert (config.rate, config.timeout) == (20, 10)
    assert (config.callback_key, config.security_token) == (None, None)


def test_every_optional_key_is_accepted() -> None:
    config = account(callback_key="k1", security_token="t1", rate=5, timeout=3)

    assert config.callback_key is not None
    assert config.callback_key.get_secret_value() == "k1"
    assert config.security_token is not None
    assert config.security_token.get_secret_value() == "t1"
    assert (config.rate, config.timeout) == (5, 3)


@pytest.mark.parametrize(
    "wrong",
    [
        {"vendor": "zego"},
        {"sdk_app_id": 0},
        {"sdk_app_id": "x"},
        {"region": ""},
        {"region": "ap singapore"},
        {"region": "ap-singapore\r\nX-Other: 1"},
        {"url": "ftp://tiw.tencentcloudapi.com"},
        {"url": "https://user:pass@tiw.tencentcloudapi.com"},
        {"rate": 0},
        {"secret_id": ""},
        {"secret_id": "AKIDsecretid\nX-Other: 1"},
        {"security_token": "verysecretkey two"},
        {"security_token": "verysecretkeyé"},
        {"secret": "misspelt"},
    ],
)
def test_a_wrong_value_is_refused_without_showing_a_secret(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        account(**wrong)

    assert "verysecretkey" not in str(refused.value)
    assert "AKIDsecretid" not in str(refused.value)


@pytest.mark.parametrize("key", ["secret_id", "secret_key", "sdk_app_id", "region"])
def test_a_missing_key_is_named(key: str) -> None:
    kept = {name: value for name, value in SMALLEST.items() if name != key}

    with pytest.raises(ValidationError, match=key):
        TencentTiwAccount.model_validate(kept)


def test_secrets_are_not_in_the_repr() -> None:
    shown = repr(account(callback_key="verysecretcallback", security_token="verysecrettoken"))

    assert "verysecret" not in shown
    assert "AKID" not in shown
