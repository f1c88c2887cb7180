from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.store import Store, open_store
from tests.fakes.clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "media task%.db"


@pytest.fixture
def url(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.fixture(params=["file", "memory"])
async def store(request: pytest.FixtureRequest, url: str, clock: FakeClock) -> AsyncIterator[Store]:
    async with open_store(url if request.param == "file" else "sqlite://", clock) as opened:
        yield opened
