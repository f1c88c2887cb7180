"""What every test may use, and what no test may leave behind.

Nothing left behind: no asyncio task that still runs; no client session that was not closed
(Python's ResourceWarning is an error here); no log line above WARNING that the test has not looked
at. A test that expects such a line looks at it and calls ``caplog.clear()``.
"""

import asyncio
import inspect
import logging
from collections.abc import AsyncIterator, Iterator

import pytest

from bot.app import Bot, run_bot
from bot.sandbox.clock import SystemClock as SandboxClock
from bot.sandbox.clouds import Scenario, VendorClouds
from bot.sandbox.slack.server import LocalSlack
from bot.store.maintenance import migrate_store
from providers.clock import SystemClock
from tests.fakes.bot import bot_settings, come_up
from tests.fakes.moving_clock import MovingClock
from tests.fakes.person import Person
from tests.fakes.postgres import Databases, PostgresServer, named_databases, running_postgres

_ENDED_WITHIN_S = 1.0
_VENDORS_SDKS = ("HuaweiCloud", "tencentcloud")
_PROXIES = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Take back what a command that runs in this process does to its logging."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    if (root.handlers, root.level) != (handlers, level):
        root.handlers[:] = handlers
        root.setLevel(level)


@pytest.fixture(autouse=True)
def nothing_left_behind(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """Fail where a test is through and something of it is not."""
    function = getattr(request, "function", None)
    if inspect.iscoroutinefunction(function):
        request.getfixturevalue("no_task_left_running")

    yield

    unexpected = [
        record.getMessage()
        for record in caplog.get_records("call")
        if record.levelno > logging.WARNING and not record.name.startswith(_VENDORS_SDKS)
    ]
    assert unexpected == []


@pytest.fixture
async def no_task_left_running() -> AsyncIterator[None]:
    """Give tasks that were cancelled a moment to end, then have none of them running."""
    yield

    others = asyncio.all_tasks() - {asyncio.current_task()}
    if others:
        await asyncio.wait(others, timeout=_ENDED_WITHIN_S)
    assert [task for task in others if not task.done()] == []


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the SDKs, which read the environment, on this machine."""
    for name in _PROXIES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server of our own, the same for all tests; started where one asks for it."""
    with running_postgres() as running:
        yield running


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> Databases:
    """Where tests may make databases: on the server they were told of, or on our own."""
    if (named := named_databases()) is not None:
        return named
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.databases


@pytest.fixture(scope="session")
def migrated_template(databases: Databases) -> Iterator[str]:
    """A database with the bot's tables; to be copied, never opened."""

    async def create() -> str:
        name = await databases.create()
        await migrate_store(databases.url(name))
        return name

    name = asyncio.run(create())
    yield name
    asyncio.run(databases.drop(name))


@pytest.fixture
async def postgres_url(databases: Databases, migrated_template: str) -> AsyncIterator[str]:
    """The address of a migrated database on PostgreSQL that is this test's alone."""
    name = await databases.create(migrated_template)
    yield databases.url(name)
    await databases.drop(name)


@pytest.fixture
def cloud_clock() -> MovingClock:
    """The time at the vendors; setting it forward lets their tasks go on."""
    return MovingClock()


@pytest.fixture
async def clouds(cloud_clock: MovingClock) -> AsyncIterator[VendorClouds]:
    """The vendors, playing the demo's scenario."""
    async with await VendorClouds.start(Scenario.load(), clock=cloud_clock) as running:
        yield running


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    """The local Slack."""
    async with await LocalSlack.start(clock=SandboxClock()) as running:
        yield running


@pytest.fixture
async def bot(clouds: VendorClouds, slack: LocalSlack) -> AsyncIterator[Bot]:
    """The bot in socket mode, connected."""
    async with run_bot(bot_settings(clouds, slack), SystemClock()) as running:
        await come_up(running)
        await slack.wait_for(lambda: slack.connections)
        yield running


@pytest.fixture
async def http_bot(clouds: VendorClouds, slack: LocalSlack) -> AsyncIterator[Bot]:
    """The bot in http mode, with its request URL told to Slack."""
    async with run_bot(bot_settings(clouds, slack, mode="http"), SystemClock()) as running:
        slack.deliver_to(f"http://127.0.0.1:{running.port}/slack/events")
        await come_up(running)
        yield running


@pytest.fixture
def alice(bot: Bot, slack: LocalSlack) -> Person:
    """Somebody who has the bot in her workspace."""
    assert bot.port
    return Person(slack)
