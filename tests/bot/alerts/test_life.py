"""Alerts in any order of failures, recoveries, presses, time, restarts, silences and Slack's moods.

What must hold, whatever happens: no failure is lost, nobody but a new failure un-resolves an alert,
no pager rings twice for one step of one opening, nobody is called twice for one opening (unless a
snooze was over), and an open alert that nothing keeps quiet has been told.
"""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete

from bot.alerts.auditor import missing_steps
from bot.alerts.hush import silence_of
from bot.alerts.presses import Press, press
from bot.alerts.quiet import not_in_quiet
from bot.oncall import Alert, AlertChange, AlertStatus, What
from bot.store.database import Database
from bot.store.delivery_tables import deliveries
from bot.store.oncall_tables import alert_tasks, pages
from bot.store.tables import metadata
from tests.bot.alerts.samples import NIGHTS, ONCALL, route
from tests.bot.alerts.world import on
from tests.fakes.clock import FakeClock
from tests.fakes.inline_sqlite import open_inline_database

EVENING = datetime.fromisoformat("2026-11-20T20:00+00:00")
ROUTE = route(quiet=NIGHTS, group="5m")
PRESSES = (What.ACKNOWLEDGED, What.ASSIGNED, What.SNOOZED, What.RESOLVED)
MINUTES = st.sampled_from([1, 2, 4, 6, 11, 21, 65, 9 * 60]).map(
    lambda count: timedelta(minutes=count)
)


class Life(RuleBasedStateMachine):
    """One workspace's on-call; every rule ends with everybody having looked."""

    def __init__(self, runner: asyncio.Runner, database: Database) -> None:
        super().__init__()
        self.runner, self.database = runner, database
        self.run(wipe(database))
        self.world = on(database, (ROUTE,), FakeClock(EVENING))
        self.failed: list[str] = []
        self.recovered: set[str] = set()
        self.silences: list[int] = []
        self.seen: dict[int, Alert] = {}
        self.has_failed = False

    def run(self, work: Any) -> Any:
        return self.runner.run(work)

    @rule(count=st.integers(1, 3), code=st.sampled_from("56"), room=st.sampled_from("xy"))
    def fail(self, count: int, code: str, room: str) -> None:
        begin = len(self.failed)
        new = [f"t{number}" for number in range(begin, begin + count)]
        self.failed += new
        self.has_failed = True
        self.run(self.world.fail(*new, code=code, room=room))
        self.look()

    @precondition(lambda self: len(self.failed) > len(self.recovered))
    @rule(which=st.integers(0, 99))
    def recover(self, which: int) -> None:
        left = [one for one in self.failed if one not in self.recovered]
        self.recovered.add(left[which % len(left)])
        self.run(self.world.recover(left[which % len(left)]))
        self.look()

    @precondition(lambda self: self.seen)
    @rule(
        which=st.integers(0, 9),
        what=st.sampled_from(PRESSES),
        older=st.integers(0, 2),
        lasting=MINUTES,
    )
    def press(self, which: int, what: What, older: int, lasting: timedelta) -> None:
        self.run(self._press(which, what, older, lasting))
        self.look()

    async def _press(self, which: int, what: What, older: int, lasting: timedelta) -> None:
        now, alerts = self.world.clock.now(), list(self.seen.values())
        alert = alerts[which % len(alerts)]
        pressed = Press(what, "U1", max(1, alert.version - older), to="U3", lasting=lasting)
        change = press(alert, pressed, now)
        if not isinstance(change, AlertChange):
            return
        assert older == 0 or alert.version == 1
        done = await self.world.store.alerts.apply(change, now)
        assert done is not None
        assert await self.world.store.alerts.apply(change, now) is None

    @rule(lasting=MINUTES)
    def wait(self, lasting: timedelta) -> None:
        self.world.clock.jump(lasting)
        self.look()

    @rule()
    def restart(self) -> None:
        slack_answers = self.world.slack_answers
        self.world = on(self.database, self.world.routes, self.world.clock)
        self.world.slack_answers = slack_answers
        self.look()

    @rule(of=st.sampled_from(["all", "mpc", "record", "room x", "record@main:t0"]), lasts=MINUTES)
    def silence(self, of: str, lasts: timedelta) -> None:
        self.silences.append(self.run(self.world.silence(of, lasts)))
        self.look()

    @precondition(lambda self: self.silences)
    @rule(which=st.integers(0, 9))
    def unsilence(self, which: int) -> None:
        self.run(self.world.unsilence(self.silences[which % len(self.silences)]))
        self.look()

    @rule()
    def slack_changes_its_mood(self) -> None:
        self.world.slack_answers = not self.world.slack_answers
        self.look()

    def look(self) -> None:
        self.run(self._look())

    async def _look(self) -> None:
        if self.world.slack_answers:
            await self.world.deliver()
        await self.world.clockwork.run_due()
        await self.world.router.route_some()
        await self.world.auditor.look()
        before, self.seen = self.seen, {one.id: one for one in await self.world.all()}
        for alert_id, alert in before.items():
            self.compare(alert, self.seen[alert_id])
        self.has_failed = False

    def compare(self, before: Alert, after: Alert) -> None:
        assert after.version >= before.version
        assert after.revision >= before.revision
        was_resolved = before.status is AlertStatus.RESOLVED
        if was_resolved and after.status is not AlertStatus.RESOLVED:
            assert self.has_failed
            assert after.openings == before.openings + 1

    @invariant()
    def no_failure_is_lost(self) -> None:
        rows = self.run(self.world.rows(alert_tasks))
        assert Counter(row.task_id for row in rows) == Counter(self.failed)
        for alert in self.seen.values():
            theirs = [row for row in rows if row.alert_id == alert.id]
            assert alert.count == len(theirs)
            assert alert.recovered == sum(row.recovered_at is not None for row in theirs)
            if alert.status is not AlertStatus.RESOLVED:
                assert any(row.recovered_at is None for row in theirs)

    @invariant()
    def one_cause_is_one_alert(self) -> None:
        unresolved = [one for one in self.seen.values() if one.resolved_at is None]
        assert len({one.code for one in unresolved}) == len(unresolved)

    @invariant()
    def nobody_is_called_twice_for_one_opening(self) -> None:
        self.run(self._nobody_is_called_twice())

    async def _nobody_is_called_twice(self) -> None:
        called = Counter(
            row.facts["alert_id"]
            for row in await self.world.rows(deliveries)
            if ONCALL in row.facts.get("mentions", ())
        )
        for alert in self.seen.values():
            contents = await self.world.store.alerts.contents(alert.id)
            assert contents is not None
            told = Counter(event.what for event in contents.events)
            assert called[alert.id] <= alert.openings + told[What.WOKEN]
            assert told[What.PAGED] <= alert.openings

    @invariant()
    def no_pager_rings_twice_for_one_step(self) -> None:
        rows = self.run(self.world.rows(pages))
        rung = Counter((row.alert_id, row.key) for row in rows if row.action == "trigger")
        assert all(count == 1 for count in rung.values())
        for alert in self.seen.values():
            assert sum(alert_id == alert.id for alert_id, _ in rung) <= alert.openings

    @invariant()
    def what_nothing_keeps_quiet_has_been_told(self) -> None:
        self.run(self._has_been_told())

    async def _has_been_told(self) -> None:
        now = self.world.clock.now()
        for alert in self.seen.values():
            if alert.status is not AlertStatus.OPEN or not_in_quiet(ROUTE.quiet, now) > now:
                continue
            timers = await self.world.store.alerts.timers_of(alert.id)
            if await silence_of(self.world.store, alert, now) is None:
                assert alert.notified_at is not None
                assert missing_steps(alert, timers, ROUTE, now) is None


async def wipe(database: Database) -> None:
    await database.change(*(delete(table) for table in reversed(metadata.sorted_tables)))


def _at(runner: asyncio.Runner, database: Database) -> type[Life]:
    """Give a life on this database; hypothesis begins each with an empty one."""

    class Here(Life):
        def __init__(self) -> None:
            super().__init__(runner, database)

    return Here


def test_nothing_is_lost_un_resolved_or_told_twice() -> None:
    with asyncio.Runner() as runner:
        opening = open_inline_database()
        database = runner.run(opening.__aenter__())
        try:
            run_state_machine_as_test(
                _at(runner, database),
                settings=settings(
                    max_examples=25,
                    stateful_step_count=20,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(opening.__aexit__(None, None, None))
