"""How the bot comes and goes: ready, not ready yet, refused, stopped."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.app import EXIT_CLEAN, EXIT_CONFIGURATION, EXIT_REFUSED, Bot, run_bot, serve
from bot.sandbox.clouds import VendorClouds
from bot.sandbox.slack.server import LocalSlack
from bot.sandbox.slack.troubles import Trouble
from bot.settings.load import Settings
from providers.clock import SystemClock
from tests.fakes.bot import bot_settings, settings_tree, write_toml
from tests.fakes.clock import FakeClock
from tests.fakes.person import Person, prose
from tests.fakes.shell import Shell, finished


def changed(clouds: VendorClouds, slack: LocalSlack, **slack_keys: str) -> Settings:
    tree = settings_tree(clouds, slack)
    tree["slack"] |= slack_keys
    return Settings.model_validate(tree)


async def readiness(bot: Bot, session: aiohttp.ClientSession) -> tuple[int, dict[str, Any]]:
    async with session.get(f"http://127.0.0.1:{bot.port}/readyz") as response:
        return response.status, await response.json()


async def test_a_bot_that_is_up_is_ready_and_tells_how_the_vendors_are(
    bot: Bot, session: aiohttp.ClientSession
) -> None:
    status, told = await readiness(bot, session)

    names = ("media@main", "record@main", "mpc@transcode", "tiw@whiteboard")
    assert (status, told["ready"], told["reasons"]) == (200, True, [])
    assert told["vendors"] == {name: {"answering": True} for name in names}


async def test_an_unreachable_slack_is_a_reason_not_to_be_ready_until_it_comes_back(
    clouds: VendorClouds,
    slack: LocalSlack,
    session: aiohttp.ClientSession,
    caplog: pytest.LogCaptureFixture,
) -> None:
    slack.trouble("auth.test", "no_answer", times=3)
    clock = FakeClock(SystemClock().now())

    async with run_bot(bot_settings(clouds, slack), clock) as bot:
        while not clock.sleepers:
            await clock.settle()
        before = await readiness(bot, session)
        while not bot.link.up.is_set():
            await clock.advance(1)
        await slack.wait_for(lambda: slack.connections)
        after = await readiness(bot, session)

    assert (before[0], after[0]) == (503, 200)
    assert before[1]["reasons"] == [
        "Slack cannot be reached: no answer of Slack's (ServerDisconnectedError)"
    ]
    assert sum("slack_unreachable" in message for message in caplog.messages) == 1


async def test_while_every_connection_is_down_it_is_not_ready(
    bot: Bot, slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    await slack.close()

    async with asyncio.timeout(5):
        status, told = await readiness(bot, session)
        while status == 200:
            status, told = await readiness(bot, session)

    assert told["reasons"][0] == "no open Socket Mode connection"


async def test_metrics_count_what_people_asked(
    bot: Bot, alice: Person, session: aiohttp.ClientSession
) -> None:
    await alice.asks("record X3CgNeE4I1qAAABN")

    async with session.get(f"http://127.0.0.1:{bot.port}/metrics") as response:
        text = await response.text()

    assert 'mediatask_questions_total{provider="record",told="succeeded"} 1.0' in text
    assert 'mediatask_vendor_seconds_count{api="record@main",outcome="ok"} 1.0' in text


async def test_in_http_mode_acknowledgements_are_timed(
    http_bot: Bot, slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    await Person(slack).asks("help")

    async with session.get(f"http://127.0.0.1:{http_bot.port}/metrics") as response:
        text = await response.text()

    assert 'mediatask_ack_seconds_count{kind="http"} 1.0' in text


@pytest.mark.parametrize("trouble", ["no_answer", "http_500", "internal_error"])
async def test_a_command_is_acknowledged_also_where_the_web_api_is_down(
    trouble: Trouble, http_bot: Bot, slack: LocalSlack
) -> None:
    assert http_bot.link.up.is_set()
    slack.trouble("auth.test", trouble, times=99)

    card = await Person(slack).asks("record X3CgNeE4I1qAAABN")

    assert "Done" in prose(card)


async def test_a_bot_without_slack_is_a_mistake(clouds: VendorClouds) -> None:
    settings = Settings.model_validate({"accounts": clouds.accounts()})

    with pytest.raises(ValueError, match=r"needs \[slack\]"):
        async with run_bot(settings, SystemClock()):
            pass


async def test_questions_that_are_open_when_it_stops_are_answered_first(
    clouds: VendorClouds, slack: LocalSlack
) -> None:
    alice = Person(slack)
    async with run_bot(bot_settings(clouds, slack), SystemClock()) as bot:
        await bot.link.up.wait()
        await slack.wait_for(lambda: slack.connections)
        await slack.command("record X3CgNeE4I1qAAABN")

    (answer,) = alice.sees()
    assert "Done" in prose(answer)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_serve_ends_cleanly_when_it_is_told_to(
    number: signal.Signals,
    clouds: VendorClouds,
    slack: LocalSlack,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    serving = asyncio.create_task(serve(bot_settings(clouds, slack), SystemClock()))
    await slack.wait_for(lambda: slack.connections)

    os.kill(os.getpid(), number)

    assert await serving == EXIT_CLEAN
    assert "stopping" in caplog.messages


async def test_serve_ends_when_slack_refuses_the_credentials(
    clouds: VendorClouds, slack: LocalSlack, caplog: pytest.LogCaptureFixture
) -> None:
    settings = changed(clouds, slack, bot_token="xoxb-canary-0123456789")

    status = await serve(settings, SystemClock())

    assert status == EXIT_REFUSED
    assert caplog.messages == ["slack_refused invalid_auth"]
    caplog.clear()


async def test_serve_says_which_address_is_taken(
    bot: Bot, clouds: VendorClouds, slack: LocalSlack, caplog: pytest.LogCaptureFixture
) -> None:
    tree = settings_tree(clouds, slack)
    tree["server"]["port"] = bot.port

    status = await serve(Settings.model_validate(tree), SystemClock())

    assert status == EXIT_CONFIGURATION
    (message,) = caplog.messages
    assert message.startswith(f"cannot_listen address=127.0.0.1:{bot.port} reason=")
    caplog.clear()


async def test_serve_says_why_the_store_cannot_be_opened(
    clouds: VendorClouds, slack: LocalSlack, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tree = settings_tree(clouds, slack)
    tree["store"]["url"] = f"sqlite:///{tmp_path}/absent/mediatask.db"

    status = await serve(Settings.model_validate(tree), SystemClock())

    assert status == EXIT_CONFIGURATION
    assert caplog.messages[0].startswith("cannot_open_store reason=store.url: ")
    caplog.clear()


async def test_the_real_process_stops_at_sigterm_and_shows_no_secret(
    clouds: VendorClouds, slack: LocalSlack, tmp_path: Path
) -> None:
    tree = settings_tree(clouds, slack)
    write_toml(tree, tmp_path / "mediatask.toml")

    async with Shell(tmp_path).running("serve", "--verbose") as process:
        await slack.wait_for(lambda: slack.connections, timeout=30)
        await Person(slack).asks("record X3CgNeE4I1qAAABN")
        process.send_signal(signal.SIGTERM)
        done = await finished(process)

    assert (done.status, done.out) == (EXIT_CLEAN, "")
    assert " info bot.app serving port=" in done.err
    assert done.err.rstrip().endswith("info bot.app stopping")
    secrets = (slack.bot_token, slack.app_token, tree["accounts"]["main"]["server_secret"])
    assert not any(secret in done.err for secret in secrets)
