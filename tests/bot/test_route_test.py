"""Where a failure would go: decided as the bot decides it, and nothing is sent."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main

CONFIG = """
[accounts.main]
vendor = "zego"
app_id = 1
server_secret = "0123456789abcdef0123456789abcdef"

[accounts.second]
vendor = "zego"
app_id = 2
server_secret = "0123456789abcdef0123456789abcdef"

[[alerts]]
provider = ["record"]
account = ["main"]
channel = "C0NIGHT"
notify = ["S0ONCALL"]
escalate = [{ after = "20m", pager = "main" }, { after = "10m", notify = ["U0LEAD"] }]
quiet = "23:00-07:00 Europe/Berlin"

[[alerts]]
room = ["live-*"]
on = ["failed", "empty"]
channel = "C0ROOMS"

[pagers.main]
kind = "pagerduty"
routing_key = "key"
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    path = tmp_path / "mediatask.toml"
    path.write_text(CONFIG)
    monkeypatch.setenv("MEDIATASK_CONFIG", str(path))
    return str(path)


def ask(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(["route-test", *words])
    told = capsys.readouterr()
    return status, told.out, told.err


def ask_json(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    status, out, _ = ask(capsys, *words, "--json")
    assert status == 0
    planned: list[dict[str, Any]] = json.loads(out)
    return planned


@pytest.mark.usefixtures("config")
def test_steps_count_from_the_failure_by_day(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--provider", "record", "--state", "failed", "--at", "2026-11-20T12:00")

    planned = ask_json(capsys, *words)

    assert [one | {"route": "…"} for one in planned] == [
        {
            "route": "…",
            "channel": "C0NIGHT",
            "notify": ["S0ONCALL"],
            "steps": [
                {"at": "2026-11-20T12:10:00Z", "notify": ["U0LEAD"]},
                {"at": "2026-11-20T12:20:00Z", "pager": "main"},
            ],
            "held_until": None,
        }
    ]


@pytest.mark.usefixtures("config")
def test_steps_count_from_the_end_of_the_quiet_hours_by_night(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ("--provider", "record", "--state", "failed", "--at", "2026-11-20T23:30")

    planned = ask_json(capsys, *words)

    assert planned[0]["held_until"] == "2026-11-21T06:00:00Z"
    assert planned[0]["steps"][0] == {"at": "2026-11-21T06:10:00Z", "notify": ["U0LEAD"]}


@pytest.mark.usefixtures("config")
def test_an_instant_may_say_its_offset(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--provider", "record", "--state", "failed", "--at", "2026-11-20T13:00+01:00")

    planned = ask_json(capsys, *words)

    assert planned[0]["steps"][0]["at"] == "2026-11-20T12:10:00Z"


@pytest.mark.usefixtures("config")
@pytest.mark.parametrize(
    ("words", "channels"),
    [
        (("--provider", "record", "--state", "failed"), ["C0NIGHT"]),
        (("--provider", "record@second", "--state", "failed"), []),
        (("--provider", "record", "--state", "empty"), []),
        (("--provider", "record", "--state", "empty", "--room", "live-1"), ["C0ROOMS"]),
        (("--provider", "record", "--state", "failed", "--room", "live-1"), ["C0NIGHT", "C0ROOMS"]),
        (("--provider", "tencent", "--state", "outage"), []),
        (("--provider", "record", "--state", "outage"), ["C0NIGHT"]),
    ],
)
def test_every_route_that_wants_it_is_told(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], channels: list[str]
) -> None:
    assert [one["channel"] for one in ask_json(capsys, *words)] == channels


@pytest.mark.usefixtures("config")
def test_people_read_it_in_lines(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--provider", "record", "--state", "failed", "--at", "2026-11-20T23:30")

    status, out, _ = ask(capsys, *words)

    assert status == 0
    assert "C0NIGHT" in out
    assert "2026-11-21T06:20:00Z: rings the pager main" in out


@pytest.mark.usefixtures("config")
def test_without_a_route_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = ask(capsys, "--provider", "tencent", "--state", "stuck")

    assert status == 0
    assert out.strip()


@pytest.mark.usefixtures("config")
@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--provider", "mpc", "--state", "failed"), "only for tencent, huawei, record"),
        (("--provider", "record@third", "--state", "failed"), "has the accounts main, second"),
        (("--provider", "record", "--state", "failed", "--at", "noon"), "wanted an instant"),
    ],
)
def test_what_cannot_be_read_is_wrong_usage(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], problem: str
) -> None:
    status, out, err = ask(capsys, *words)

    assert (status, out) == (2, "")
    assert problem in err


@pytest.mark.usefixtures("config")
def test_it_is_about_now_where_no_instant_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    before = datetime.now(UTC)  # noqa: TID251  # the command asks the machine, so its test does

    planned = ask_json(capsys, "--provider", "record", "--state", "outage")

    first = datetime.fromisoformat(planned[0]["steps"][0]["at"])
    assert first > before
