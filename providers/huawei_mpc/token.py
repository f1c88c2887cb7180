"""IAM tokens: ``POST /v3/auth/tokens`` (Huawei IAM API reference, Obtaining a User Token).

A token works 24 hours, or less where a password, permission or bill changes in between; it comes
in the header ``X-Subject-Token`` of an answer 201.
"""

import asyncio
import json
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from pydantic import SecretStr

from providers.account import redact
from providers.clock import Clock
from providers.errors import MalformedResponseError, ProviderError
from providers.http import Reply, Request, exchange, reading, retry_after
from providers.huawei_mpc.codes import Refusal, iam_error, read_code
from providers.huawei_mpc.config import HuaweiMpcAccount
from providers.reading import read_text

_LIFETIME: Final = timedelta(hours=24)
_MARGIN: Final = timedelta(minutes=10)
"""A token is renewed this long before it ends, so that none ends under way."""


class IamTokens:
    """The token of one account: fetched when first needed, by one request for all who wait."""

    def __init__(
        self, config: HuaweiMpcAccount, *, session: aiohttp.ClientSession, clock: Clock
    ) -> None:
        self._config = config
        self._session = session
        self._clock = clock
        self._token: SecretStr | None = None
        self._good_until = 0.0
        self._turn = asyncio.Lock()
        self._attempts = 0
        self._refusal: ProviderError | None = None

    async def fetch(self) -> SecretStr:
        """Give a token that works for some minutes more.

        Raises:
            ProviderError: IAM gave none. Everyone who waited for that answer gets it, so a wrong
                password is sent once, not once for each: IAM locks users out.
        """
        seen = self._attempts
        async with self._turn:
            if self._token is not None and self._clock.monotonic() < self._good_until:
                return self._token
            if self._refusal is not None and self._attempts != seen:
                raise self._refusal
            return await self._renew()

    def drop(self, token: SecretStr) -> None:
        """Forget *token*, which was refused, unless it has been replaced already."""
        if self._token == token:
            self._token = None

    async def _renew(self) -> SecretStr:
        self._refusal = None
        try:
            reply = await exchange(self._session, _request(self._config))
            with reading(reply, _request_id(reply)):
                token = _read_token(reply, self._config)
        except ProviderError as error:
            self._refusal = error
            raise
        else:
            self._token = token
            lifetime = _lifetime(reply.document) - _MARGIN
            self._good_until = self._clock.monotonic() + lifetime.total_seconds()
            return token
        finally:
            self._attempts += 1


def _request(config: HuaweiMpcAccount) -> Request:
    password = config.iam_password or SecretStr("")
    user = {
        "name": config.iam_user,
        "password": password.get_secret_value(),
        "domain": {"name": config.iam_domain},
    }
    identity = {"methods": ["password"], "password": {"user": user}}
    scope = {"project": {"id": config.project_id}}
    return Request(
        "POST",
        f"{config.iam_endpoint.rstrip('/')}/v3/auth/tokens?nocatalog=true",
        {"Content-Type": "application/json;charset=utf8"},
        json.dumps({"auth": {"identity": identity, "scope": scope}}).encode(),
    )


def _read_token(reply: Reply, config: HuaweiMpcAccount) -> SecretStr:
    if reply.status not in {HTTPStatus.OK, HTTPStatus.CREATED}:
        code, message = read_code(reply.document)
        if code is None:
            raise MalformedResponseError("IAM's answer has no error code")
        raise iam_error(
            Refusal(
                reply.status,
                code,
                message and redact(message, config.secrets()),
                request_id=_request_id(reply),
                retry_after=retry_after(reply.headers),
            )
        )
    token = read_text(reply.headers.get("X-Subject-Token"))
    if token is None:
        raise MalformedResponseError("IAM answered without the header X-Subject-Token")
    return SecretStr(token)


def _request_id(reply: Reply) -> str | None:
    return read_text(reply.headers.get("X-Request-Id"))


def _lifetime(document: dict[str, Any]) -> timedelta:
    """Tell how long the token works from now on, whatever this machine's clock says."""
    token = document.get("token")
    told = token if isinstance(token, dict) else {}
    issued, expires = _read_instant(told.get("issued_at")), _read_instant(told.get("expires_at"))
    return expires - issued if issued and expires else _LIFETIME


def _read_instant(value: object) -> datetime | None:
    try:
        instant = datetime.fromisoformat(read_text(value) or "")
    except ValueError:
        return None
    return instant if instant.tzinfo else None
