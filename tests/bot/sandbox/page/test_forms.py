"""Modals are filled in and submitted, refused, and closed."""

import pytest
from playwright.async_api import Locator, Page, expect

from bot.sandbox.slack.server import LocalSlack
from tests.bot.sandbox.page.acts import (
    acknowledged,
    actions,
    button,
    option,
    plain,
    section,
    type_in,
)
from tests.bot.sandbox.page.scripted_bot import Json, ScriptedBot

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


def field(block_id: str, element: Json, **more: object) -> Json:
    """An input block labelled with its id; its element has the same in lower case."""
    named = {"type": "input", "block_id": block_id, "label": plain(block_id)}
    return named | {"element": element | {"action_id": block_id.lower()}} | more


def form(*blocks: Json) -> Json:
    """A modal that can be submitted."""
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Look up"),
        "submit": plain("Search"),
        "blocks": list(blocks),
    }


async def open_form(page: Page, scripted: ScriptedBot, *blocks: Json) -> Locator:
    """Let the bot open a modal; its dialog."""
    scripted.modal = form(*blocks)
    await type_in(page, "/mediatask form")
    dialog = page.get_by_role("dialog", name="Look up")
    await expect(dialog).to_be_visible()
    return dialog


async def submit(dialog: Locator) -> None:
    await dialog.get_by_role("button", name="Search").click()


TEXT = {"type": "plain_text_input"}
OPTIONS = [option("One"), option("Two")]


async def test_what_is_filled_in_reaches_the_bot_in_slacks_own_shape(
    page: Page, slack: LocalSlack, scripted: ScriptedBot
) -> None:
    dialog = await open_form(
        page,
        scripted,
        field("Task", TEXT),
        field("Provider", {"type": "static_select", "options": OPTIONS}),
        field("Parts", {"type": "checkboxes", "options": OPTIONS}, optional=True),
        field("Kind", {"type": "radio_buttons", "options": OPTIONS}),
        field("Day", {"type": "datepicker", "initial_date": "2026-11-20"}),
        field("Person", {"type": "users_select"}, optional=True),
        field("Rooms", {"type": "multi_channels_select"}, optional=True),
    )

    await dialog.get_by_label("Task").fill("rec-1")
    await dialog.get_by_label("Provider").select_option("Two")
    await dialog.get_by_role("group", name="Parts").get_by_label("One").check()
    await dialog.get_by_role("radiogroup", name="Kind").get_by_label("Two").check()
    await dialog.get_by_label("Rooms").select_option(["C0MEDIA", "C0ONCALL"])
    await submit(dialog)

    await acknowledged(slack, "view_submission")
    values = scripted.submissions[0]
    assert values["Task"]["task"]["value"] == "rec-1"
    assert values["Provider"]["provider"]["selected_option"]["value"] == "two"
    assert [one["value"] for one in values["Parts"]["parts"]["selected_options"]] == ["one"]
    assert values["Kind"]["kind"]["selected_option"]["value"] == "two"
    assert values["Day"]["day"]["selected_date"] == "2026-11-20"
    assert values["Person"]["person"]["selected_user"] is None
    assert values["Rooms"]["rooms"]["selected_channels"] == ["C0MEDIA", "C0ONCALL"]
    await expect(dialog).to_have_count(0)


async def test_a_required_field_left_empty_holds_the_form_back(
    page: Page, scripted: ScriptedBot
) -> None:
    dialog = await open_form(
        page, scripted, field("Task", TEXT), field("Note", TEXT, optional=True)
    )

    await submit(dialog)

    await expect(dialog.get_by_role("alert")).to_have_text("Please complete this required field.")
    assert scripted.submissions == []


async def test_what_the_bot_refuses_is_told_at_the_field_and_stays_filled_in(
    page: Page, scripted: ScriptedBot
) -> None:
    scripted.refusal = {"response_action": "errors", "errors": {"Task": "No such task."}}
    dialog = await open_form(page, scripted, field("Task", TEXT, hint=plain("One id")))
    await dialog.get_by_label("Task").fill("nonsense")

    await submit(dialog)

    await expect(dialog.get_by_role("alert")).to_have_text("No such task.")
    await expect(dialog.get_by_label("Task")).to_have_value("nonsense")


async def test_a_submission_nobody_takes_is_told_in_the_modal(
    page: Page, slack: LocalSlack, scripted: ScriptedBot
) -> None:
    dialog = await open_form(page, scripted, field("Task", TEXT | {"initial_value": "x"}))
    slack.deliver_to("http://127.0.0.1:9/")

    await submit(dialog)

    await expect(dialog.get_by_role("alert")).to_contain_text("dispatch_failed")


async def test_an_updated_modal_keeps_what_was_typed(
    page: Page, slack: LocalSlack, scripted: ScriptedBot
) -> None:
    dialog = await open_form(page, scripted, field("Task", TEXT), *actions(button("More", "more")))
    await dialog.get_by_label("Task").fill("rec-1")
    await dialog.get_by_role("button", name="More").click()
    await acknowledged(slack, "action")

    modal = slack.modal()
    assert modal is not None
    await scripted.client.views_update(
        view_id=modal.id, view=form(field("Task", TEXT), section("now there is more"))
    )

    await expect(dialog).to_contain_text("now there is more")
    await expect(dialog.get_by_label("Task")).to_have_value("rec-1")
    assert scripted.actions[0]["action_id"] == "more"


@pytest.mark.parametrize("way", ["Escape", "Close", "Cancel"])
async def test_a_modal_is_closed_by_key_and_by_button(
    page: Page, slack: LocalSlack, scripted: ScriptedBot, way: str
) -> None:
    dialog = await open_form(page, scripted, field("Task", TEXT))

    if way == "Escape":
        await page.keyboard.press("Escape")
    else:
        await dialog.get_by_role("button", name=way).click()

    await expect(dialog).to_have_count(0)
    await slack.wait_for(lambda: slack.modal() is None)


async def test_an_open_modal_is_still_there_after_a_reload(
    page: Page, scripted: ScriptedBot
) -> None:
    dialog = await open_form(page, scripted, field("Task", TEXT))

    await page.reload()

    await expect(dialog.get_by_label("Task")).to_be_visible()


def dispatching(*triggers: str) -> Json:
    """A text field that tells the bot of what is typed."""
    config = {"trigger_actions_on": list(triggers)}
    return field("Task", TEXT | {"dispatch_action_config": config}, dispatch_action=True)


async def told(slack: LocalSlack, scripted: ScriptedBot, times: int) -> list[str]:
    """What the bot heard of the field, once it has heard so often."""
    await acknowledged(slack, "action", times)
    return [action["value"] for action in scripted.actions]


async def test_every_letter_is_told_in_order_where_the_field_says_so(
    page: Page, slack: LocalSlack, scripted: ScriptedBot
) -> None:
    dialog = await open_form(page, scripted, dispatching("on_character_entered"))

    await dialog.get_by_label("Task").press_sequentially("rec-1")

    assert await told(slack, scripted, 5) == ["r", "re", "rec", "rec-", "rec-1"]
    await expect(dialog.get_by_label("Task")).to_have_value("rec-1")


async def test_only_enter_is_told_where_the_field_says_nothing_else(
    page: Page, slack: LocalSlack, scripted: ScriptedBot
) -> None:
    dialog = await open_form(page, scripted, dispatching("on_enter_pressed"))

    await dialog.get_by_label("Task").press_sequentially("rec-1")
    await dialog.get_by_label("Task").press("Enter")

    assert await told(slack, scripted, 1) == ["rec-1"]


async def test_who_types_keeps_the_focus_while_the_bot_draws_the_modal_anew(
    page: Page, slack: LocalSlack, scripted: ScriptedBot
) -> None:
    loud = dispatching("on_character_entered")
    dialog = await open_form(page, scripted, loud)
    await dialog.get_by_label("Task").press_sequentially("re")
    assert await told(slack, scripted, 2) == ["r", "re"]

    modal = slack.modal()
    assert modal is not None
    await scripted.client.views_update(view_id=modal.id, view=form(section("Not an id."), loud))
    await expect(dialog).to_contain_text("Not an id.")
    await page.keyboard.type("c")

    assert (await told(slack, scripted, 3))[-1] == "rec"
    await expect(dialog.get_by_label("Task")).to_have_value("rec")
