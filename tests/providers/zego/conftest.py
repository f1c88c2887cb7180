"""A local ZEGO and the one session that asks it."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.providers.zego.cloud import RecordingCloud


@pytest.fixture
async def cloud() -> AsyncIterator[RecordingCloud]:
    recording = RecordingCloud()
    async with recording.server:
        yield recording


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as one:
        yield one
