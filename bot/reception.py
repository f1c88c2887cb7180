"""The parts that take in what nobody asked for: callbacks, and the vendors' lists."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.addresses import is_public_or_private
from bot.engine import Engine, Ground
from bot.fetch import Fetcher, open_fetcher
from bot.intake.acceptance import Acceptance
from bot.intake.certificates import Certificates
from bot.intake.checking import Checking
from bot.intake.confirming import Confirming
from bot.intake.envelope import new_fresh
from bot.intake.figures import CallbackFigures, SweepFigures
from bot.intake.sweeps import Sweeps, make_sweeps
from bot.intake.worker import Worker
from bot.watch.lanes import lane_of
from bot.webhooks import Webhooks
from providers.registry import build_callback_receivers


@dataclass(frozen=True, slots=True)
class Reception:
    """What takes in, with a store behind it and the engine to hand over to."""

    webhooks: Webhooks
    worker: Worker
    sweeps: Sweeps

    @property
    def loops(self) -> tuple[Worker, Sweeps]:
        """What runs, in the order to start; to be closed in the other."""
        return self.worker, self.sweeps


@asynccontextmanager
async def open_reception(ground: Ground, engine: Engine) -> AsyncIterator[Reception]:
    """Put together what takes in callbacks and sweeps; what was accepted is kept at the end."""
    async with open_fetcher(is_public_or_private) as fetcher:
        reception = _create(ground, engine, fetcher)
        try:
            yield reception
        finally:
            await reception.webhooks.acceptance.close()
            await reception.webhooks.certificates.close()


def _create(ground: Ground, engine: Engine, fetcher: Fetcher) -> Reception:
    store, clock, accounts = ground.store, ground.clock, ground.settings.accounts
    registry, endpoints = ground.desk.metrics.registry, ground.vendors.endpoints
    receivers, figures = build_callback_receivers(accounts), CallbackFigures(registry)
    lanes = {key: lane_of(endpoint) for key, endpoint in endpoints.items()}
    checking = Checking(store, engine.observer, lanes, clock, engine.poller.wake)
    confirming, fresh = Confirming(fetcher, clock), new_fresh()
    worker = Worker(store, receivers, checking, confirming, figures, fresh)
    webhooks = Webhooks(
        receivers=receivers,
        vendors={name: account.vendor for name, account in accounts.items()},
        acceptance=Acceptance(store.inbox, worker.wake),
        certificates=Certificates(fetcher, clock),
        figures=figures,
        clock=clock,
        fresh=fresh,
    )
    sweeps = Sweeps(
        sweeps=make_sweeps(endpoints, checking),
        store=store,
        clock=clock,
        figures=SweepFigures(registry, clock.now),
        every=ground.settings.sweep.every,
    )
    return Reception(webhooks, worker, sweeps)
