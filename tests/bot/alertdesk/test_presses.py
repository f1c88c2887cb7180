"""A press on an alert while others change it: made if it still fits, else explained."""

from collections.abc import Callable

import pytest

from bot.alertdesk import AlertDesk
from bot.alerts.presses import Press
from bot.asker import Asker
from bot.oncall import Alert, AlertChange, AlertStatus, What
from bot.store.alerts import Alerts
from bot.store.errors import StoreError
from tests.bot.alerts.samples import ALICE, BOB, TEAM
from tests.bot.alerts.world import World

ALICES, STRANGER = Asker(TEAM, ALICE, "C1"), Asker("T0OTHER", ALICE, "C1")
Between = Callable[[int], None]


async def press(desk: AlertDesk, alert: Alert, what: What = What.ACKNOWLEDGED) -> str | None:
    """Press as Alice; what she is told, None where the alert shows it."""
    answer = await desk.presses.press(alert.id, Press(what, ALICE, alert.version), ALICES)
    return answer.view.text if answer else None


async def test_tasks_that_join_while_somebody_presses_make_nobody_too_late(
    world: World, desk: AlertDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.fail("a")
    alert, right, joined = await world.alert(), Alerts.apply, iter(["b", "c"])

    async def apply(alerts: Alerts, change: AlertChange, at: object) -> Alert | None:
        if (task := next(joined, None)) and change.after.status is AlertStatus.ACKNOWLEDGED:
            monkeypatch.setattr(Alerts, "apply", right)
            await world.fail(task)
            monkeypatch.setattr(Alerts, "apply", apply)
        return await right(alerts, change, at)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(Alerts, "apply", apply)
    told = await press(desk, alert)

    after = await world.alert()
    assert told is None
    assert (after.status, after.acknowledged_by) == (AlertStatus.ACKNOWLEDGED, ALICE)
    assert after.count == 3


async def test_of_two_presses_on_the_same_alert_the_second_is_told_of_the_first(
    world: World, desk: AlertDesk
) -> None:
    await world.fail("a")
    drawn = await world.alert()
    await world.press(What.RESOLVED, by=BOB)

    told = await press(desk, drawn)

    assert told is not None
    assert told.startswith("That came too late, and nothing was changed.")
    assert f"<@{BOB}> resolved it." in told
    assert (await world.alert()).resolved_by == BOB


@pytest.mark.parametrize("fault", [None, StoreError("the disk is full")])
async def test_what_could_not_be_saved_is_said_and_is_not_called_late(
    fault: StoreError | None, world: World, desk: AlertDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def apply(*_: object) -> None:
        if fault:
            raise fault

    await world.fail("a")
    monkeypatch.setattr(Alerts, "apply", apply)

    told = await press(desk, await world.alert())

    assert told == "That could not be saved. Please press again."


@pytest.mark.parametrize("asker", [STRANGER, Asker(TEAM, ALICE, "C1")])
async def test_an_alert_of_another_workspace_or_of_none_is_nobodys(
    asker: Asker, world: World, desk: AlertDesk
) -> None:
    await world.fail("a")
    alert_id = (await world.alert()).id if asker is STRANGER else 99

    pressed = await desk.presses.press(alert_id, Press(What.RESOLVED, ALICE, 1), asker)
    others = [
        await desk.presses.details(alert_id, asker),
        await desk.presses.turn(alert_id, 1, asker),
    ]

    assert pressed is not None
    assert all("too old" in one.view.text for one in (pressed, *others))
    assert (await world.alert()).status is AlertStatus.OPEN
