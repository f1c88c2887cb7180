from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.alerts.reporting import reports_for, wants
from bot.models import Priority, Watch, Watcher
from bot.oncall import Subscription
from bot.store.delivery_tables import deliveries
from providers.models import TaskState
from tests.bot.alerts.samples import HOUR, MINUTE, NOW, TEAM, ref
from tests.bot.alerts.test_troubles import routed
from tests.bot.alerts.world import World, failure
from tests.bot.watch.samples import watch


def subscription(**changed: Any) -> Subscription:
    made = Subscription(
        id=1,
        team_id=TEAM,
        channel_id="C1",
        created_by="U1",
        created_at=NOW - HOUR,
        provider=None,
        account=None,
        to="all",
        room=None,
        watchers=(Watcher("U9", "U1"),),
    )
    return replace(made, **changed)


@pytest.mark.parametrize(
    ("changed", "state", "wanted"),
    [
        ({}, "running", True),
        ({"provider": "record"}, "failed", True),
        ({"provider": "mpc"}, "failed", False),
        ({"account": "main"}, "failed", True),
        ({"account": "eu"}, "failed", False),
        ({"to": "failures"}, "failed", True),
        ({"to": "failures"}, "partial", True),
        ({"to": "failures"}, "succeeded", False),
        ({"to": "finished"}, "succeeded", True),
        ({"to": "finished"}, "running", False),
        ({"room": "room-*"}, "failed", True),
        ({"room": "class-*"}, "failed", False),
        ({"paused_at": NOW}, "failed", False),
        ({"ended_at": NOW}, "failed", False),
        ({"created_at": NOW}, "failed", False),  # it happened a minute before
    ],
)
def test_a_subscription_wants_what_fits_all_it_names(
    changed: dict[str, Any], state: str, *, wanted: bool
) -> None:
    found = routed(TaskState(state), status=failure(ref("a"), TaskState(state), NOW))

    assert wants(subscription(**changed), found) is wanted


def test_where_nobody_told_a_room_no_glob_fits() -> None:
    assert not wants(subscription(room="*"), routed())


def test_only_a_confirmed_bad_end_mentions_anybody() -> None:
    ends = (
        routed(),
        routed(confirmed=False),
        routed(TaskState.SUCCEEDED),
        routed(TaskState.RUNNING),
    )

    told = [next(reports_for(one, [subscription()], (), NOW)) for one in ends]

    assert [one.facts["mentions"] for one in told] == [["U9"], [], [], []]
    assert [one.priority for one in told] == [*[Priority.TERMINAL] * 3, Priority.PROGRESS]
    assert [one.facts["confirmed"] for one in told] == [True, False, True, True]


@pytest.mark.parametrize(("after", "late"), [(9 * MINUTE, False), (10 * MINUTE, True)])
def test_what_was_found_long_after_it_happened_is_told_as_found_late(
    after: timedelta, *, late: bool
) -> None:
    (told,) = reports_for(routed(), [subscription()], (), NOW + after)

    assert told.facts["late"] is late


@pytest.mark.parametrize(
    ("ended", "told"),
    [
        ({}, 0),
        ({"ended_at": NOW, "ended_why": "finished"}, 0),
        ({"ended_at": NOW - HOUR, "ended_why": "finished"}, 0),  # it tells the better end too
        ({"ended_at": NOW - HOUR, "ended_why": "unwatched"}, 1),
        ({"channel_id": "C2"}, 1),
        ({"team_id": "T2"}, 1),
    ],
)
def test_what_a_channels_own_watch_tells_it_is_not_told_again(
    ended: dict[str, Any], told: int
) -> None:
    watching: Watch = watch(**ended)

    assert len(list(reports_for(routed(), [subscription()], [watching], NOW))) == told


async def test_a_subscribed_channel_is_told_once(world: World) -> None:
    await world.store.subscriptions.add(subscription(to="failures"))

    await world.fail("a")
    await world.fail("b", state=TaskState.SUCCEEDED)

    reports = [row for row in await world.rows(deliveries) if row.kind == "report"]
    assert [(row.channel_id, row.facts["ref"]) for row in reports] == [("C1", "record@main:a")]
