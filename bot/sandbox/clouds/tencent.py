"""Tencent Cloud TIW: what became of a whiteboard recording's video; HTTP 200, always.

Source: Tencent Cloud docs, TIW, DescribeVideoGenerationTask; Common Error Codes, read 2026-11.
"""

import json
import zlib
from collections.abc import Collection, Mapping
from functools import partial
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

from bot.sandbox.clouds import tencent_signature
from bot.sandbox.clouds.exchange import Answer, Call
from bot.sandbox.clouds.stage import Render, Scene, Site, encode
from bot.sandbox.clouds.window import Window
from bot.sandbox.scenario import File, Step, TencentKeys, WeatherKind, Word

WORDS: Mapping[Word, str] = {
    Word.QUEUED: "QUEUED",
    Word.RUNNING: "PROCESSING",
    Word.SUCCEEDED: "FINISHED",
    Word.EMPTY: "FINISHED",
}
_ACTION = "DescribeVideoGenerationTask"
_VERSION = "2019-09-19"
_REGIONS = frozenset({"ap-singapore", "ap-guangzhou", "ap-beijing", "ap-shanghai"})
_TOO_FAST = (
    "RequestLimitExceeded",
    "The request times exceed the frequency limit `20` in a second.",
)
_PARAMETERS: Mapping[str, type] = {"SdkAppId": int, "TaskId": str}
_JUNK = {
    "VideoType": 0,
    "VideoUrl": "Disused. Use the VideoInfoList parameter.",
    "UserId": "xx",
    "VideoId": "xx",
    "VideoSize": 0,
    "VideoDuration": 0,
    "Width": 0,
    "Height": 0,
    "VideoPlayTime": 0,
    "VideoFormat": "xx",
}
"""What the documented sample carries in the disused ``VideoInfos``."""

Refusal = tuple[str, str]


class Tiw:
    """``tiw.<domain>``."""

    actions: Collection[str] = (_ACTION,)

    def __init__(self, keys: TencentKeys, site: Site) -> None:
        self._keys = keys
        self._stage = site.stage
        self._clock = site.clock
        self._window = Window(20, 1) if site.limits else None
        self._numbers = count(1)
        self._render: Render = partial(render_task, media_url=site.media_url)

    async def answer(self, call: Call) -> Answer:
        """Pass the gateway and the parameters, then tell of the task."""
        refusal = self._refuse_at_gateway(call)
        parameters = _read_parameters(call)
        refusal = refusal or _refuse_parameters(parameters)
        task_id = str(parameters.get("TaskId", "")) if parameters else ""
        if refusal is None and parameters and parameters["SdkAppId"] != self._keys.sdk_app_id:
            refusal = ("UnauthorizedOperation.SdkAppId", "The SdkAppId does not exist.")
        return self._refuse(refusal, task_id) if refusal else self._tell(task_id)

    def refusal(self, kind: WeatherKind) -> Answer:
        """Refuse as too fast, or as signed at another time."""
        is_too_fast = kind is WeatherKind.RATE_LIMITED
        return self._refuse(_TOO_FAST if is_too_fast else tencent_signature.SKEWED)

    def _refuse_at_gateway(self, call: Call) -> Refusal | None:
        if call.method not in {"GET", "POST"} or call.path != "/":
            return "InvalidRequest", "The request is neither GET / nor POST /."
        if refusal := tencent_signature.check(call, self._keys):
            return refusal
        if refusal := _refuse_common(call):
            return refusal
        if self._window and not self._window.admits(self._clock.monotonic()):
            return _TOO_FAST
        return None

    def _tell(self, task_id: str) -> Answer:
        scene = self._stage.scene("tiw", task_id)
        if scene is None:
            missing = ("InvalidParameter.TaskNotFound", "The task to query does not exist.")
            return self._refuse(missing, task_id)
        step, weather = scene.step, scene.task.weather
        if step.body is not None:
            body, status = step.body.encode(), step.http_status
            return Answer(body, _ACTION, (task_id,), status=status, weather=weather)
        if refusal := _refuse_step(step):
            return self._refuse(refusal, task_id)
        rendered = scene.rendered(self._render)
        request_id = self._request_id().encode()
        body = b'{"Response":%b,"RequestId":"%b"}}' % (rendered[:-1], request_id)
        return Answer(body, _ACTION, (task_id,), weather=weather)

    def _refuse(self, refusal: Refusal, task_id: str = "") -> Answer:
        code, text = refusal
        error = {"Error": {"Code": code, "Message": text}, "RequestId": self._request_id()}
        ids = (task_id,) if task_id else ()
        return Answer(encode({"Response": error}), _ACTION, ids, verdict=code)

    def _request_id(self) -> str:
        return f"d290f1ee-6c54-4b01-90e6-{next(self._numbers):012d}"


def render_task(scene: Scene, media_url: str) -> Mapping[str, Any]:
    """Write the ``Response`` of one task, but for its RequestId."""
    task, step = scene.task, scene.step
    room = zlib.crc32(task.room.encode()) % 1_000_000
    is_over = step.say.is_end
    return {
        "GroupId": str(room),
        "RoomId": room,
        "TaskId": task.id,
        "Progress": 100 if is_over else 0,
        "Status": step.word or WORDS[step.say],
        "TotalTime": sum(round(file.seconds * 1000) for file in step.files),
        "VideoInfoList": [_render_video(file, media_url) for file in step.files] or None,
        "VideoInfos": _JUNK if is_over else None,
    }


def _render_video(file: File, media_url: str) -> Mapping[str, Any]:
    return {
        "UserId": file.user,
        "VideoDuration": round(file.seconds * 1000),
        "VideoFormat": file.name.rpartition(".")[2],
        "VideoId": f"528589079{zlib.crc32(file.name.encode()):010d}",
        "VideoPlayTime": 0,
        "VideoSize": file.size,
        "VideoType": 4 if file.track == "audio" else 2,
        "Width": file.width,
        "Height": file.height,
        "VideoUrl": f"{media_url}/videos/{file.name}",
    }


def _read_parameters(call: Call) -> dict[str, Any] | None:
    """Read the parameters of a POST's JSON or a GET's query; None where they are no object."""
    if call.method == "GET":
        given: dict[str, Any] = dict(parse_qsl(call.query, keep_blank_values=True))
        if str(given.get("SdkAppId", "")).isdigit():
            given["SdkAppId"] = int(given["SdkAppId"])
        return given
    try:
        document = json.loads(call.body)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _refuse_common(call: Call) -> Refusal | None:
    headers = call.headers
    missing = [
        name for name in ("X-TC-Action", "X-TC-Version", "X-TC-Region") if not headers.get(name)
    ]
    if missing:
        return "MissingParameter", f"The header {missing[0]} is missing."
    if headers["X-TC-Action"] != _ACTION:
        return "InvalidAction", "The action does not exist or is not supported."
    if headers["X-TC-Version"] != _VERSION:
        return "NoSuchVersion", "The version does not exist."
    if headers["X-TC-Region"] not in _REGIONS:
        return "UnsupportedRegion", "The region is not supported."
    return None


def _refuse_parameters(given: Mapping[str, Any] | None) -> Refusal | None:
    if given is None:
        return "InvalidParameter", "The body is not a JSON object."
    for name in given.keys() - _PARAMETERS.keys():
        return "UnknownParameter", f"The parameter `{name}` is not recognized."
    for name, kind in _PARAMETERS.items():
        if name not in given:
            return "MissingParameter", f"The request is missing a required parameter `{name}`."
        if type(given[name]) is not kind:
            code = "InvalidParameter.BodyParameterTypeUnmatched"
            return code, f"The type of `{name}` does not match."
    return None


def _refuse_step(step: Step) -> Refusal | None:
    """Read a story's failure: the query itself answers it, as there is no field for it."""
    if step.say is Word.FAILED:
        return step.code or "FailedOperation.Record", step.message or "Failed to record."
    if step.say is Word.REFUSED:
        return step.code or "InternalError", step.message or "Internal error."
    return None
