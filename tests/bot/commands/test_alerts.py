"""``alerts`` is read, and refused with what would be right."""

import pytest

from bot.commands import ListAlerts, UsageError, WhichAlerts, parse_command
from tests.bot.commands.samples import ACCOUNTS


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("alerts", WhichAlerts.OPEN),
        ("Alerts OPEN", WhichAlerts.OPEN),
        ("alerts mine", WhichAlerts.MINE),
        ("alerts all", WhichAlerts.ALL),
    ],
)
def test_alerts_are_listed_open_ones_where_nothing_is_said(text: str, scope: WhichAlerts) -> None:
    assert parse_command(text, ACCOUNTS) == ListAlerts(scope, 0)


@pytest.mark.parametrize(
    ("text", "problem", "nearest"),
    [
        ("alerts mien", "`mien` is none of `open`, `mine`, `all`.", "alerts mine"),
        ("alerts yesterday", "`yesterday` is none of `open`, `mine`, `all`.", "alerts open"),
        (
            "alerts mine please",
            "`alerts mine` takes nothing after it, not even `please`.",
            "alerts mine",
        ),
        ("alert", "`alert` is no command.", "alerts"),
    ],
)
def test_what_cannot_be_read_is_said_with_what_was_probably_meant(
    text: str, problem: str, nearest: str
) -> None:
    with pytest.raises(UsageError) as caught:
        parse_command(text, ACCOUNTS)

    assert caught.value.problem == problem
    assert caught.value.nearest == nearest
