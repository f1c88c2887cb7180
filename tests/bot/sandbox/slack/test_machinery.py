"""The small parts: time limits, background work, waiting, what people type, what they press."""

import asyncio
import logging
from typing import Any

import pytest

from bot.sandbox.slack import seed
from bot.sandbox.slack.background import Background
from bot.sandbox.slack.changes import Change, Changes
from bot.sandbox.slack.deadlines import Deadlines
from bot.sandbox.slack.elements import act_on, entry, initial_values
from bot.sandbox.slack.errors import NotPossibleError
from bot.sandbox.slack.typing_text import as_blocks, as_command, as_message
from tests.bot.sandbox.slack.cards import button, menu, option
from tests.fakes.clock import FakeClock


async def sleep_within(deadlines: Deadlines, seconds: float, limit: float) -> str:
    try:
        async with deadlines.within(limit):
            await deadlines.clock.sleep(seconds)
    except TimeoutError:
        return "over"
    return "met"


async def test_a_limit_is_met_or_over_by_the_clock_it_was_given() -> None:
    clock = FakeClock()
    deadlines = Deadlines(clock)
    limits = ((5, 3), (2, 3), (0.5, 1), (9, 1))
    tasks = [asyncio.create_task(sleep_within(deadlines, *one)) for one in limits]

    await clock.advance(10)
    outcomes = [await task for task in tasks]
    await deadlines.close()

    assert outcomes == ["over", "met", "met", "over"]


async def test_a_cancellation_from_elsewhere_is_no_time_out() -> None:
    clock = FakeClock()
    deadlines = Deadlines(clock)
    task = asyncio.create_task(sleep_within(deadlines, 5, 3))
    await clock.settle()

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    await deadlines.close()


async def test_closing_ends_every_limit_and_lets_no_other_begin() -> None:
    clock = FakeClock()
    deadlines = Deadlines(clock)
    met = asyncio.create_task(sleep_within(deadlines, 1, 3))
    waiting = asyncio.create_task(sleep_within(deadlines, 5, 9))
    await clock.advance(1)

    await deadlines.close()
    outcomes = [await met, await waiting, await sleep_within(deadlines, 0, 3)]

    assert outcomes == ["met", "over", "over"]


async def test_closing_limits_nobody_set_is_nothing() -> None:
    await Deadlines(FakeClock()).close()


async def test_background_work_that_fails_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    background = Background()

    async def fail() -> None:
        raise ValueError("it broke")

    with caplog.at_level(logging.ERROR):
        background.start(fail())
        await FakeClock().settle()
        await background.close()

    assert [record.getMessage() for record in caplog.records] == ["local_slack_work_failed"]
    caplog.clear()


async def test_background_work_ends_when_it_is_closed_or_stopped() -> None:
    clock = FakeClock()
    background = Background()
    stop = background.start(clock.sleep(5))
    background.start(clock.sleep(5))
    await clock.settle()

    stop()
    await clock.settle()
    left = clock.sleepers
    await background.close()

    assert (left, clock.sleepers) == (1, 0)


async def test_waiting_ends_when_it_comes_true() -> None:
    changes = Changes()
    happened: list[str] = []
    waiting = asyncio.create_task(changes.wait_for(lambda: happened, 5))
    await FakeClock().settle()
    changes.announce(Change("message"))

    happened.append("it")
    changes.announce(Change("message"))
    changes.announce(Change("message"))

    assert await waiting == ["it"]


async def test_waiting_for_what_never_comes_true_ends_too() -> None:
    with pytest.raises(TimeoutError):
        await Changes().wait_for(lambda: False, 0.01)


async def test_a_condition_that_raises_raises_where_it_is_waited_for() -> None:
    with pytest.raises(ZeroDivisionError):
        await Changes().wait_for(lambda: 1 / 0, 5)


def test_a_watcher_hears_until_it_stops() -> None:
    changes = Changes()
    heard: list[Change] = []
    stop = changes.watch(heard.append)

    changes.announce(Change("message"))
    stop()
    changes.announce(Change("message"))

    assert len(heard) == 1


USERS = seed.initial_users().values()
CHANNELS = seed.initial_channels().values()


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("tencent 1", "tencent 1"),
        ("a & <b>", "a &amp; &lt;b&gt;"),
        ("@Bob @nobody me@bob", "<@U0BOB|bob> @nobody me@bob"),
        (
            "@oncall <!subteam^S0MEDIA|@media>",
            "<!subteam^S0ONCALL|@oncall> <!subteam^S0MEDIA|@media>",
        ),
        ("#oncall #nowhere", "<#C0ONCALL|oncall> #nowhere"),
        ("https://a.example/@bob?a=1&b=2.", "<https://a.example/@bob?a=1&amp;b=2>."),
        ("<https://a.example|here> <@U0BOB>", "<https://a.example|here> <@U0BOB>"),
        ("<!channel>", "&lt;!channel&gt;"),
    ],
)
def test_a_command_is_written_as_slack_sends_it(typed: str, sent: str) -> None:
    assert as_command(typed, USERS, seed.USERGROUPS, CHANNELS) == sent


def test_a_message_is_drawn_from_its_text() -> None:
    typed = "@mediatask a&b https://x.example/?a&b <#C0ONCALL|oncall> @oncall"
    text = as_message(typed, USERS, seed.USERGROUPS)

    (block,) = as_blocks(text)

    assert block["elements"][0]["elements"] == [
        {"type": "user", "user_id": "U0MEDIATASK"},
        {"type": "text", "text": " a&b "},
        {"type": "link", "url": "https://x.example/?a&b"},
        {"type": "text", "text": " "},
        {"type": "channel", "channel_id": "C0ONCALL"},
        {"type": "text", "text": " "},
        {"type": "usergroup", "usergroup_id": "S0ONCALL"},
    ]


MULTI = {"type": "checkboxes", "action_id": "on", "options": [option("a"), option("b")]}
GROUPED = {
    "type": "static_select",
    "action_id": "x",
    "option_groups": [{"label": {}, "options": [option("z")]}],
}
OVERFLOW = menu() | {"type": "overflow"}


@pytest.mark.parametrize(
    ("element", "chosen", "expected"),
    [
        (button(), None, {"value": "tencent:1"}),
        (button(), "other", {"value": "other"}),
        (button(), {"type": "button", "value": "drawn"}, {"value": "drawn"}),
        ({"type": "button", "action_id": "link"}, None, {}),
        (menu(), "a", {"selected_option": option("a")}),
        (menu(), option("b"), {"selected_option": option("b")}),
        (menu(), {"selected_option": option("b")}, {"selected_option": option("b")}),
        (menu(), None, {"selected_option": None}),
        (GROUPED, "z", {"selected_option": option("z")}),
        (OVERFLOW, "a", {"selected_option": option("a")}),
        (MULTI, ["a", "b"], {"selected_options": [option("a"), option("b")]}),
        ({"type": "datepicker"}, "2026-11-20", {"selected_date": "2026-11-20"}),
        ({"type": "users_select"}, {"selected_user": "U0BOB"}, {"selected_user": "U0BOB"}),
    ],
)
def test_what_was_chosen_stands_where_payloads_have_it(
    element: dict[str, Any], chosen: Any, expected: dict[str, Any]
) -> None:
    assert entry(element, chosen) == expected


@pytest.mark.parametrize(
    ("element", "chosen"), [(menu(), "z"), (MULTI, ["a", "z"]), ({"type": "image"}, None)]
)
def test_what_is_not_offered_cannot_be_chosen(element: dict[str, Any], chosen: Any) -> None:
    with pytest.raises(NotPossibleError):
        entry(element, chosen)


def test_a_press_tells_the_text_of_a_button_only() -> None:
    pressed = act_on(button() | {"style": "primary"}, "row", None, "1.0")
    chosen = act_on(menu(), "row", "a", "1.0")

    assert (pressed["text"]["text"], pressed["style"]) == ("Press", "primary")
    assert "text" not in chosen


def test_values_begin_with_what_the_view_says() -> None:
    first = menu() | {"initial_option": option("a")}
    date = {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-20"}
    block = {"type": "actions", "block_id": "row", "elements": [first, date, button()]}

    values = initial_values([block])

    assert values == {
        "row": {
            "provider": {"type": "static_select", "selected_option": option("a")},
            "day": {"type": "datepicker", "selected_date": "2026-11-20"},
        }
    }
