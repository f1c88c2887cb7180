"""ZEGO's two query APIs as providers: build, sign, send, map.

Every call draws a new nonce and timestamp, because ZEGO asks for a new signature per request.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Literal

import aiohttp
from yarl import URL

from providers.account import redact
from providers.base import ListQuery, TaskPage
from providers.clock import Clock
from providers.errors import MalformedResponseError
from providers.http import Reply, Request, exchange, reading, retry_after
from providers.models import TaskRef, TaskStatus
from providers.zego.codes import (
    MEDIA_CODES,
    OK,
    RECORD_CODES,
    Refusal,
    Verdict,
    to_error,
)
from providers.zego.config import ZegoAccount
from providers.zego.listing import list_parameters, to_page
from providers.zego.mapping import to_huawei_status, to_tencent_status
from providers.zego.record_mapping import ENDED_ABNORMALLY, to_record_status
from providers.zego.signing import signed_parameters, to_query
from providers.zego.wire import Envelope, find_data, find_task


@dataclass(frozen=True, slots=True)
class _Answer:
    """A reply whose ``Code`` is 0."""

    reply: Reply
    request_id: str | None
    at: datetime

    @property
    def document(self) -> dict[str, Any]:
        return self.reply.document


@dataclass(frozen=True, slots=True)
class _Api:
    """One ZEGO product, asked with one account."""

    address: str
    config: ZegoAccount
    codes: Mapping[str, Verdict]
    session: aiohttp.ClientSession
    clock: Clock
    nonce: Callable[[], str]

    async def get(self, action: str, parameters: Mapping[str, str]) -> _Answer:
        signed = self._sign(action)
        request = Request("GET", self._url({**signed, **parameters}))
        return await self._send(request, signed["Signature"])

    async def post(self, action: str, parameters: Mapping[str, object]) -> _Answer:
        signed = self._sign(action)
        body = json.dumps(parameters, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json"}
        request = Request("POST", self._url(signed), headers, body)
        return await self._send(request, signed["Signature"])

    def _sign(self, action: str) -> dict[str, str]:
        return signed_parameters(self.config, action, nonce=self.nonce(), now=self.clock.now())

    def _url(self, parameters: Mapping[str, str]) -> str:
        return f"{str(URL(self.address)).rstrip('/')}/?{to_query(parameters)}"

    async def _send(self, request: Request, signature: str) -> _Answer:
        reply = await exchange(self.session, request)
        envelope = Envelope.model_validate(reply.document)
        at = self.clock.now()
        with reading(reply, envelope.request_id):
            _check_envelope(reply, envelope)
        if envelope.code != OK:
            raise to_error(self._refusal(reply, envelope, at, signature), self.codes)
        return _Answer(reply, envelope.request_id, at)

    def _refusal(self, reply: Reply, envelope: Envelope, at: datetime, signature: str) -> Refusal:
        message = envelope.message
        return Refusal(
            code=envelope.code or "",
            message=message and redact(message, (*self.config.secrets(), signature)),
            request_id=envelope.request_id,
            retry_after=retry_after(reply.headers),
            clock_offset=reply.clock_offset(at),
        )


def _check_envelope(reply: Reply, envelope: Envelope) -> None:
    if envelope.code is None:
        raise MalformedResponseError("ZEGO's answer has no Code")
    if envelope.code == OK and reply.status != HTTPStatus.OK:
        raise MalformedResponseError("ZEGO's answer says success under another HTTP status")


def _require(raw: dict[str, Any], *fields: str) -> dict[str, Any]:
    """Let an object pass that has one of *fields*; without, it answers nothing."""
    if all(raw.get(field) in ("", None) for field in fields):
        raise MalformedResponseError(
            f"ZEGO's answer says success and tells no {' or '.join(fields)}"
        )
    return raw


class ZegoMediaProvider:
    """``tencent`` or ``huawei``: merges, transcodes and thumbnails by DescribeMediaTask."""

    def __init__(
        self,
        name: Literal["tencent", "huawei"],
        account: str,
        config: ZegoAccount,
        *,
        session: aiohttp.ClientSession,
        clock: Clock,
        nonce: Callable[[], str],
    ) -> None:
        self._name = name
        self.account = account
        self._obs = config.obs
        self._api = _Api(config.rtc_url, config, MEDIA_CODES[name], session, clock, nonce)

    @property
    def name(self) -> str:
        """Which CDN vendor is asked, in the word typed in Slack."""
        return self._name

    async def fetch_task(self, ref: TaskRef) -> TaskStatus:
        """Ask ZEGO once about a media task.

        Raises:
            TaskNotFoundError: Huawei Cloud says NO_TASK; for ``tencent`` it is not documented how
                an unknown task shows.
            ProviderError: no answer about the task was obtained.
        """
        vendor = self._name.capitalize()
        answer = await self._api.get("DescribeMediaTask", {"Vendor": vendor, "TaskId": ref.task_id})
        with reading(answer.reply, answer.request_id):
            raw = _require(find_task(answer.document, vendor), "Status")
            if self._name == "huawei":
                return to_huawei_status(
                    ref, raw, request_id=answer.request_id, queried_at=answer.at, obs=self._obs
                )
            return to_tencent_status(ref, raw, request_id=answer.request_id, queried_at=answer.at)


class ZegoRecordProvider:
    """``record``: cloud recordings by DescribeRecordStatus, lists of them by DescribeTasks."""

    def __init__(
        self,
        account: str,
        config: ZegoAccount,
        *,
        session: aiohttp.ClientSession,
        clock: Clock,
        nonce: Callable[[], str],
        was_ordinary: Callable[[TaskRef], Awaitable[bool]],
    ) -> None:
        """*was_ordinary*: whether a callback called an abnormal ending an ordinary one."""
        self.account = account
        self._api = _Api(config.record_url, config, RECORD_CODES, session, clock, nonce)
        self._clock = clock
        self._was_ordinary = was_ordinary

    @property
    def name(self) -> str:
        """The word typed in Slack."""
        return "record"

    async def fetch_task(self, ref: TaskRef) -> TaskStatus:
        """Ask ZEGO once about a recording that started within three days.

        Raises:
            TaskNotFoundError: unknown to ZEGO, or started earlier.
            ProviderError: no answer about the task was obtained.
        """
        answer = await self._api.post("DescribeRecordStatus", {"TaskId": ref.task_id})
        with reading(answer.reply, answer.request_id):
            raw = _require(find_data(answer.document), "Status")
            status = to_record_status(ref, raw, request_id=answer.request_id, queried_at=answer.at)
        if status.vendor_status != ENDED_ABNORMALLY or not await self._was_ordinary(ref):
            return status
        return to_record_status(
            ref, raw, request_id=answer.request_id, queried_at=answer.at, ended_ordinarily=True
        )

    async def list_tasks(self, query: ListQuery) -> TaskPage:
        """Ask ZEGO once for a page of recordings, either running or ended.

        A recording that ended has ``state`` None and ``error`` None: the list says nothing of its
        files, so ask for the task itself to learn what became of it.

        Raises:
            InvalidRequestError: ZEGO cannot list like that; the text says what it can.
            ProviderError: no answer was obtained.
        """
        parameters = list_parameters(query, self._clock.now())
        answer = await self._api.post("DescribeTasks", parameters)
        with reading(answer.reply, answer.request_id):
            raw = _require(find_data(answer.document), "TaskidList", "TotalCount")
            return to_page(
                self.account, raw, query, request_id=answer.request_id, queried_at=answer.at
            )
