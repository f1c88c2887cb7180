"""Bots set up in ways of their own, and days on which Slack is not at its best."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import aiohttp
import pytest

from bot.app import Bot, run_bot
from bot.sandbox.clouds import VendorClouds
from bot.sandbox.slack.server import LocalSlack
from bot.settings.load import Settings
from providers.clock import SystemClock
from tests.bot.surface.shift import ROUTE, Shift, ShiftWith, with_callbacks
from tests.fakes.bot import come_up, settings_tree

BotWith = Callable[..., AbstractAsyncContextManager[Bot]]


@pytest.fixture
def bot_with(clouds: VendorClouds, slack: LocalSlack) -> BotWith:
    """Run a bot with some sections of its configuration changed."""

    @asynccontextmanager
    async def run(**sections: Any) -> AsyncIterator[Bot]:
        tree = settings_tree(clouds, slack)
        for name, section in sections.items():
            tree[name] = {**tree.get(name, {}), **section} if isinstance(section, dict) else section
        async with run_bot(Settings.model_validate(tree), SystemClock()) as bot:
            await come_up(bot)
            await slack.wait_for(lambda: slack.connections)
            yield bot

    return run


@pytest.fixture
def shift_with(
    bot_with: BotWith, clouds: VendorClouds, slack: LocalSlack, session: aiohttp.ClientSession
) -> ShiftWith:
    """Run a bot on call with some sections of its configuration changed."""

    @asynccontextmanager
    async def run(**sections: Any) -> AsyncIterator[Shift]:
        told = {"alerts": [ROUTE], "accounts": with_callbacks(clouds), **sections}
        async with bot_with(**told) as bot:
            yield Shift(bot, clouds, slack, session)

    return run


@pytest.fixture
async def shift(shift_with: ShiftWith) -> AsyncIterator[Shift]:
    """The bot on call: failed recordings go to #oncall, whose group is notified."""
    async with shift_with() as running:
        yield running


@pytest.fixture
def no_address_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every response address be used up from the start."""
    monkeypatch.setattr("bot.sandbox.slack.interactions.RESPONSE_URL_USES", 0)
