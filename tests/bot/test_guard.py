"""The policy is asked with all there is to know, and each thing done leaves an audit line."""

import logging
from typing import Any

import pytest

from bot.asker import Asker
from bot.commands import Target
from bot.guard import Guard
from bot.policy import Denied, Rule

ACCOUNTS = {"mpc": ("main", "prod"), "record": ("main",)}
ALICE = Asker("T1", "U1", "C1")


class KnownGroups:
    """Knows who is in which group."""

    async def groups_of(self, user_id: str, named: frozenset[str]) -> frozenset[str] | None:
        return {"U1": named, "U2": frozenset[str]()}.get(user_id)


class KnownChannels:
    """Knows one shared channel, and notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def is_shared(self, channel_id: str) -> bool | None:
        self.asked.append(channel_id)
        return channel_id == "C9"


def guard(*rules: dict[str, Any]) -> Guard:
    read = [Rule.model_validate(rule) for rule in rules]
    groups: Any = KnownGroups()
    channels: Any = KnownChannels()
    return Guard(read, groups, channels, ACCOUNTS)


async def test_without_rules_everything_is_allowed_and_nothing_is_asked() -> None:
    free = guard()

    assert await free.refuse("settings.channel", ALICE) is None
    assert vars_of(free) == []


def vars_of(checked: Guard) -> list[str]:
    channels: Any = checked.channels
    asked: list[str] = channels.asked
    return asked


async def test_a_bare_id_is_denied_where_one_that_would_be_asked_is() -> None:
    strict = guard({"name": "Prod", "provider": "mpc@prod", "allow": False})

    bare = await strict.refuse("show", ALICE, [Target(None, None, "22123973")])
    named = await strict.refuse("show", ALICE, [Target("mpc", "main", "22123973")])

    assert (bare, named) == (Denied("Prod", None, is_certain=True), None)


async def test_one_forbidden_task_forbids_the_whole_by_the_first_rule_it_meets() -> None:
    strict = guard({"provider": "mpc", "allow": False}, {"provider": "record", "allow": False})
    targets = [Target("record", "main", "1"), Target("mpc", "main", "1")]

    denied = await strict.refuse("show", ALICE, targets)

    assert denied is not None
    assert denied.rule == "#2"


@pytest.mark.parametrize(("user", "rule"), [("U1", None), ("U2", "#2"), ("U3", "#2")])
async def test_groups_are_asked_for_where_a_rule_names_one(user: str, rule: str | None) -> None:
    strict = guard({"who": "S01", "allow": True}, {"allow": False})

    denied = await strict.refuse("show", Asker("T1", user, "C1"))

    assert (denied and denied.rule) == rule


@pytest.mark.parametrize(
    ("asker", "is_denied", "asked"),
    [
        (Asker("T1", "U1", "C1"), False, ["C1"]),
        (Asker("T1", "U1", "C9"), True, ["C9"]),
        (Asker("T1", "U1", "C1", is_shared=True), True, []),
        (Asker("T1", "U1", "C9", is_shared=False), False, []),
        (Asker("T1", "U1", None), False, []),
    ],
)
async def test_slack_is_asked_about_a_channel_where_it_has_not_told(
    asker: Asker, asked: list[str], *, is_denied: bool
) -> None:
    strict = guard({"where": "shared", "allow": False})

    denied = await strict.refuse("share", asker)

    assert (denied is not None) is is_denied
    assert vars_of(strict) == asked


@pytest.mark.parametrize(
    ("done", "line"),
    [
        (None, "action=show verdict=denied team=T1 user=U1 channel=C1 about=mpc@main:1,?:2"),
        ("step", "action=step verdict=denied team=T1 user=U1 channel=C1 about=mpc@main:1,?:2"),
    ],
)
async def test_what_is_done_is_audited_by_its_own_name(
    done: str | None, line: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    targets = [Target("mpc", "main", "1"), Target(None, None, "2")]

    await guard({"allow": False}).refuse("show", ALICE, targets, done=done)

    assert caplog.messages == [f"audit {line}"]


async def test_what_is_only_offered_is_not_audited(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    denied = await guard({"allow": False}).judge("settings.person", ALICE)

    assert denied is not None
    assert caplog.messages == []
