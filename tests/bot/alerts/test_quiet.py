from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.alerts.quiet import Quiet, not_in_quiet

MINUTE = timedelta(minutes=1)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC")
CHANGES = (
    datetime(2026, 3, 29, 1, tzinfo=UTC),  # Europe
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2026, 3, 8, 7, tzinfo=UTC),  # America
    datetime(2026, 11, 1, 6, tzinfo=UTC),
    datetime(2026, 4, 4, 15, tzinfo=UTC),  # Lord Howe, which moves by half an hour
    datetime(2026, 10, 3, 15, 30, tzinfo=UTC),
)
WALL = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("quiet", "at", "free_at"),
    [
        ("23:00-07:00 UTC", "2026-11-20T22:59:59", "2026-11-20T22:59:59"),
        ("23:00-07:00 UTC", "2026-11-20T23:00", "2026-11-21T07:00"),
        ("23:00-07:00 UTC", "2026-11-21T06:59:59", "2026-11-21T07:00"),
        ("23:00-07:00 UTC", "2026-11-21T07:00", "2026-11-21T07:00"),
        ("12:00-13:00 UTC", "2026-11-20T12:30", "2026-11-20T13:00"),
        # Berlin is an hour ahead in winter, two in summer.
        ("23:00-07:00 Europe/Berlin", "2026-11-20T22:00", "2026-11-21T06:00"),
        ("23:00-07:00 Europe/Berlin", "2026-07-20T21:00", "2026-07-21T05:00"),
        # The night of 25 October has an hour more, that of 29 March one less.
        ("23:00-07:00 Europe/Berlin", "2026-10-24T21:00", "2026-10-25T06:00"),
        ("23:00-07:00 Europe/Berlin", "2026-03-28T22:00", "2026-03-29T05:00"),
        # An hour shown twice is quiet twice, one that nobody sees never.
        ("02:00-03:00 Europe/Berlin", "2026-10-25T00:30", "2026-10-25T02:00"),
        ("02:00-03:00 Europe/Berlin", "2026-03-29T01:00", "2026-03-29T01:00"),
    ],
)
def test_quiet_hours_end_by_the_clock_on_the_wall(quiet: str, at: str, free_at: str) -> None:
    assert not_in_quiet(quiet, utc(at)) == utc(free_at)


def test_without_quiet_hours_no_moment_is_quiet() -> None:
    at = utc("2026-11-20T23:30")

    assert not_in_quiet(None, at) == at


def test_hours_without_a_zone_are_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Quiet.parse("23:00-07:00")


@settings(max_examples=80, deadline=None)
@given(
    begins=WALL,
    ends=WALL,
    zone=st.sampled_from(ZONES),
    near=st.sampled_from(CHANGES),
    off=st.integers(-36 * 60, 12 * 60),
)
def test_quiet_hours_end_where_somebody_looking_at_the_clock_each_minute_sees_it(
    begins: time, ends: time, zone: str, near: datetime, off: int
) -> None:
    at = near + off * MINUTE

    free_at = not_in_quiet(f"{begins:%H:%M}-{ends:%H:%M} {zone}", at)

    assert free_at == watched(begins, ends, zone, at)


def watched(begins: time, ends: time, zone: str, at: datetime) -> datetime:
    """Look at the wall each minute; what is quiet is told by the list of a day's minutes."""
    quiet: set[str] = set()
    shown = datetime(2026, 1, 1, begins.hour, begins.minute, tzinfo=UTC)
    while shown.time() != ends:
        quiet.add(f"{shown:%H:%M}")
        shown += MINUTE
    while f"{at.astimezone(ZoneInfo(zone)):%H:%M}" in quiet:
        at += MINUTE
    return at
