"""Every way to answer says what became of the answer, and never raises."""

from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.replies import Answer, EitherReply, ModalReply, NoReply, PostReply
from bot.respond import Outcome
from bot.sandbox.slack.server import LocalSlack
from bot.views.layout import View, image, section
from bot.views.words import CHINESE, Words
from tests.fakes.person import prose

HELLO = Answer(View([section("hello")], "hello"))
EVERYBODY = Answer(View([section("hello")], "hello"), public=True)
PICTURE = image("http://127.0.0.1:9/none.jpg", "a frame", "a frame")
ILLUSTRATED = Answer(View([section("hello"), PICTURE], "hello"), public=True)


@pytest.fixture
def client(slack: LocalSlack, session: aiohttp.ClientSession) -> AsyncWebClient:
    return AsyncWebClient(
        slack.bot_token, base_url=slack.api_url, session=session, retry_handlers=[]
    )


@dataclass
class RecordingReply:
    """Keeps what is sent, and says what it is told to."""

    outcome: Outcome
    told: list[str] = field(default_factory=list)

    async def prepare(self) -> None:
        self.told.append("prepare")

    async def send(self, answer: Answer, *, replace: bool) -> Outcome:
        self.told.append(f"{answer.view.text} {replace}")
        return self.outcome


@pytest.mark.parametrize(
    ("first", "told_other", "outcome"),
    [
        (Outcome.SENT, [], Outcome.SENT),
        (Outcome.DEGRADED, [], Outcome.DEGRADED),
        (Outcome.LOST, ["prepare", "hello True"], Outcome.SENT),
    ],
)
async def test_the_other_way_is_taken_only_where_the_first_is_lost(
    first: Outcome, told_other: list[str], outcome: Outcome
) -> None:
    ways = RecordingReply(first), RecordingReply(Outcome.SENT)
    either = EitherReply(*ways)

    await either.prepare()
    became = await either.send(HELLO, replace=True)

    assert became is outcome
    assert ways[0].told == ["prepare", "hello True"]
    assert ways[1].told == told_other


async def test_nowhere_loses_everything() -> None:
    await NoReply().prepare()

    assert await NoReply().send(HELLO, replace=False) is Outcome.LOST


@pytest.mark.parametrize(("answer", "viewer"), [(HELLO, "U0ALICE"), (EVERYBODY, None)])
async def test_a_post_is_for_one_or_for_all(
    answer: Answer, viewer: str | None, client: AsyncWebClient, slack: LocalSlack
) -> None:
    reply = PostReply(client, "C0MEDIA", None, "U0ALICE")

    await reply.prepare()
    outcome = await reply.send(answer, replace=True)

    (message,) = slack.messages("C0MEDIA", viewer="U0ALICE")
    assert outcome is Outcome.SENT
    assert (message.ephemeral_for, message.text) == (viewer, "hello")


async def test_a_post_that_slack_refuses_for_a_picture_goes_without(
    client: AsyncWebClient, slack: LocalSlack
) -> None:
    outcome = await PostReply(client, "C0MEDIA", None, "U0ALICE").send(ILLUSTRATED, replace=False)

    (message,) = slack.messages("C0MEDIA")
    assert outcome is Outcome.DEGRADED
    assert "Pictures are left out" in prose(message)


@pytest.mark.parametrize(
    ("channel", "reason"), [("C0RANDOM", "not_in_channel"), ("C0NOWHERE", "channel_not_found")]
)
async def test_a_post_that_slack_refuses_is_lost_and_says_why(
    channel: str, reason: str, client: AsyncWebClient, caplog: pytest.LogCaptureFixture
) -> None:
    reply = PostReply(client, channel, "1.2", "U0ALICE")

    assert await reply.post(ILLUSTRATED) == (Outcome.LOST, reason)
    assert await reply.send(EVERYBODY, replace=False) is Outcome.LOST
    assert caplog.messages == [f"answer_lost reason={reason}"]
    caplog.clear()


async def test_what_slack_refuses_without_its_pictures_too_is_lost(
    client: AsyncWebClient,
) -> None:
    nonsense = Answer(View([PICTURE, {"type": "nonsense"}], "hello"), public=True)
    reply = PostReply(client, "C0MEDIA", None, "U0ALICE")

    assert await reply.post(nonsense) == (Outcome.LOST, "invalid_blocks")


@pytest.fixture
def trigger_id(slack: LocalSlack) -> str:
    return slack.backend.interactions.begin("action", "U0ALICE", "C0MEDIA").trigger_id


async def test_a_modal_opens_at_once_and_is_filled_later(
    client: AsyncWebClient, slack: LocalSlack, trigger_id: str
) -> None:
    async def chinese() -> Words:
        return CHINESE

    reply = ModalReply(client, trigger_id=trigger_id, words=chinese)

    await reply.prepare()
    opened = slack.modal()
    at_first = prose(opened) if opened else ""
    outcome = await reply.send(HELLO, replace=False)

    filled = slack.modal()
    assert filled is not None
    assert (at_first, prose(filled), outcome) == ("正在查询…", "hello", Outcome.SENT)


async def test_a_modal_of_its_own_kind_is_shown_as_it_is(
    client: AsyncWebClient, slack: LocalSlack, trigger_id: str
) -> None:
    title = {"type": "plain_text", "text": "Own"}
    modal: dict[str, Any] = {"type": "modal", "title": title, "blocks": [section("own")]}
    reply = ModalReply(client, trigger_id=trigger_id)

    await reply.prepare()
    await reply.send(Answer(HELLO.view, modal=modal), replace=False)

    shown = slack.modal()
    assert shown is not None
    assert (shown.body["title"]["text"], prose(shown)) == ("Own", "own")


@pytest.mark.parametrize("trigger", ["", "1.2.3"])
async def test_without_a_good_trigger_there_is_no_modal(
    trigger: str, client: AsyncWebClient, caplog: pytest.LogCaptureFixture
) -> None:
    reply = ModalReply(client, trigger_id=trigger)

    await reply.prepare()

    assert await reply.send(HELLO, replace=False) is Outcome.LOST
    refused = ["modal_not_opened reason=invalid_trigger_id"]
    assert caplog.messages == (refused if trigger else [])


async def test_a_modal_its_reader_has_closed_has_been_read(
    client: AsyncWebClient, slack: LocalSlack, trigger_id: str
) -> None:
    reply = ModalReply(client, trigger_id=trigger_id)
    await reply.prepare()
    slack.backend.views.close_all("U0ALICE")

    assert await reply.send(HELLO, replace=False) is Outcome.SENT


async def test_a_modal_that_slack_does_not_fill_is_lost(
    client: AsyncWebClient,
    slack: LocalSlack,
    trigger_id: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    reply = ModalReply(client, trigger_id=trigger_id)
    await reply.prepare()
    slack.trouble("views.update", "internal_error")

    assert await reply.send(HELLO, replace=False) is Outcome.LOST
    assert caplog.messages == ["answer_lost reason=internal_error"]
    caplog.clear()
