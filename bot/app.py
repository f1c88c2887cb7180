"""The composition root: it alone sees all the other modules. How the bot comes and goes."""

import asyncio
import gc
import logging
import secrets
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from aiohttp import ClientSession
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.addresses import is_public, is_public_or_private
from bot.audience import Audience
from bot.cards import Cards
from bot.channels import Channels
from bot.desk import Desk
from bot.drawing import Drawer
from bot.fetch import open_fetcher
from bot.forms import Forms
from bot.groups import Groups
from bot.guard import Guard
from bot.home import Home
from bot.housekeeping import Housekeeping
from bot.http_server import HttpServer, Standing, create_web_app
from bot.listeners.actions import Buttons, register_actions
from bot.listeners.commands import register_commands
from bot.listeners.forms import register_forms
from bot.listeners.home import register_home
from bot.listeners.mentions import register_mentions
from bot.listeners.shortcuts import register_shortcuts
from bot.listeners.workflow import register_workflow
from bot.lists import Lists
from bot.locales import Locales
from bot.metrics import Metrics
from bot.press import Presses
from bot.questions import Questions
from bot.receipts import Receipts
from bot.recents import Recents
from bot.respond import Responder
from bot.settings.load import Settings
from bot.settings.sections import SlackSettings
from bot.sheets import Sheets
from bot.slack_app import create_slack_app
from bot.slack_link import SlackLink
from bot.socket_mode import SocketMode
from bot.store.errors import StoreError, UnusableStoreError
from bot.store.store import Store, open_store
from bot.uploads import upload_picture
from bot.vendors import Vendors, open_vendors
from bot.views.options import Options
from bot.views.words import words_for
from bot.waits import Waits
from providers.clock import Clock

EXIT_CLEAN = 0
EXIT_CONFIGURATION = 2
EXIT_REFUSED = 3
_LAST_ANSWERS_WITHIN_S = 15.0

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
    metrics = Metrics()
    async with AsyncExitStack() as stack:
        vendors = await stack.enter_async_context(
            open_vendors(
                settings.accounts,
                clock=clock,
                observe=metrics.observe_vendor,
                on_undocumented=metrics.count_undocumented,
            )
        )
        store = await stack.enter_async_context(
            open_store(settings.store.url.get_secret_value(), clock)
        )
        desk = Desk(clock, metrics, new_reference=lambda: secrets.token_hex(4))
        app = create_slack_app(slack, vendors.session, lambda: link.identity)
        link = _create_link(slack, app, desk, vendors.session)
        questions = _create_questions(settings, vendors, store, desk, app.client)
        sheets = await stack.enter_async_context(_open_sheets(settings, vendors, app.client, clock))
        waits = Waits(store, vendors.lookup, app.client, clock)
        _register(app, desk, Cards(questions, sheets), waits, vendors.session)

        async def readiness() -> Standing:
            reasons = [*await link.reasons_not_ready(), *await _store_trouble(store)]
            return Standing(reasons, _vendors_health(vendors), link.remarks())

        routed = app if slack.mode == "http" else None
        web_app = create_web_app(routed, metrics, readiness)
        server = await HttpServer.start(web_app, settings.server.host, settings.server.port)
        for loop in (questions.recents, Housekeeping(store, clock), waits):
            loop.start()
            stack.push_async_callback(loop.close)
        stack.push_async_callback(desk.close, within_s=_LAST_ANSWERS_WITHIN_S)
        stack.push_async_callback(server.close)
        link.start()
        stack.push_async_callback(link.close)
        yield Bot(link, server.port)


def _create_questions(
    settings: Settings, vendors: Vendors, store: Store, desk: Desk, client: AsyncWebClient
) -> Questions:
    clock = desk.clock
    words = words_for(settings.slack.channel_language if settings.slack else None)
    base = Options(
        local_images=settings.fetch.allow_private,
        default_accounts={name: names[0] for name, names in vendors.accounts.items()},
        words=words,
    )
    return Questions(
        lookup=vendors.lookup,
        lists=Lists(vendors.endpoints, vendors.lookup, clock),
        recents=Recents(store, clock),
        store=store,
        audience=Audience(store, Locales(client, clock), base, words),
        guard=_create_guard(settings, vendors, client, clock),
        clock=clock,
        metrics=desk.metrics,
        turns=desk.turns,
    )


def _create_guard(
    settings: Settings, vendors: Vendors, client: AsyncWebClient, clock: Clock
) -> Guard:
    groups, channels = Groups(client, clock), Channels(client, clock)
    return Guard(settings.policy, groups, channels, vendors.accounts)


@asynccontextmanager
async def _open_sheets(
    settings: Settings, vendors: Vendors, client: AsyncWebClient, clock: Clock
) -> AsyncIterator[Sheets]:
    allowed = is_public_or_private if settings.fetch.allow_private else is_public

    async def upload(picture: bytes, name: str) -> str:
        return await upload_picture(client, vendors.session, picture, name=name, clock=clock)

    async with open_fetcher(allowed) as fetcher:
        sheets = Sheets(Drawer(fetcher.fetch_image).draw, upload)
        try:
            yield sheets
        finally:
            await sheets.aclose()


def _register(
    app: AsyncApp, desk: Desk, cards: Cards, waits: Waits, session: ClientSession
) -> None:
    """Make the app listen for everything manifest.yml announces."""
    questions = cards.questions
    responder = Responder(session, desk.clock)
    receipts = Receipts(questions.store, desk.clock)
    home = Home(questions)
    forms = Forms(questions, home)
    register_commands(app, desk, forms, responder)
    register_mentions(app, desk, questions, receipts)
    presses = Presses(desk.clock)
    register_actions(app, Buttons(desk, cards, forms, responder, receipts, presses))
    register_shortcuts(app, desk, forms, responder)
    register_forms(app, desk, forms)
    register_home(app, desk, home)
    register_workflow(app, desk, waits, questions.guard)


async def _store_trouble(store: Store) -> list[str]:
    try:
        await store.check_writable()
    except StoreError as error:
        return [f"the store cannot be written: {error}"]
    return []


def _create_link(
    slack: SlackSettings, app: AsyncApp, desk: Desk, session: ClientSession
) -> SlackLink:
    clock = desk.clock
    if slack.mode == "http" or slack.app_token is None:
        return SlackLink(app.client, None, None, clock)
    app_token = slack.app_token.get_secret_value()

    def connections() -> SocketMode:
        return SocketMode(app, app_token, session, clock=clock, metrics=desk.metrics)

    return SlackLink(app.client, app_token, connections, clock)


def _vendors_health(vendors: Vendors) -> Mapping[str, object]:
    gates = {endpoint.gate.name: endpoint.gate for endpoint in vendors.endpoints.values()}
    return {name: {"answering": gate.health().answering} for name, gate in gates.items()}


async def serve(settings: Settings, clock: Clock) -> int:
    """Run until SIGTERM or SIGINT, or until Slack refuses the credentials; give the exit status."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if settings.alerts:
        log.warning("alerts_not_sent this version reads [[alerts]] and does not send any")
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
