"""A failure nobody watches becomes one alert, with who has to come, until its file turns up."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.clouds import VendorClouds
from bot.sandbox.oncall import OnCallWorld
from bot.sandbox.scenario import File, Step, Task, Word
from bot.sandbox.slack.entities import OpenView
from providers.clock import SystemClock
from tests.bot.surface.shift import ONCALL, ROUTE, Shift, ShiftWith
from tests.fakes.moving_clock import MovingClock
from tests.fakes.person import labels, prose


@pytest.fixture
async def called() -> AsyncIterator[OnCallWorld]:
    async with await OnCallWorld.start() as running:
        yield running


async def swept(shift: Shift, task_id: str, times: int) -> None:
    """Wait until ZEGO's list has shown the bot a running recording so often."""

    def seen() -> int:
        return sum(
            one.action == "DescribeTasks" and task_id in one.task_ids
            for one in shift.clouds.requests
        )

    clock = SystemClock()
    give_up_at = clock.monotonic() + 30
    while seen() < times:
        assert clock.monotonic() < give_up_at
        await clock.sleep(0.05)


async def test_a_recording_nobody_watches_fails_and_a_sweep_finds_it(
    shift_with: ShiftWith, clouds: VendorClouds, cloud_clock: MovingClock
) -> None:
    async with shift_with(sweep={"every": "1s"}) as shift:
        files = (File(name="a.mp4"),)
        steps = (Step(at=-60, say=Word.RUNNING), Step(at=40, say=Word.FAILED, files=files))
        clouds.put_task(Task(provider="record", id="Night1", room="lesson-7", steps=steps))
        await swept(shift, "Night1", times=2)
        quiet = list(shift.alerts)
        cloud_clock.skip(41)

        await shift.sees(lambda: shift.alerts)
        (alert,) = shift.alerts
        told = prose(alert)
        await shift.slack.click(ONCALL, alert.ts, "acknowledge", user="U0ALICE")
        await shift.sees(lambda: "Acknowledged by <@U0ALICE>" in prose(alert))
        await shift.recovers("Night1")
        await shift.sees(lambda: "· Resolved" in prose(alert))

    assert quiet == []
    assert told.startswith("<!subteam^S0ONCALL>\n:rotating_light: *Recording failed* · Open")
    assert "`lesson-7`" in told
    assert "1 of 1 file is lost" in told
    assert shift.alerts == [alert]


async def test_a_callback_tells_of_it_at_once_and_the_message_says_what_to_do(
    shift: Shift,
) -> None:
    alert = await shift.alert()

    told = prose(alert)
    assert "*What to do:*" in told
    assert "task=record@main:Night1 request_id=" in told
    assert [one for one in labels(alert) if one != "Details"] == ["Acknowledge", "Resolve"]


async def test_when_the_file_turns_up_the_alert_resolves_and_says_so(shift: Shift) -> None:
    alert = await shift.alert()

    await shift.recovers("Night1")
    await shift.sees(lambda: "· Resolved" in prose(alert))
    await shift.sees(lambda: shift.thread(alert))

    (line,) = shift.thread(alert)
    assert "Everything recovered by itself" in prose(line)
    assert "<!subteam" not in prose(line)


async def test_more_of_the_same_joins_the_message_and_another_cause_has_its_own(
    shift: Shift,
) -> None:
    first = await shift.alert("Night1")

    await shift.fails("Night2")
    await shift.sees(lambda: "2 tasks failed" in prose(first))
    await shift.fails("Night3", word=Word.PARTIAL)
    await shift.sees(lambda: len(shift.alerts) == 2)

    assert "only partly done" in prose(shift.alerts[1])
    assert "Night1" in prose(first)
    assert "Night2" in prose(first)


async def test_soon_after_its_resolution_the_same_cause_opens_it_again(shift: Shift) -> None:
    alert = await shift.alert("Night1")
    await shift.recovers("Night1")
    await shift.sees(lambda: "· Resolved" in prose(alert))

    await shift.fails("Night2")
    await shift.sees(lambda: "· Open" in prose(alert))
    await shift.sees(lambda: len(shift.thread(alert)) == 2)

    assert "opened 2 times" in prose(alert)
    assert "<!subteam^S0ONCALL>" in prose(shift.thread(alert)[1])
    assert shift.alerts == [alert]


async def test_what_nobody_wants_to_hear_of_is_told_nowhere(shift_with: ShiftWith) -> None:
    async with shift_with(alerts=[ROUTE | {"room": ["lesson-*"]}]) as shift:
        await shift.fails("Night1", room="meeting")
        alert = await shift.alert("Night2")

        assert shift.alerts == [alert]
        assert "Night1" not in prose(alert)


# ---- Who is called ----


def calendar(*people: str) -> str:
    """A calendar that has people on call since yesterday."""
    since = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y%m%dT%H%M%SZ")  # noqa: TID251  # as the bot does
    attendees = "\n".join(f"ATTENDEE;CN={name}:mailto:{mail}" for name, mail in map(_named, people))
    return (
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//tests//\nBEGIN:VEVENT\nUID:1\n"
        f"DTSTART:{since}\nDURATION:P7D\nSUMMARY:On call\n{attendees}\nEND:VEVENT\nEND:VCALENDAR\n"
    )


def _named(person: str) -> tuple[str, str]:
    return person, f"{person.split(maxsplit=1)[0].lower()}@northwind.example"


async def test_who_is_on_call_by_the_calendar_is_called_and_a_stranger_is_named(
    shift_with: ShiftWith, called: OnCallWorld
) -> None:
    rotas = {"media": called.rota("media", calendar("Bob Buchfink", "Eve Elster"))}
    async with shift_with(alerts=[ROUTE | {"notify": ["rota:media"]}], rotas=rotas) as shift:
        told = prose(await shift.alert())
        home = prose(await shift.person().opens_home())

    assert told.startswith("<@U0BOB>\n")
    assert "nobody in Slack: `Eve Elster`" in told
    assert "*media:* <@U0BOB>, `Eve Elster`" in home


async def test_a_calendar_that_cannot_be_read_calls_nobody_and_the_alert_says_so(
    shift_with: ShiftWith, called: OnCallWorld
) -> None:
    rotas = {"media": called.rota("media", "<html>")}
    async with shift_with(alerts=[ROUTE | {"notify": ["rota:media"]}], rotas=rotas) as shift:
        told = prose(await shift.alert())

    assert told.startswith("Nobody is on call in the rota `media` now")


STEPS = [{"after": "0s", "pager": "main"}, {"after": "0s", "pager": "ops"}]


async def test_the_pagers_ring_once_and_hear_how_it_goes_on(
    shift_with: ShiftWith, called: OnCallWorld
) -> None:
    route = ROUTE | {"escalate": STEPS}
    async with shift_with(alerts=[route], pagers=called.pagers()) as shift:
        alert = await shift.alert()
        await shift.sees(lambda: len(shift.thread(alert)) == 2)
        await shift.slack.click(ONCALL, alert.ts, "acknowledge", user="U0BOB")
        await shift.sees(lambda: "Acknowledged by <@U0BOB>" in prose(alert))
        await shift.recovers("Night1")
        await shift.sees(lambda: "· Resolved" in prose(alert))
        await until(lambda: len(called.events) == len(called.delivered) == 3)

    (incident,) = called.incidents.values()
    assert (incident.status, incident.rings) == ("resolved", 1)
    assert incident.summary == "1 task failed at record@main"
    assert [one["action"] for one in called.delivered.values()] == [
        "trigger",
        "acknowledge",
        "resolve",
    ]
    assert (called.refused, called.repeated) == ([], [])


async def until(told: object) -> None:
    """Wait for what Slack does not tell."""
    clock = SystemClock()
    give_up_at = clock.monotonic() + 30
    while not told():  # type: ignore[operator]  # it is asked
        assert clock.monotonic() < give_up_at
        await clock.sleep(0.05)


@pytest.mark.parametrize(
    ("operators", "channel"), [({"channel": "C0MEDIA"}, "C0MEDIA"), ({}, ONCALL)]
)
async def test_a_page_nobody_takes_is_told_in_slack(
    operators: dict[str, str],
    channel: str,
    shift_with: ShiftWith,
    called: OnCallWorld,
    caplog: pytest.LogCaptureFixture,
) -> None:
    called.routing_key = called.pagers()["main"]["routing_key"]
    pagers = called.pagers()
    called.routing_key = "another"
    route = ROUTE | {"escalate": STEPS[:1]}
    async with shift_with(alerts=[route], pagers=pagers, operators=operators) as shift:
        await shift.alert()
        await shift.sees(
            lambda: [
                one
                for one in shift.slack.messages(channel)
                if "The pager `main` did not take" in prose(one) and not one.is_reply
            ]
        )

    assert "page_dead pager=main" in caplog.text
    caplog.clear()


# ---- Lists ----


async def test_alerts_are_listed_open_mine_and_all(shift: Shift) -> None:
    alice = shift.person(channel="C0MEDIA")
    none = [prose(await alice.asks(said)) for said in ("alerts", "alerts mine", "alerts all")]
    alert = await shift.alert()

    listed = await alice.asks("alerts")
    not_mine = prose(await alice.asks("alerts mine"))
    await shift.slack.click(ONCALL, alert.ts, "acknowledge", user="U0ALICE")
    await shift.sees(lambda: "Acknowledged by <@U0ALICE>" in prose(alert))
    mine = prose(await alice.asks("alerts mine"))
    home = prose(await alice.opens_home())
    await shift.recovers("Night1")
    await shift.sees(lambda: "· Resolved" in prose(alert))
    after = [prose(await alice.asks(said)) for said in ("alerts open", "alerts all")]

    assert none == ["No alert is open.", "No open alert is yours.", "There has been no alert."]
    assert listed.ephemeral_for == "U0ALICE"
    assert "*Media task failed* · Open" in prose(listed)
    assert f"in <#{ONCALL}>" in prose(listed)
    assert not_mine == "No open alert is yours."
    assert "*Media task failed* · Acknowledged" in mine
    assert "Your open alerts" in home
    assert after[0] == "No alert is open."
    assert "*Media task failed* · Resolved" in after[1]


async def test_the_details_of_a_listed_alert_are_shown(shift: Shift) -> None:
    await shift.alert()
    alice = shift.person(channel="C0MEDIA")

    modal = await alice.opens("Details", await alice.asks("alerts"))

    assert "Night1" in prose(modal)
    assert "The alert was opened." in prose(modal)


async def test_many_alerts_are_paged(shift_with: ShiftWith) -> None:
    routes = [ROUTE | {"room": [f"room-{number}"], "notify": []} for number in range(11)]
    async with shift_with(alerts=routes) as shift:
        for number in range(11):
            await shift.fails(f"Night{number:02}", room=f"room-{number}")
        await shift.sees(lambda: len(shift.alerts) == 11)
        alice = shift.person(channel="C0MEDIA")

        listed = await alice.asks("alerts")
        first = prose(listed).count("*Media task failed*")
        second = prose(await alice.presses("Next", listed)).count("*Media task failed*")

    assert (first, second) == (10, 1)


def named(view: OpenView) -> set[str]:
    """Which tasks a modal names."""
    return {f"Night{number:02}" for number in range(12) if f"Night{number:02}" in prose(view)}


async def test_an_alert_of_many_tasks_is_paged_in_its_details(shift: Shift) -> None:
    alert = await shift.alert("Night00")
    for number in range(1, 12):
        await shift.fails(f"Night{number:02}")
    await shift.sees(lambda: "12 tasks failed" in prose(alert))
    bob = shift.person("U0BOB")

    modal = await bob.opens("Details", alert)
    first = named(modal)
    second = named(await bob.presses_in(modal, "Next"))

    assert (len(first), len(second)) == (10, 2)
    assert first | second == {f"Night{number:02}" for number in range(12)}
