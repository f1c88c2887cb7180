"""Commands about alerts where the store is in trouble: what was not done is said."""

from datetime import timedelta

import pytest

from bot.alertdesk import AlertCommand, AlertDesk
from bot.asker import Asker
from bot.commands import ListAlerts, Silence, Subscribe, Unsilence, Unsubscribe, WhichAlerts
from bot.store.alerts import Alerts
from bot.store.errors import StoreError
from bot.store.silences import Silences
from bot.store.subscriptions import Subscriptions
from bot.views.buttons import AlertsPage, TaskButton
from tests.bot.alerts.samples import ALICE, TEAM
from tests.bot.alerts.world import World

ASKER = Asker(TEAM, ALICE, "C1")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (ListAlerts(WhichAlerts.OPEN, 0), "The alerts could not be read. Please try again."),
        (
            Silence("all", timedelta(hours=1), None),
            "The silence could not be saved. Please try again.",
        ),
        (Unsilence("all"), "The silence could not be saved. Please try again."),
        (Subscribe("record", None), "The subscription could not be saved. Please try again."),
        (
            Unsubscribe(everything=True),
            "The subscription could not be saved. Please try again.",
        ),
    ],
)
async def test_what_could_not_be_done_is_said_so(
    command: AlertCommand, said: str, desk: AlertDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object, **__: object) -> None:
        raise StoreError("the disk is full")

    for methods, name in (
        (Alerts, "listed"),
        (Silences, "_commit"),
        (Silences, "_read"),
        (Subscriptions, "_commit"),
        (Subscriptions, "_read"),
    ):
        monkeypatch.setattr(methods, name, fails)

    assert (await desk.answer(command, ASKER)).view.text == said


async def test_a_home_without_its_alerts_is_a_home_all_the_same(
    desk: AlertDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object, **__: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(Alerts, "listed", fails)

    assert await desk.silencing.mine(ASKER) == ([], [])


async def test_a_button_about_something_else_is_nobodys_page(desk: AlertDesk) -> None:
    assert await desk.turn(TaskButton("record@main:1"), ASKER) is None
    assert await desk.turn(AlertsPage(0, "of another month"), ASKER) is None


async def test_a_subscription_that_rests_goes_on_when_somebody_subscribes_again(
    desk: AlertDesk, world: World
) -> None:
    wanted = Subscribe("record", None)
    await desk.answer(wanted, ASKER)
    (made,) = await world.store.subscriptions.of_channel(TEAM, "C1")
    await world.store.subscriptions.pause(made.id, "bot_removed", world.clock.now())

    await desk.answer(wanted, ASKER)

    (after,) = await world.store.subscriptions.of_channel(TEAM, "C1")
    assert (after.id, after.paused_at) == (made.id, None)


async def test_a_button_of_a_subscription_of_another_workspace_ends_nothing(
    desk: AlertDesk, world: World
) -> None:
    await desk.answer(Subscribe("record", None), ASKER)
    (made,) = await world.store.subscriptions.of_channel(TEAM, "C1")

    answer = await desk.subscribing.end_one(made.id, Asker("T0OTHER", ALICE, "C1"))

    assert answer.view.text == "This channel has no such subscription."
    assert len(await world.store.subscriptions.of_channel(TEAM, "C1")) == 1
