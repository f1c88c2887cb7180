"""The parts of on-call that work without being asked: routing, timers, audits, pages, rotas."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.addresses import is_public, is_public_or_private
from bot.alerts.auditor import Auditor
from bot.alerts.clockwork import Clockwork, by_fingerprint
from bot.alerts.delays import Delays
from bot.alerts.figures import AlertFigures
from bot.alerts.outages import Lane, Outages
from bot.alerts.router import Router
from bot.engine import Ground
from bot.fetch import Fetcher, open_fetcher
from bot.models import NewDelivery, Priority
from bot.oncall import Page
from bot.pagers.base import Pager
from bot.pagers.pagerduty import PagerDuty
from bot.pagers.relay import OnDead, PagerRelay
from bot.pagers.webhook import Webhook
from bot.rota import Fetch, People, Rotas
from bot.settings.sections import PagerDutyPager
from bot.watch.lanes import lane_of
from providers.lookup import Endpoint

_CALENDAR = "text/calendar, text/plain;q=0.5"
_MOST_CALENDAR_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Duty:
    """What looks after alerts."""

    router: Router
    clockwork: Clockwork
    outages: Outages
    delays: Delays
    auditor: Auditor
    pages: PagerRelay
    rotas: Rotas
    wake: Callable[[], None]
    """Tells both relays that there is something to send."""

    @property
    def loops(self) -> tuple[PagerRelay, Router, Clockwork, Outages, Delays, Auditor]:
        """What runs, in the order to start; to be closed in the other."""
        return self.pages, self.router, self.clockwork, self.outages, self.delays, self.auditor


@dataclass(frozen=True, slots=True)
class Post:
    """Where on-call stands: the workspace, its client, and who sends what is committed."""

    client: AsyncWebClient
    team_id: Callable[[], str | None]
    """None until Slack has said who we are."""
    wake: Callable[[], None]
    """Tells the relay that there is something to send to Slack."""


async def open_duty(stack: AsyncExitStack, ground: Ground, post: Post) -> Duty:
    """Put together what looks after alerts; *stack* closes what it opens."""
    allowed = is_public_or_private if ground.settings.fetch.allow_private else is_public
    fetcher = await stack.enter_async_context(open_fetcher(allowed))
    store, clock, settings = ground.store, ground.clock, ground.settings

    def wake() -> None:
        post.wake()
        pages.wake()

    pages = PagerRelay(store.alerts, dict(_pagers(ground)), clock, _tell_operators(ground, post))
    routes = by_fingerprint(settings.alerts)
    router = Router(store, settings.alerts, post.team_id, clock, wake)
    figures = AlertFigures(ground.desk.metrics.registry, routes)
    return Duty(
        router=router,
        clockwork=Clockwork(store, routes, _lane_names(ground), clock, wake),
        outages=Outages(router, store, lambda: list(_lanes(ground.vendors.endpoints)), clock),
        delays=Delays(router, store, clock),
        auditor=Auditor(store, routes, clock, wake, figures),
        pages=pages,
        rotas=Rotas(settings.rotas, _fetch_with(fetcher), People(post.client, clock), clock),
        wake=wake,
    )


def _fetch_with(fetcher: Fetcher) -> Fetch:
    async def fetch(link: str) -> bytes:
        return await fetcher.fetch(link, accept=_CALENDAR, most_bytes=_MOST_CALENDAR_BYTES)

    return fetch


def _pagers(ground: Ground) -> Iterator[tuple[str, Pager]]:
    session = ground.vendors.session
    for name, pager in ground.settings.pagers.items():
        if isinstance(pager, PagerDutyPager):
            yield name, PagerDuty(pager, session)
        else:
            yield name, Webhook(pager, session)


def _lane_names(ground: Ground) -> Callable[[str, str], str | None]:
    lanes = {key: lane_of(one) for key, one in ground.vendors.endpoints.items()}
    return lambda provider, account: lanes.get((provider, account))


def _lanes(endpoints: Mapping[tuple[str, str], Endpoint]) -> Iterator[Lane]:
    """List the vendor APIs, each once, with the providers behind it."""
    sharing: dict[str, list[tuple[str, str]]] = {}
    for key, endpoint in endpoints.items():
        sharing.setdefault(endpoint.gate.name, []).append(key)
    for name, keys in sharing.items():
        health = endpoints[keys[0]].gate.health()
        yield Lane(name, keys[0][1], _providers(keys), health)


def _providers(keys: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(provider for provider, _ in keys)


def _tell_operators(ground: Ground, post: Post) -> OnDead:
    """Tell the operators' channel, or else the alert's, of a page that reaches nobody."""

    async def tell(page: Page, reason: str) -> None:
        alert = await ground.store.alerts.find(page.alert_id)
        if alert is None:
            return
        told = NewDelivery(
            key=f"page_dead:{page.id}",
            team_id=alert.team_id,
            kind="oncall",
            channel_id=ground.settings.operators.channel or alert.channel_id,
            priority=Priority.PAGE,
            happened_at=page.created_at,
            facts={
                "notice": "page_dead",
                "pager": page.pager,
                "error": reason,
                "channel_id": alert.channel_id,
            },
        )
        await ground.store.deliveries.add(told, ground.clock.now())
        post.wake()

    return tell
