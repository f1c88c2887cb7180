from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
import pytest

from providers.huawei_mpc.client import HuaweiMpcProvider
from providers.huawei_mpc.config import HuaweiMpcAccount
from providers.huawei_mpc.token import IamTokens
from tests.fakes.clock import FakeClock
from tests.providers.huawei_mpc.cloud import RecordedCloud

KEYS = {"ak": "AKTESTHUAWEI00000001", "sk": "SKTESTHUAWEI0000000000000000000000000001"}
IAM_USER = {"iam_user": "watcher", "iam_password": "pass-word-1", "iam_domain": "acme"}


class Setup:
    """A provider in front of a recorded cloud; ``provider(**settings)`` makes another one."""

    def __init__(self, cloud: RecordedCloud, session: aiohttp.ClientSession) -> None:
        self.cloud = cloud
        self.clock = FakeClock()
        self._session = session

    def provider(self, **settings: Any) -> HuaweiMpcProvider:
        config = self._config(settings or KEYS)
        return HuaweiMpcProvider("transcode", config, session=self._session, clock=self.clock)

    def tokens(self) -> IamTokens:
        return IamTokens(self._config(IAM_USER), session=self._session, clock=self.clock)

    def _config(self, settings: Mapping[str, Any]) -> HuaweiMpcAccount:
        project = {"project_id": "0123456789abcdef", "region": "ap-southeast-3"}
        addresses = {"url": self.cloud.url, "iam_url": self.cloud.url}
        return HuaweiMpcAccount.model_validate({**project, **addresses, **settings})


@pytest.fixture
async def setup() -> AsyncIterator[Setup]:
    async with RecordedCloud() as cloud, aiohttp.ClientSession() as session:
        yield Setup(cloud, session)
