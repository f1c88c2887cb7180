"""What people do below an alert: one press each, and the late one is told."""

import pytest

from bot.sandbox.slack.entities import Message
from tests.bot.surface.shift import ONCALL, ROUTE, Shift, ShiftWith
from tests.fakes.person import Person, labels, prose


async def chooses(person: Person, action: str, value: str, message: Message) -> None:
    """Choose from a menu below an alert."""
    outcome = await person.slack.select(ONCALL, message.ts, action, value, user=person.user)
    assert outcome.error is None


async def presses_action(person: Person, action: str, message: Message) -> Message:
    """Press a button by its name; the answer to that."""
    outcome = await person.slack.click(ONCALL, message.ts, action, user=person.user)
    interaction = outcome.interaction
    assert interaction is not None
    await person.slack.wait_for(lambda: interaction.answers)
    return interaction.answers[-1]


async def presses(person: Person, action: str, message: Message) -> None:
    """Press a button that the alert itself answers."""
    outcome = await person.slack.click(ONCALL, message.ts, action, user=person.user)
    assert outcome.error is None


async def test_who_acknowledges_is_named_in_the_message_and_in_its_thread(shift: Shift) -> None:
    alert = await shift.alert()

    await presses(shift.person(), "acknowledge", alert)
    await shift.sees(lambda: "Acknowledged by <@U0ALICE>" in prose(alert))
    await shift.sees(lambda: shift.thread(alert))

    (line,) = shift.thread(alert)
    assert prose(line) == "<@U0ALICE> acknowledged it."
    assert "Acknowledge" not in labels(alert)
    assert shift.alerts == [alert]


async def test_the_late_one_is_told_who_did_what_and_changes_nothing(shift: Shift) -> None:
    alert = await shift.alert()
    as_drawn = Message(alert.ts, alert.channel, alert.user, alert.content)
    await presses(shift.person(), "acknowledge", alert)
    await shift.sees(lambda: "Acknowledged by <@U0ALICE>" in prose(alert))
    await shift.sees(lambda: shift.thread(alert))
    now = alert.content

    alert.content = as_drawn.content
    said = await presses_action(shift.person("U0BOB"), "acknowledge", alert)
    alert.content = now

    assert said.ephemeral_for == "U0BOB"
    assert prose(said).startswith("That came too late, and nothing was changed.")
    assert "<@U0ALICE> acknowledged it." in prose(said)
    assert len(shift.thread(alert)) == 1


async def test_a_slow_click_un_resolves_nothing(shift: Shift) -> None:
    alert = await shift.alert()
    as_drawn = Message(alert.ts, alert.channel, alert.user, alert.content)
    await presses(shift.person(), "resolve", alert)
    await shift.sees(lambda: "Resolved by <@U0ALICE>" in prose(alert))
    now = alert.content

    alert.content = as_drawn.content
    said = [
        await presses_action(shift.person("U0BOB"), action, alert)
        for action in ("acknowledge", "resolve")
    ]
    alert.content = now

    assert all("<@U0ALICE> resolved it." in prose(one) for one in said)
    assert labels(alert) == ["Details"]


async def test_the_same_press_twice_by_the_same_person_is_answered_by_the_alert_alone(
    shift: Shift,
) -> None:
    alert = await shift.alert()
    as_drawn = Message(alert.ts, alert.channel, alert.user, alert.content)
    alice = shift.person()
    await presses(alice, "acknowledge", alert)
    await shift.sees(lambda: shift.thread(alert))
    before = alice.sees()

    alert.content = as_drawn.content
    await presses(alice, "acknowledge", alert)
    helped = await alice.asks("help")

    assert alice.sees() == [*before, helped]


async def test_whoever_it_is_assigned_to_is_called_in_the_thread(shift: Shift) -> None:
    alert = await shift.alert()

    await chooses(shift.person(), "assign", "U0BOB", alert)
    await shift.sees(lambda: "Assigned to <@U0BOB>" in prose(alert))
    await shift.sees(lambda: shift.thread(alert))

    (line,) = shift.thread(alert)
    assert "<@U0BOB>" in prose(line)
    assert "<@U0ALICE> assigned it to <@U0BOB>." in prose(line)
    assert "Acknowledge" in labels(alert)


async def test_a_snooze_says_until_when_and_by_whom(shift: Shift) -> None:
    alert = await shift.alert()
    options = [
        option["value"]
        for block in alert.blocks
        for element in block.get("elements", ())
        for option in element.get("options", ())
    ]

    await chooses(shift.person(), "snooze", options[0], alert)
    await shift.sees(lambda: "Snoozed by <@U0ALICE> until" in prose(alert))

    assert "· Snoozed" in prose(alert)
    assert "Acknowledge" in labels(alert)


async def test_the_details_are_a_modal_with_the_whole_log(shift: Shift) -> None:
    alert = await shift.alert()
    await presses(shift.person(), "acknowledge", alert)
    await shift.sees(lambda: "Acknowledged by" in prose(alert))

    modal = await shift.person("U0BOB").opens("Details", alert)

    told = prose(modal)
    assert "The alert was opened." in told
    assert "<@U0ALICE> acknowledged it." in told
    assert "Night1" in told


@pytest.mark.parametrize("action", ["acknowledge", "resolve"])
async def test_what_the_policy_forbids_changes_nothing(action: str, shift_with: ShiftWith) -> None:
    async with shift_with(policy=[{"action": "alert", "allow": False}]) as shift:
        alert = await shift.alert()

        said = await presses_action(shift.person(), action, alert)

        assert prose(said) == ":no_entry: That is not allowed here, by the rule `#1`."
        assert "· Open" in prose(alert)
        assert shift.thread(alert) == []


def rewrite(message: Message, action: str, value: str) -> None:
    """Write another value into the button of an alert."""
    for block in message.blocks:
        for element in block.get("elements", ()):
            if element.get("action_id") == action:
                element["value"] = value
                block["block_id"] = "somebody-else"


@pytest.mark.parametrize(
    "value", ["", "{}", '{"k":"alert","a":99,"v":1}', '{"k":"card","c":1}', "record@main:1"]
)
async def test_a_button_that_nobody_understands_any_more_is_answered_so(
    value: str, shift: Shift
) -> None:
    alert, alice = await shift.alert(), shift.person()
    for action in ("acknowledge", "alert_details"):
        rewrite(alert, action, value)
    before = alert.content

    said = await presses_action(alice, "acknowledge", alert)
    modal = await alice.opens("Details", alert)

    assert prose(said).startswith("This button is too old")
    assert "This button is too old" in prose(modal)
    assert alert.content == before


async def test_the_tasks_of_a_large_alert_are_paged_for_one_reader(shift_with: ShiftWith) -> None:
    async with shift_with(alerts=[ROUTE | {"group": "10m"}]) as shift:
        alert = await shift.alert("Night00")
        for number in range(1, 12):
            await shift.fails(f"Night{number:02}")
        await shift.sees(lambda: "12 tasks failed" in prose(alert))

        page = await shift.person("U0BOB").presses("Next", alert)

        assert page.ephemeral_for == "U0BOB"
        named = [number for number in range(12) if f"Night{number:02}" in prose(page)]
        assert len(named) == 2
        assert shift.alerts == [alert]
