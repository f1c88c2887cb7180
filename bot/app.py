"""The composition root: it alone sees all the other modules. How the bot comes and goes."""

import asyncio
import gc
import logging
import secrets
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.assembly import create_link, open_surface, register
from bot.desk import Desk
from bot.duty import Post, open_duty
from bot.engine import Ground, create_engine, create_relay, open_egress
from bot.housekeeping import Housekeeping
from bot.http_server import HttpServer, Standing, create_web_app
from bot.metrics import Metrics
from bot.reception import open_reception
from bot.settings.load import Settings
from bot.shared_limiter import turns_through
from bot.slack_app import create_sender, create_slack_app
from bot.slack_link import SlackLink
from bot.store.errors import StoreError, UnusableStoreError
from bot.store.store import Store, open_store
from bot.vendors import Vendors, open_vendors
from providers.clock import Clock
from providers.models import format_instant

EXIT_CLEAN = 0
EXIT_CONFIGURATION = 2
EXIT_REFUSED = 3
_LAST_ANSWERS_WITHIN_S = 15.0
_LONG_FOR_A_MESSAGE = timedelta(minutes=1)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Bot:
    """A running bot."""

    link: SlackLink
    port: int
    """Where its HTTP server listens."""


@asynccontextmanager
async def run_bot(settings: Settings, clock: Clock) -> AsyncIterator[Bot]:
    """Run the bot for as long as the context lasts; questions still open are then answered.

    Raises:
        OSError: its port cannot be bound.
    """
    slack = settings.slack
    if slack is None:
        raise ValueError("the bot needs [slack]")
    async with AsyncExitStack() as stack:
        ground = await _open_ground(stack, settings, clock)
        app = create_slack_app(slack, ground.vendors.session, lambda: link.identity)
        link = create_link(slack, app, ground.desk, ground.vendors.session)

        def wake() -> None:
            relay.wake()

        engine = create_engine(ground, wake)
        reception = await stack.enter_async_context(open_reception(ground, engine))
        post = Post(app.client, lambda: link.identity.team_id, wake)
        duty = await open_duty(stack, ground, post)
        surface = await stack.enter_async_context(open_surface(ground, app.client, engine, duty))
        sender = create_sender(slack, ground.vendors.session)
        relay = create_relay(ground, sender, surface.announcements)
        register(app, ground, surface)

        web_app = create_web_app(
            app if slack.mode == "http" else None,
            ground.desk.metrics,
            _readiness(link, ground),
            callbacks=reception.webhooks.receive,
        )
        server = await HttpServer.start(web_app, settings.server.host, settings.server.port)
        others = (surface.watchlists.questions.recents, Housekeeping(ground.store, clock))
        loops = (relay, *engine.loops, *duty.loops, *reception.loops, *others, surface.waits)
        _start(stack, loops)
        stack.push_async_callback(ground.desk.close, within_s=_LAST_ANSWERS_WITHIN_S)
        stack.push_async_callback(server.close)
        link.start()
        stack.push_async_callback(link.close)
        yield Bot(link, server.port)


class _Loop(Protocol):
    def start(self) -> None: ...

    async def close(self) -> None: ...


def _start(stack: AsyncExitStack, loops: Iterable[_Loop]) -> None:
    """Start loops in order; they are closed in the other."""
    for loop in loops:
        loop.start()
        stack.push_async_callback(loop.close)


def _readiness(link: SlackLink, ground: Ground) -> Callable[[], Awaitable[Standing]]:
    async def readiness() -> Standing:
        reasons = [*await link.reasons_not_ready(), *await _store_trouble(ground.store)]
        remarks = [*link.remarks(), *await _waiting_long(ground.store, ground.clock)]
        return Standing(reasons, _vendors_health(ground.vendors), remarks)

    return readiness


async def _open_ground(stack: AsyncExitStack, settings: Settings, clock: Clock) -> Ground:
    """Open what everything stands on."""
    metrics = Metrics()
    store = await stack.enter_async_context(
        open_store(settings.store.url.get_secret_value(), clock)
    )
    vendors = await stack.enter_async_context(
        open_vendors(
            settings.accounts,
            clock=clock,
            observe=metrics.observe_vendor,
            on_undocumented=metrics.count_undocumented,
            new_turns=turns_through(store, clock),
            was_ordinary=store.endings.was_ordinary,
        )
    )
    desk = Desk(clock, metrics, new_reference=lambda: secrets.token_hex(4))
    egress = await stack.enter_async_context(open_egress(store, clock))
    return Ground(settings, store, vendors, desk, egress)


async def _store_trouble(store: Store) -> list[str]:
    try:
        await store.check_writable()
    except StoreError as error:
        return [f"the store cannot be written: {error}"]
    return []


async def _waiting_long(store: Store, clock: Clock) -> list[str]:
    """Remark that what has to be told to Slack waits; a store in trouble is a reason by itself."""
    try:
        backlog = await store.deliveries.backlog()
    except StoreError:
        return []
    if backlog.oldest_at is None or clock.now() - backlog.oldest_at < _LONG_FOR_A_MESSAGE:
        return []
    since = format_instant(backlog.oldest_at)
    return [f"{backlog.count} messages to Slack wait, the oldest since {since}"]


def _vendors_health(vendors: Vendors) -> Mapping[str, object]:
    gates = {endpoint.gate.name: endpoint.gate for endpoint in vendors.endpoints.values()}
    return {name: {"answering": gate.health().answering} for name, gate in gates.items()}


async def serve(settings: Settings, clock: Clock) -> int:
    """Run until SIGTERM or SIGINT, or until Slack refuses the credentials; give the exit status."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        async with run_bot(settings, clock) as bot:
            # All that is imported by now stays: no collection walks through it while Slack waits.
            gc.freeze()
            log.info("serving port=%d", bot.port)
            return await _until_stopped(bot, stop)
    except UnusableStoreError as error:
        log.critical("cannot_open_store reason=%s", error)
        return EXIT_CONFIGURATION
    except OSError as error:
        where = f"{settings.server.host}:{settings.server.port}"
        log.critical("cannot_listen address=%s reason=%s", where, error.strerror)
        return EXIT_CONFIGURATION


async def _until_stopped(bot: Bot, stop: asyncio.Event) -> int:
    stopping = asyncio.create_task(stop.wait())
    refused = asyncio.create_task(bot.link.refused())
    try:
        await asyncio.wait({stopping, refused}, return_when=asyncio.FIRST_COMPLETED)
        if stopping.done():
            log.info("stopping")
            return EXIT_CLEAN
        log.critical("slack_refused %s", refused.result())
        return EXIT_REFUSED
    finally:
        for task in (stopping, refused):
            task.cancel()
        await asyncio.gather(stopping, refused, return_exceptions=True)
