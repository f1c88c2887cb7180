from dataclasses import replace

import pytest

from bot.alerts.machine import joining
from bot.alerts.silencing import hides, hides_tasks, hides_whole, silence_hid, silence_over
from bot.models import Priority
from bot.oncall import AlertTask, Cause, Trouble
from tests.bot.alerts.samples import NOW, alert, silence, trouble

OUTAGE = trouble(
    cause=Cause.OUTAGE, provider="media", ref=None, room=None, facts={"providers": ["merge"]}
)


@pytest.mark.parametrize(
    ("target", "about", "is_hidden"),
    [
        ("all", trouble(), True),
        ("record", trouble(), True),
        ("mpc", trouble(), False),
        ("record@main:a", trouble(), True),
        ("record@main:b", trouble(), False),
        ("room room-1", trouble(), True),
        ("room room-*", trouble(), True),
        ("room class-*", trouble(), False),
        ("room *", trouble(room=None), False),
        ("merge", OUTAGE, True),
        ("media", OUTAGE, False),
        ("room *", OUTAGE, False),
        ("all", OUTAGE, True),
    ],
)
def test_a_silence_hides_what_its_target_names(
    target: str, about: Trouble, *, is_hidden: bool
) -> None:
    assert (hides([silence(target)], about) is not None) is is_hidden


def tasks(*troubles: Trouble) -> tuple[AlertTask, ...]:
    return joining(troubles, NOW)


@pytest.mark.parametrize("target", ["all", "record"])
def test_a_silence_for_everything_hides_an_alert_whatever_it_counts(target: str) -> None:
    assert hides_whole([silence("mpc"), silence(target)], alert()) == silence(target)


@pytest.mark.parametrize("target", ["mpc", "room *", "record@main:a"])
def test_a_silence_for_something_else_does_not(target: str) -> None:
    assert hides_whole([silence(target)], alert()) is None


@pytest.mark.parametrize(
    ("targets", "is_hidden"),
    [
        (["room room-1"], False),
        (["room room-*"], True),
        (["room room-1", "record@main:b"], True),
        (["record@main:b"], False),
        ([], False),
    ],
)
def test_an_alert_is_hidden_where_every_task_in_trouble_is(
    targets: list[str], *, is_hidden: bool
) -> None:
    struck = tasks(trouble("a"), trouble("b", room="room-2"))

    found = hides_tasks([silence(target) for target in targets], alert(), struck)

    assert (found is not None) is is_hidden


def test_a_task_that_recovered_is_no_reason_to_be_heard() -> None:
    over = replace(tasks(trouble("b", room="elsewhere"))[0], recovered_at=NOW)

    found = hides_tasks([silence("room room-1")], alert(), [*tasks(trouble("a")), over])

    assert found is not None


def test_an_outage_is_hidden_by_a_silence_for_one_of_its_providers() -> None:
    about = alert(cause=Cause.OUTAGE, provider="media")

    assert hides_tasks([silence("merge")], about, tasks(OUTAGE)) is not None
    assert hides_tasks([silence("media")], about, tasks(replace(OUTAGE, facts={}))) is not None


def test_a_silence_tells_where_it_was_begun_what_it_hid_and_that_it_is_over() -> None:
    begun = replace(silence(), id=4)

    hid, over = silence_hid(begun, alert(openings=2), NOW), silence_over(begun, NOW)

    assert (hid.key, hid.channel_id, hid.priority) == (
        "silence:4:hid:1:2",
        "C9",
        Priority.PROGRESS,
    )
    assert hid.facts == {"silence_id": 4, "happening": "hid", "alert_id": 1}
    assert (over.key, over.facts) == (
        "silence:4:ended",
        {"silence_id": 4, "happening": "ended"},
    )
