"""In whose language: a person's own in private, the channel's where everybody reads."""

import pytest

from bot.app import Bot
from bot.sandbox.slack.server import LocalSlack
from tests.bot.surface.conftest import BotWith
from tests.fakes.person import Person, prose

RECORD = "X3CgNeE4I1qAAABN"


@pytest.fixture
def chen(bot: Bot, slack: LocalSlack) -> Person:
    """Somebody who reads Slack in Chinese."""
    assert bot.port
    return Person(slack, user="U0CHEN")


async def test_a_private_answer_is_in_the_persons_language(chen: Person) -> None:
    card = await chen.asks(f"record {RECORD}")
    refused = await chen.asks("tencnet 1")

    assert "录制" in prose(card)
    assert "这里没有名为" in prose(refused)


async def test_what_a_channel_reads_is_in_the_channels(chen: Person) -> None:
    mentioned = await chen.mentions(f"record {RECORD}")
    shared = await chen.presses("分享到频道", await chen.asks(f"record {RECORD}"))

    assert "*Recording · Done*" in prose(mentioned)
    assert "Shared by <@U0CHEN>" in prose(shared)


async def test_a_channel_may_read_chinese(bot_with: BotWith, slack: LocalSlack) -> None:
    async with bot_with(slack={"channel_language": "zh"}):
        alice = Person(slack)
        mentioned = await alice.mentions(f"record {RECORD}")
        asked = await alice.asks(f"record {RECORD}")

    assert "录制" in prose(mentioned)
    assert "*Recording · Done*" in prose(asked)


async def test_forms_and_homes_speak_it_too(chen: Person, slack: LocalSlack) -> None:
    await chen.sees_after(slack.global_shortcut("look_up", user=chen.user))
    form = slack.modal(chen.user)
    assert form is not None
    refused = await slack.submit(form.id, {"ids": {"lookup.ids": "tencnet 1"}})
    home = await chen.opens_home()

    assert refused.response is not None
    assert "这里没有名为 tencnet 的服务商" in refused.response["errors"]["ids"]
    assert "你的默认设置" in prose(home) or "默认" in prose(home)


async def test_where_slack_does_not_tell_it_is_english(
    chen: Person, slack: LocalSlack, caplog: pytest.LogCaptureFixture
) -> None:
    slack.backend.workspace.scopes.discard("users:read")

    card = await chen.asks(f"record {RECORD}")

    assert "*Recording · Done*" in prose(card)
    assert "locale_unknown reason=missing_scope" in caplog.messages
