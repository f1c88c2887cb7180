"""Whom a decision is told, where, and by which facts."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.models import Broadcast, FollowedTask, Happening, NewDelivery, Priority, Watch, Watcher
from bot.watch.policy import Rules, decide
from bot.watch.telling import ChannelRules, Telling, deliveries_for, delivery_for_timer
from providers.errors import AuthError, ProviderError
from providers.models import TaskState, TaskStatus
from tests.bot.watch.samples import HOUR, MINUTE, NOW, SECOND, followed, seen, status, watch

CHOSEN = tuple(
    happening
    for happening in Happening
    if happening.value in {"started", "paused", "review", "stalled", "unreachable"}
)
PICKY = Watcher("U2", "U1", only_failures=True)
GROUP = Watcher("S1", "U1")


def tell(*news: Happening, broadcast: Broadcast = Broadcast.NEVER, open_now: int = 1) -> Telling:
    return Telling({("T1", "C1"): ChannelRules(frozenset(news), broadcast)}, {5: open_now})


def told(
    what: TaskState | TaskStatus | ProviderError,
    *watches: Watch,
    task: FollowedTask | None = None,
    telling: Telling | None = None,
    rules: Rules | None = None,
) -> tuple[NewDelivery, ...]:
    decision = decide(task or followed(TaskState.RUNNING), seen(what), NOW, rules or Rules())
    return deliveries_for(decision, watches or (watch(),), telling or Telling(), NOW)


def test_an_end_is_told_with_all_its_facts() -> None:
    finished = status(TaskState.SUCCEEDED, finished_at=NOW - MINUTE, details={"Extra": "words"})

    (delivery,) = told(finished)

    assert delivery == NewDelivery(
        key="news:1:4:finished",
        team_id="T1",
        kind="news",
        channel_id="C1",
        priority=Priority.TERMINAL,
        happened_at=NOW - MINUTE,
        card_id=5,
        facts={
            "ref": "tiw@main:t1",
            "happening": "finished",
            "before": "running",
            "after": "succeeded",
            "status": finished.model_dump(mode="json", exclude={"details"}),
            "happened_at": "2026-11-20T09:59:00Z",
            "mentions": ["U1"],
            "late": False,
            "broadcast": False,
            "trouble": None,
        },
    )


def test_facts_are_json() -> None:
    for delivery in told(TaskState.FAILED):
        assert json.loads(json.dumps(delivery.facts)) == delivery.facts


def test_every_open_watch_is_told_and_no_ended_one() -> None:
    ended = watch(3, ended_at=NOW - HOUR, ended_why="unwatched")

    deliveries = told(TaskState.FAILED, watch(1), watch(2, channel_id="C2"), ended)

    assert [delivery.key for delivery in deliveries] == ["news:1:4:finished", "news:2:4:finished"]
    assert [delivery.channel_id for delivery in deliveries] == ["C1", "C2"]


@pytest.mark.parametrize(
    ("ended_why", "count"), [("finished", 1), ("unwatched", 0), ("limit_reached", 0), (None, 0)]
)
def test_a_better_end_is_told_where_the_first_one_was(ended_why: str | None, count: int) -> None:
    ended = watch(1, PICKY, ended_at=ended_why and NOW - HOUR, ended_why=ended_why)

    deliveries = told(TaskState.SUCCEEDED, ended, task=followed(TaskState.FAILED))

    assert len(deliveries) == count
    assert all(one.facts["happening"] == "improved" for one in deliveries)
    assert all(one.facts["mentions"] == ["U2"] for one in deliveries)


@pytest.mark.parametrize(
    ("state", "mentions"),
    [
        (TaskState.SUCCEEDED, ["U1", "S1"]),
        (TaskState.PARTIAL, ["U1", "U2", "S1"]),
        (TaskState.EMPTY, ["U1", "U2", "S1"]),
        (TaskState.FAILED, ["U1", "U2", "S1"]),
        (TaskState.CANCELED, ["U1", "U2", "S1"]),
    ],
)
def test_whoever_waits_for_failures_is_not_called_for_a_good_end(
    state: TaskState, mentions: list[str]
) -> None:
    (delivery,) = told(state, watch(1, Watcher("U1", "U1"), PICKY, GROUP))

    assert delivery.facts["mentions"] == mentions


@pytest.mark.parametrize(("state", "count"), [(TaskState.SUCCEEDED, 0), (TaskState.FAILED, 1)])
def test_where_all_wait_for_failures_a_good_end_is_not_told(state: TaskState, count: int) -> None:
    assert len(told(state, watch(1, PICKY))) == count


def test_a_watch_that_has_lost_its_watchers_is_told_all_the_same() -> None:
    (delivery,) = told(TaskState.SUCCEEDED, replace(watch(), watchers=()))

    assert delivery.facts["mentions"] == []


@pytest.mark.parametrize(
    ("task", "what", "happening"),
    [
        (followed(TaskState.QUEUED), TaskState.RUNNING, Happening.STARTED),
        (followed(TaskState.RUNNING), TaskState.PAUSED, Happening.PAUSED),
        (followed(TaskState.RUNNING), TaskState.REVIEW, Happening.REVIEW),
        (followed(TaskState.RUNNING), TaskState.RUNNING, Happening.STALLED),
        (
            followed(TaskState.PAUSED, unreachable_since=NOW - HOUR),
            TaskState.PAUSED,
            Happening.RECOVERED,
        ),
        (followed(TaskState.RUNNING, errors=1), AuthError("refused"), Happening.UNREACHABLE),
    ],
)
@pytest.mark.parametrize("chosen", CHOSEN)
def test_news_on_the_way_is_told_where_the_channel_chose_it(
    task: FollowedTask,
    what: TaskState | ProviderError,
    happening: Happening,
    chosen: Happening,
) -> None:
    rules = Rules(stalled_after=30 * MINUTE if happening is Happening.STALLED else None)
    stands_for = Happening.UNREACHABLE if happening is Happening.RECOVERED else happening

    deliveries = told(what, task=task, telling=tell(chosen), rules=rules)

    assert [one.facts["happening"] for one in deliveries] == [happening] * (chosen is stands_for)
    assert all(one.priority is Priority.PROGRESS for one in deliveries)
    assert all(one.facts["mentions"] == [] for one in deliveries)
    assert all(one.not_before is None for one in deliveries)


def test_that_nobody_answers_is_told_with_the_reason_and_since_when() -> None:
    task = followed(TaskState.RUNNING, errors=1)

    (delivery,) = told(AuthError("refused"), task=task, telling=tell(Happening.UNREACHABLE))

    assert delivery.facts["trouble"] == "auth"
    assert delivery.happened_at == NOW - 5 * MINUTE


@pytest.mark.parametrize(
    ("broadcast", "shown"),
    [
        (Broadcast.NEVER, set()),
        (Broadcast.FAILURES, {"partial", "empty", "failed", "canceled"}),
        (Broadcast.ALWAYS, {"succeeded", "partial", "empty", "failed", "canceled"}),
    ],
)
def test_ends_are_broadcast_as_the_channel_chose(broadcast: Broadcast, shown: set[str]) -> None:
    telling = tell(Happening.PAUSED, Happening.REVIEW, broadcast=broadcast)

    deliveries = [one for state in TaskState for one in told(state, telling=telling)]

    assert {one.facts["after"] for one in deliveries if one.facts["broadcast"]} == shown
    assert {one.facts["after"] for one in deliveries} > {"paused", "review", "succeeded"}


@pytest.mark.parametrize(("open_now", "wait"), [(1, None), (2, NOW + 10 * SECOND)])
def test_an_end_waits_for_the_others_of_its_card_and_the_last_one_does_not(
    open_now: int, wait: datetime | None
) -> None:
    (delivery,) = told(TaskState.FAILED, telling=tell(open_now=open_now))

    assert delivery.not_before == wait


@pytest.mark.parametrize(
    ("ago", "told_late"), [(0 * MINUTE, []), (5 * MINUTE, []), (6 * MINUTE, ["U1"])]
)
def test_old_news_is_marked_as_such(ago: timedelta, told_late: list[str]) -> None:
    deliveries = told(status(TaskState.SUCCEEDED, finished_at=NOW - ago))

    late = [one for one in deliveries if one.facts["late"]]
    assert [one.happened_at for one in deliveries] == [NOW - ago]
    assert [who for one in late for who in one.facts["mentions"]] == told_late


def test_an_end_that_is_watched_anew_is_told_with_when_it_really_was() -> None:
    task = followed(TaskState.FAILED, is_open=True)

    (delivery,) = told(TaskState.FAILED, task=task)

    assert delivery.happened_at == task.changed_at
    assert delivery.facts["late"] is True


@pytest.mark.parametrize(
    ("happening", "priority"),
    [
        (Happening.MISSING, Priority.TERMINAL),
        (Happening.LIMIT_REACHED, Priority.TERMINAL),
        (Happening.LIMIT_NEAR, Priority.PROGRESS),
    ],
)
def test_what_the_clock_ends_is_told_to_all_who_watch(
    happening: Happening, priority: Priority
) -> None:
    task = followed(TaskState.NOT_FOUND)

    delivery = delivery_for_timer(watch(1, PICKY, GROUP), task, happening, NOW)

    facts: dict[str, Any] = dict(delivery.facts)
    assert (delivery.key, delivery.priority) == (f"news:1:3:{happening}", priority)
    assert delivery.happened_at == NOW
    assert facts["mentions"] == ["U2", "S1"]
    assert facts["ends_at"] == "2026-11-21T10:00:00Z"
    assert (facts["after"], facts["status"]) == ("not_found", None)
