"""From a vendor's request over real HTTP to what is known of its task, through the whole bot."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest

from bot.app import Bot, run_bot
from bot.sandbox.clock import SystemClock as SandboxClock
from bot.sandbox.clouds import VendorClouds
from bot.sandbox.clouds.callbacks import Callbacks
from bot.sandbox.scenario import File, Step, Task, Word
from bot.sandbox.slack.server import LocalSlack
from bot.settings.load import Settings
from providers.clock import SystemClock
from tests.fakes.bot import come_up, settings_tree
from tests.fakes.prometheus import figure, wait_for_figure

RECORDING = "X3CgNeE4I1qAAABN"
DETECTED = "mediatask_watch_detection_seconds_count"


@pytest.fixture
async def callbacks(clouds: VendorClouds) -> AsyncIterator[Callbacks]:
    """The vendors' side that pushes."""
    running = await Callbacks.start(clouds.scenario.keys, clock=SandboxClock())
    yield running
    await running.close()


@dataclass
class CalledBot:
    """A running bot, as somebody on the network sees it."""

    bot: Bot
    session: aiohttp.ClientSession

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.bot.port}"

    async def counts(self, name: str, wanted: float, **labels: str) -> None:
        """Wait for a figure."""
        await wait_for_figure(self.session, self.url, name, wanted, **labels)


@pytest.fixture
async def called(
    clouds: VendorClouds, slack: LocalSlack, callbacks: Callbacks, session: aiohttp.ClientSession
) -> AsyncIterator[CalledBot]:
    """The bot, set up to be called back by all vendors."""
    tree = settings_tree(clouds, slack)
    for name, more in callbacks.settings().items():
        tree["accounts"][name] |= more
    async with run_bot(Settings.model_validate(tree), SystemClock()) as running:
        await come_up(running)
        callbacks.to = f"http://127.0.0.1:{running.port}"
        yield CalledBot(running, session)


def ended(word: Word, task_id: str = RECORDING) -> Task:
    step = Step(at=-60, say=word, files=(File(name="a.mp4"),))
    return Task(provider="record", id=task_id, steps=(step,))


async def test_a_callback_makes_the_bot_ask_and_its_twin_does_not(
    called: CalledBot, clouds: VendorClouds, callbacks: Callbacks
) -> None:
    clouds.put_task(ended(Word.FAILED))

    assert await callbacks.record(RECORDING, 1, upload_status=2, file_info=[]) == 200

    await called.counts(DETECTED, 1, source="callback")
    accepted = {"vendor": "zego", "verdict": "accepted"}
    name = "mediatask_callbacks_total"
    assert await figure(called.session, called.url, name, **accepted) == 1


async def test_an_ordinary_ending_makes_good_what_the_query_calls_abnormal(
    called: CalledBot, clouds: VendorClouds, callbacks: Callbacks
) -> None:
    clouds.put_task(ended(Word.ABORTED))

    assert await callbacks.record(RECORDING, 2, quit_reason=3) == 200

    await called.counts(DETECTED, 1, source="callback")


async def test_every_vendor_is_believed_as_far_as_it_proves_itself(
    called: CalledBot, callbacks: Callbacks
) -> None:
    statuses = [
        await callbacks.invite(),
        await callbacks.mpc("22123999", "FAILED", error_code="MPC.10052"),
        await callbacks.media("compose", "1400341231-ComposeMedia-0tt0", code="0"),
        await callbacks.tiw("OnlineRecordFinished", "ghucnligqtgtvk2624mb"),
    ]

    assert statuses == [200, 200, 200, 200]
    await called.counts("mediatask_callbacks_open", 0)
    await called.counts(DETECTED, 1, source="callback")
    assert len(callbacks.confirmed) == 1
