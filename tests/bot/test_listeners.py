"""Slack in: acknowledged first, then answered; commands and every button our views draw."""

from pathlib import Path

import pytest
import yaml

from bot.listeners.commands import COMMAND
from bot.sandbox.clouds import Cloud, VendorClouds, Weather, WeatherKind
from bot.sandbox.scenario import File, Step, Task, Word
from bot.sandbox.slack.entities import Message
from tests.fakes.person import Person, labels, prose

RECORD = "X3CgNeE4I1qAAABN"


async def test_a_command_is_acknowledged_while_the_vendor_still_thinks(
    alice: Person, clouds: VendorClouds
) -> None:
    clouds.set_weather(Cloud.RECORD, Weather(kind=WeatherKind.SLOW, seconds=0.2))

    outcome = await alice.slack.command(f"record {RECORD}")
    seen_at_once = alice.sees()
    (card,) = await alice.slack.wait_for(alice.sees)

    assert outcome.error is None
    assert seen_at_once == []
    assert "*Recording · Done*" in prose(card)


async def test_a_command_without_words_gets_help(alice: Person) -> None:
    answer = await alice.asks("")

    assert "*Ask like this*" in prose(answer)


async def test_a_channel_the_bot_is_not_in_is_answered_all_the_same(alice: Person) -> None:
    elsewhere = Person(alice.slack, channel="C0STUDIO")

    card = await elsewhere.asks(f"record {RECORD}")

    assert "*Recording · Done*" in prose(card)


async def test_refresh_asks_the_vendor_anew_and_changes_the_card(
    alice: Person, clouds: VendorClouds
) -> None:
    card = await alice.asks(f"record {RECORD}")
    failed = Step(say=Word.FAILED, files=(File(name="a.mp4"),))
    clouds.put_task(Task(provider="record", id=RECORD, steps=(failed,)))

    refreshed = await alice.presses("Refresh", card)

    assert "*Recording · Failed*" in prose(refreshed)
    assert alice.sees() == [refreshed]


async def test_show_brings_a_new_card_and_leaves_the_batch(alice: Person) -> None:
    batch = await alice.asks(f"record {RECORD} EmptyRoomAAAAAA1")

    card = await alice.presses("Show", batch)

    assert "EmptyRoomAAAAAA1" in prose(card)
    assert labels(batch) == ["Show", "Show"]


@pytest.mark.parametrize("value", [f"record@gone:{RECORD}", "record@:", "{", ""])
async def test_a_button_nobody_can_read_any_more_is_answered_and_leaves_the_card(
    value: str, alice: Person
) -> None:
    batch = await alice.asks(f"record {RECORD} EmptyRoomAAAAAA1")
    set_value(batch, value)

    answer = await alice.presses("Show", batch)

    assert "This button is too old" in prose(answer)
    assert alice.sees() == [batch, answer]


def set_value(message: Message, value: str) -> None:
    """Let every button of *message* bring back *value*, as one from last year might."""
    for block in message.blocks:
        if "value" in block.get("accessory", {}):
            block["accessory"]["value"] = value


async def test_a_link_that_is_opened_is_acknowledged_and_says_nothing(alice: Person) -> None:
    card = await alice.asks(f"record {RECORD}")
    before = list(alice.sees())

    outcome = await alice.slack.click("C0MEDIA", card.ts, "open:0")

    assert outcome.error is None
    assert alice.sees() == before


def test_the_command_is_the_one_of_the_manifest() -> None:
    manifest = yaml.safe_load(Path("manifest.yml").read_text("utf-8"))

    commands = manifest["features"]["slash_commands"]

    assert [command["command"] for command in commands] == [COMMAND]
