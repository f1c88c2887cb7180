"""From a message's menu, and from anywhere: the ids somebody wrote, and a form for them."""

import pytest

from bot.sandbox.slack.entities import Content, Message
from bot.sandbox.slack.server import LocalSlack
from tests.bot.surface.conftest import BotWith
from tests.fakes.person import Person, labels, prose

RECORD = "X3CgNeE4I1qAAABN"
IDS = {"ids": {"lookup.ids": RECORD}}


async def look_up(person: Person, message: Message) -> Message:
    """Choose the shortcut in the message's menu; the answer."""
    seen = len(person.sees())
    outcome = await person.slack.message_shortcut(
        "look_up_in_message", person.channel, message.ts, user=person.user
    )
    assert outcome.error is None
    await person.slack.wait_for(lambda: len(person.sees()) > seen)
    return person.sees()[-1]


async def test_every_id_in_a_message_is_looked_up_for_the_one_who_asked(alice: Person) -> None:
    message = await alice.slack.say(f"neither {RECORD} nor (mpc 22123973) plays", user="U0BOB")

    answer = await look_up(alice, message)

    assert "*2 tasks*: 1 partly done, 1 done" in prose(answer)
    assert answer.ephemeral_for == alice.user


async def test_ids_in_blocks_and_attachments_are_found_too(
    alice: Person, slack: LocalSlack
) -> None:
    workspace = slack.backend.workspace
    block = {"type": "section", "text": {"type": "mrkdwn", "text": f"record {RECORD}"}}
    fields = [{"title": "TaskId", "value": "EmptyRoomAAAAAA1", "short": True}]
    link = {"title_link": "https://example.com/rec/LostFilesAAAAAA1?appid=1"}
    content = Content("alert", [block], [{"fields": fields}, link])
    message = workspace.add(Message(workspace.next_ts(), "C0MEDIA", "U0BOB", content))

    answer = await look_up(alice, message)

    assert "*3 tasks*" in prose(answer)


async def test_slacks_own_numbers_are_no_ids_of_tasks(alice: Person) -> None:
    message = await alice.slack.say("lunch at 12:30, room 1204?")

    answer = await look_up(alice, message)

    assert prose(answer) == "No id of a media task was found in that message."


async def test_in_a_card_of_ours_only_what_it_shows_is_looked_up(alice: Person) -> None:
    card = await alice.mentions(f"record {RECORD}")

    answer = await look_up(alice, card)

    assert "*Recording · Done*" in prose(answer)


async def test_in_a_thread_it_is_answered_there(alice: Person) -> None:
    parent = await alice.slack.say("look")
    message = await alice.slack.say(f"record {RECORD}", thread_ts=parent.ts)

    answer = await look_up(alice, message)

    assert answer.thread_ts == parent.ts


async def test_it_works_in_channels_the_bot_is_not_in(alice: Person) -> None:
    elsewhere = Person(alice.slack, channel="C0STUDIO")
    message = await alice.slack.say(f"record {RECORD}", channel="C0STUDIO")

    answer = await look_up(elsewhere, message)

    assert "*Recording · Done*" in prose(answer)


async def open_form(person: Person) -> str:
    """Choose the global shortcut; the form's id."""
    chosen = person.slack.global_shortcut("look_up", user=person.user)
    return (await person.sees_after(chosen)).id


async def test_the_form_shows_a_task_where_it_stood(alice: Person) -> None:
    form_id = await open_form(alice)
    form = alice.slack.backend.views.find(form_id)

    card = await alice.submits(form, **IDS)

    assert card.id == form_id
    assert "*Recording · Done*" in prose(card)
    assert "Share to channel" not in labels(card)


async def test_several_tasks_open_one_by_one_on_top(alice: Person) -> None:
    form = alice.slack.backend.views.find(await open_form(alice))
    both = {"ids": {"lookup.ids": f"{RECORD}\nEmptyRoomAAAAAA1"}}

    batch = await alice.submits(form, **both)
    card = await alice.presses_in(batch, "Show")

    assert "*2 tasks*" in prose(batch)
    assert (card.previous_id, "*Recording · " in prose(card)) == (batch.id, True)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("tencnet 289665200", "tencnet is no provider here."),
        (" , ", "Type at least one id of a task."),
        (" ".join(f"mpc:{number}" for number in range(31)), "That is 31 ids"),
    ],
)
async def test_what_is_no_id_is_refused_at_its_field(
    typed: str, problem: str, alice: Person
) -> None:
    form_id = await open_form(alice)

    outcome = await alice.slack.submit(form_id, {"ids": {"lookup.ids": typed}})

    assert outcome.response is not None
    assert outcome.response["response_action"] == "errors"
    assert outcome.response["errors"]["ids"].startswith(problem)


async def test_while_one_types_the_form_says_what_it_makes_of_it(
    alice: Person, slack: LocalSlack
) -> None:
    form_id = await open_form(alice)

    await slack.press_in_view(form_id, "lookup.ids", value="tencnet 1")
    await slack.wait_for(lambda: "tencnet is no provider here." in modal_text(slack))
    drawn = slack.backend.views.find(form_id).hash
    await slack.press_in_view(form_id, "lookup.ids", value="tencnet 12")
    await alice.asks("help")
    kept = slack.backend.views.find(form_id).hash
    await slack.press_in_view(form_id, "lookup.ids", value=RECORD)
    await slack.wait_for(lambda: "tencnet" not in modal_text(slack))

    assert kept == drawn
    assert slack.backend.views.find(form_id).values["ids"]["lookup.ids"]["value"] == RECORD


async def test_a_chosen_provider_brings_its_accounts(alice: Person, slack: LocalSlack) -> None:
    form_id = await open_form(alice)

    await slack.press_in_view(form_id, "lookup.provider", value="mpc")
    await slack.wait_for(lambda: "transcode" in str(slack.backend.views.find(form_id).body))
    form = slack.backend.views.find(form_id)
    card = await alice.submits(form, ids={"lookup.ids": "22123973"})

    assert "*Transcode · Partly done*" in prose(card)


async def test_a_form_that_slack_does_not_draw_anew_is_said_in_the_log(
    bot_with: BotWith, slack: LocalSlack, caplog: pytest.LogCaptureFixture
) -> None:
    slack.trouble("views.update", "internal_error")

    async with bot_with():
        form_id = await open_form(Person(slack))
        await slack.press_in_view(form_id, "lookup.provider", value="mpc")

    assert "form_not_redrawn reason=internal_error" in caplog.messages


async def test_a_form_that_was_closed_meanwhile_is_nobodys_trouble(
    bot_with: BotWith, slack: LocalSlack, caplog: pytest.LogCaptureFixture
) -> None:
    async with bot_with():
        form_id = await open_form(Person(slack))
        slack.backend.views.find(form_id).hash = "outdated"
        await slack.press_in_view(form_id, "lookup.provider", value="mpc")
        slack.backend.views.close_all("U0ALICE")

    assert [message for message in caplog.messages if "form" in message] == []


async def test_a_form_that_does_not_open_is_said_in_the_log(
    bot_with: BotWith, slack: LocalSlack, caplog: pytest.LogCaptureFixture
) -> None:
    slack.trouble("views.open", "internal_error")

    async with bot_with():
        await slack.global_shortcut("look_up")

    assert "form_not_opened reason=internal_error" in caplog.messages


def modal_text(slack: LocalSlack) -> str:
    """What stands in the modal now."""
    view = slack.modal()
    return prose(view) if view else ""
