"""An answer reaches the person who asked, whatever Slack does to it."""

import logging
from dataclasses import dataclass

import aiohttp
import pytest

from bot.respond import Outcome, Responder
from bot.sandbox.slack.server import LocalSlack
from bot.sandbox.slack.troubles import Trouble
from bot.views.layout import View, image, section
from tests.fakes.hasty_clock import HastyClock
from tests.fakes.scripted_server import ScriptedServer

HELLO = View([section("hello")], "hello")
WITH_PICTURE = View(
    [section("hello"), image("http://127.0.0.1:9/none.jpg", "a frame", "a frame")], "hello"
)


@pytest.fixture
def responder(session: aiohttp.ClientSession, hasty_clock: HastyClock) -> Responder:
    return Responder(session, hasty_clock)


@dataclass(frozen=True)
class Asker:
    """Somebody who has just typed a command, and where that may be answered."""

    slack: LocalSlack
    responder: Responder
    url: str

    async def is_told(self, view: View, *, replace: bool = False) -> Outcome:
        return await self.responder.respond(self.url, view, replace=replace)

    def reads(self) -> list[str]:
        return [message.text for message in self.slack.messages("C0RANDOM", viewer="U0ALICE")]


@pytest.fixture
def asker(slack: LocalSlack, responder: Responder) -> Asker:
    interaction = slack.backend.interactions.begin("command", "U0ALICE", "C0RANDOM")
    return Asker(slack, responder, slack.backend.response_url(interaction))


async def test_an_answer_is_for_the_person_alone(asker: Asker) -> None:
    outcome = await asker.is_told(HELLO)

    assert outcome is Outcome.SENT
    assert asker.reads() == ["hello"]
    assert asker.slack.messages("C0RANDOM") == []


async def test_an_answer_may_replace_the_one_before(asker: Asker) -> None:
    await asker.is_told(View([section("old")], "old"))

    outcome = await asker.is_told(HELLO, replace=True)

    assert outcome is Outcome.SENT
    assert asker.reads() == ["hello"]


@pytest.mark.parametrize(
    ("trouble", "pause_s", "heard"),
    [
        ("rate_limited", 1.0, ["hello"]),
        ("http_500", 0.5, ["hello"]),
        ("no_answer", 0.5, ["hello"]),
        ("lost_answer", 0.5, ["hello", "hello"]),
    ],
)
async def test_a_trouble_that_passes_is_tried_again_after_a_pause(
    trouble: Trouble,
    pause_s: float,
    heard: list[str],
    asker: Asker,
    hasty_clock: HastyClock,
) -> None:
    asker.slack.trouble("response_url", trouble)

    outcome = await asker.is_told(HELLO)

    assert outcome is Outcome.SENT
    assert hasty_clock.slept == [pause_s]
    assert asker.reads() == heard


@pytest.mark.parametrize(
    ("trouble", "status"), [("rate_limited", "429"), ("http_500", "500"), ("no_answer", "None")]
)
async def test_a_trouble_that_stays_loses_the_answer_after_three_attempts(
    trouble: Trouble,
    status: str,
    asker: Asker,
    hasty_clock: HastyClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    asker.slack.trouble("response_url", trouble, times=3)

    outcome = await asker.is_told(WITH_PICTURE)

    assert outcome is Outcome.LOST
    assert len(hasty_clock.slept) == 2
    assert asker.reads() == []
    assert caplog.messages[-1] == f"answer_lost status={status}"
    caplog.clear()


async def test_an_answer_refused_over_a_picture_goes_without_pictures(asker: Asker) -> None:
    outcome = await asker.is_told(WITH_PICTURE)

    (message,) = asker.slack.messages("C0RANDOM", viewer="U0ALICE")
    assert outcome is Outcome.DEGRADED
    assert [block["type"] for block in message.blocks] == ["section", "context"]


@pytest.mark.parametrize(("view", "posts"), [(HELLO, 1), (WITH_PICTURE, 2)], ids=["bare", "full"])
async def test_an_answer_slack_refuses_anyhow_is_lost_and_logged_without_its_address(
    view: View,
    posts: int,
    responder: Responder,
    server: ScriptedServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.will_say("used_url", status=404, content_type="text/plain")

    outcome = await responder.respond(f"{server.url}canary", view)

    assert outcome is Outcome.LOST
    assert len(server.heard) == posts
    assert caplog.messages == ["answer_lost status=404"]
    assert "canary" not in caplog.text
    caplog.clear()


@pytest.mark.parametrize(("wanted", "pause_s"), [("7", 7.0), ("3600", 30.0), ("tomorrow", 0.5)])
async def test_slacks_own_pause_is_kept_up_to_half_a_minute(
    wanted: str,
    pause_s: float,
    responder: Responder,
    server: ScriptedServer,
    hasty_clock: HastyClock,
) -> None:
    server.will_say("wait", status=429, content_type="text/plain", Retry_After=wanted)
    server.will_say()

    outcome = await responder.respond(server.url, HELLO)

    assert outcome is Outcome.SENT
    assert hasty_clock.slept == [pause_s]


async def test_a_slack_that_says_nothing_is_left_waiting(
    session: aiohttp.ClientSession,
    server: ScriptedServer,
    hasty_clock: HastyClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.will_hang()
    server.will_say()
    responder = Responder(session, hasty_clock, attempt_within_s=0.5)

    outcome = await responder.respond(server.url, HELLO)

    assert outcome is Outcome.SENT
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (logging.WARNING, "answer_not_sent error=TimeoutError")
    ]
