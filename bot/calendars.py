"""Who is on call by a calendar, read from its text. Pure, and slow: not for the event loop.

icalendar reads RFC 5545 and recurring-ical-events unfolds what repeats, exceptions and moved days
included. A person is an event's attendee, by address and by name, or, where it has none, the
event's own title. An event without a zone of its own, whole days above all, is meant in the
calendar's (``X-WR-TIMEZONE``, as Google's and Outlook's calendars say it), else in UTC.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import recurring_ical_events
from icalendar import Calendar, Event

_MAILTO = "mailto:"
_AROUND = timedelta(days=1)
_TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY"})
"""No rota changes as often, and unfolding that takes minutes."""
_ABSENT = frozenset({"DECLINED", "DELEGATED"})
_THINGS = frozenset({"ROOM", "RESOURCE"})


class UnreadableCalendarError(Exception):
    """The text is no calendar; the message is safe to show."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody a calendar names."""

    name: str | None
    email: str | None
    """In lower case."""

    @property
    def shown(self) -> str:
        """Name them for people who have to find out who is meant."""
        return self.name or self.email or ""


def people_on_call(text: bytes, at: datetime) -> tuple[Person, ...]:
    """Tell whom the calendar has on call at an instant, each once, in the order of its events.

    Raises:
        UnreadableCalendarError: it cannot be read, or not unfolded.
    """
    try:
        calendar = Calendar.from_ical(text)
        _check_pace(calendar.events)
        events = _events_at(calendar, at)
        found = [person for event in events for person in _people(event)]
    except (ValueError, KeyError, AttributeError, TypeError, IndexError, OverflowError) as error:
        raise UnreadableCalendarError(f"not a calendar ({type(error).__name__})") from None
    return tuple(dict.fromkeys(person for person in found if person.shown))


def _events_at(calendar: Calendar, at: datetime) -> list[Event]:
    """Choose the events that go on at an instant, what began first in front.

    They are looked for around it: on the day the clocks are set back, an event that ends by the
    clock on the wall lasts an hour longer than recurring-ical-events looks for it.
    """
    zone = _zone_of(calendar)
    unfolded = recurring_ical_events.of(calendar, skip_bad_series=True)
    around = unfolded.between(at.astimezone(zone) - _AROUND, at.astimezone(zone) + _AROUND)
    spans = [(_instant(one.start, zone), _instant(one.end, zone), one) for one in around]
    return [one for begins, ends, one in sorted(spans, key=_first) if begins <= at < ends]


def _first(span: tuple[datetime, datetime, Event]) -> tuple[datetime, str]:
    return span[0], str(span[2].get("UID"))


def _instant(value: date, zone: ZoneInfo) -> datetime:
    """Give the instant of an event's edge; a whole day begins at midnight in *zone*."""
    wall = value if isinstance(value, datetime) else datetime.combine(value, time.min)
    return wall.replace(tzinfo=wall.tzinfo or zone).astimezone(UTC)


def _zone_of(calendar: Calendar) -> ZoneInfo:
    """Tell in whose days the calendar counts; a zone nobody knows is forgotten."""
    try:
        return ZoneInfo(str(calendar.get("X-WR-TIMEZONE") or "UTC"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        del calendar["X-WR-TIMEZONE"]
        return ZoneInfo("UTC")


def _check_pace(events: Iterable[Event]) -> None:
    for event in events:
        rules = event.get("RRULE")
        for rule in rules if isinstance(rules, list) else [rules] if rules else []:
            if _TOO_OFTEN & set(rule.get("FREQ", ())):
                raise UnreadableCalendarError("an event repeats by the minute")


def _people(event: Event) -> Iterator[Person]:
    """Tell whom an event names; one that was called off names nobody."""
    if str(event.get("STATUS") or "").upper() == "CANCELLED":
        return
    attendees = event.get("ATTENDEE")
    told = attendees if isinstance(attendees, list) else [attendees] if attendees else []
    if not told:
        yield Person(_clean(event.get("SUMMARY")), None)
    for attendee in filter(_is_coming, told):
        address = str(attendee)
        is_mail = address.lower().startswith(_MAILTO)
        email = address[len(_MAILTO) :].strip().lower() if is_mail else None
        yield Person(_clean(attendee.params.get("CN")), email or None)


def _is_coming(attendee: Any) -> bool:
    """Tell a person who has not declined from others, and from rooms."""
    is_absent = str(attendee.params.get("PARTSTAT", "")).upper() in _ABSENT
    return not is_absent and str(attendee.params.get("CUTYPE", "")).upper() not in _THINGS


def _clean(value: Any) -> str | None:
    """Read a name: printable, on one line, of at most 80 characters."""
    text = "".join(letter if letter.isprintable() else " " for letter in str(value or ""))
    return " ".join(text.split())[:80] or None
