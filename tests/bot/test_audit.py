"""An audit line says who did what, in a line that can be searched."""

import logging

import pytest

from bot import audit
from bot.asker import Asker


@pytest.mark.parametrize(
    ("asker", "about", "line"),
    [
        (
            Asker("T1", "U1", "C1"),
            ["record@main:1", "mpc@main:2"],
            "team=T1 user=U1 channel=C1 about=record@main:1,mpc@main:2",
        ),
        (
            Asker("T1", "U1"),
            [],
            "team=T1 user=U1 channel=- about=-",
        ),
    ],
)
def test_a_line_names_who_where_and_what(
    asker: Asker, about: list[str], line: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    audit.note("show", asker, "allowed", about)

    assert caplog.messages == [f"audit action=show verdict=allowed {line}"]


def test_a_line_does_not_grow_without_end(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    audit.note("show", Asker("T1", "U1"), "denied", (f"mpc@main:{n}" for n in range(1000)))

    assert caplog.messages[0].endswith(",mpc@main:29")
