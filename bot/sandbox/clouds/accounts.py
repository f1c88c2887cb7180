"""The accounts that reach the clouds, as the bot's configuration file would have them."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.scenario import Cloud, HuaweiKeys, Keys, TencentKeys, ZegoKeys

Accounts = dict[str, dict[str, Any]]


def describe_accounts(keys: Keys, urls: Mapping[Cloud, str]) -> Accounts:
    """Write the three accounts; the keys are fake, so they stand in it in plain text."""
    obs = _describe_obs(keys.huawei, urls)
    return {
        "main": {**_describe_zego(keys.zego, urls), "obs": obs},
        "transcode": {**_describe_huawei(keys.huawei, urls), "obs": obs},
        "whiteboard": _describe_tencent(keys.tencent, urls),
    }


def _describe_zego(keys: ZegoKeys, urls: Mapping[Cloud, str]) -> dict[str, Any]:
    account: dict[str, Any] = {
        "vendor": "zego",
        "app_id": keys.app_id,
        "server_secret": keys.server_secret,
        "rtc_url": f"{urls[Cloud.RTC]}/",
        "record_url": f"{urls[Cloud.RECORD]}/",
    }
    return {**account, "is_test": True} if keys.test_only else account


def _describe_huawei(keys: HuaweiKeys, urls: Mapping[Cloud, str]) -> dict[str, Any]:
    account = {
        "vendor": "huawei-mpc",
        "project_id": keys.project_id,
        "ak": keys.ak,
        "sk": keys.sk,
        "security_token": keys.security_token,
        "region": keys.region,
        "url": urls[Cloud.MPC],
        "iam_url": urls[Cloud.IAM],
    }
    return _without_none(account)


def _describe_tencent(keys: TencentKeys, urls: Mapping[Cloud, str]) -> dict[str, Any]:
    account = {
        "vendor": "tencent-tiw",
        "secret_id": keys.secret_id,
        "secret_key": keys.secret_key,
        "security_token": keys.security_token,
        "sdk_app_id": keys.sdk_app_id,
        "region": keys.region,
        "url": urls[Cloud.TIW],
    }
    return _without_none(account)


def _describe_obs(keys: HuaweiKeys, urls: Mapping[Cloud, str]) -> dict[str, Any]:
    return {
        "bucket": keys.bucket,
        "region": keys.region,
        "ak": keys.ak,
        "sk": keys.sk,
        "url": urls[Cloud.OBS],
    }


def _without_none(account: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in account.items() if value is not None}
