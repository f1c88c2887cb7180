"""The first rule that fits decides; what is not known never helps."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy import (
    ACTIONS,
    Allowed,
    Denied,
    Question,
    Rule,
    decide,
    named_groups,
    tells_shared_apart,
)

ASKED = Question("U0ALICE", "C0MEDIA", "show", "mpc", "prod")


def deny(**fields: Any) -> Rule:
    return Rule(allow=False, **fields)


def allow(**fields: Any) -> Rule:
    return Rule(allow=True, **fields)


@pytest.mark.parametrize("action", ACTIONS)
def test_without_rules_everything_is_allowed(action: Any) -> None:
    assert decide([], replace(ASKED, action=action)) == Allowed()


@pytest.mark.parametrize(
    "rule",
    [
        deny(),
        deny(who="*", where="*", provider="*", action="*"),
        deny(who=["U0BOB", "U0ALICE"]),
        deny(who="S0MEDIA"),
        deny(where="C0MEDIA"),
        deny(provider="mpc"),
        deny(provider="mpc@prod"),
        deny(provider="mpc@*"),
        deny(provider="*@prod"),
        deny(provider=["record", "m*"]),
        deny(action="show"),
        deny(action=["list", "s*"]),
        deny(who="U0ALICE", where="C0MEDIA", provider="mpc", action="show"),
    ],
)
def test_a_rule_that_fits_denies(rule: Rule) -> None:
    question = replace(ASKED, groups=frozenset({"S0MEDIA"}))

    assert decide([rule], question) == Denied("#1", None)


@pytest.mark.parametrize(
    "rule",
    [
        deny(who="U0BOB"),
        deny(who="S0MEDIA"),
        deny(where="C0OTHER"),
        deny(where="dm"),
        deny(where="shared"),
        deny(provider="record"),
        deny(provider="mpc@staging"),
        deny(provider="record@prod"),
        deny(action="settings.*"),
        deny(who="U0ALICE", where="C0OTHER"),
    ],
)
def test_a_rule_that_misses_in_one_respect_does_not_count(rule: Rule) -> None:
    assert decide([rule], ASKED) == Allowed()


def test_the_first_rule_that_fits_decides() -> None:
    rules = [allow(who="U0OPS"), deny(name="Keep out", provider="mpc@prod", ask="S0OPS"), deny()]

    assert decide(rules, replace(ASKED, user_id="U0OPS")) == Allowed()
    assert decide(rules, ASKED) == Denied("Keep out", "S0OPS")
    assert decide(rules, replace(ASKED, account="staging")) == Denied("#3", None)


@pytest.mark.parametrize("channel_id", ["D0ALICE", None])
def test_a_direct_message_and_the_home_are_told_apart_from_channels(
    channel_id: str | None,
) -> None:
    rules = [allow(where="dm"), deny()]

    assert decide(rules, replace(ASKED, channel_id=channel_id)) == Allowed()
    assert decide(rules, ASKED) == Denied("#2", None)


def test_a_channel_shared_with_another_organisation_has_rules_of_its_own() -> None:
    rules = [deny(where="shared", action=["share", "list"])]
    question = replace(ASKED, action="share")

    assert decide(rules, question) == Allowed()
    assert decide(rules, replace(question, is_shared=True)) == Denied("#1", None)
    assert decide(rules, replace(question, is_shared=None)) == Denied("#1", None, is_certain=False)
    assert decide(rules, replace(question, channel_id=None, is_shared=None)) == Allowed()


@pytest.mark.parametrize(
    ("rules", "verdict"),
    [
        ([deny(who="S0GUESTS")], Denied("#1", None, is_certain=False)),
        ([deny(who=["U0ALICE", "S0GUESTS"])], Denied("#1", None)),
        ([allow(who="S0OPS"), deny()], Denied("#2", None, is_certain=False)),
        ([allow(who="S0OPS")], Allowed()),
        ([deny(who="S0GUESTS", where="C0OTHER")], Allowed()),
    ],
)
def test_groups_that_are_not_known_never_help(rules: list[Rule], verdict: Allowed | Denied) -> None:
    assert decide(rules, replace(ASKED, groups=None)) == verdict


def test_an_account_that_is_not_known_never_helps() -> None:
    question = replace(ASKED, account=None)

    assert decide([deny(provider="mpc@prod")], question) == Denied("#1", None, is_certain=False)
    assert decide([allow(provider="mpc@prod"), deny()], question) == Denied(
        "#2", None, is_certain=False
    )


def test_an_id_without_a_provider_is_no_way_around_a_rule() -> None:
    question = replace(ASKED, provider=None, account=None)

    assert decide([deny(provider="mpc")], question) == Denied("#1", None, is_certain=False)
    assert decide([deny(provider="mpc", action="list")], question) == Allowed()


def test_settings_meet_only_rules_for_every_provider() -> None:
    question = Question("U0ALICE", "C0MEDIA", "settings.channel")

    assert decide([deny(provider="mpc"), deny(provider="*@prod")], question) == Allowed()
    assert decide([deny(action="settings.channel")], question) == Denied("#1", None)


def test_slack_is_asked_only_about_what_rules_depend_on() -> None:
    rules = [deny(who=["S0A", "U0B", "*"]), allow(who="S0C", where="shared")]

    assert named_groups(rules) == {"S0A", "S0C"}
    assert tells_shared_apart(rules)
    assert not tells_shared_apart([deny(where="dm")])


RULES = st.builds(
    Rule,
    allow=st.booleans(),
    who=st.sampled_from(["*", "U0ALICE", "S0OPS", "S0GUESTS"]),
    where=st.sampled_from(["*", "dm", "shared", "C0MEDIA"]),
    provider=st.sampled_from(["*", "mpc", "mpc@prod", "record"]),
    action=st.sampled_from(["*", "show", "settings.*"]),
)


@given(st.lists(RULES, max_size=6), st.sampled_from(ACTIONS))
def test_knowing_less_never_allows_more(rules: list[Rule], action: Any) -> None:
    known = [
        replace(ASKED, action=action, groups=groups, is_shared=shared)
        for groups in (frozenset[str](), frozenset({"S0OPS"}), frozenset({"S0GUESTS"}))
        for shared in (False, True)
    ]
    unknown = decide(rules, replace(ASKED, action=action, groups=None, is_shared=None))

    if unknown == Allowed():
        assert {decide(rules, question) for question in known} == {Allowed()}
