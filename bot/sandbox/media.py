"""Real pictures and a real small video for the links the stand-ins hand out, made when asked for.

Where no encoder is at hand the video is an animated picture, served under the same name.
"""

import asyncio
import colorsys
import io
import logging
import shutil
from dataclasses import dataclass, field
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont, ImageOps

SIZE = (320, 180)
_FRAMES = 12
_FRAMES_A_SECOND = 3
_ENCODE = (
    *("-hide_banner", "-loglevel", "error", "-f", "image2pipe"),
    *("-framerate", str(_FRAMES_A_SECOND), "-i", "-", "-r", "15"),
    *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"),
    *("-movflags", "frag_keyframe+empty_moov", "-f", "mp4", "-"),
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Clip:
    """A moving picture."""

    content: bytes = field(repr=False)
    content_type: str


@lru_cache(maxsize=512)
def make_picture(second: int) -> bytes:
    """Draw a JPEG with a large time code; every second has its own colour."""
    image = _draw(second)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def make_animation() -> Clip:
    """Draw the frames of the video as an animated GIF."""
    first, *others = (_draw(second) for second in range(_FRAMES))
    buffer = io.BytesIO()
    first.save(
        buffer,
        "GIF",
        save_all=True,
        append_images=others,
        duration=1000 // _FRAMES_A_SECOND,
        loop=0,
    )
    return Clip(buffer.getvalue(), "image/gif")


class Videos:
    """The one video of the demo; encoded on the first request, in a process of its own."""

    def __init__(self, encoder: str | None = None, timeout: float = 20) -> None:
        self._encoder = encoder or shutil.which("ffmpeg")
        self._timeout = timeout
        self._lock = asyncio.Lock()
        self._clip: Clip | None = None

    async def clip(self) -> Clip:
        """Give the video, or the animated picture where it cannot be encoded."""
        async with self._lock:
            if self._clip is None:
                self._clip = await self._make()
            return self._clip

    async def _make(self) -> Clip:
        content = await self._encode(self._encoder) if self._encoder else b""
        if content:
            return Clip(content, "video/mp4")
        return await asyncio.to_thread(make_animation)

    async def _encode(self, encoder: str) -> bytes:
        frames = b"".join(await asyncio.to_thread(_make_frames))
        pipe = asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                encoder, *_ENCODE, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL
            )
        except OSError as error:
            _log.warning("video_encoder_failed reason=%s", error.strerror)
            return b""
        return await self._finish(process, frames)

    async def _finish(self, process: asyncio.subprocess.Process, frames: bytes) -> bytes:
        try:
            async with asyncio.timeout(self._timeout):
                content, _ = await process.communicate(frames)
        except TimeoutError:
            _log.warning("video_encoder_failed reason=timeout")
            return b""
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            _log.warning("video_encoder_failed exit_status=%d", process.returncode)
            return b""
        return content


def _make_frames() -> list[bytes]:
    return [make_picture(second) for second in range(_FRAMES)]


def _draw(second: int) -> Image.Image:
    hue = second * 0.381966 % 1  # the golden angle keeps neighbours apart
    dark, light = (_colour(hue, value) for value in (0.35, 0.95))
    gradient = Image.linear_gradient("L").resize(SIZE)
    image = ImageOps.colorize(gradient, dark, light)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=72)
    centre = (SIZE[0] / 2, SIZE[1] / 2)
    text = f"{second // 60:02d}:{second % 60:02d}"
    draw.text(centre, text, font=font, fill="white", anchor="mm", stroke_width=3, stroke_fill=dark)
    return image


def _colour(hue: float, value: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(hue, 0.55, value)
    return round(red * 255), round(green * 255), round(blue * 255)
