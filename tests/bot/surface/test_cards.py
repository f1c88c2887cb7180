"""The buttons of a card: one effect for each press, wherever it stands and however old it is."""

import asyncio
from collections import Counter

import pytest

from bot.sandbox.clouds import Cloud, VendorClouds, Weather, WeatherKind
from bot.sandbox.scenario import Step, Task, Word
from bot.sandbox.slack.entities import Message
from bot.sandbox.slack.server import LocalSlack
from tests.bot.surface.conftest import BotWith
from tests.fakes.person import Person, files, labels, prose

RECORD = "X3CgNeE4I1qAAABN"
THUMBNAILS = "1500030200-procedurev2-58ed61fcdbb0f78a0bf15cabd8ae4713tt0"
TWELVE = "1500030201-procedurev2-58ed61fcdbb0f78a0bf15cabd8ae4713tt0"
SHOT = Step(say=Word.SUCCEEDED, pictures=12)
GALLERY = f'{{"k":"gallery","p":0,"r":"tencent@main:{THUMBNAILS}"}}'
DENIED = "That is not allowed here, by the rule `No recordings`. Ask <@U0BOB>."


async def test_details_open_in_a_modal_with_a_packet_for_support(alice: Person) -> None:
    card = await alice.asks(f"record {RECORD}")

    details = await alice.opens("Details", card)

    assert details.body["title"]["text"] == "Details"
    assert f"record@main:{RECORD}" in prose(details)
    assert alice.sees() == [card]


async def test_details_that_slack_opens_no_window_for_are_said_to_have_failed(
    alice: Person, slack: LocalSlack
) -> None:
    card = await alice.asks(f"record {RECORD}")
    slack.trouble("views.open", "internal_error")

    answer = await alice.presses("Details", card)

    assert prose(answer) == "Slack opened no window in time. Please press again."
    assert alice.sees() == [card, answer]


async def test_thumbnails_come_as_one_picture_that_slack_keeps(
    alice: Person, slack: LocalSlack
) -> None:
    card = await alice.asks(f"tencent {THUMBNAILS}")

    sheet = await alice.presses("Thumbnails", card)

    (file_id,) = files(sheet)
    assert slack.backend.workspace.files[file_id].is_complete
    assert "All 9 thumbnails" in prose(sheet)
    assert sheet.ephemeral_for == alice.user


async def test_thumbnails_that_cannot_be_uploaded_come_as_a_gallery(
    alice: Person, slack: LocalSlack, clouds: VendorClouds
) -> None:
    clouds.put_task(Task(provider="tencent", id=TWELVE, event="SampleSnapshot", steps=(SHOT,)))
    slack.backend.workspace.scopes.discard("files:write")
    card = await alice.asks(f"tencent {TWELVE}")

    gallery = await alice.presses("Thumbnails", card)
    turned = await alice.presses("Next", gallery)

    assert any(block["type"] == "carousel" for block in gallery.blocks)
    assert "Page 2 of 2" in prose(turned)
    assert alice.sees() == [card, turned]


async def test_thumbnails_nobody_can_fetch_keep_their_links(
    bot_with: BotWith, slack: LocalSlack
) -> None:
    async with bot_with(fetch={"allow_private": False}):
        alice = Person(slack)
        card = await alice.asks(f"tencent {THUMBNAILS}")
        answer = await alice.presses("Thumbnails", card)

    assert "Slack cannot fetch this picture to show it here." in prose(answer)
    assert labels(answer) == [f"Open {index} of 9 (http)" for index in range(1, 10)]


async def test_thumbnails_are_shown_one_by_one_at_the_press_of_a_button(alice: Person) -> None:
    sheet = await alice.presses("Thumbnails", await alice.asks(f"tencent {THUMBNAILS}"))

    gallery = await alice.presses("One by one", sheet)

    assert "Thumbnail 9 of 9" in prose(gallery)
    assert (gallery.ts, files(gallery)) == (sheet.ts, [])


@pytest.mark.parametrize("label", ["Show", "Thumbnails"])
async def test_a_double_click_has_one_effect(label: str, alice: Person) -> None:
    text = f"record {RECORD} EmptyRoomAAAAAA1" if label == "Show" else f"tencent {THUMBNAILS}"
    card = await alice.asks(text)

    await press_twice_at_once(alice, label, card)
    await alice.asks("help")

    assert len(alice.sees()) == 3


async def press_twice_at_once(alice: Person, label: str, card: Message) -> None:
    """Press, and press again before the answer is there; then wait for the first answer."""
    seen = len(alice.sees())
    action_id = {"Show": "show:0"}.get(label, label.lower())
    clicks = (
        alice.slack.click(alice.channel, card.ts, action_id, user=alice.user) for _ in range(2)
    )
    outcomes = await asyncio.gather(*clicks)
    assert [outcome.error for outcome in outcomes] == [None, None]
    await alice.slack.wait_for(lambda: len(alice.sees()) > seen)


async def test_two_who_refresh_one_card_at_once_see_one_card(
    alice: Person, slack: LocalSlack
) -> None:
    bob = Person(slack, user="U0BOB")
    card = await alice.mentions(f"record {RECORD}")

    refreshed = await asyncio.gather(alice.presses("Refresh", card), bob.presses("Refresh", card))

    assert {message.ts for message in refreshed} == {card.ts}
    assert len(alice.sees()) == len(bob.sees()) == 2


@pytest.mark.usefixtures("no_address_works")
@pytest.mark.parametrize("label", ["Refresh", "Show"])
async def test_a_press_whose_address_has_run_out_is_answered_in_a_modal(
    label: str, alice: Person, caplog: pytest.LogCaptureFixture
) -> None:
    card = await alice.mentions(f"record {RECORD}{' EmptyRoomAAAAAA1' * (label == 'Show')}")

    modal = await alice.opens(label, card)

    assert "*Recording · " in prose(modal)
    assert "answer_lost status=404" in caplog.messages
    caplog.clear()


async def test_a_card_in_a_modal_is_refreshed_there_and_opens_on_top(alice: Person) -> None:
    await alice.asks(f"record {RECORD}")
    home = await alice.opens_home()

    card = await alice.presses_in(home, "Show")
    refreshed = await alice.presses_in(card, "Refresh")
    details = await alice.presses_in(refreshed, "Details")

    assert "*Recording · Done*" in prose(card)
    assert refreshed.id == card.id
    assert "Share to channel" not in labels(card)
    assert details.previous_id == card.id


async def test_a_page_of_a_batch_is_turned_in_place(alice: Person) -> None:
    ids = " ".join(f"NoSuchRecord{number:04}" for number in range(30))
    batch = await alice.asks(f"record {ids}")

    turned = await alice.presses("Next", batch)

    assert "Page 2 of" in prose(turned)
    assert alice.sees() == [turned]


async def test_a_page_of_a_list_is_turned_in_place(alice: Person) -> None:
    listed = await alice.asks("list record since 3d page 2")

    turned = await alice.presses("Previous", listed)

    assert "Page 1" in prose(turned) or "Previous" not in labels(turned)
    assert alice.sees() == [turned]


@pytest.mark.parametrize(
    "value",
    [
        '{"k":"list","v":"record","a":"gone","p":2}',
        '{"k":"list","v":"record","a":"main","s":"exploded","p":2}',
        '{"k":"batch","p":1,"r":["record@gone:1"]}',
        '{"k":"gallery","p":1,"r":"record@gone:1"}',
        "{",
    ],
)
async def test_a_page_nobody_knows_any_more_leaves_what_is_shown(value: str, alice: Person) -> None:
    listed = await alice.asks("list record since 3d page 2")
    set_values(listed, value)

    answer = await alice.presses("Previous", listed)

    assert "This button is too old" in prose(answer)
    assert alice.sees() == [listed, answer]


def set_values(message: Message, value: str) -> None:
    """Let the buttons in rows bring back *value*."""
    for block in message.blocks:
        for element in block.get("elements", []):
            if element["type"] == "button":
                element["value"] = value


async def test_a_page_the_vendor_does_not_give_leaves_what_is_shown(
    alice: Person, clouds: VendorClouds
) -> None:
    listed = await alice.asks("list record since 3d page 2")
    clouds.set_weather(Cloud.RECORD, Weather(kind=WeatherKind.SKEWED))

    answer = await alice.presses("Previous", listed)

    assert "*What happened:*" in prose(answer)
    assert alice.sees() == [listed, answer]


async def test_a_denial_names_the_rule_and_whom_to_ask_and_leaves_the_card(
    bot_with: BotWith, slack: LocalSlack
) -> None:
    rule = {"name": "No recordings", "who": "U0BOB", "provider": "record", "allow": False}
    async with bot_with(policy=[{**rule, "ask": "U0BOB"}]):
        alice, bob = Person(slack), Person(slack, user="U0BOB")
        card = await alice.mentions(f"record {RECORD}")
        refreshed = await bob.presses("Refresh", card)
        asked = await bob.asks(f"record {RECORD}")
        listed = await bob.asks("list record")

    assert {prose(denial) for denial in (refreshed, asked, listed)} == {f":no_entry: {DENIED}"}
    assert Counter(message.ephemeral_for for message in bob.sees())["U0BOB"] == 3
    assert "*Recording · Done*" in prose(alice.sees()[1])


async def test_every_button_asks_the_policy_anew(bot_with: BotWith, slack: LocalSlack) -> None:
    rule = {"who": "U0BOB", "action": ["show", "details"], "allow": False}
    async with bot_with(policy=[rule]):
        alice, bob = Person(slack), Person(slack, user="U0BOB")
        card = await alice.mentions(f"tencent {THUMBNAILS}")
        details = await bob.opens("Details", card)
        thumbnails = await bob.presses("Thumbnails", card)
        set_action(card, "Thumbnails", "page:0", GALLERY)
        page = await bob.presses("Thumbnails", card)

    denied = ":no_entry: That is not allowed here, by the rule `#1`."
    assert {prose(seen) for seen in (details, thumbnails, page)} == {denied}


def set_action(message: Message, label: str, action_id: str, value: str) -> None:
    """Let a button do, and bring back, something else."""
    for block in message.blocks:
        for element in block.get("elements", []):
            if element.get("type") == "button" and element["text"]["text"] == label:
                element |= {"action_id": action_id, "value": value}


async def test_a_task_without_thumbnails_is_said_to_have_none_to_fetch(alice: Person) -> None:
    card = await alice.asks(f"tencent {THUMBNAILS}")
    set_action(card, "Thumbnails", "thumbnails", f"record@main:{RECORD}")

    answer = await alice.presses("Thumbnails", card)

    assert "None of the thumbnails could be fetched" in prose(answer)


async def test_a_double_click_on_details_opens_one_modal(alice: Person, slack: LocalSlack) -> None:
    card = await alice.asks(f"record {RECORD}")

    await slack.click("C0MEDIA", card.ts, "details")
    details = await alice.opens("Details", card)

    assert details.body["title"]["text"] == "Details"
    assert slack.backend.views.top("U0ALICE") is details
