"""All clouds at once, started and stopped together, and changed while they run."""

from collections import deque
from collections.abc import Collection
from types import TracebackType
from typing import Any, Self

from bot.sandbox.clock import Clock
from bot.sandbox.clouds.accounts import describe_accounts
from bot.sandbox.clouds.exchange import Brain
from bot.sandbox.clouds.front import Asked, Front
from bot.sandbox.clouds.iam import Iam, Tokens
from bot.sandbox.clouds.media import Media
from bot.sandbox.clouds.mpc import Mpc
from bot.sandbox.clouds.obs import Obs
from bot.sandbox.clouds.stage import Site, Stage
from bot.sandbox.clouds.tencent import Tiw
from bot.sandbox.clouds.weather import Sky
from bot.sandbox.clouds.zego import ZegoRecord, ZegoRtc
from bot.sandbox.media import Videos
from bot.sandbox.scenario import Cloud, Scenario, Task, Weather

_JOURNAL_LENGTH = 20_000


class VendorClouds:
    """The running clouds; made by ``start``, closed by ``close`` or as an async context manager."""

    def __init__(self, scenario: Scenario, clock: Clock) -> None:
        self.scenario = scenario
        self._clock = clock
        self._sky = Sky(scenario.weather, clock)
        self._stage = Stage(scenario, clock)
        self._tokens = Tokens()
        self._journal: deque[Asked] = deque(maxlen=_JOURNAL_LENGTH)
        self._fronts: dict[Cloud, Front] = {}

    @classmethod
    async def start(
        cls, scenario: Scenario, *, clock: Clock, host: str = "127.0.0.1", port_base: int = 0
    ) -> Self:
        """Listen on free ports, or on consecutive ones from *port_base*.

        Raises:
            OSError: a port is taken.
        """
        clouds = cls(scenario, clock)
        try:
            await clouds._open(host, port_base)
        except BaseException:
            await clouds.close()
            raise
        return clouds

    async def close(self) -> None:
        """Stop every server; requests that still hang are dropped."""
        for front in self._fronts.values():
            await front.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    @property
    def rtc_url(self) -> str:
        """ZEGO RTC, with the final slash its address has."""
        return self._fronts[Cloud.RTC].url + "/"

    @property
    def record_url(self) -> str:
        """ZEGO cloud recording, with the final slash its address has."""
        return self._fronts[Cloud.RECORD].url + "/"

    @property
    def mpc_url(self) -> str:
        """Huawei MPC."""
        return self._fronts[Cloud.MPC].url

    @property
    def iam_url(self) -> str:
        """Huawei IAM."""
        return self._fronts[Cloud.IAM].url

    @property
    def tiw_url(self) -> str:
        """Tencent TIW."""
        return self._fronts[Cloud.TIW].url

    @property
    def media_url(self) -> str:
        """Where playback links and thumbnails lead."""
        return self._fronts[Cloud.MEDIA].url

    @property
    def obs_url(self) -> str:
        """Huawei OBS, path style."""
        return self._fronts[Cloud.OBS].url

    @property
    def requests(self) -> list[Asked]:
        """Every request so far, oldest first; the last 20,000."""
        return list(self._journal)

    def set_weather(self, cloud: Cloud, weather: Weather) -> None:
        """Change the weather over one cloud, from the next request on."""
        self._sky.set(cloud, weather)

    def put_task(self, task: Task) -> None:
        """Add a task, or begin the one with this id anew."""
        self._stage.put(task)

    def expire_tokens(self) -> None:
        """End every IAM token early, as a change of password does."""
        self._tokens.expire_all(self._clock.now())

    def actions(self, cloud: Cloud) -> Collection[str]:
        """Tell what can be asked of one cloud; the ledger is held against it."""
        return self._fronts[cloud].actions

    def accounts(self) -> dict[str, dict[str, Any]]:
        """Write the accounts that reach these clouds, as the bot's configuration has them."""
        return describe_accounts(
            self.scenario.keys, {cloud: front.url for cloud, front in self._fronts.items()}
        )

    async def _open(self, host: str, port_base: int) -> None:
        media = Media(Videos())
        await self._open_front(Cloud.MEDIA, media, host, port_base)
        for cloud, brain in self._make_brains(media).items():
            port = port_base and port_base + len(self._fronts)
            await self._open_front(cloud, brain, host, port)

    async def _open_front(self, cloud: Cloud, brain: Brain, host: str, port: int) -> None:
        front = Front(cloud, brain, self._sky, self._clock, self._journal)
        self._fronts[cloud] = front
        await front.open(host, port)

    def _make_brains(self, media: Media) -> dict[Cloud, Brain]:
        keys = self.scenario.keys
        site = Site(self._stage, self._clock, self.scenario.limits, self.media_url)
        return {
            Cloud.RTC: ZegoRtc(keys.zego, site),
            Cloud.RECORD: ZegoRecord(keys.zego, site),
            Cloud.MPC: Mpc(keys.huawei, site, self._tokens),
            Cloud.IAM: Iam(keys.huawei, self._tokens),
            Cloud.TIW: Tiw(keys.tencent, site),
            Cloud.OBS: Obs(keys.huawei, media),
        }
