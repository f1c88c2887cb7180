"""Who asks is told differently by every kind of delivery."""

from typing import Any

import pytest

from bot.asker import Asker, read_asker


@pytest.mark.parametrize(
    ("body", "asker"),
    [
        (
            {"team_id": "T1", "user_id": "U1", "channel_id": "C1", "text": "help"},
            Asker("T1", "U1", "C1"),
        ),
        (
            {"team": {"id": "T1"}, "user": {"id": "U1"}, "channel": {"id": "C1"}},
            Asker("T1", "U1", "C1"),
        ),
        (
            {
                "team": {"id": "T1"},
                "user": {"id": "U1"},
                "container": {"type": "message", "channel_id": "C1"},
            },
            Asker("T1", "U1", "C1"),
        ),
        (
            {"team": None, "user": {"id": "U1", "team_id": "T2"}, "view": {"type": "modal"}},
            Asker("T2", "U1", None),
        ),
        (
            {
                "team_id": "T1",
                "event": {"user": "U1", "channel": "C1", "team": "T9"},
                "is_ext_shared_channel": True,
            },
            Asker("T1", "U1", "C1", is_shared=True),
        ),
        ({}, Asker("", "", None)),
    ],
)
def test_an_asker_is_read_from_whatever_slack_delivers(body: dict[str, Any], asker: Asker) -> None:
    assert read_asker(body) == asker


@pytest.mark.parametrize(("channel", "is_direct"), [("D1", True), ("C1", False), (None, False)])
def test_a_direct_message_is_known_by_its_id(channel: str | None, *, is_direct: bool) -> None:
    assert Asker("T1", "U1", channel).is_direct is is_direct
