"""Which task is meant: the one somebody knows, or the only one it can become."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.commands import Target
from bot.watchlists.choosing import Unclear, choose, needs_no_watch
from bot.watchlists.watching import end_of
from providers.models import Reason, TaskError, TaskRef, TaskState, TaskStatus

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
ACCOUNTS = {"record": ["main"], "mpc": ["transcode"], "huawei": ["main"]}
BARE = Target(None, None, "22123973")


def status(
    provider: str,
    state: TaskState | None,
    *,
    reason: Reason | None = None,
    started_at: datetime | None = None,
) -> TaskStatus:
    error = None if reason is None else TaskError(message="no", reason=reason)
    account = ACCOUNTS[provider][0]
    return TaskStatus(
        provider=provider,
        account=account,
        task_id="22123973",
        state=state,
        error=error,
        queried_at=NOW,
        started_at=started_at,
    )


def test_what_somebody_knows_is_meant() -> None:
    known = status("mpc", TaskState.RUNNING)

    assert choose(BARE, [known], ACCOUNTS) == known


def test_what_two_know_has_to_be_named() -> None:
    answers = [status("huawei", TaskState.RUNNING), status("mpc", TaskState.SUCCEEDED)]

    chosen = choose(BARE, answers, ACCOUNTS)

    refs = (TaskRef("huawei", "main", "22123973"), TaskRef("mpc", "transcode", "22123973"))
    assert chosen == Unclear("22123973", refs)


@pytest.mark.parametrize("state", [None, TaskState.NOT_FOUND])
def test_what_nobody_knows_has_to_be_named_where_it_may_be_several(
    state: TaskState | None,
) -> None:
    chosen = choose(BARE, [status("huawei", state)], ACCOUNTS)

    assert isinstance(chosen, Unclear)
    assert [ref.provider for ref in chosen.refs] == ["huawei", "mpc"]


@pytest.mark.parametrize("state", [None, TaskState.NOT_FOUND])
def test_what_nobody_knows_is_meant_where_it_can_be_one_thing_only(
    state: TaskState | None,
) -> None:
    answer = status("mpc", state)

    assert choose(Target("mpc", "transcode", "22123973"), [answer], ACCOUNTS) == answer
    assert choose(BARE, [answer], {"mpc": ["transcode"]}) == answer


@pytest.mark.parametrize(
    ("state", "reason", "needless"),
    [
        (TaskState.SUCCEEDED, None, True),
        (TaskState.FAILED, Reason.TASK_FAILED, True),
        (TaskState.RUNNING, None, False),
        (TaskState.UNKNOWN, None, False),
        (TaskState.NOT_FOUND, Reason.NOT_FOUND, False),
        (None, Reason.UNREACHABLE, False),
        (None, Reason.BAD_REQUEST, True),
        (None, None, False),
    ],
)
def test_nothing_is_awaited_of_what_ended_or_what_the_vendor_refuses_to_look_for(
    state: TaskState | None, reason: Reason | None, *, needless: bool
) -> None:
    assert needs_no_watch(status("mpc", state, reason=reason)) is needless


@pytest.mark.parametrize(
    ("provider", "started", "days"),
    [
        ("mpc", None, 7.0),
        ("mpc", timedelta(days=30), 7.0),
        ("record", None, 3.0),
        ("record", timedelta(days=1), 2.0),
        ("record", timedelta(days=4), 0.0),
    ],
)
def test_a_watch_ends_at_the_limit_or_where_the_vendor_tells_nothing_any_more(
    provider: str, started: timedelta | None, days: float
) -> None:
    started_at = None if started is None else NOW - started
    told = status(provider, TaskState.RUNNING, started_at=started_at)

    assert end_of(told, NOW, timedelta(days=7)) == NOW + timedelta(days=days)
