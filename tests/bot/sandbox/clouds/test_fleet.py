"""All clouds together: starting, stopping, the journal, and as a process of their own."""

import asyncio
import json
import signal
import sys
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.clock import SystemClock
from bot.sandbox.clouds import Cloud, Scenario, Task, VendorClouds
from bot.sandbox.clouds.__main__ import main
from bot.sandbox.scenario import Step, Word
from tests.bot.sandbox.clouds.calls import zego_query
from tests.fakes.clock import FakeClock


async def test_every_cloud_has_a_server_of_its_own(clouds: VendorClouds) -> None:
    urls = {getattr(clouds, f"{cloud.value}_url") for cloud in Cloud}

    assert len(urls) == 7


async def test_the_journal_has_what_was_asked_and_nothing_secret(
    scenario: Scenario, session: aiohttp.ClientSession
) -> None:
    clock = FakeClock()
    query = zego_query(scenario.keys.zego, "DescribeMediaTask", Vendor="Huawei", TaskId="7")

    async with await VendorClouds.start(scenario, clock=clock) as clouds:
        clouds.put_task(Task(provider="huawei", id="7", steps=(Step(say=Word.RUNNING),)))
        async with session.get(clouds.rtc_url.removesuffix("/") + query) as response:
            await response.read()
        (asked,) = clouds.requests

    assert (asked.cloud, asked.action, asked.task_ids, asked.verdict, asked.at) == (
        Cloud.RTC,
        "DescribeMediaTask",
        ("7",),
        "ok",
        clock.now(),
    )
    assert "Signature" not in repr(asked)


async def test_a_port_that_is_taken_leaves_nothing_open(
    scenario: Scenario, clouds: VendorClouds
) -> None:
    taken = int(clouds.media_url.rpartition(":")[2])

    with pytest.raises(OSError, match="address already in use"):
        await VendorClouds.start(scenario, clock=SystemClock(), port_base=taken)


async def test_tokens_may_be_ended_while_the_clouds_run(
    clouds: VendorClouds, session: aiohttp.ClientSession
) -> None:
    keys = clouds.scenario.keys.huawei
    domain = {"name": keys.iam_domain}
    user = {"name": keys.iam_user, "password": keys.iam_password, "domain": domain}
    identity = {"methods": ["password"], "password": {"user": user}}
    login = {"auth": {"identity": identity, "scope": {"project": {"id": keys.project_id}}}}
    async with session.post(f"{clouds.iam_url}/v3/auth/tokens", json=login) as response:
        headers = {"X-Auth-Token": response.headers["X-Subject-Token"]}
    tasks = f"{clouds.mpc_url}/v1/{keys.project_id}/transcodings"

    async with session.get(tasks, headers=headers) as before:
        good = before.status
    clouds.expire_tokens()
    async with session.get(tasks, headers=headers) as after:
        stale = await after.json()

    assert (good, stale["error_code"]) == (200, "APIGW.0307")


async def test_the_accounts_lead_to_the_clouds(clouds: VendorClouds) -> None:
    accounts = clouds.accounts()

    assert accounts["main"]["rtc_url"] == clouds.rtc_url
    assert accounts["transcode"]["url"] == clouds.mpc_url
    assert accounts["whiteboard"]["url"] == clouds.tiw_url
    assert accounts["main"]["obs"]["url"] == clouds.obs_url
    assert "security_token" not in accounts["transcode"]


async def test_a_test_project_says_so_in_its_account(scenario: Scenario) -> None:
    zego = scenario.keys.zego.model_copy(update={"test_only": True})
    keys = scenario.keys.model_copy(update={"zego": zego})
    only_test = scenario.model_copy(update={"keys": keys})

    async with await VendorClouds.start(only_test, clock=FakeClock()) as clouds:
        assert clouds.accounts()["main"]["is_test"] is True


async def start(*words: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    module = ("-m", "bot.sandbox.clouds", *words)
    return await asyncio.create_subprocess_exec(sys.executable, *module, stdin=pipe, stdout=pipe)


@pytest.mark.parametrize("ending", ["signal", "input"])
async def test_the_process_prints_its_addresses_and_ends_when_told(
    session: aiohttp.ClientSession, ending: str
) -> None:
    process = await start("--no-limits", "--wildcard")
    try:
        async with asyncio.timeout(60):
            assert process.stdout is not None
            assert process.stdin is not None
            told = json.loads(await process.stdout.readline())
            async with session.get(f"{told['media_url']}/pictures/1.jpg") as response:
                status = response.status
            if ending == "signal":
                process.send_signal(signal.SIGTERM)
            else:
                process.stdin.write(b"anything\n")
                process.stdin.close()
            exit_status = await process.wait()
    finally:
        with suppress(ProcessLookupError):
            process.kill()

    assert (status, exit_status) == (200, 0)
    assert told["accounts"].keys() == {"main", "transcode", "whiteboard"}


def test_a_scenario_that_cannot_be_played_ends_the_process(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["--scenario", str(tmp_path / "absent.toml")])

    assert status == 2
    assert "absent.toml" in capsys.readouterr().err
