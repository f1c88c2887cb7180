"""The engine over real tables with an intake in front of it, and vendors that live by the clock."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from prometheus_client import CollectorRegistry

from bot.fetch import Fetcher, FetchRefusedError
from bot.intake.checking import Checking
from bot.intake.confirming import Confirming
from bot.intake.figures import CallbackFigures, SweepFigures
from bot.intake.sweeps import Sweeps, make_sweeps
from bot.intake.worker import Worker
from bot.models import Watcher
from bot.oncall import NewCallback, Subscription
from bot.store.watch_tables import tasks, transitions
from bot.watch.poller import Rhythm
from providers.base import ListQuery, TaskPage
from providers.callbacks import CallbackReceiver
from providers.errors import ProviderError
from providers.huawei_mpc.config import HuaweiMpcAccount
from providers.models import TaskRef, TaskState, TaskStatus
from providers.registry import AnyAccount, build_callback_receivers
from providers.tencent_tiw.config import TencentTiwAccount
from providers.zego.config import ZegoAccount
from tests.fakes.engine import Engine, endpoints_for, engine_over, running
from tests.fakes.inline_sqlite import open_inline_database
from tests.fakes.jumping_loop import JumpingClock
from tests.fakes.lives import LivingBatchVendor, LivingVendor
from tests.providers.huawei_mpc import smn_signer
from tests.providers.tencent_tiw import callbacks as tiw
from tests.providers.zego import callbacks as zego

RECORD = TaskRef("record", "main", zego.RECORD_ID)
MPC = TaskRef("mpc", "main", "22123973")
JSON = {"content-type": "application/json"}


class ScriptedFetcher(Fetcher):
    """Says what it is told to, in turn, and then ``b""``; an exception is raised."""

    def __init__(self, *says: bytes | FetchRefusedError) -> None:
        object.__setattr__(self, "says", list(says))
        object.__setattr__(self, "asked", [])

    says: list[bytes | FetchRefusedError]
    asked: list[str]

    async def fetch(self, link: str, *, accept: str, most_bytes: int, redirects: int = 3) -> bytes:
        assert (accept, redirects) == ("*/*", 0)
        self.asked.append(link)
        said = self.says.pop(0) if self.says else b""
        if isinstance(said, FetchRefusedError):
            raise said
        assert len(said) <= most_bytes
        return said


def receivers() -> dict[str, CallbackReceiver]:
    """What reads callbacks, each vendor's under an account of its own."""
    keys = {"project_id": "p", "region": "cn-north-4", "ak": "AK", "sk": "SK"}
    zego_account = {"app_id": zego.APP_ID, "server_secret": "S", "callback_secret": zego.SECRET}
    tiw_keys = {"secret_id": "I", "secret_key": "K", "region": "ap-singapore"}
    accounts: dict[str, AnyAccount] = {
        "zego": ZegoAccount.model_validate(zego_account),
        "mpc": HuaweiMpcAccount.model_validate({**keys, "smn_topics": [smn_signer.TOPIC]}),
        "tiw": TencentTiwAccount.model_validate(
            {**tiw_keys, "sdk_app_id": tiw.APP_ID, "callback_key": tiw.KEY}
        ),
    }
    return {
        vendor: build_callback_receivers({"main": account})["main"]
        for vendor, account in accounts.items()
    }


@dataclass
class Intake:
    """One process's intake."""

    engine: Engine
    worker: Worker
    sweeps: Sweeps
    checking: Checking
    fetcher: ScriptedFetcher
    registry: CollectorRegistry
    _count: int = field(default=0)

    @property
    def clock(self) -> JumpingClock:
        return self.engine.clock

    async def accept(
        self, account: str, callback: Mapping[str, Any], *, proof: bytes | None = None
    ) -> None:
        """Put a callback into the inbox, as if it had been verified and answered."""
        self._count += 1
        letter = {**JSON, "mediatask-proof": proof.decode()} if proof else JSON
        now, body = self.clock.now(), json.dumps(callback).encode()
        new = NewCallback(account, f"{self._count:064}", now, letter, body)
        assert await self.engine.store.inbox.accept([new]) == [True]

    async def smn(self, message: dict[str, Any]) -> None:
        """Accept a message of SMN's, signed."""
        signer = smn_signer.signer()
        await self.accept("mpc", signer.sign(message), proof=signer.pem)

    async def subscribe(self, to: str = "all") -> Subscription:
        """Let a channel hear of everything."""
        return await self.engine.store.subscriptions.add(
            Subscription(
                id=0,
                team_id="T1",
                channel_id="C1",
                created_by="U1",
                created_at=self.clock.now(),
                provider=None,
                account=None,
                to=to,
                room=None,
                watchers=(Watcher("U1", "U1"),),
            )
        )

    async def told(self) -> list[tuple[str | None, str, str]]:
        """List the transitions: before, after, and who told."""
        rows = await self.engine.rows(transitions)
        return [(row.before, row.after, row.source) for row in rows]

    async def still_followed(self) -> list[str]:
        """Name the tasks that are still to be asked, by their vendor's id."""
        return [row.task_id for row in await self.engine.rows(tasks) if row.is_open]

    async def sweep(self) -> None:
        """Look through every list, and give the poller time for what is to be asked."""
        for sweep in self.sweeps.sweeps:
            await sweep.sweep()
        await self.clock.sleep(5)

    async def work_off(self) -> None:
        """Work the inbox off, and give the poller time for what is to be asked."""
        while await self.worker.work_off():
            pass
        await self.clock.sleep(5)


@dataclass(slots=True)
class ListedRecordings(LivingVendor):
    """Lists recordings by their start, those that run or those that ended, and no more."""

    listed: list[ListQuery] = field(default_factory=list)
    refuses: ProviderError | None = None
    unlisted: set[str] = field(default_factory=set)
    """Those that ended although they still answer as running, for their files are on their way."""

    async def list_tasks(self, query: ListQuery) -> TaskPage:
        self.listed.append(query)
        if self.refuses is not None:
            raise self.refuses
        wanted = query.state is TaskState.RUNNING
        tasks = [one for one in self._in_time(query) if (one.state is TaskState.RUNNING) is wanted]
        unjudged = [one if wanted else one.model_copy(update={"state": None}) for one in tasks]
        return _page(unjudged, query)

    def _in_time(self, query: ListQuery) -> list[TaskStatus]:
        return [
            self.tell(TaskRef("record", "main", id_))
            for id_, life in self.lives.items()
            if query.since <= life.born_at <= query.until and id_ not in self.unlisted
        ]


@dataclass(slots=True)
class ListedTranscodings(LivingBatchVendor):
    """Lists transcodings by their creation, each with all there is to say."""

    listed: list[ListQuery] = field(default_factory=list)

    async def list_tasks(self, query: ListQuery) -> TaskPage:
        self.listed.append(query)
        told = [
            self.tell(TaskRef("mpc", "main", id_))
            for id_, life in self.lives.items()
            if query.since <= life.born_at <= query.until
        ]
        return _page([one for one in told if query.state in {None, one.state}], query)


def _page(tasks: list[TaskStatus], query: ListQuery) -> TaskPage:
    end = query.page * query.page_size
    return TaskPage(tuple(tasks[end - query.page_size : end]), len(tasks), end < len(tasks))


@dataclass
class Vendors:
    """The vendors' tasks."""

    record: ListedRecordings
    mpc: ListedTranscodings

    @classmethod
    def at(cls, clock: JumpingClock) -> "Vendors":
        return cls(ListedRecordings("record", clock), ListedTranscodings("mpc", clock))


@asynccontextmanager
async def running_intake(
    vendors: Vendors, clock: JumpingClock, *, look_s: float = 1.0
) -> AsyncIterator[Intake]:
    """Run the engine; the inbox is worked off, and lists swept, where the test says so.

    The poller looks into its queues every *look_s*, for tests in which much time passes.
    """
    others = [LivingVendor(name, clock) for name in ("tencent", "huawei", "tiw")]
    endpoints = endpoints_for(vendors.record, vendors.mpc, *others, clock=clock)
    async with (
        open_inline_database() as database,
        engine_over(database, endpoints, clock, rhythm=Rhythm(look_s=look_s)) as engine,
        running(engine),
    ):
        engine.store.leases = engine.leases
        checking = Checking(engine.store, engine.observer, engine.lanes, clock, engine.poller.wake)
        fetcher, registry = ScriptedFetcher(), CollectorRegistry()
        confirming = Confirming(fetcher, clock)
        figures = CallbackFigures(registry)
        worker = Worker(engine.store, receivers(), checking, confirming, figures)
        sweeps = Sweeps(
            sweeps=make_sweeps(endpoints, checking),
            store=engine.store,
            clock=clock,
            figures=SweepFigures(registry, clock.now),
            every=timedelta(seconds=60),
        )
        yield Intake(engine, worker, sweeps, checking, fetcher, registry)


HOUR = timedelta(hours=1)
