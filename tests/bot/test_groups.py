"""Who is in a user group, as far as Slack tells."""

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.groups import Groups
from tests.fakes.clock import FakeClock
from tests.fakes.scripted_server import ScriptedServer


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def groups(server: ScriptedServer, session: aiohttp.ClientSession, clock: FakeClock) -> Groups:
    client = AsyncWebClient("xoxb-1", base_url=server.url, session=session, retry_handlers=[])
    return Groups(client, clock)


async def test_a_person_is_in_the_groups_that_list_them(
    groups: Groups, server: ScriptedServer
) -> None:
    server.will_say({"ok": True, "users": ["U1", "U2"]})
    server.will_say({"ok": True, "users": ["U2"]})

    found = [await groups.groups_of(user, ["S1", "S2"]) for user in ("U1", "U2", "U3")]

    assert [sorted(held or ()) for held in found] == [["S1"], ["S1", "S2"], []]
    assert len(server.heard) == 2


async def test_members_are_asked_for_again_after_ten_minutes(
    groups: Groups, server: ScriptedServer, clock: FakeClock
) -> None:
    server.will_say({"ok": True, "users": ["U1"]})
    server.will_say({"ok": True})

    before = await groups.groups_of("U1", ["S1"])
    await clock.advance(601)
    after = await groups.groups_of("U1", ["S1"])

    assert (before, after) == (frozenset({"S1"}), frozenset())


async def test_what_slack_does_not_tell_is_not_known_for_a_minute(
    groups: Groups, server: ScriptedServer, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    server.will_say({"ok": False, "error": "missing_scope"})
    server.will_say({"ok": True, "users": ["U1"]})

    first = await groups.groups_of("U1", ["S1"])
    soon = await groups.groups_of("U1", ["S1"])
    await clock.advance(61)
    later = await groups.groups_of("U1", ["S1"])

    assert (first, soon, later) == (None, None, frozenset({"S1"}))
    assert caplog.messages == ["groups_unknown group=S1 reason=missing_scope"]
