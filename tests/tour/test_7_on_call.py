"""Nobody has to look: who is on call is told, at an hour when they may be, until it is over."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import aiohttp
import pytest

from bot.app import run_bot
from bot.sandbox.clock import SystemClock as SandboxClock
from bot.sandbox.clouds import Scenario, VendorClouds
from bot.sandbox.oncall import OnCallWorld
from bot.sandbox.slack.server import LocalSlack
from bot.settings.load import Settings
from bot.vendors import open_session
from providers.clock import SystemClock
from tests.bot.surface.shift import ONCALL, Shift, with_callbacks
from tests.fakes.bot import come_up, settings_tree
from tests.fakes.person import labels, prose
from tests.fakes.quick_clock import QuickClock

_TIMES = 20
"""How much faster the night passes than the test: a minute takes three seconds."""
_WITHIN_S = 60.0


@pytest.fixture
async def called() -> AsyncIterator[OnCallWorld]:
    """PagerDuty."""
    async with await OnCallWorld.start() as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """By which the vendor calls the bot."""
    async with open_session() as opened:
        yield opened


@pytest.fixture
async def night(called: OnCallWorld, http: aiohttp.ClientSession) -> AsyncIterator[Shift]:
    """A team that is asleep for two or three minutes more."""
    clock = QuickClock(_TIMES)
    begins, ends = clock.now() - timedelta(hours=1), clock.now() + timedelta(minutes=3)
    route = {
        "provider": ["record"],
        "room": ["lesson-*"],
        "channel": ONCALL,
        "notify": ["S0ONCALL"],
        "quiet": f"{begins:%H:%M}-{ends:%H:%M} UTC",
        "escalate": [{"after": "2m", "notify": ["U0BOB"]}, {"after": "4m", "pager": "main"}],
    }
    async with (
        await VendorClouds.start(Scenario.load(), clock=clock) as clouds,
        await LocalSlack.start(clock=SandboxClock()) as slack,
    ):
        tree = settings_tree(clouds, slack) | {"accounts": with_callbacks(clouds)}
        tree |= {"alerts": [route], "pagers": called.pagers()}
        async with run_bot(Settings.model_validate(tree), clock) as bot:
            await come_up(bot)
            await slack.wait_for(lambda: slack.connections)
            yield Shift(bot, clouds, slack, http, clock)


async def test_a_recording_fails_at_night_and_somebody_is_called_until_its_file_turns_up(
    night: Shift, called: OnCallWorld
) -> None:
    """One message; nobody is woken before the quiet hours end; then each step once; then over."""
    alert = await night.alert()
    at_night = prose(alert)
    await said(night, lambda: "It was kept quiet until now" in lines(night)[0])
    await said(night, lambda: "Nobody has acknowledged it" in lines(night)[1])
    await rung(called)
    await night.slack.click(ONCALL, alert.ts, "acknowledge", user="U0ALICE")
    await said(night, lambda: "Acknowledged by <@U0ALICE>" in prose(alert))
    await night.recovers("Night1")
    await said(night, lambda: "· Resolved" in prose(alert))
    await said(night, lambda: "Everything recovered by itself" in lines(night)[-1])
    await rung(called, "resolved")

    (incident,) = called.incidents.values()
    assert "<!subteam" not in at_night
    assert "Nobody is notified before the quiet hours end" in at_night
    assert "<!subteam^S0ONCALL>" in lines(night)[0]
    assert "<@U0BOB>" in lines(night)[1]
    assert (incident.rings, incident.summary) == (1, "1 task failed at record@main")
    assert [event["event_action"] for event in called.events] == [
        "trigger",
        "acknowledge",
        "resolve",
    ]
    assert night.alerts == [alert]
    assert labels(alert) == ["Details"]


def lines(night: Shift) -> list[str]:
    """What stands in the thread of the alert."""
    return [prose(one) for one in night.thread(night.alerts[0])] or [""]


async def said(night: Shift, told: Callable[[], bool]) -> None:
    """Wait until Slack shows it."""

    def is_told() -> bool:
        try:
            return told()
        except IndexError:
            return False

    await night.slack.wait_for(is_told, _WITHIN_S)


async def rung(called: OnCallWorld, status: str = "triggered") -> None:
    """Wait until PagerDuty has the incident in that status."""
    clock = SystemClock()
    give_up_at = clock.monotonic() + _WITHIN_S
    while [one.status for one in called.incidents.values()] != [status]:
        assert clock.monotonic() < give_up_at
        await clock.sleep(0.05)
