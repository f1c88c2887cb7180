"""Bolt's app, set up for what our listeners are: quick to acknowledge, on one session."""

import logging
from collections.abc import Callable

from aiohttp import ClientSession
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.settings.sections import SlackSettings
from bot.slack_link import Identity


def create_slack_app(
    slack: SlackSettings, session: ClientSession, identity: Callable[[], Identity]
) -> AsyncApp:
    """Build Bolt's app. Of the SDK's retries only the one after a 429 posts nothing twice.

    Left to itself, Bolt asks auth.test before it acknowledges the first request. Our link has
    asked already, so it is told; and the client gets its token after Bolt has looked for one.
    """
    token = slack.bot_token.get_secret_value()

    async def authorize() -> AuthorizeResult:
        us = identity()
        return AuthorizeResult(
            enterprise_id=us.enterprise_id,
            team_id=us.team_id,
            bot_id=us.bot_id,
            bot_user_id=us.user_id,
            bot_token=token,
        )

    client = AsyncWebClient(
        base_url=slack.api_url,
        session=session,
        retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=2)],
    )
    secret = slack.signing_secret.get_secret_value() if slack.signing_secret else "not used"
    app = AsyncApp(
        client=client,
        authorize=authorize,
        signing_secret=secret,
        logger=logging.getLogger("slack_bolt"),
        # Our listeners acknowledge and hand over. Bolt's other way looks for their acknowledgement
        # every 10 ms, so that each takes at least as long.
        process_before_response=True,
    )
    client.token = token
    return app


def create_sender(slack: SlackSettings, session: ClientSession) -> AsyncWebClient:
    """Build the client of whatever is sent in the background, without any of the SDK's retries.

    A ``chat.postMessage`` whose answer was lost would be sent twice by them, and a 429 is for the
    whole process to wait out, not for one call.
    """
    token = slack.bot_token.get_secret_value()
    return AsyncWebClient(token, base_url=slack.api_url, session=session, retry_handlers=[])
