r"""Huawei's OBS, path style: objects of a public bucket, and of a private one with a signed link.

What is signed is ``<METHOD>\n\n\n<Expires>\n/<bucket>/<key>``, base64 of HMAC-SHA1.
Source: Huawei OBS API reference, Authentication of Signature in a URL, read 2026-11.
"""

import base64
import hmac
from collections.abc import Collection
from http import HTTPStatus
from urllib.parse import parse_qs

from bot.sandbox.clouds.exchange import Answer, Call
from bot.sandbox.clouds.media import Media
from bot.sandbox.scenario import HuaweiKeys, WeatherKind

_ACTION = "GET /{bucket}/{key}"


class Obs:
    """``obs.<region>``: any key with the extension of a picture or a video is there."""

    actions: Collection[str] = (_ACTION,)

    def __init__(self, keys: HuaweiKeys, media: Media) -> None:
        self._keys = keys
        self._media = media

    async def answer(self, call: Call) -> Answer:
        """Check the link, then give the object."""
        bucket = call.path.split("/")[1]
        if bucket not in {self._keys.bucket, self._keys.public_bucket}:
            return _refuse(404, "NoSuchBucket", "The specified bucket does not exist")
        if bucket == self._keys.bucket and (why := self._refuse_link(call)):
            return _refuse(403, *why)
        answer = await self._media.answer(call)
        if answer.status == HTTPStatus.NOT_FOUND:
            return _refuse(404, "NoSuchKey", "The specified key does not exist")
        return answer

    def refusal(self, kind: WeatherKind) -> Answer:
        """Refuse as too fast, or as asked at another time."""
        if kind is WeatherKind.RATE_LIMITED:
            return _refuse(503, "SlowDown", "Please reduce your request rate")
        return _refuse(403, "RequestTimeTooSkewed", "The difference between the times is too large")

    def _refuse_link(self, call: Call) -> tuple[str, str] | None:
        query = parse_qs(call.query)
        expires, access, signature = (
            query.get(name, [""])[0] for name in ("Expires", "AccessKeyId", "Signature")
        )
        if not expires.isdigit() or not signature:
            return "AccessDenied", "Access Denied"
        if int(expires) <= call.at.timestamp():
            return "AccessDenied", "Request has expired"
        if access != self._keys.ak:
            return "InvalidAccessKeyId", "The access key does not exist"
        if signature != sign(call.method, expires, call.path, self._keys.sk):
            return "SignatureDoesNotMatch", "The signature does not match"
        return None


def sign(method: str, expires: str, path: str, secret: str) -> str:
    """Compute the signature of a temporary link; *path* is ``/bucket/key``, percent-encoded."""
    text = f"{method}\n\n\n{expires}\n{path}"
    return base64.b64encode(hmac.digest(secret.encode(), text.encode(), "sha1")).decode()


def _refuse(status: int, code: str, text: str) -> Answer:
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{text}</Message></Error>"
    return Answer(
        body.encode(), _ACTION, verdict=code, status=status, content_type="application/xml"
    )
