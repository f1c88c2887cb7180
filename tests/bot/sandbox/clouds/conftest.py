"""The demo's own scenario, running on the machine's clock: the SDKs take no other."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.sandbox.clock import SystemClock
from bot.sandbox.clouds import Scenario, VendorClouds


@pytest.fixture
def scenario() -> Scenario:
    return Scenario.load()


@pytest.fixture
async def clouds(scenario: Scenario) -> AsyncIterator[VendorClouds]:
    async with await VendorClouds.start(scenario, clock=SystemClock()) as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    timeout = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(timeout=timeout) as opened:
        yield opened


@pytest.fixture
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the SDKs, which read the environment, on this machine."""
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
