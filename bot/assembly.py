"""The parts of the running bot, put together: what answers people, and what listens to Slack."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import ClientSession
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.addresses import is_public, is_public_or_private
from bot.alert_letters import AlertLetters
from bot.alertdesk import AlertDesk, Hearing
from bot.announce import Announcements
from bot.audience import Audience
from bot.cards import Cards
from bot.channels import Channels
from bot.desk import Desk
from bot.drawing import Drawer
from bot.duty import Duty
from bot.engine import Engine, Ground
from bot.fetch import open_fetcher
from bot.forms import Forms
from bot.groups import Groups
from bot.guard import Guard
from bot.home import Home
from bot.listeners.actions import Buttons, register_actions
from bot.listeners.alerts import AlertButtons, register_alert_actions
from bot.listeners.commands import Answering, register_commands
from bot.listeners.forms import register_forms
from bot.listeners.home import register_home
from bot.listeners.mentions import register_mentions
from bot.listeners.shortcuts import register_shortcuts
from bot.listeners.watches import WatchButtons, register_watch_actions
from bot.listeners.workflow import register_workflow
from bot.lists import Lists
from bot.locales import Locales
from bot.press import Presses
from bot.questions import Questions
from bot.receipts import Receipts
from bot.recents import Recents
from bot.respond import Responder
from bot.rota import Rotas
from bot.settings.sections import SlackSettings
from bot.sheets import Sheets
from bot.slack_link import SlackLink
from bot.socket_mode import SocketMode
from bot.uploads import upload_picture
from bot.views.options import Options
from bot.views.words import words_for
from bot.waits import Waits
from bot.watch.forecasts import Forecasts
from bot.watch.lanes import lane_of
from bot.watchlists import Terms, Watchlists
from providers.models import TaskStatus
from providers.registry import CALLBACK_SETTINGS, build_callback_receivers


@dataclass(frozen=True, slots=True)
class Surface:
    """What people in Slack meet."""

    cards: Cards
    watchlists: Watchlists
    announcements: Announcements
    waits: Waits
    alertdesk: AlertDesk
    rotas: Rotas


@asynccontextmanager
async def open_surface(
    ground: Ground, client: AsyncWebClient, engine: Engine, duty: Duty
) -> AsyncIterator[Surface]:
    """Put together what answers people."""
    store, clock = ground.store, ground.clock
    questions = _create_questions(ground, client, engine.observer.note)
    forecasts = Forecasts(store, engine.histories)
    channels, audience = questions.guard.channels, questions.audience

    def begun() -> None:
        duty.wake()
        engine.poller.wake()

    watchlists = Watchlists(
        questions=questions,
        terms=_terms(ground),
        operators=frozenset(ground.settings.operators.users),
        forecasts=forecasts,
        wake=begun,
    )
    alertdesk = AlertDesk(
        questions=questions,
        hearing=_hearing(ground),
        operators=frozenset(ground.settings.operators.users),
        wake=duty.wake,
        unsilenced=duty.clockwork.wake_silenced,
    )
    letters = AlertLetters(store, duty.rotas.on_call, clock)
    async with _open_sheets(ground, client) as sheets:
        yield Surface(
            cards=Cards(questions, sheets),
            watchlists=watchlists,
            announcements=Announcements(
                store, audience, channels, forecasts, sheets, letters, clock
            ),
            waits=Waits(store, ground.vendors.lookup, client, clock),
            alertdesk=alertdesk,
            rotas=duty.rotas,
        )


def _hearing(ground: Ground) -> Hearing:
    accounts = ground.settings.accounts
    return Hearing(
        accounts=ground.vendors.accounts,
        callbacks=frozenset(build_callback_receivers(accounts)),
        settings={name: CALLBACK_SETTINGS[one.vendor] for name, one in accounts.items()},
    )


def _terms(ground: Ground) -> Terms:
    lanes = {key: lane_of(endpoint) for key, endpoint in ground.vendors.endpoints.items()}
    watch = ground.settings.watch
    return Terms(lanes, limit=watch.limit, grace=watch.grace)


def _create_questions(
    ground: Ground, client: AsyncWebClient, observe: Callable[[Sequence[TaskStatus]], None]
) -> Questions:
    settings, vendors, desk = ground.settings, ground.vendors, ground.desk
    words = words_for(settings.slack.channel_language if settings.slack else None)
    base = Options(
        local_images=settings.fetch.allow_private,
        default_accounts={name: names[0] for name, names in vendors.accounts.items()},
        words=words,
    )
    return Questions(
        lookup=vendors.lookup,
        lists=Lists(vendors.endpoints, vendors.lookup, desk.clock),
        recents=Recents(ground.store, desk.clock),
        store=ground.store,
        audience=Audience(ground.store, Locales(client, desk.clock), base, words),
        guard=_create_guard(ground, client),
        clock=desk.clock,
        metrics=desk.metrics,
        turns=desk.turns,
        observe=observe,
    )


def _create_guard(ground: Ground, client: AsyncWebClient) -> Guard:
    groups, channels = Groups(client, ground.clock), Channels(client, ground.clock)
    return Guard(ground.settings.policy, groups, channels, ground.vendors.accounts)


@asynccontextmanager
async def _open_sheets(ground: Ground, client: AsyncWebClient) -> AsyncIterator[Sheets]:
    """Put together what makes contact sheets; those under way end with the context."""
    allowed = is_public_or_private if ground.settings.fetch.allow_private else is_public
    session = ground.vendors.session

    async def upload(picture: bytes, name: str) -> str:
        return await upload_picture(client, session, picture, name=name, clock=ground.clock)

    async with open_fetcher(allowed) as fetcher:
        sheets = Sheets(Drawer(fetcher.fetch_image).draw, upload)
        try:
            yield sheets
        finally:
            await sheets.aclose()


def register(app: AsyncApp, ground: Ground, surface: Surface) -> None:
    """Make the app listen for everything manifest.yml announces."""
    desk, egress, watchlists = ground.desk, ground.egress, surface.watchlists
    questions = surface.cards.questions
    responder, presses = Responder(ground.vendors.session, desk.clock), Presses(desk.clock)
    receipts = Receipts(questions.store, desk.clock)
    alertdesk = surface.alertdesk
    home = Home(watchlists, alertdesk, surface.rotas)
    forms = Forms(questions, home)
    register_commands(app, desk, Answering(forms, watchlists, alertdesk), responder)
    register_mentions(app, desk, watchlists, alertdesk, receipts, egress)
    buttons = Buttons(
        desk=desk,
        cards=surface.cards,
        forms=forms,
        responder=responder,
        receipts=receipts,
        presses=presses,
        egress=egress,
        watchlists=watchlists,
        turn_digest=surface.announcements.turn_digest,
        turn_alerts=alertdesk.turn,
    )
    register_actions(app, buttons)
    register_watch_actions(app, WatchButtons(desk, watchlists, home, responder, presses))
    register_alert_actions(
        app,
        AlertButtons(
            desk=desk,
            alerts=alertdesk.presses,
            silencing=alertdesk.silencing,
            subscribing=alertdesk.subscribing,
            home=home,
            responder=responder,
            presses=presses,
        ),
    )
    register_shortcuts(app, desk, forms, responder)
    register_forms(app, desk, forms)
    register_home(app, desk, home)
    register_workflow(app, desk, surface.waits, questions.guard)


def create_link(
    slack: SlackSettings, app: AsyncApp, desk: Desk, session: ClientSession
) -> SlackLink:
    """Put together the bot's standing with Slack; in http mode Slack comes to us."""
    clock = desk.clock
    if slack.mode == "http" or slack.app_token is None:
        return SlackLink(app.client, None, None, clock)
    app_token = slack.app_token.get_secret_value()

    def connections() -> SocketMode:
        return SocketMode(app, app_token, session, clock=clock, metrics=desk.metrics)

    return SlackLink(app.client, app_token, connections, clock)
