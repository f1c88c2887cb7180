"""The stand-ins of on-call refuse what the real ones refuse, and ring when those ring."""

import hashlib
import hmac
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.sandbox.oncall import OnCallWorld

PAYLOAD = {"summary": "it broke", "source": "mediatask", "severity": "critical"}


@pytest.fixture
async def world() -> AsyncIterator[OnCallWorld]:
    async with await OnCallWorld.start() as running:
        yield running


async def send(world: OnCallWorld, session: aiohttp.ClientSession, **event: Any) -> int:
    whole = {
        "routing_key": world.routing_key,
        "event_action": "trigger",
        "dedup_key": "k",
        "payload": PAYLOAD,
    }
    async with session.post(f"{world.url}/v2/enqueue", json=whole | event) as answer:
        return answer.status


@pytest.mark.parametrize(
    ("event", "problem"),
    [
        ({"routing_key": "another"}, "'routing_key' is invalid"),
        ({"event_action": "ring"}, "'event_action' is invalid"),
        ({"dedup_key": None}, "'dedup_key' is missing or too long"),
        ({"dedup_key": "k" * 256}, "'dedup_key' is missing or too long"),
        ({"payload": PAYLOAD | {"summary": ""}}, "'payload.summary' is missing or too long"),
        (
            {"payload": PAYLOAD | {"summary": "s" * 1025}},
            "'payload.summary' is missing or too long",
        ),
        ({"payload": PAYLOAD | {"source": ""}}, "'payload.source' is missing"),
        ({"payload": PAYLOAD | {"severity": "bad"}}, "'payload.severity' is invalid"),
    ],
)
async def test_an_event_pagerduty_cannot_read_is_refused(
    event: dict[str, Any], problem: str, world: OnCallWorld, session: aiohttp.ClientSession
) -> None:
    status = await send(world, session, **event)

    assert (status, world.refused, world.incidents) == (400, [problem], {})


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff"])
async def test_what_is_no_json_object_is_refused(
    body: bytes, world: OnCallWorld, session: aiohttp.ClientSession
) -> None:
    async with session.post(f"{world.url}/v2/enqueue", data=body) as answer:
        assert answer.status == 400


@pytest.mark.parametrize(
    ("actions", "status", "rings"),
    [
        (["trigger"], "triggered", 1),
        (["trigger", "trigger"], "triggered", 1),
        (["trigger", "acknowledge"], "acknowledged", 1),
        (["trigger", "acknowledge", "trigger"], "acknowledged", 1),
        (["trigger", "resolve"], "resolved", 1),
        (["trigger", "resolve", "acknowledge"], "resolved", 1),
        (["trigger", "resolve", "trigger"], "triggered", 2),
    ],
)
async def test_an_incident_rings_when_it_opens_and_not_before_it_was_resolved(
    actions: list[str],
    status: str,
    rings: int,
    world: OnCallWorld,
    session: aiohttp.ClientSession,
) -> None:
    for action in actions:
        assert await send(world, session, event_action=action) == 202

    incident = world.incidents["k"]
    assert (incident.status, incident.rings) == (status, rings)


async def test_what_nobody_triggered_is_resolved_without_an_incident(
    world: OnCallWorld, session: aiohttp.ClientSession
) -> None:
    status = await send(world, session, event_action="resolve")

    assert (status, world.incidents) == (202, {})


@pytest.mark.parametrize(
    ("delivery", "body"), [("", b"{}"), ("1", b"{}"), ("1", b'{"id":"2"}'), ("1", b"no JSON")]
)
async def test_a_delivery_that_is_not_the_one_it_says_is_refused(
    delivery: str, body: bytes, world: OnCallWorld, session: aiohttp.ClientSession
) -> None:
    proof = hmac_of(world.secret, body)
    headers = {"X-Mediatask-Signature": proof, "X-Mediatask-Delivery": delivery}

    async with session.post(f"{world.url}/hook", data=body, headers=headers) as answer:
        assert answer.status == 400


async def test_a_calendar_is_read_where_its_rota_says(
    world: OnCallWorld, session: aiohttp.ClientSession
) -> None:
    rota = world.rota("media", "BEGIN:VCALENDAR")

    async with session.get(rota["ical"]) as answer:
        assert (answer.content_type, await answer.text()) == ("text/calendar", "BEGIN:VCALENDAR")


@pytest.mark.parametrize(("method", "path"), [("GET", "/other.ics"), ("POST", "/media.ics")])
async def test_there_is_nothing_else(
    method: str, path: str, world: OnCallWorld, session: aiohttp.ClientSession
) -> None:
    world.rota("media", "BEGIN:VCALENDAR")

    async with session.request(method, f"{world.url}{path}") as answer:
        assert answer.status == 404


async def test_one_that_never_listened_can_be_closed() -> None:
    await OnCallWorld().close()


def hmac_of(secret: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
