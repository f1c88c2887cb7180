"""The ledger says what the clouds support, and cannot lie: it is held against what they answer."""

import aiohttp
import pytest

from bot.sandbox.clouds import Cloud, VendorClouds
from bot.sandbox.clouds.ledger import LEDGER, Entry, Support
from tests.bot.sandbox.clouds.calls import zego_query

UNSUPPORTED = [entry for entry in LEDGER if entry.support is Support.NONE]
REFUSALS = {
    Cloud.RTC: {"100000007"},
    Cloud.RECORD: {"100000007"},
    Cloud.MPC: {"APIGW.0101"},
    Cloud.TIW: {"AuthFailure.InvalidAuthorization"},
    Cloud.OBS: {"405"},
}


@pytest.mark.parametrize("cloud", list(Cloud))
def test_what_a_cloud_answers_is_what_the_ledger_says(clouds: VendorClouds, cloud: Cloud) -> None:
    supported = [e.action for e in LEDGER if e.cloud is cloud and e.support is not Support.NONE]

    assert sorted(supported) == sorted(clouds.actions(cloud))


def test_what_is_partly_supported_says_what_is_missing() -> None:
    silent = [
        entry.action for entry in LEDGER if entry.support is Support.PARTLY and not entry.note
    ]

    assert silent == []


def test_nothing_stands_in_the_ledger_twice() -> None:
    assert len({(entry.cloud, entry.action) for entry in LEDGER}) == len(LEDGER)


@pytest.mark.parametrize("entry", UNSUPPORTED, ids=lambda entry: f"{entry.cloud}-{entry.action}")
async def test_what_is_not_supported_is_refused(
    clouds: VendorClouds, session: aiohttp.ClientSession, entry: Entry
) -> None:
    method, _, path = entry.action.rpartition(" ")
    if entry.cloud in {Cloud.RTC, Cloud.RECORD}:
        path = zego_query(clouds.scenario.keys.zego, entry.action)
    elif not method:
        path = f"/?Action={entry.action}"
    base = getattr(clouds, f"{entry.cloud.value}_url").removesuffix("/")
    path = path.replace("{bucket}", clouds.scenario.keys.huawei.public_bucket)

    async with session.request(method or "POST", base + path) as response:
        await response.read()

    assert clouds.requests[-1].verdict in REFUSALS[entry.cloud]
