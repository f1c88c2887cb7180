"""The store against a dictionary: whatever is done in whatever order, they agree."""

import asyncio
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from bot.models import Broadcast, Preferences, RecentLookup, Scope, Visibility, Wait
from bot.store.store import open_store
from providers.models import TaskState
from tests.bot.store.samples import REF, status
from tests.fakes.clock import FakeClock
from tests.fakes.postgres import Databases

TEAMS = st.sampled_from(["T1", "T2"])
PEOPLE = st.sampled_from(["U1", "U2"])
KEYS = st.sampled_from(["Ev1", "Ev2", "Ev3"])
STATES = st.sampled_from([TaskState.RUNNING, TaskState.SUCCEEDED, None])
ANSWERS = st.dictionaries(st.sampled_from(["a", "b", "c"]), STATES)
CHOICES = st.builds(
    Preferences,
    st.none() | st.sampled_from(Visibility),
    st.none() | st.booleans(),
    st.none() | st.booleans(),
    st.none() | st.booleans(),
    st.none() | st.frozensets(st.sampled_from(["started", "paused"])),
    st.none() | st.sampled_from(Broadcast),
)
RECEIPTS_KEPT, LOOKUPS_KEPT, ENDED_KEPT = (timedelta(days=days) for days in (3, 90, 7))


class StoreMachine(RuleBasedStateMachine):
    """A store in a file; ``ServerMachine`` plays the same on PostgreSQL."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.url = self.make()
        self.clock = FakeClock()
        self.receipts: dict[tuple[str, str], datetime] = {}
        self.lookups: dict[tuple[str, str, str], RecentLookup] = {}
        self.chosen: dict[tuple[str, Scope, str], Preferences] = {}
        self.waits: dict[tuple[str, str], Wait] = {}
        self.ended: dict[tuple[str, str], datetime] = {}
        self.open()

    def make(self) -> str:
        return f"sqlite:///{Path(self.folder.name, 'm.db')}"

    def open(self) -> None:
        self.context = open_store(self.url, self.clock)
        self.store = self.runner.run(self.context.__aenter__())

    def close(self) -> None:
        self.runner.run(self.context.__aexit__(None, None, None))

    def teardown(self) -> None:
        self.close()
        self.runner.close()
        self.folder.cleanup()

    @rule()
    def restart(self) -> None:
        self.close()
        self.open()

    @rule(days=st.sampled_from([0.01, 1.0, 2.5, 8.0, 91.0]))
    def let_time_pass(self, days: float) -> None:
        self.clock.jump(timedelta(days=days))

    @rule(team=TEAMS, key=KEYS)
    def receive(self, team: str, key: str) -> None:
        first = self.runner.run(self.store.is_first(team, key, self.clock.now()))

        assert first is ((team, key) not in self.receipts)
        self.receipts.setdefault((team, key), self.clock.now())

    @rule(team=TEAMS, key=KEYS)
    def take_back(self, team: str, key: str) -> None:
        self.runner.run(self.store.forget_receipt(team, key))

        self.receipts.pop((team, key), None)

    @rule(team=TEAMS, user=PEOPLE, answers=ANSWERS)
    def look_up(self, team: str, user: str, answers: dict[str, TaskState | None]) -> None:
        now = self.clock.now()
        statuses = [status(task_id, state) for task_id, state in answers.items()]
        self.runner.run(self.store.remember_lookups(team, user, statuses, now))

        for told in statuses:
            before = self.lookups.get((team, user, told.task_id))
            state = told.state or (before.state if before else None)
            asked = RecentLookup(told.ref, told.kind, state, now)
            self.lookups[team, user, told.task_id] = asked

    @rule(team=TEAMS, user=PEOPLE, limit=st.integers(1, 4))
    def recall(self, team: str, user: str, limit: int) -> None:
        recent = self.runner.run(self.store.recent_lookups(team, user, limit))

        theirs = [value for key, value in self.lookups.items() if key[:2] == (team, user)]
        theirs.sort(key=lambda lookup: lookup.ref)
        theirs.sort(key=lambda lookup: lookup.asked_at, reverse=True)
        assert recent == theirs[:limit]

    @rule(team=TEAMS, scope=st.sampled_from(Scope), subject=PEOPLE, choice=CHOICES)
    def choose(self, team: str, scope: Scope, subject: str, choice: Preferences) -> None:
        save = self.store.save_preferences
        self.runner.run(save(team, scope, subject, choice, by="U1", at=self.clock.now()))

        self.chosen[team, scope, subject] = choice

    @rule(team=TEAMS, scope=st.sampled_from(Scope), subject=PEOPLE)
    def read_choice(self, team: str, scope: Scope, subject: str) -> None:
        choice = self.runner.run(self.store.preferences(team, scope, subject))

        assert choice == self.chosen.get((team, scope, subject), Preferences())

    @rule(team=TEAMS, key=KEYS)
    def wait(self, team: str, key: str) -> None:
        now = self.clock.now()
        add = self.store.add_wait(team, key, REF, until=now + timedelta(hours=1), at=now)
        added = self.runner.run(add)

        assert (added is None) is ((team, key) in self.waits or (team, key) in self.ended)
        if added is not None:
            self.waits[team, key] = added

    @rule(days=st.sampled_from([0, 1, 10]))
    def poll(self, days: int) -> None:
        now = self.clock.now()
        due = self.runner.run(self.store.due_waits(now, 10))

        wanted = [wait for wait in self.waits.values() if wait.next_poll_at <= now]
        assert due == sorted(wanted, key=lambda wait: (wait.next_poll_at, wait.id))
        for wait in due[:1]:
            later = now + timedelta(days=days)
            assert self.runner.run(self.store.reschedule_wait(wait.id, later))
            moved = self.runner.run(self.store.due_waits(later, 10))
            self.waits |= {(wait.team_id, wait.execution_id): wait for wait in moved}

    @rule(team=TEAMS, key=KEYS)
    def end(self, team: str, key: str) -> None:
        wait = self.waits.pop((team, key), None)
        if wait is not None:
            assert self.runner.run(self.store.end_wait(wait.id))
            assert not self.runner.run(self.store.end_wait(wait.id))
            self.ended[team, key] = self.clock.now()

    @rule()
    def prune(self) -> None:
        now = self.clock.now()
        gone = self.runner.run(self.store.prune(now))

        before = len(self.receipts) + len(self.lookups) + len(self.ended)
        self.receipts = {k: at for k, at in self.receipts.items() if at >= now - RECEIPTS_KEPT}
        self.lookups = {k: v for k, v in self.lookups.items() if v.asked_at >= now - LOOKUPS_KEPT}
        self.ended = {k: at for k, at in self.ended.items() if at >= now - ENDED_KEPT}
        assert gone == before - len(self.receipts) - len(self.lookups) - len(self.ended)


class ServerMachine(StoreMachine):
    databases: ClassVar[Databases]
    template: ClassVar[str]

    def make(self) -> str:
        self.name = self.runner.run(self.databases.create(self.template))
        return self.databases.url(self.name)

    def teardown(self) -> None:
        self.close()
        self.runner.run(self.databases.drop(self.name))
        self.runner.close()
        self.folder.cleanup()


@pytest.fixture(scope="module", autouse=True)
def a_server(databases: Databases, migrated_template: str) -> None:
    """Machines are made by hypothesis, which hands nothing in."""
    ServerMachine.databases = databases
    ServerMachine.template = migrated_template


StoreMachine.TestCase.settings = settings(
    max_examples=20, stateful_step_count=40, deadline=None, print_blob=True
)
ServerMachine.TestCase.settings = settings(
    max_examples=5, stateful_step_count=40, deadline=None, print_blob=True
)
TestStore = StoreMachine.TestCase
TestServerStore = ServerMachine.TestCase
