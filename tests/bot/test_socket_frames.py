"""What is said over Socket Mode, read and written."""

import json

import pytest
from slack_bolt.response import BoltResponse

from bot.socket_frames import (
    Envelope,
    Frame,
    Goodbye,
    Hello,
    read_frame,
    to_bolt_request,
    write_acknowledgement,
)

ENVELOPE = {"envelope_id": "e-1", "type": "events_api", "payload": {"event": {}}}

FRAMES: list[tuple[object, Frame | None]] = [
    ({"type": "hello", "num_connections": 2}, Hello()),
    ({"type": "disconnect", "reason": "warning"}, Goodbye("warning")),
    ({"type": "disconnect"}, Goodbye("None")),
    (ENVELOPE, Envelope("e-1", {"event": {}})),
    (
        ENVELOPE | {"retry_attempt": 2, "retry_reason": "timeout"},
        Envelope("e-1", {"event": {}}, 2, "timeout"),
    ),
    (
        ENVELOPE | {"retry_attempt": 0, "retry_reason": None},
        Envelope("e-1", {"event": {}}),
    ),
    (ENVELOPE | {"payload": "text"}, None),
    ({"type": "something new"}, None),
    (["hello"], None),
]


@pytest.mark.parametrize(("said", "frame"), FRAMES)
def test_a_frame_is_read(said: object, frame: Frame | None) -> None:
    assert read_frame(json.dumps(said)) == frame


@pytest.mark.parametrize("text", ["", "Ping from applink-1", "{", "[" * 100_000])
def test_what_is_no_json_is_none_of_slacks(text: str) -> None:
    assert read_frame(text) is None


def test_listeners_read_the_payload_and_how_often_it_was_delivered() -> None:
    request = to_bolt_request(Envelope("e-1", {"event": {"type": "app_mention"}}, 1, "timeout"))

    assert request.mode == "socket_mode"
    assert request.body == {"event": {"type": "app_mention"}}
    assert request.headers["x-slack-retry-num"] == ["1"]
    assert request.headers["x-slack-retry-reason"] == ["timeout"]


def test_what_is_delivered_for_the_first_time_is_no_retry() -> None:
    assert "x-slack-retry-num" not in to_bolt_request(Envelope("e-1", {})).headers


RESPONSES: list[tuple[BoltResponse, dict[str, object] | None]] = [
    (BoltResponse(status=200, body=""), {"envelope_id": "e-1"}),
    (
        BoltResponse(status=200, body={"response_action": "clear"}),
        {"envelope_id": "e-1", "payload": {"response_action": "clear"}},
    ),
    (
        BoltResponse(status=200, body="at once"),
        {"envelope_id": "e-1", "payload": {"text": "at once"}},
    ),
    (BoltResponse(status=404, body="unhandled"), None),
    (BoltResponse(status=500, body=""), None),
]


@pytest.mark.parametrize(("response", "frame"), RESPONSES)
def test_only_what_somebody_took_is_acknowledged(
    response: BoltResponse, frame: dict[str, object] | None
) -> None:
    written = write_acknowledgement("e-1", response)

    assert (written and json.loads(written)) == frame
