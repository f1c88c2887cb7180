"""The bot's standing with Slack: are its credentials good, and would a request reach it.

An unreachable Slack is logged once and tried again for ever; refused credentials end the process,
because only its operator can mend them.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from providers.clock import Clock
from providers.http import retry_after

_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 30.0
_ANSWER_WITHIN_S = 10.0
_REFUSALS = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "token_expired",
        "token_revoked",
    }
)
"""Errors of auth.test and apps.connections.open that no waiting mends."""

log = logging.getLogger(__name__)


class SlackRefusedError(Exception):
    """Slack answered, with an error of its own; the text is its code."""

    def __init__(self, code: str, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.retry_after = retry_after
        """The seconds Slack wants to be left alone for, where it says so."""


class SlackUnreachableError(Exception):
    """Slack did not answer, or something else answered in its place; the text is safe to show."""


class SlackUnsentError(SlackUnreachableError):
    """There was no connection, so Slack certainly did nothing."""


async def ask_slack(
    call: Awaitable[AsyncSlackResponse], *, within_s: float = _ANSWER_WITHIN_S
) -> AsyncSlackResponse:
    """Wait for one call of the Web API; the SDK sets no deadline on a shared session.

    Raises:
        SlackRefusedError: Slack said no.
        SlackUnreachableError: nothing of Slack's came within *within_s* seconds.
        SlackUnsentError: the kind of it where Slack cannot have heard us.
    """
    try:
        async with asyncio.timeout(within_s):
            return await call
    except SlackApiError as error:
        raise _named(error) from None
    except aiohttp.ClientConnectorError as error:
        raise SlackUnsentError(f"no connection to Slack ({type(error).__name__})") from None
    # Where a proxy answers in plain text, the SDK looks for a JSON object in it: AttributeError.
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError) as error:
        raise SlackUnreachableError(f"no answer of Slack's ({type(error).__name__})") from None


def _named(error: SlackApiError) -> SlackRefusedError | SlackUnreachableError:
    """Tell Slack's refusal from a page of somebody in between, which has no error code."""
    answer = getattr(error.response, "data", None)
    code = answer.get("error") if isinstance(answer, dict) else None
    if not code and getattr(error.response, "status_code", None) == HTTPStatus.TOO_MANY_REQUESTS:
        code = "ratelimited"
    if code:
        return SlackRefusedError(str(code), retry_after(error.response.headers))
    return SlackUnreachableError("the answer is not Slack's JSON")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are in the workspace, as auth.test says; all None until it has."""

    team_id: str | None = None
    enterprise_id: str | None = None
    user_id: str | None = None
    """The bot's user, ``U…``."""
    bot_id: str | None = None


class Connections(Protocol):
    """What Socket Mode offers."""

    async def connect(self) -> None:
        """Open every connection; returns when a request would find one."""
        ...

    def count_open(self) -> int:
        """Tell how many connections would take a request now."""
        ...

    def remarks(self) -> list[str]:
        """Say what is wrong with single connections."""
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...


class SlackLink:
    """Checks the credentials, then opens the connections, for as long as it takes.

    *open_connections* is None in http mode, where Slack comes to us.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        app_token: str | None,
        open_connections: Callable[[], Connections] | None,
        clock: Clock,
    ) -> None:
        self._client = client
        self._app_token = app_token
        self._open_connections = open_connections
        self._clock = clock
        self._connections: Connections | None = None
        self._trouble: str | None = "not connected to Slack yet"
        self._refused: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._connecting: asyncio.Task[None] | None = None
        self.identity = Identity()
        self.up = asyncio.Event()
        """Set once Slack has accepted us."""

    def start(self) -> None:
        """Begin; returns at once."""
        self._connecting = asyncio.create_task(self._connect())
        self._connecting.add_done_callback(self._report_failure)

    def _report_failure(self, task: asyncio.Task[None]) -> None:
        """Hand a failure nobody foresaw to whoever waits in ``refused``."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self._refused.set_exception(error)

    async def refused(self) -> str:
        """Wait until Slack refuses the credentials; give what it said."""
        return await asyncio.shield(self._refused)

    async def reasons_not_ready(self) -> list[str]:
        """Say why a request of Slack's would not be answered now; nothing if it would."""
        if self._trouble:
            return [self._trouble]
        if self._connections is not None and not self._connections.count_open():
            return ["no open Socket Mode connection", *self.remarks()]
        return []

    def remarks(self) -> list[str]:
        """Say what is not well although requests may be answered."""
        return self._connections.remarks() if self._connections is not None else []

    async def close(self) -> None:
        """Stop taking requests."""
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        if self._connections is not None:
            await self._connections.close()

    async def _connect(self) -> None:
        pause = _FIRST_PAUSE_S
        while (trouble := await self._try()) is not None:
            if trouble != self._trouble:
                log.warning("slack_unreachable reason=%s", trouble)
            self._trouble = trouble
            await self._clock.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_S)

    async def _try(self) -> str | None:
        """Make one attempt; None when there is nothing more to try."""
        try:
            await self._check_credentials()
        except SlackRefusedError as refusal:
            code = str(refusal)
            if code not in _REFUSALS:
                return f"Slack answered {code}"
            self._trouble = f"Slack refused our credentials: {code}"
            self._refused.set_result(code)
            return None
        except SlackUnreachableError as error:
            return f"Slack cannot be reached: {error}"
        self._trouble = None
        if self._open_connections is not None:
            self._connections = self._open_connections()
            await self._connections.connect()
        self.up.set()
        log.info("slack_connected")
        return None

    async def _check_credentials(self) -> None:
        us = await ask_slack(self._client.auth_test())
        self.identity = Identity(
            us.get("team_id"), us.get("enterprise_id"), us.get("user_id"), us.get("bot_id")
        )
        if self._app_token is not None:
            await ask_slack(self._client.apps_connections_open(app_token=self._app_token))
