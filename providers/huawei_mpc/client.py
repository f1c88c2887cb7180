"""Asks Huawei MPC about transcoding tasks: builds, signs, sends, translates."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, ClassVar
from urllib.parse import urlsplit

import aiohttp
from pydantic import SecretStr

from providers.account import redact
from providers.base import ListQuery, TaskPage
from providers.clock import Clock
from providers.errors import (
    InvalidRequestError,
    MalformedResponseError,
    ProviderError,
    TaskNotFoundError,
)
from providers.http import Reply, Request, exchange, reading, retry_after
from providers.huawei_mpc.codes import Refusal, api_error, is_token_refused, read_code
from providers.huawei_mpc.config import HuaweiMpcAccount
from providers.huawei_mpc.mapping import FILTERS, known_rows, map_task, not_found, read_answer
from providers.huawei_mpc.signing import (
    KeyPair,
    Signable,
    authorization,
    encode_query,
    format_date,
)
from providers.huawei_mpc.token import IamTokens
from providers.models import TaskRef, TaskStatus
from providers.reading import read_text

_MAX_PAGE_SIZE = 100
_CONTENT_TYPE = "application/json"
_AUTH_HEADER = "X-Auth-Token"
_UNSIGNED = {"x-language": "en-us"}


class HuaweiMpcProvider:
    """One account's transcoding tasks; ten of them travel in one request."""

    name: ClassVar[str] = "mpc"
    batch_size: ClassVar[int] = 10

    def __init__(
        self,
        account: str,
        config: HuaweiMpcAccount,
        *,
        session: aiohttp.ClientSession,
        clock: Clock,
    ) -> None:
        self._account = account
        self._config = config
        self._session = session
        self._clock = clock
        self._login = config.key_pair or IamTokens(config, session=session, clock=clock)
        self._url = f"{config.endpoint.rstrip('/')}/v1/{config.project_id}/transcodings"

    async def fetch_task(self, ref: TaskRef) -> TaskStatus:
        """Ask about one task.

        Raises:
            ProviderError: no answer about the task was obtained.
        """
        found = (await self.fetch_tasks([ref]))[ref]
        if isinstance(found, TaskNotFoundError):
            raise found
        return found

    async def fetch_tasks(
        self, refs: Sequence[TaskRef]
    ) -> Mapping[TaskRef, TaskStatus | TaskNotFoundError]:
        """Ask about at most ten tasks at once; rows nobody asked for are ignored.

        Raises:
            ProviderError: the request as a whole was not answered.
        """
        ids = {ref.task_id for ref in refs}
        if len(ids) > self.batch_size:
            raise InvalidRequestError(f"MPC takes {self.batch_size} ids in one question at most")
        if not ids:
            return {}  # without an id, MPC would list every task
        reply = await self._ask([("task_id", task_id) for task_id in ids])
        request_id = _request_id(reply)
        with reading(reply, request_id):
            rows = known_rows(read_answer(reply.document))
            return {
                ref: self._map(rows[ref.task_id], ref, request_id)
                if ref.task_id in rows
                else not_found(ref, request_id)
                for ref in refs
            }

    async def list_tasks(self, query: ListQuery) -> TaskPage:
        """Ask for one page of the tasks of a time window.

        MPC filters by its own status words, so a list of succeeded tasks may hold ``partial``,
        ``empty`` and ``failed`` ones too.

        Raises:
            InvalidRequestError: MPC cannot filter like that; the text says what it can.
            ProviderError: as for ``fetch_task``.
        """
        reply = await self._ask(_list_parameters(query))
        request_id = _request_id(reply)
        with reading(reply, request_id):
            answer = read_answer(reply.document)
            rows = known_rows(answer)
            refs = (TaskRef(self.name, self._account, task_id) for task_id in rows)
            return TaskPage(
                tasks=tuple(self._map(rows[ref.task_id], ref, request_id) for ref in refs),
                total=answer.total,
                has_more=answer.is_truncated == 1,
            )

    def _map(self, row: dict[str, Any], ref: TaskRef, request_id: str | None) -> TaskStatus:
        obs, now = self._config.obs, self._clock.now()
        return map_task(row, ref, obs=obs, now=now, request_id=request_id)

    async def _ask(self, parameters: Sequence[tuple[str, str]]) -> Reply:
        """Send one question; give a reply that refuses nothing."""
        query = encode_query(parameters)
        headers = await self._sign_in(query)
        request = Request("GET", f"{self._url}?{query}", {**headers, **_UNSIGNED})
        reply = await exchange(self._session, request)
        code, _ = read_code(reply.document)
        if reply.status != HTTPStatus.OK or code is not None:
            with reading(reply, _request_id(reply)):
                raise self._refused(reply, headers)
        return reply

    async def _sign_in(self, query: str) -> dict[str, str]:
        """Write the headers that tell who asks."""
        if isinstance(self._login, IamTokens):
            token = await self._login.fetch()
            return {"Content-Type": _CONTENT_TYPE, _AUTH_HEADER: token.get_secret_value()}
        return _sign(self._url, query, self._config.project_id, self._login, self._clock.now())

    def _refused(self, reply: Reply, headers: Mapping[str, str]) -> ProviderError:
        code, message = read_code(reply.document)
        token = headers.get(_AUTH_HEADER)
        refusal = Refusal(
            reply.status,
            code,
            message and redact(message, self._config.secrets()),
            request_id=_request_id(reply),
            retry_after=retry_after(reply.headers),
            clock_offset=reply.clock_offset(self._clock.now()),
            token_sent=token is not None,
        )
        if isinstance(self._login, IamTokens) and token and is_token_refused(refusal):
            self._login.drop(SecretStr(token))
        if code is None:
            return MalformedResponseError("Huawei's answer has no error code")
        return api_error(refusal)


def _sign(url: str, query: str, project_id: str, keys: KeyPair, now: datetime) -> dict[str, str]:
    address = urlsplit(url)
    headers = {
        "Host": address.netloc,
        "Content-Type": _CONTENT_TYPE,
        "X-Project-Id": project_id,
        "X-Sdk-Date": format_date(now),
    }
    if keys.security_token is not None:
        headers["X-Security-Token"] = keys.security_token.get_secret_value()
    signable = Signable("GET", address.path, query, headers)
    return {**headers, "Authorization": authorization(signable, keys)}


def _request_id(reply: Reply) -> str | None:
    """Read the id of the request from its header, else from a gateway's refusal."""
    return read_text(reply.headers.get("X-Request-Id")) or read_text(
        reply.document.get("request_id")
    )


def _list_parameters(query: ListQuery) -> list[tuple[str, str]]:
    """Write a list's filters; MPC counts pages from 0, its default for the first."""
    _check(query)
    parameters = [
        ("start_time", _compact(query.since)),
        ("end_time", _compact(query.until)),
        ("page", str(query.page - 1)),
        ("size", str(query.page_size)),
    ]
    return parameters + ([("status", FILTERS[query.state])] if query.state else [])


def _check(query: ListQuery) -> None:
    wrong = {
        f"MPC can list tasks that are {', '.join(FILTERS)}, not {query.state}": (
            query.state is not None and query.state not in FILTERS
        ),
        "MPC knows no rooms, so it cannot list by one": query.room is not None,
        f"MPC lists 1 to {_MAX_PAGE_SIZE} tasks a page": not 1 <= query.page_size <= _MAX_PAGE_SIZE,
        "pages are counted from 1": query.page < 1,
    }
    for detail, is_wrong in wrong.items():
        if is_wrong:
            raise InvalidRequestError(detail, hint=f"Ask again: {detail}.")


def _compact(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y%m%d%H%M%S")
