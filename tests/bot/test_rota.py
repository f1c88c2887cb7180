"""Who is on call, as people of the workspace: by address, by name, and said where nobody knows."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.addresses import is_public_or_private
from bot.calendars import Person
from bot.fetch import FetchRefusedError, open_fetcher
from bot.rota import People, Rotas
from bot.sandbox.oncall import OnCallWorld
from bot.sandbox.slack.server import LocalSlack
from bot.settings.sections import Rota
from tests.fakes.clock import FakeClock
from tests.fakes.scripted_server import ScriptedServer

ROTAS = Path(__file__).parents[1] / "data" / "rotas"
NOON = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def text_of(name: str) -> str:
    return (ROTAS / f"{name}.ics").read_text("utf-8")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
def workspace(session: aiohttp.ClientSession, slack: LocalSlack) -> AsyncWebClient:
    return AsyncWebClient(slack.bot_token, base_url=slack.api_url, session=session)


@pytest.fixture
def listed(session: aiohttp.ClientSession, server: ScriptedServer) -> AsyncWebClient:
    """A workspace whose people the test names."""
    return AsyncWebClient("xoxb-1", base_url=server.url, session=session, retry_handlers=[])


def member(id_: str, name: str, **told: Any) -> dict[str, Any]:
    return {"id": id_, "name": name, "real_name": name.title(), "profile": {}} | told


def page(*members: dict[str, Any], cursor: str = "") -> dict[str, Any]:
    return {"ok": True, "members": members, "response_metadata": {"next_cursor": cursor}}


# ---- People ----


@pytest.mark.parametrize(
    ("person", "found"),
    [
        (Person("On call", "alice@northwind.example"), "U0ALICE"),
        (Person("Bob Buchfink", None), "U0BOB"),
        (Person(" bob buchfink", None), None),
        (Person("CHEN YU", None), "U0CHEN"),
        (Person("chen", None), "U0CHEN"),
        (Person("Bob Buchfink", "bob@elsewhere.example"), "U0BOB"),
        (Person("MediaTask", None), None),
        (Person("Nobody", "nobody@northwind.example"), None),
        (Person(None, None), None),
    ],
)
async def test_somebody_is_found_by_their_address_or_else_by_a_name(
    person: Person, found: str | None, workspace: AsyncWebClient, clock: FakeClock
) -> None:
    assert await People(workspace, clock).find(person) == found


async def test_without_the_scope_for_addresses_names_still_do(
    workspace: AsyncWebClient, slack: LocalSlack, clock: FakeClock
) -> None:
    slack.backend.workspace.scopes.discard("users:read.email")
    people = People(workspace, clock)

    assert await people.find(Person(None, "alice@northwind.example")) is None
    assert await people.find(Person("Alice Amsel", "alice@northwind.example")) == "U0ALICE"


@pytest.mark.parametrize(
    "others",
    [
        [member("U2", "sam", real_name="Sam Stone")],
        [member("U2", "x", profile={"display_name": "Sam Stone"})],
        [member("U2", "x", profile={"real_name": " SAM STONE "})],
    ],
)
async def test_of_two_people_with_one_name_neither_is_meant_by_it(
    others: list[dict[str, Any]],
    listed: AsyncWebClient,
    server: ScriptedServer,
    clock: FakeClock,
) -> None:
    sam = member("U1", "sam1", real_name="Sam Stone", profile={"email": "Sam@northwind.example"})
    server.will_say(page(sam, *others))
    people = People(listed, clock)

    assert await people.find(Person("Sam Stone", None)) is None
    assert await people.find(Person("Sam Stone", "sam@northwind.example")) == "U1"


@pytest.mark.parametrize("gone", [{"deleted": True}, {"is_bot": True}])
async def test_who_left_and_who_is_no_person_is_nobody(
    gone: dict[str, Any], listed: AsyncWebClient, server: ScriptedServer, clock: FakeClock
) -> None:
    server.will_say(page(member("U1", "sam", **gone), member("U2", "sam")))

    assert await People(listed, clock).find(Person("sam", None)) == "U2"


async def test_a_large_workspace_is_listed_page_by_page(
    listed: AsyncWebClient, server: ScriptedServer, clock: FakeClock
) -> None:
    server.will_say(page(member("U1", "sam"), cursor="dXNlcjpV"))
    server.will_say(page(member("U2", "kim", profile=None)))
    people = People(listed, clock)

    assert await people.find(Person("kim", None)) == "U2"
    assert await people.find(Person("sam", None)) == "U1"
    assert len(server.heard) == 2


async def test_a_list_without_an_end_is_read_only_so_far(
    listed: AsyncWebClient, server: ScriptedServer, clock: FakeClock
) -> None:
    server.will_say(page(member("U1", "sam"), cursor="again"))

    assert await People(listed, clock).find(Person("sam", None)) == "U1"
    assert len(server.heard) == 20


async def test_everybody_is_looked_up_again_after_ten_minutes_and_not_before(
    listed: AsyncWebClient, server: ScriptedServer, clock: FakeClock
) -> None:
    server.will_say(page())
    server.will_say(page(member("U1", "sam")))
    people = People(listed, clock)

    first = [await people.find(Person("sam", None)) for _ in range(2)]
    await clock.advance(599)
    before = await people.find(Person("sam", None))
    await clock.advance(1)
    after = await people.find(Person("sam", None))

    assert (first, before, after) == ([None, None], None, "U1")


async def test_several_who_ask_at_once_wait_for_one_list(
    workspace: AsyncWebClient, clock: FakeClock
) -> None:
    people = People(workspace, clock)

    found = await asyncio.gather(*(people.find(Person("Bob Buchfink", None)) for _ in range(3)))

    assert found == ["U0BOB"] * 3


async def test_while_slack_does_not_answer_those_known_are_found_and_it_is_asked_again_soon(
    listed: AsyncWebClient,
    server: ScriptedServer,
    clock: FakeClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.will_say({"ok": False, "error": "ratelimited"})
    server.will_say(page(member("U1", "sam")))
    server.will_say("oops", status=500)
    people, sam = People(listed, clock), Person("sam", None)

    found = [await people.find(sam)]
    await clock.advance(30)
    found.append(await people.find(sam))
    await clock.advance(600)
    found.append(await people.find(sam))

    assert found == [None, "U1", "U1"]
    assert caplog.text.count("people_unknown") == 2


# ---- Rotas ----

Make = Callable[..., Rotas]


@pytest.fixture
async def called() -> AsyncIterator[OnCallWorld]:
    async with await OnCallWorld.start() as running:
        yield running


@pytest.fixture
async def make(
    called: OnCallWorld, workspace: AsyncWebClient, clock: FakeClock
) -> AsyncIterator[Make]:
    """Make rotas out of the calendars that are named."""
    async with open_fetcher(is_public_or_private) as fetcher:

        async def fetch(link: str) -> bytes:
            return await fetcher.fetch(link, accept="text/calendar", most_bytes=10_000)

        def rotas(**names: str) -> Rotas:
            told = {
                rota: Rota.model_validate(called.rota(rota, text_of(name)))
                for rota, name in names.items()
            }
            return Rotas(told, fetch, People(workspace, clock), clock)

        yield rotas


async def test_who_is_on_call_in_each_rota_is_told_as_people_of_the_workspace(make: Make) -> None:
    rotas = make(media="weekly", days="days", two="two", none="nobody")

    found = await rotas.everybody()

    assert found == {
        "days": ["U0CHEN"],
        "media": ["U0ALICE"],
        "none": [],
        "two": ["U0ALICE", "U0BOB"],
    }


async def test_only_the_rotas_among_the_targets_are_looked_at(make: Make) -> None:
    rotas = make(media="weekly", two="two")

    found = await rotas.on_call(["U0BOB", "rota:two", "S0ONCALL", "rota:two"])

    assert found == {"two": ["U0ALICE", "U0BOB"]}


async def test_a_person_the_workspace_does_not_know_is_named(make: Make, slack: LocalSlack) -> None:
    del slack.backend.workspace.users["U0BOB"]

    found = await make(two="two").everybody()

    assert found == {"two": ["U0ALICE", "Bob Buchfink"]}


async def test_a_rota_nobody_configured_has_nobody(make: Make) -> None:
    assert await make().on_call(["rota:other"]) == {"other": []}


async def test_a_calendar_is_fetched_every_five_minutes(
    make: Make, called: OnCallWorld, clock: FakeClock
) -> None:
    rotas = make(media="weekly")
    await rotas.everybody()
    called.calendars["media"] = text_of("nobody")

    await clock.advance(299)
    before = await rotas.everybody()
    await clock.advance(1)
    after = await rotas.everybody()

    assert (before, after) == ({"media": ["U0ALICE"]}, {"media": []})


@pytest.mark.parametrize("trouble", [404, 500, "reset"])
async def test_while_it_cannot_be_fetched_the_last_good_copy_is_used(
    trouble: Any,
    make: Make,
    called: OnCallWorld,
    clock: FakeClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    rotas = make(media="weekly")
    await rotas.everybody()
    await clock.advance(300)
    called.trouble(trouble, trouble)  # a broken connection is tried once more at once

    found = await rotas.everybody()

    assert found == {"media": ["U0ALICE"]}
    assert "rota_not_fetched rota=media" in caplog.text


async def test_one_that_could_not_be_fetched_is_asked_for_again_after_half_a_minute(
    make: Make, called: OnCallWorld, clock: FakeClock
) -> None:
    rotas = make(media="weekly")
    called.trouble(500)
    found = [await rotas.everybody()]

    await clock.advance(29)
    found.append(await rotas.everybody())
    await clock.advance(1)
    found.append(await rotas.everybody())

    assert [one["media"] for one in found] == [[], [], ["U0ALICE"]]


@pytest.mark.parametrize("text", ["<html>Sign in</html>", "x" * 10_001])
async def test_what_is_no_calendar_has_nobody_and_the_log_says_so(
    text: str, make: Make, called: OnCallWorld, caplog: pytest.LogCaptureFixture
) -> None:
    rotas = make(media="weekly")
    called.calendars["media"] = text

    assert await rotas.everybody() == {"media": []}
    assert "rota_not_" in caplog.text


async def test_a_calendars_address_is_secret_everywhere(
    make: Make, called: OnCallWorld, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    rotas = make(media="weekly")
    called.trouble(500, "reset")

    await rotas.everybody()

    assert "secret-of-media" not in caplog.text + repr(rotas)


async def test_several_who_ask_at_once_fetch_it_once(
    called: OnCallWorld, workspace: AsyncWebClient, clock: FakeClock
) -> None:
    fetched: list[str] = []

    async def fetch(link: str) -> bytes:
        fetched.append(link)
        await asyncio.wait({clock_turn()})
        return text_of("two").encode()

    def clock_turn() -> "asyncio.Task[None]":
        return asyncio.create_task(clock.settle())

    rota = Rota.model_validate(called.rota("two", ""))
    rotas = Rotas({"two": rota}, fetch, People(workspace, clock), clock)

    found = await asyncio.gather(*(rotas.everybody() for _ in range(3)))

    assert found == [{"two": ["U0ALICE", "U0BOB"]}] * 3
    assert len(fetched) == 1


async def test_a_forbidden_address_is_a_calendar_that_cannot_be_fetched(
    workspace: AsyncWebClient, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    async def fetch(_link: str) -> bytes:
        raise FetchRefusedError("private address")

    rota = Rota.model_validate({"ical": "http://169.254.169.254/latest"})
    rotas = Rotas({"media": rota}, fetch, People(workspace, clock), clock)

    assert await rotas.everybody() == {"media": []}
    assert "reason=private address" in caplog.text
