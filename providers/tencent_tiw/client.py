"""Ask Tencent Cloud TIW about a video generation task: build, sign, send, translate."""

import json
from datetime import datetime

import aiohttp
from yarl import URL

from providers.clock import Clock
from providers.http import Request, exchange
from providers.models import TaskRef, TaskStatus
from providers.tencent_tiw.config import TencentTiwAccount
from providers.tencent_tiw.mapping import read_reply
from providers.tencent_tiw.signing import KeyPair, authorize

_SERVICE = "tiw"
_VERSION = "2019-09-19"
_ACTION = "DescribeVideoGenerationTask"


class TencentTiwProvider:
    """The provider ``tiw``, asked with one account's keys."""

    name = "tiw"

    def __init__(
        self,
        account: str,
        config: TencentTiwAccount,
        *,
        session: aiohttp.ClientSession,
        clock: Clock,
    ) -> None:
        self.account = account
        self._config = config
        self._session = session
        self._clock = clock
        self._keys = KeyPair(config.secret_id, config.secret_key)
        self._url = URL(config.endpoint)

    async def fetch_task(self, ref: TaskRef) -> TaskStatus:
        """Ask the vendor once; every call is signed anew.

        Raises:
            ProviderError: no answer about the task was obtained.
        """
        request = self._ask(ref.task_id, self._clock.now())
        reply = await exchange(self._session, request)
        signature = request.headers["Authorization"].rpartition("Signature=")[2]
        secrets = (*self._config.secrets(), signature)
        return read_reply(ref, reply, self._clock.now(), secrets=secrets)

    def _ask(self, task_id: str, at: datetime) -> Request:
        body = json.dumps({"SdkAppId": self._config.sdk_app_id, "TaskId": task_id}).encode()
        # The port belongs to the signed host unless it is the scheme's own, as in the Host header.
        host = self._url.host_port_subcomponent or ""
        signed = {"Content-Type": "application/json", "Host": host}
        headers = {
            **signed,
            "Authorization": authorize(self._keys, signed, body, service=_SERVICE, at=at),
            "X-TC-Action": _ACTION,
            "X-TC-Version": _VERSION,
            "X-TC-Timestamp": str(int(at.timestamp())),
            "X-TC-Region": self._config.region,
            "X-TC-Language": "en-US",
        }
        if self._config.security_token:
            headers["X-TC-Token"] = self._config.security_token.get_secret_value()
        return Request("POST", str(self._url), headers, body)
