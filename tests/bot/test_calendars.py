"""Who is on call by a calendar: rotations, exceptions, moved weeks, whole days, both hours of DST.

The calendars are our own, written by the rules of RFC 5545.
"""

from datetime import datetime
from pathlib import Path

import pytest

from bot.calendars import Person, UnreadableCalendarError, people_on_call

ROTAS = Path(__file__).parents[1] / "data" / "rotas"
HEAD = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//tests//\n"
ALICE = Person("Alice Amsel", "alice@northwind.example")
BOB = Person("Bob Buchfink", "bob@northwind.example")
CHEN = Person("Chen Yu", "chen@northwind.example")


def on_call(rota: str, at: str) -> tuple[Person, ...]:
    text = (ROTAS / f"{rota}.ics").read_bytes()
    return people_on_call(text, datetime.fromisoformat(at))


@pytest.mark.parametrize(
    ("at", "people"),
    [
        ("2026-09-07T06:59:59Z", ()),  # the rotation has not begun
        ("2026-09-07T07:00:00Z", (ALICE,)),  # nine o'clock in Berlin, in summer
        ("2026-09-14T06:59:59Z", (ALICE,)),
        ("2026-09-14T07:00:00Z", (BOB,)),
        ("2026-09-21T12:00:00Z", (ALICE,)),
        ("2026-10-06T12:00:00Z", ()),  # the week Alice is away
        ("2026-10-25T00:30:00Z", (ALICE,)),  # half past two in Berlin, for the first time
        ("2026-10-25T01:30:00Z", (ALICE,)),  # and again
        ("2026-10-26T07:59:59Z", (ALICE,)),  # nine o'clock is an hour later now
        ("2026-10-26T08:00:00Z", (BOB,)),
        ("2026-11-10T12:00:00Z", (CHEN,)),  # for Bob
        ("2026-11-16T08:00:00Z", (ALICE,)),
        ("2026-12-07T12:00:00Z", ()),  # Bob begins a day later this time
        ("2026-12-08T11:00:00Z", (BOB,)),
    ],
)
def test_a_weekly_rotation_with_an_exception_an_override_and_a_change_of_clocks(
    at: str, people: tuple[Person, ...]
) -> None:
    assert on_call("weekly", at) == people


@pytest.mark.parametrize(
    ("at", "names"),
    [
        ("2026-11-19T15:59:59Z", []),
        ("2026-11-19T16:00:00Z", ["Chen Yu"]),  # midnight in Shanghai
        ("2026-11-20T15:59:59Z", ["Chen Yu"]),
        ("2026-11-20T16:00:00Z", ["alice"]),
        ("2026-11-21T16:00:00Z", []),
        ("2026-11-22T00:59:59Z", []),
        ("2026-11-22T01:00:00Z", ["Bob Buchfink"]),  # an hour without a zone is the calendar's
    ],
)
def test_whole_days_are_those_of_the_calendars_own_zone(at: str, names: list[str]) -> None:
    assert [person.name for person in on_call("days", at)] == names


def test_several_may_be_on_call_each_once_and_not_who_declined_nor_a_room() -> None:
    people = on_call("two", "2026-11-20T09:30:00Z")

    assert people == (ALICE, BOB)


def test_nobody_may_be_on_call_and_a_zone_nobody_knows_is_no_trouble() -> None:
    assert on_call("nobody", "2026-11-20T09:30:00Z") == ()


def test_one_event_that_cannot_be_read_does_not_hide_the_others() -> None:
    people = on_call("broken", "2026-11-20T09:30:00Z")

    assert [person.shown for person in people] == ["Alice Amsel"]


@pytest.mark.parametrize(
    ("attendee", "person"),
    [
        ("ATTENDEE:mailto:alice@northwind.example", Person(None, "alice@northwind.example")),
        ("ATTENDEE;CN=Alice Amsel:urn:uuid:1", Person("Alice Amsel", None)),
        ("ATTENDEE;CN=Alice Amsel:mailto:", Person("Alice Amsel", None)),
        ("SUMMARY:A\tb   c", Person("A b c", None)),
        (f"SUMMARY:{'x' * 100}", Person("x" * 80, None)),
    ],
)
def test_a_person_is_an_address_or_a_name_and_shown_by_the_better(
    attendee: str, person: Person
) -> None:
    event = f"BEGIN:VEVENT\nUID:1\nDTSTART:20261120T000000Z\nDURATION:P1D\n{attendee}\nEND:VEVENT\n"
    text = f"{HEAD}{event}END:VCALENDAR\n".encode()

    people = people_on_call(text, datetime.fromisoformat("2026-11-20T12:00:00Z"))

    assert people == (person,)
    assert people[0].shown == (person.name or person.email)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"<html>Sign in</html>",
        b"\xff\xfe\x00",
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n",
        b"BEGIN:VCALENDAR\nEND:VCALENDAR\nBEGIN:VCALENDAR\nEND:VCALENDAR\n",
    ],
)
def test_what_is_no_calendar_is_refused_in_words_that_repeat_nothing_of_it(text: bytes) -> None:
    with pytest.raises(UnreadableCalendarError, match=r"^not a calendar \(\w+\)$"):
        people_on_call(text, datetime.fromisoformat("2026-11-20T12:00:00Z"))


@pytest.mark.parametrize("often", ["SECONDLY", "MINUTELY"])
@pytest.mark.parametrize("rules", [1, 2])
def test_what_repeats_too_often_to_be_a_rota_is_refused_and_not_unfolded(
    often: str, rules: int
) -> None:
    rule = f"RRULE:FREQ={often}\n" * rules
    event = f"BEGIN:VEVENT\nUID:1\nDTSTART:20200101T000000Z\nDURATION:P1D\n{rule}END:VEVENT\n"

    with pytest.raises(UnreadableCalendarError, match="by the minute"):
        people_on_call(
            f"{HEAD}{event}END:VCALENDAR\n".encode(),
            datetime.fromisoformat("2026-11-20T12:00:00Z"),
        )
