"""Pictures, the video and OBS objects: real files, with the right types and ranges."""

import io
import logging
import shutil
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import aiohttp
import pytest
from PIL import Image

from bot.sandbox.clock import SystemClock
from bot.sandbox.clouds import VendorClouds, WeatherKind, obs
from bot.sandbox.clouds.media import Media, read_range
from bot.sandbox.media import SIZE, Videos, make_animation, make_picture
from tests.bot.sandbox.clouds.calls import call


def test_every_second_has_its_own_picture() -> None:
    pictures = {make_picture(second) for second in range(0, 100, 10)}

    with Image.open(io.BytesIO(make_picture(30))) as image:
        shown = (image.format, image.size)
    assert (len(pictures), shown) == (10, ("JPEG", SIZE))


def test_the_animation_moves() -> None:
    clip = make_animation()

    with Image.open(io.BytesIO(clip.content)) as image:
        assert (image.format, getattr(image, "n_frames", 1)) == ("GIF", 12)
    assert clip.content_type == "image/gif"


def make_encoder(tmp_path: Path, script: str) -> str:
    path = tmp_path / "encoder"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


async def test_an_encoder_makes_a_video_once(tmp_path: Path) -> None:
    log = tmp_path / "log"
    script = f"cat > /dev/null; echo once >> {log}; printf video"
    videos = Videos(make_encoder(tmp_path, script))

    clips = [await videos.clip() for _ in range(3)]

    assert {(clip.content, clip.content_type) for clip in clips} == {(b"video", "video/mp4")}
    assert log.read_text() == "once\n"


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("cat > /dev/null; exit 3", "exit_status=3"),
        ("exec sleep 60", "reason=timeout"),
        (None, "reason=No such file"),
    ],
)
async def test_without_a_working_encoder_the_video_is_an_animation(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, script: str | None, reason: str
) -> None:
    encoder = make_encoder(tmp_path, script) if script else str(tmp_path / "absent")
    videos = Videos(encoder, timeout=0.5)

    with caplog.at_level(logging.WARNING, "bot.sandbox.media"):
        clip = await videos.clip()

    assert clip.content_type == "image/gif"
    assert reason in caplog.text


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="this machine has no ffmpeg")
async def test_a_real_encoder_makes_a_real_video() -> None:
    clip = await Videos().clip()

    assert (clip.content_type, clip.content[4:8]) == ("video/mp4", b"ftyp")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", None),
        ("bytes=-", None),
        ("items=0-1", None),
        ("bytes=0-3", range(4)),
        ("bytes=4-", range(4, 10)),
        ("bytes=-3", range(7, 10)),
        ("bytes=-30", range(10)),
        ("bytes=8-99", range(8, 10)),
        ("bytes=10-", range(10, 10)),
    ],
)
def test_a_range_is_read_as_http_means_it(asked: str, found: range | None) -> None:
    assert read_range(asked, 10) == found


@pytest.mark.parametrize(
    ("path", "status", "content_type"),
    [
        ("/pictures/x/sampleSnapshot_10_3.jpg", 200, "image/jpeg"),
        ("/pictures/cover.JPEG", 200, "image/jpeg"),
        ("/videos/standup.mp4", 200, "image/gif"),
        ("/videos/keynote.m3u8", 200, "application/vnd.apple.mpegurl"),
        ("/gone/standup.mp4", 404, "text/plain"),
        ("/standup.exe", 404, "text/plain"),
    ],
)
async def test_the_extension_tells_what_is_served(
    tmp_path: Path, path: str, status: int, content_type: str
) -> None:
    media = Media(Videos(str(tmp_path / "absent")))

    answer = await media.answer(call("GET", path))

    assert (answer.status, answer.content_type) == (status, content_type)


async def test_the_name_of_a_picture_tells_its_second() -> None:
    media = Media(Videos())

    sampled = await media.answer(call("GET", "/x/sampleSnapshot_10_3.jpg"))
    named = await media.answer(call("GET", "/x/30.jpg"))

    assert sampled.body == named.body == make_picture(30)


async def test_a_method_that_writes_is_not_allowed() -> None:
    answer = await Media(Videos()).answer(call("PUT", "/a.jpg"))

    assert answer.status == 405


async def test_a_browser_may_ask_for_a_part(
    clouds: VendorClouds, session: aiohttp.ClientSession
) -> None:
    url = f"{clouds.media_url}/pictures/a_10_1.jpg"

    async with session.get(url, headers={"Range": "bytes=2-5"}) as response:
        part = await response.read()
    async with session.get(url, headers={"Range": "bytes=999999-"}) as beyond:
        status = beyond.status

    assert (response.status, part, status) == (206, make_picture(10)[2:6], 416)
    assert response.headers["Content-Range"] == f"bytes 2-5/{len(make_picture(10))}"


async def test_a_browser_may_ask_for_the_head_alone(
    clouds: VendorClouds, session: aiohttp.ClientSession
) -> None:
    async with session.head(f"{clouds.media_url}/pictures/a_10_1.jpg") as response:
        body = await response.read()

    assert (response.status, body) == (200, b"")
    assert response.content_length == len(make_picture(10))
    assert response.headers["Accept-Ranges"] == "bytes"


def link(clouds: VendorClouds, seconds: float = 60, **changed: str) -> str:
    keys = clouds.scenario.keys.huawei
    expires = str(int((SystemClock().now() + timedelta(seconds=seconds)).timestamp()))
    path = f"/{keys.bucket}/output/1/10.jpg"
    query = {
        "Expires": expires,
        "AccessKeyId": keys.ak,
        "Signature": obs.sign("GET", expires, path, keys.sk),
        **changed,
    }
    pairs = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
    return f"{clouds.obs_url}{path}?{pairs}"


@pytest.mark.parametrize(
    ("seconds", "changed", "status", "code"),
    [
        (60, {}, 200, ""),
        (-1, {}, 403, "AccessDenied"),
        (60, {"Signature": "AAAA"}, 403, "SignatureDoesNotMatch"),
        (60, {"Signature": ""}, 403, "AccessDenied"),
        (60, {"AccessKeyId": "NOBODY"}, 403, "InvalidAccessKeyId"),
    ],
)
async def test_a_private_object_needs_a_link_that_is_good_now(
    clouds: VendorClouds,
    session: aiohttp.ClientSession,
    seconds: float,
    changed: dict[str, str],
    status: int,
    code: str,
) -> None:
    url = link(clouds, seconds, **changed)

    async with session.get(url) as response:
        body = await response.read()

    assert (response.status, code.encode() in body) == (status, True)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sandbox-public/a/10.jpg", 200),
        ("/sandbox-public/a/none", 404),
        ("/sandbox-private/a/10.jpg", 403),
        ("/somebody-elses/a/10.jpg", 404),
        ("/", 404),
    ],
)
async def test_only_the_public_bucket_is_open(
    clouds: VendorClouds, session: aiohttp.ClientSession, path: str, status: int
) -> None:
    async with session.get(clouds.obs_url + path) as response:
        assert response.status == status


@pytest.mark.parametrize(
    ("kind", "statuses"),
    [(WeatherKind.RATE_LIMITED, (503, 429)), (WeatherKind.SKEWED, (403, 403))],
)
def test_bad_weather_has_its_own_refusals(
    clouds: VendorClouds, kind: WeatherKind, statuses: tuple[int, int]
) -> None:
    media = Media(Videos())
    store = obs.Obs(clouds.scenario.keys.huawei, media)

    assert (store.refusal(kind).status, media.refusal(kind).status) == statuses
