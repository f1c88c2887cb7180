"""Whether Slack can show a picture: it downloads each one before it takes the message.

Slack docs, image block, read 2026-11: PNG, JPEG or GIF, publicly reachable. Here the machine's own
loopback addresses are the whole public internet, and http will do; nothing else is ever asked.
"""

import asyncio
import ipaddress
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import aiohttp
from yarl import URL

from bot.sandbox.slack.deadlines import Deadlines
from bot.sandbox.slack.entities import Json

_FETCH_SECONDS = 3.0
_MAX_BYTES = 10_000_000
_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
_MAGIC_BYTES = 8
_KEPT = 512


@dataclass(slots=True)
class Pictures:
    """The downloader, with the cache Slack's picture proxy also has."""

    deadlines: Deadlines
    session: aiohttp.ClientSession = field(repr=False)
    _good: OrderedDict[str, None] = field(default_factory=OrderedDict)

    async def problems(self, blocks: list[Json]) -> list[str]:
        """Tell which pictures cannot be shown, as ``/blocks/2/image_url: …``; empty if all can."""
        found = list(picture_urls(blocks, "/blocks"))
        fine = await asyncio.gather(*(self._is_shown(url) for _, url in found))
        return [
            f"{pointer}: downloading image failed"
            for (pointer, _), is_fine in zip(found, fine, strict=True)
            if not is_fine
        ]

    async def _is_shown(self, url: str) -> bool:
        if url in self._good:
            self._good.move_to_end(url)
            return True
        if not is_reachable(url) or not await self._fetch(url):
            return False
        self._good[url] = None
        if len(self._good) > _KEPT:
            self._good.popitem(last=False)
        return True

    async def _fetch(self, url: str) -> bool:
        try:
            async with (
                self.deadlines.within(_FETCH_SECONDS),
                self.session.get(url, allow_redirects=False) as reply,
            ):
                start = await reply.content.readexactly(_MAGIC_BYTES)
                size = reply.content_length or 0
                is_picture = start.startswith(_MAGIC) and size <= _MAX_BYTES
                return reply.status == HTTPStatus.OK and is_picture
        except (aiohttp.ClientError, asyncio.IncompleteReadError, TimeoutError):
            return False


def is_reachable(url: str) -> bool:
    """Tell whether *url* points into the part of the world that is public here."""
    try:
        parsed = URL(url)
        host = parsed.host or ""
        return parsed.scheme in ("http", "https") and (
            host == "localhost" or ipaddress.ip_address(host).is_loopback
        )
    except ValueError:
        return False


def picture_urls(node: Any, pointer: str) -> Iterator[tuple[str, str]]:
    """Go through every picture address in blocks, with the JSON pointer of where it stands."""
    if isinstance(node, dict):
        for key, child in node.items():
            if key in ("image_url", "thumbnail_url") and isinstance(child, str):
                yield f"{pointer}/{key}", child
            else:
                yield from picture_urls(child, f"{pointer}/{key}")
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from picture_urls(child, f"{pointer}/{index}")


def slack_files(node: Any) -> Iterator[Json]:
    """Go through every ``slack_file`` that blocks refer to."""
    if isinstance(node, dict):
        if isinstance(node.get("slack_file"), dict):
            yield node["slack_file"]
        for child in node.values():
            yield from slack_files(child)
    elif isinstance(node, list):
        for child in node:
            yield from slack_files(child)
