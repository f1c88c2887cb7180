"""PagerDuty: events it takes, one incident for an alert, whatever the network does."""

import aiohttp
import pytest

from bot.pagers.base import PagerError
from bot.pagers.pagerduty import PagerDuty, render_event
from bot.sandbox.oncall import OnCallWorld
from bot.settings.sections import PagerDutyPager
from tests.bot.pagers.samples import FACTS, page


@pytest.fixture
def pager(duty: PagerDutyPager, session: aiohttp.ClientSession) -> PagerDuty:
    return PagerDuty(duty, session)


async def test_a_trigger_opens_an_incident_with_what_is_known(
    pager: PagerDuty, called: OnCallWorld
) -> None:
    await pager.send(page())

    (event,) = called.events
    assert called.refused == []
    assert called.incidents["mediatask-T0-1"].rings == 1
    assert event["client"] == "MediaTask"
    assert event["links"] == [{"href": FACTS["link"], "text": "The channel in Slack"}]
    assert event["payload"] == {
        "summary": "1 task failed at record@main (1001)",
        "source": "record@main",
        "severity": "critical",
        "timestamp": "2026-11-20T10:00:00Z",
        "class": "failed",
        "custom_details": {"cause": "failed", "tasks": FACTS["tasks"]},
    }


async def test_an_alert_is_one_incident_from_its_trigger_to_its_resolution(
    pager: PagerDuty, called: OnCallWorld
) -> None:
    statuses = []
    for action in ("trigger", "acknowledge", "resolve"):
        await pager.send(page(action=action))
        statuses.append(called.incidents["mediatask-T0-1"].status)

    assert statuses == ["triggered", "acknowledged", "resolved"]
    assert len(called.incidents) == 1


async def test_what_is_sent_again_because_the_answer_was_lost_rings_no_second_time(
    pager: PagerDuty, called: OnCallWorld
) -> None:
    called.trouble("lost_answer")
    with pytest.raises(PagerError) as lost:
        await pager.send(page())

    await pager.send(page())

    assert lost.value.retryable
    assert len(called.events) == 2
    assert called.incidents["mediatask-T0-1"].rings == 1


@pytest.mark.parametrize("action", ["acknowledge", "resolve"])
def test_only_a_trigger_tells_what_it_is_about(action: str) -> None:
    assert render_event(page(action=action)) == {
        "event_action": action,
        "dedup_key": "mediatask-T0-1",
    }


@pytest.mark.parametrize(
    ("cause", "severity"),
    [
        ("failed", "critical"),
        ("outage", "critical"),
        ("partial", "error"),
        ("empty", "warning"),
        ("stuck", "warning"),
        ("of another day", "warning"),
    ],
)
def test_how_bad_it_is_follows_from_its_cause(cause: str, severity: str) -> None:
    event = render_event(page(facts={**FACTS, "cause": cause}))

    assert event["payload"]["severity"] == severity


async def test_an_alert_nothing_is_known_of_rings_too(
    pager: PagerDuty, called: OnCallWorld
) -> None:
    await pager.send(page(facts={}))

    (event,) = called.events
    assert event["links"] == []
    assert event["payload"] == {
        "summary": "A media task needs somebody",
        "source": "mediatask",
        "severity": "warning",
        "custom_details": {},
    }


async def test_what_is_too_long_for_pagerduty_is_cut(pager: PagerDuty, called: OnCallWorld) -> None:
    await pager.send(page(dedup_key="k" * 300, facts={**FACTS, "summary": "s" * 2000}))

    (event,) = called.events
    assert len(event["dedup_key"]) == 255
    assert len(event["payload"]["summary"]) == 1024


async def test_a_key_pagerduty_does_not_know_is_a_refusal_for_good(
    duty: PagerDutyPager, called: OnCallWorld, session: aiohttp.ClientSession
) -> None:
    called.routing_key = "another"

    with pytest.raises(PagerError) as refused:
        await PagerDuty(duty, session).send(page())

    assert str(refused.value) == "HTTP 400"
    assert not refused.value.retryable
    assert called.refused == ["'routing_key' is invalid"]
