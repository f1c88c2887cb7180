"""Whether another company reads a channel, as far as Slack tells."""

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels import Channels
from bot.sandbox.slack.server import LocalSlack
from tests.fakes.clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def channels(slack: LocalSlack, session: aiohttp.ClientSession, clock: FakeClock) -> Channels:
    client = AsyncWebClient(
        slack.bot_token, base_url=slack.api_url, session=session, retry_handlers=[]
    )
    return Channels(client, clock)


@pytest.mark.parametrize(
    ("channel", "is_shared"), [("C0SHARED", True), ("C0MEDIA", False), ("D0ALICE", False)]
)
async def test_slack_is_asked(channel: str, channels: Channels, *, is_shared: bool) -> None:
    assert await channels.is_shared(channel) is is_shared


async def test_what_slack_does_not_tell_is_not_known_for_a_minute(
    channels: Channels, slack: LocalSlack, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    slack.backend.workspace.scopes.discard("channels:read")
    first = await channels.is_shared("C0SHARED")
    slack.backend.workspace.scopes.add("channels:read")
    soon = await channels.is_shared("C0SHARED")
    await clock.advance(61)
    later = await channels.is_shared("C0SHARED")

    assert (first, soon, later) == (None, None, True)
    assert caplog.messages == ["channel_unknown channel=C0SHARED reason=missing_scope"]


async def test_what_slack_told_holds_for_ten_minutes(
    channels: Channels, slack: LocalSlack, clock: FakeClock
) -> None:
    first = await channels.is_shared("C0MEDIA")
    slack.backend.workspace.channels["C0MEDIA"].is_ext_shared = True
    await clock.advance(599)
    remembered = await channels.is_shared("C0MEDIA")
    await clock.advance(2)
    anew = await channels.is_shared("C0MEDIA")

    assert (first, remembered, anew) == (False, False, True)


@pytest.mark.parametrize(
    ("channel", "barred"),
    [
        ("C0MEDIA", None),
        ("D0ALICE", None),
        ("C0SHARED", None),
        ("C0RANDOM", "not_in_channel"),
        ("C0STUDIO", "channel_not_found"),
        ("C0OLD", "is_archived"),
    ],
)
async def test_where_the_bot_may_post_is_asked(
    channel: str, barred: str | None, channels: Channels
) -> None:
    assert await channels.bars(channel) == barred


async def test_a_bot_that_is_let_in_may_post_at_once(channels: Channels, slack: LocalSlack) -> None:
    before = await channels.bars("C0RANDOM")

    slack.invite(channel="C0RANDOM")

    assert (before, await channels.bars("C0RANDOM")) == ("not_in_channel", None)


async def test_what_slack_does_not_tell_bars_nobody(
    channels: Channels, slack: LocalSlack, caplog: pytest.LogCaptureFixture
) -> None:
    slack.trouble("conversations.info", "http_500")
    unanswered = await channels.bars("C0RANDOM")
    slack.backend.workspace.scopes.discard("channels:read")
    unpermitted = await channels.bars("C0RANDOM")

    assert (unanswered, unpermitted) == (None, None)
    assert [message.partition(" ")[0] for message in caplog.messages] == ["channel_unknown"]
