from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from providers.huawei_mpc.config import HuaweiMpcAccount
from tests.providers.huawei_mpc.conftest import IAM_USER, KEYS

PROJECT = {"project_id": "p1", "region": "ap-southeast-3"}


def _account(**settings: Any) -> HuaweiMpcAccount:
    return HuaweiMpcAccount.model_validate({**PROJECT, **settings})


@pytest.mark.parametrize("login", [KEYS, {**KEYS, "security_token": "t"}, IAM_USER])
def test_either_way_to_sign_in_is_enough(login: dict[str, str]) -> None:
    account = _account(**login)

    assert account.vendor == "huawei-mpc"
    assert (account.key_pair is not None) is ("ak" in login)


@pytest.mark.parametrize(
    ("login", "wanted"),
    [
        ({}, "either ak and sk, or iam_user, iam_password and iam_domain"),
        ({**KEYS, **IAM_USER}, "either ak and sk, or iam_user, iam_password and iam_domain"),
        ({**KEYS, "iam_user": "u"}, "either ak and sk, or iam_user, iam_password and iam_domain"),
        ({"ak": "a"}, "sk beside ak"),
        ({"sk": "s"}, "ak beside sk"),
        ({"iam_user": "u"}, "iam_password and iam_domain beside iam_user"),
        ({"iam_user": "u", "iam_domain": "d"}, "iam_password beside iam_user and iam_domain"),
        ({**IAM_USER, "security_token": "t"}, "security_token only beside ak and sk"),
    ],
)
def test_an_incomplete_login_is_refused_by_the_key_that_is_missing(
    login: dict[str, str], wanted: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        _account(**login)

    assert refused.value.errors()[0]["msg"] == f"Value error, {wanted}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("project_id", ""),
        ("project_id", "a/../b"),
        ("region", "x.evil.example/"),
        ("iam_user", ""),
        ("rate", 0),
        ("url", "ftp://h"),
        ("colour", "red"),
    ],
)
def test_a_wrong_value_is_refused_by_its_key(name: str, value: object) -> None:
    with pytest.raises(ValidationError) as refused:
        _account(**{**KEYS, name: value})

    assert refused.value.errors()[0]["loc"] == (name,)


@pytest.mark.parametrize("key", ["ak", "sk", "iam_password", "security_token"])
def test_an_empty_secret_is_refused(key: str) -> None:
    login = IAM_USER if key in IAM_USER else KEYS

    with pytest.raises(ValidationError, match=f"a {key} that is not empty"):
        _account(**{**login, key: ""})


@pytest.mark.parametrize("key", ["ak", "sk", "iam_password", "security_token"])
def test_every_secret_may_be_in_a_file(key: str, tmp_path: Path) -> None:
    login = dict(IAM_USER if key in IAM_USER else KEYS)
    login.pop(key, None)
    file = tmp_path / "secret"
    file.write_text("from-a-file\n")

    account = _account(**login, **{f"{key}_file": file})

    assert getattr(account, key).get_secret_value() == "from-a-file"


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("cn-north-1", "mts.cn-north-1.myhuaweicloud.com"),
        ("cn-north-4", "mpc.cn-north-4.myhuaweicloud.com"),
        ("ap-southeast-3", "mpc.ap-southeast-3.myhuaweicloud.com"),
    ],
)
def test_the_address_comes_from_the_region(region: str, host: str) -> None:
    account = _account(**KEYS, region=region)

    assert account.endpoint == f"https://{host}"
    assert account.iam_endpoint == f"https://iam.{region}.myhuaweicloud.com"


def test_an_address_of_ones_own_wins_over_the_region() -> None:
    account = _account(**KEYS, url="http://127.0.0.1:1", iam_url="http://127.0.0.1:2")

    assert (account.endpoint, account.iam_endpoint) == ("http://127.0.0.1:1", "http://127.0.0.1:2")


def test_the_documented_rate_is_the_default() -> None:
    assert _account(**KEYS).rate * 60 == pytest.approx(100)


def test_no_secret_is_in_a_repr_or_a_refusal() -> None:
    secrets = {"ak": "AK-SECRET", "sk": "SK-SECRET", "security_token": "ST-SECRET"}

    account = _account(**secrets)
    with pytest.raises(ValidationError) as refused:
        _account(**secrets, iam_user="u", iam_password="PW-SECRET")

    assert "SECRET" not in f"{account!r}{account}{refused.value}"


def test_a_host_of_notifications_is_compared_in_lower_case() -> None:
    account = _account(**KEYS, smn_hosts=["SMN.Example.com", "127.0.0.1:8080"])

    assert account.smn_hosts == ("smn.example.com", "127.0.0.1:8080")


@pytest.mark.parametrize("host", ["", "https://smn.example.com", "smn.example.com/a", "a b", "*"])
def test_a_host_of_notifications_is_no_address(host: str) -> None:
    with pytest.raises(ValidationError):
        _account(**KEYS, smn_hosts=[host])
