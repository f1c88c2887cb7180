"""``mediatask doctor``: every credential tried, each with its remedy."""

from pathlib import Path
from typing import Any

import pytest

from bot.doctor import Finding, examine
from bot.sandbox.clouds import Cloud, VendorClouds, Weather, WeatherKind
from bot.sandbox.slack.server import LocalSlack
from bot.settings.load import Settings
from providers.clock import SystemClock
from tests.fakes.bot import settings_tree
from tests.fakes.scripted_server import ScriptedServer

SUBJECTS = [
    "tencent@main",
    "huawei@main",
    "record@main",
    "mpc@transcode",
    "tiw@whiteboard",
    "slack bot_token",
    "slack app_token",
    "store",
]


@pytest.fixture
def tree(clouds: VendorClouds, slack: LocalSlack) -> dict[str, Any]:
    return settings_tree(clouds, slack)


async def findings(tree: dict[str, Any]) -> dict[str, Finding]:
    examined = await examine(Settings.model_validate(tree), SystemClock())
    return {finding.subject: finding for finding in examined}


async def test_with_everything_right_every_line_is_fine(tree: dict[str, Any]) -> None:
    found = await findings(tree)

    assert list(found) == SUBJECTS
    assert [subject for subject, finding in found.items() if not finding.fine] == []


async def test_it_creates_and_changes_nothing(tree: dict[str, Any], clouds: VendorClouds) -> None:
    await findings(tree)

    actions = {asked.action for asked in clouds.requests}
    assert all(action.startswith(("Describe", "GET", "list", "List")) for action in actions), (
        actions
    )


@pytest.mark.parametrize(
    ("account", "changes", "subjects", "remedy"),
    [
        ("main", {"server_secret": "canary-wrong"}, ["tencent@main", "record@main"], "secret"),
        ("transcode", {"sk": "canary-wrong"}, ["mpc@transcode"], ""),
        ("whiteboard", {"secret_key": "canary-wrong"}, ["tiw@whiteboard"], ""),
    ],
)
async def test_a_wrong_key_is_told_with_its_remedy_and_never_shown(
    account: str, changes: dict[str, str], subjects: list[str], remedy: str, tree: dict[str, Any]
) -> None:
    tree["accounts"][account] |= changes

    found = await findings(tree)

    for subject in subjects:
        line = str(found[subject])
        assert line.startswith(f"FAIL  {subject}: ")
        assert remedy in line.lower()
        assert "canary" not in line
        assert len(line.split(". ")) > 1


async def test_a_clock_that_is_off_is_told(tree: dict[str, Any], clouds: VendorClouds) -> None:
    clouds.set_weather(Cloud.TIW, Weather(kind=WeatherKind.SKEWED))

    found = await findings(tree)

    assert not found["tiw@whiteboard"].fine
    assert "clock" in found["tiw@whiteboard"].text


async def test_a_vendor_that_is_down_is_told(tree: dict[str, Any]) -> None:
    tree["accounts"]["whiteboard"] |= {"url": "http://127.0.0.1:9", "timeout": 0.5}

    found = await findings(tree)

    assert not found["tiw@whiteboard"].fine
    assert "refused" in found["tiw@whiteboard"].text


async def test_in_http_mode_there_is_no_app_token_to_try(
    clouds: VendorClouds, slack: LocalSlack
) -> None:
    found = await findings(settings_tree(clouds, slack, mode="http"))

    assert "slack app_token" not in found
    assert found["slack bot_token"].fine


async def test_without_slack_only_the_vendors_are_tried(tree: dict[str, Any]) -> None:
    del tree["slack"]

    found = await findings(tree)

    assert list(found) == [*SUBJECTS[:5], "store"]


async def test_a_store_that_cannot_be_used_is_told(tree: dict[str, Any], tmp_path: Path) -> None:
    tree["store"] = {"url": f"sqlite:///{tmp_path}/absent/mediatask.db"}

    found = await findings(tree)

    assert not found["store"].fine
    assert "does not exist or cannot be written" in found["store"].text


@pytest.mark.parametrize("key", ["bot_token", "app_token"])
async def test_a_refused_token_is_told_with_slacks_word(key: str, tree: dict[str, Any]) -> None:
    tree["slack"][key] = "xoxb-canary"

    found = await findings(tree)

    finding = found[f"slack {key}"]
    assert not finding.fine
    assert finding.text.startswith("refused: invalid_auth. Copy it again")
    assert "canary" not in finding.text


async def test_a_slack_that_does_not_answer_is_told(tree: dict[str, Any]) -> None:
    tree["slack"]["api_url"] = "http://127.0.0.1:9/api/"

    found = await findings(tree)

    assert not found["slack bot_token"].fine
    assert "Check the network and slack.api_url." in found["slack bot_token"].text


@pytest.mark.parametrize("scopes", ["chat:write, users:read", ""])
async def test_a_token_without_the_scopes_the_bot_needs_is_told(
    scopes: str, tree: dict[str, Any], server: ScriptedServer
) -> None:
    tree["slack"]["api_url"] = server.url
    server.will_say({"ok": True}, x_oauth_scopes=scopes)

    found = await findings(tree)

    text = found["slack bot_token"].text
    assert text.startswith("lacks app_mentions:read, ")
    assert text.endswith(", users:read. Install the app again from manifest.yml.") is (
        "users:read" not in scopes
    )
    assert found["slack app_token"].fine


def test_a_line_begins_with_how_it_is() -> None:
    assert str(Finding("tiw@main", fine=True, text="accepted")) == "ok    tiw@main: accepted"
    assert str(Finding("tiw@main", fine=False, text="refused")) == "FAIL  tiw@main: refused"
