"""The host behind playback links and thumbnails: any name with a known extension is there.

``…/pictures/…_10_3.jpg`` is the picture of second 30, ``…/40.jpg`` that of second 40; all videos
are the same one. A path with ``/gone/`` in it is not there any more.
"""

import asyncio
import re
from collections.abc import Collection

from bot.sandbox.clouds.exchange import Answer, Call
from bot.sandbox.media import Videos, make_picture
from bot.sandbox.scenario import WeatherKind

_PICTURE = re.compile(r".*\.jpe?g", re.IGNORECASE)
_MOMENT = re.compile(r"(?:_(\d{1,3}))?[_/](\d{1,4})\.jpe?g$", re.IGNORECASE)
_VIDEO = re.compile(r".*\.(?:mp4|flv|mov)", re.IGNORECASE)
_PLAYLIST = re.compile(r".*/([^/]+)\.m3u8", re.IGNORECASE)
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_ACTION = "GET /{path}"


class Media:
    """One server for all vendors' links."""

    actions: Collection[str] = (_ACTION,)

    def __init__(self, videos: Videos) -> None:
        self._videos = videos

    async def answer(self, call: Call) -> Answer:
        """Give what the path's extension promises, or the part of it that is asked for."""
        if call.method not in {"GET", "HEAD"}:
            return _plain(405, "GET or HEAD")
        found = None if "/gone/" in call.path else await self._find(call.path)
        if found is None:
            return _plain(404, "not found")
        content, content_type = found
        return _serve(content, content_type, call.headers.get("Range", ""))

    def refusal(self, kind: WeatherKind) -> Answer:
        """Refuse as too fast, or plainly."""
        return _plain(429 if kind is WeatherKind.RATE_LIMITED else 403, kind)

    async def _find(self, path: str) -> tuple[bytes, str] | None:
        if _PICTURE.fullmatch(path):
            return await asyncio.to_thread(make_picture, _read_second(path)), "image/jpeg"
        if _VIDEO.fullmatch(path):
            clip = await self._videos.clip()
            return clip.content, clip.content_type
        if match := _PLAYLIST.fullmatch(path):
            return _playlist(match[1]), "application/vnd.apple.mpegurl"
        return None


def _read_second(path: str) -> int:
    match = _MOMENT.search(path)
    return int(match[1] or 1) * int(match[2]) if match else 0


def _serve(content: bytes, content_type: str, asked: str) -> Answer:
    headers = {"Accept-Ranges": "bytes"}
    part = read_range(asked, len(content))
    if part is None:
        return Answer(content, _ACTION, content_type=content_type, headers=headers)
    if not part:
        headers["Content-Range"] = f"bytes */{len(content)}"
        return Answer(b"", _ACTION, verdict="416", status=416, headers=headers)
    headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{len(content)}"
    body = content[part.start : part.stop]
    return Answer(body, _ACTION, status=206, content_type=content_type, headers=headers)


def read_range(asked: str, size: int) -> range | None:
    """Read a Range header; None: it asks for everything, empty: for what is not there."""
    match = _RANGE.fullmatch(asked)
    if match is None or match[0] == "bytes=-":
        return None
    first, last = match.groups()
    if not first:
        return range(max(size - int(last), 0), size)
    return range(int(first), min(int(last) + 1 if last else size, size))


def _playlist(name: str) -> bytes:
    lines = ("#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:4", "#EXTINF:4.0,")
    return "\n".join((*lines, f"{name}.mp4", "#EXT-X-ENDLIST", "")).encode()


def _plain(status: int, text: str) -> Answer:
    body = f"{text}\n".encode()
    return Answer(body, _ACTION, verdict=str(status), status=status, content_type="text/plain")
