"""``mediatask demo``: the real bot between a local Slack and local vendor clouds."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.app import EXIT_CLEAN, EXIT_CONFIGURATION, Bot, run_bot
from bot.logs import configure_logging
from bot.sandbox.clock import SystemClock as SandboxClock
from bot.sandbox.clouds.fleet import VendorClouds
from bot.sandbox.scenario import Scenario
from bot.sandbox.slack.server import LocalSlack
from bot.settings.load import Settings
from providers.clock import SystemClock

PAGE = Path(__file__).parent / "sandbox" / "page"
SHORTCUTS = (
    {"callback_id": "look_up_in_message", "name": "Look up media tasks", "type": "message"},
    {"callback_id": "look_up", "name": "Look up a media task", "type": "global"},
)
"""What the page offers; manifest.yml names the same to Slack."""
_CONNECTED_WITHIN_S = 10.0
_ALERTS = (
    {
        "channel": "C0ONCALL",
        "notify": ["S0ONCALL"],
        "escalate": [{"after": "2m", "notify": ["U0BOB"]}],
    },
)
"""Every failure goes to #oncall."""


@dataclass(frozen=True, slots=True)
class Demo:
    """Everything that runs."""

    clouds: VendorClouds
    slack: LocalSlack
    bot: Bot


@asynccontextmanager
async def open_demo(port: int = 0) -> AsyncIterator[Demo]:
    """Start the stand-ins and the bot, and stop all of them; *port* is the page's, 0 takes any.

    Raises:
        OSError: the port is taken.
        TimeoutError: the bot did not come up.
    """
    scenario = Scenario.load()
    clock = SandboxClock()
    stories = [story.model_dump() for story in scenario.stories]
    async with AsyncExitStack() as stack:
        clouds = await stack.enter_async_context(await VendorClouds.start(scenario, clock=clock))
        slack = await stack.enter_async_context(
            await LocalSlack.start(
                clock=clock,
                port=port,
                page_dir=PAGE / "dist",
                stories=stories,
                shortcuts=SHORTCUTS,
            )
        )
        settings = demo_settings(clouds, slack)
        bot = await stack.enter_async_context(run_bot(settings, SystemClock()))
        async with asyncio.timeout(_CONNECTED_WITHIN_S):
            await bot.link.up.wait()
        yield Demo(clouds, slack, bot)


def demo_settings(clouds: VendorClouds, slack: LocalSlack) -> Settings:
    """Configure the bot as an operator would, with the stand-ins' addresses and fake keys."""
    return Settings.model_validate(
        {
            "slack": {
                "bot_token": slack.bot_token,
                "app_token": slack.app_token,
                "api_url": slack.api_url,
            },
            "server": {"port": 0},
            "store": {"url": "sqlite://"},
            "fetch": {"allow_private": True},
            "accounts": clouds.accounts(),
            "alerts": _ALERTS,
            "sweep": {"every": "5s"},
        }
    )


async def run_demo(port: int) -> int:
    """Run until Ctrl-C; print the one address to open."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    configure_logging("warning", ())
    async with AsyncExitStack() as stack:
        try:
            demo = await stack.enter_async_context(open_demo(port))
        except OSError as error:
            why = error.strerror or "the bot did not connect"
            print(f"the demo cannot start: {why} (page port {port})", file=sys.stderr)
            return EXIT_CONFIGURATION
        print(f"MediaTask demo: {demo.slack.page_url}  (Ctrl-C stops it)", flush=True)
        await stop.wait()
    return EXIT_CLEAN
