"""The whole bot with no account anywhere: it starts, tells its stories, and leaves nothing."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import yaml

from bot.demo import SHORTCUTS, Demo, demo_settings, open_demo, run_demo
from bot.sandbox.scenario import Scenario
from bot.sandbox.slack.server import LocalSlack
from providers.clock import SystemClock
from tests.fakes.moving_clock import MovingClock
from tests.fakes.person import Person, prose
from tests.fakes.shell import Shell, finished

ROOT = Path(__file__).parents[2]
STORIES = {story.title: story.command for story in Scenario.load().stories}
ENDS = ("Queued", "Running", "Done", "Partly done", "Failed")


@pytest.fixture
async def demo() -> AsyncIterator[Demo]:
    async with open_demo() as running:
        yield running


OTHERS = ("watch ", "alerts")
QUESTIONS = [title for title, command in STORIES.items() if not command.startswith(OTHERS)]


@pytest.mark.parametrize("title", QUESTIONS)
async def test_every_question_is_answered_with_a_card(title: str, demo: Demo) -> None:
    card = await Person(demo.slack).asks(STORIES[title])

    head = prose(card).splitlines()[0]
    assert any(f"· {end}*" in head for end in ENDS)


async def test_the_story_to_be_watched_ends_with_one_reply_in_its_thread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = MovingClock()
    monkeypatch.setattr("bot.demo.SandboxClock", lambda: clock)
    watched = next(command for command in STORIES.values() if command.startswith("watch "))
    async with open_demo() as demo:
        await Person(demo.slack).asks(watched)
        (card,) = await demo.slack.wait_for(lambda: demo.slack.messages("C0MEDIA"))
        clock.skip(31)
        told = await demo.slack.wait_for(lambda: demo.slack.messages("C0MEDIA")[1:], 30)
        await demo.slack.wait_for(lambda: "Done" in prose(card))

    assert [one.thread_ts for one in told] == [card.ts]
    assert "*Recording · Done*" in prose(told[0])


async def test_the_recording_that_fails_calls_somebody_in_the_channel_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = MovingClock()
    monkeypatch.setattr("bot.demo.SandboxClock", lambda: clock)
    async with open_demo() as demo:
        await listed(demo, "NightShiftAAAAA1", times=2)
        clock.skip(21)
        (alert,) = await demo.slack.wait_for(lambda: demo.slack.messages("C0ONCALL"), 30)
        shown = await Person(demo.slack).asks("alerts")

    assert prose(alert).startswith("<!subteam^S0ONCALL>\n:rotating_light: *Recording failed*")
    assert "`night-lesson`" in prose(alert)
    assert "· Open" in prose(shown)


async def listed(demo: Demo, task_id: str, times: int) -> None:
    """Wait until ZEGO's list has shown the bot a task so often."""
    clock = SystemClock()
    give_up_at = clock.monotonic() + 30
    while sum(task_id in one.task_ids for one in demo.clouds.requests) < times:
        assert clock.monotonic() < give_up_at
        await clock.sleep(0.1)


async def test_there_are_eight_stories_and_the_page_offers_them(demo: Demo) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{demo.slack.page_url}page/state") as response,
    ):
        state = await response.json()

    assert len(STORIES) == 8
    assert [story["title"] for story in state["stories"]] == list(STORIES)


def test_the_page_offers_the_shortcuts_of_the_manifest() -> None:
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text("utf-8"))

    named = [
        {key: shortcut[key] for key in ("callback_id", "name", "type")}
        for shortcut in manifest["features"]["shortcuts"]
    ]

    assert named == list(SHORTCUTS)


async def test_the_settings_are_those_an_operator_would_write(demo: Demo) -> None:
    settings = demo_settings(demo.clouds, demo.slack)

    assert settings.slack is not None
    assert settings.slack.mode == "socket"
    assert set(settings.accounts) == {"main", "transcode", "whiteboard"}
    assert settings.server.port == 0


async def test_a_port_that_is_taken_is_said_in_one_line(
    slack: LocalSlack, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.demo.configure_logging", lambda *_: None)
    taken = int(slack.page_url.rstrip("/").rpartition(":")[2])

    status = await run_demo(taken)

    out, err = capsys.readouterr()
    assert (status, out) == (2, "")
    assert err.startswith("the demo cannot start: ")
    assert err.endswith(f"(page port {taken})\n")


async def test_a_bot_that_does_not_come_up_is_said_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.demo.configure_logging", lambda *_: None)
    monkeypatch.setattr("bot.demo._CONNECTED_WITHIN_S", 0.0)

    status = await run_demo(0)

    assert status == 2
    assert capsys.readouterr().err == (
        "the demo cannot start: the bot did not connect (page port 0)\n"
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_ctrl_c_stops_everything_and_leaves_no_process(
    number: signal.Signals, tmp_path: Path
) -> None:
    async with Shell(tmp_path).running("demo", "--port", "0") as process:
        assert process.stdout is not None
        async with asyncio.timeout(60):
            line = (await process.stdout.readline()).decode()
        url = line.split()[2]
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            status = response.status
        process.send_signal(number)
        done = await finished(process)

    assert line == f"MediaTask demo: {url}  (Ctrl-C stops it)\n"
    assert status == 200
    assert (done.status, done.out, done.err) == (0, "", "")
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
