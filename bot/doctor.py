"""``mediatask doctor``: try what the bot will rely on, and say in one line each how it is.

Every account is asked about a task that cannot exist. A vendor that answers "no such task" has
accepted the credentials, the signature and the clock; nothing is created or changed anywhere.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.settings.load import Settings
from bot.settings.sections import SlackSettings
from bot.slack_link import SlackRefusedError, SlackUnreachableError, ask_slack
from bot.store.errors import StoreError
from bot.store.maintenance import examine_store
from bot.vendors import Vendors, open_vendors
from providers.clock import Clock
from providers.errors import ProviderError
from providers.models import Reason, TaskRef

REQUIRED_SCOPES = frozenset(
    {"app_mentions:read", "chat:write", "commands", "files:write", "users:read"}
)
_NO_SUCH_TASK = "mediatask-doctor"
"""16 characters, the length of a recording's id, so that no vendor refuses it for its shape."""
_ACCEPTED = frozenset({Reason.NOT_FOUND, Reason.BAD_REQUEST, Reason.TASK_FAILED})
_ANSWERED_WITH_CODE = frozenset({Reason.UNAVAILABLE})
"""ZEGO answers 1000 ("request failed") to an id it does not know; with a code, it is an answer."""


@dataclass(frozen=True, slots=True)
class Finding:
    """How one thing is."""

    subject: str
    fine: bool
    text: str

    def __str__(self) -> str:
        """Write the line an operator reads."""
        return f"{'ok  ' if self.fine else 'FAIL'}  {self.subject}: {self.text}"


async def examine(settings: Settings, clock: Clock) -> Sequence[Finding]:
    """Try everything at once."""
    async with open_vendors(
        settings.accounts, clock=clock, observe=lambda *_: None, on_undocumented=lambda *_: None
    ) as vendors:
        questions: list[Coroutine[Any, Any, Finding]] = [
            _ask(vendors, provider, account) for provider, account in vendors.endpoints
        ]
        if settings.slack is not None:
            questions += _slack_questions(settings.slack, vendors.session)
        return [*await asyncio.gather(*questions), await _try_store(settings)]


async def _try_store(settings: Settings) -> Finding:
    try:
        text = await examine_store(settings.store.url.get_secret_value())
    except StoreError as error:
        return Finding("store", fine=False, text=str(error))
    return Finding("store", fine=True, text=text)


async def _ask(vendors: Vendors, provider: str, account: str) -> Finding:
    subject = f"{provider}@{account}"
    try:
        await vendors.lookup.fetch(TaskRef(provider, account, _NO_SUCH_TASK), fresh=True)
    except ProviderError as error:
        knows_us = error.reason in _ACCEPTED or (error.code and error.reason in _ANSWERED_WITH_CODE)
        if not knows_us:
            code = f" ({error.code})" if error.code else ""
            return Finding(subject, fine=False, text=f"{error.detail}{code}. {error.hint}")
    return Finding(subject, fine=True, text="credentials, signature and clock accepted")


def _slack_questions(
    slack: SlackSettings, session: aiohttp.ClientSession
) -> list[Coroutine[Any, Any, Finding]]:
    client = AsyncWebClient(
        token=slack.bot_token.get_secret_value(),
        base_url=slack.api_url,
        session=session,
        retry_handlers=[],
    )
    questions = [_try_slack("slack bot_token", client.auth_test(), scopes=True)]
    if slack.mode == "socket" and slack.app_token is not None:
        opened = client.apps_connections_open(app_token=slack.app_token.get_secret_value())
        questions.append(_try_slack("slack app_token", opened, scopes=False))
    return questions


async def _try_slack(
    subject: str, call: Coroutine[Any, Any, AsyncSlackResponse], *, scopes: bool
) -> Finding:
    try:
        response = await ask_slack(call)
    except SlackRefusedError as refusal:
        text = f"refused: {refusal}. Copy it again from the app's page at api.slack.com."
        return Finding(subject, fine=False, text=text)
    except SlackUnreachableError as error:
        text = f"{error}. Check the network and slack.api_url."
        return Finding(subject, fine=False, text=text)
    missing = REQUIRED_SCOPES - _granted(response) if scopes else frozenset()
    if missing:
        text = f"lacks {', '.join(sorted(missing))}. Install the app again from manifest.yml."
        return Finding(subject, fine=False, text=text)
    return Finding(subject, fine=True, text="accepted")


def _granted(response: AsyncSlackResponse) -> frozenset[str]:
    """Read what the token may do; Slack tells it in a header of every answer."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    return frozenset(scope.strip() for scope in headers.get("x-oauth-scopes", "").split(","))
