"""Puts a picture into Slack, so that a message can show it whoever made the link it came from.

Three steps (docs.slack.dev, "Working with files", read 2026-11). No channel is named in the last:
the file then belongs to the bot alone until a message of the bot's shows it, and nothing is posted
twice where an answer is lost.
"""

import asyncio
from http import HTTPStatus

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_link import SlackRefusedError, SlackUnreachableError, ask_slack
from providers.clock import Clock

_SENT_WITHIN_S = 30.0
_PAUSES_S = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0)
"""Before each look whether Slack is done with a file."""
_BLIND_PAUSE_S = 2.0


class UploadError(Exception):
    """Slack did not take the picture; the text is safe to show."""


async def upload_picture(
    client: AsyncWebClient,
    session: aiohttp.ClientSession,
    picture: bytes,
    *,
    name: str,
    clock: Clock,
) -> str:
    """Upload *picture* under a file name, and give the id by which a block may show it.

    Raises:
        UploadError: Slack refused it, or did not answer.
    """
    try:
        file_id, url = await _announce(client, name, len(picture))
        await _send(session, url, picture)
        await ask_slack(client.files_completeUploadExternal(files=[{"id": file_id, "title": name}]))
    except (SlackRefusedError, SlackUnreachableError) as error:
        raise UploadError(f"Slack did not take the picture: {error}") from None
    await _until_shown(client, file_id, clock)
    return file_id


async def _announce(client: AsyncWebClient, name: str, length: int) -> tuple[str, str]:
    """Ask for the file's id, and for the address that its bytes go to."""
    answer = await ask_slack(client.files_getUploadURLExternal(filename=name, length=length))
    file_id, url = answer.get("file_id"), answer.get("upload_url")
    if isinstance(file_id, str) and isinstance(url, str):
        return file_id, url
    raise SlackUnreachableError("the answer names no upload address")


async def _send(session: aiohttp.ClientSession, url: str, picture: bytes) -> None:
    """Send the bytes; neither the address nor what aiohttp says of it is told to anybody."""
    try:
        async with asyncio.timeout(_SENT_WITHIN_S):
            async with session.post(url, data=picture, allow_redirects=False) as reply:
                status = reply.status
    except (aiohttp.ClientError, OSError) as error:
        raise SlackUnreachableError(f"no answer of Slack's ({type(error).__name__})") from None
    if status != HTTPStatus.OK:
        raise SlackUnreachableError(f"its upload address answered HTTP {status}")


async def _until_shown(client: AsyncWebClient, file_id: str, clock: Clock) -> None:
    """Wait until Slack has looked at the file, for a message that shows it before is refused.

    Slack then knows its type. Looking takes the scope files:read; without it, or an answer, all
    that is left is to wait a little, and in the end the message tells.
    """
    for pause in _PAUSES_S:
        await clock.sleep(pause)
        try:
            answer = await ask_slack(client.files_info(file=file_id))
        except (SlackRefusedError, SlackUnreachableError):
            await clock.sleep(_BLIND_PAUSE_S)
            return
        if (answer.get("file") or {}).get("mimetype"):
            return
