"""ZEGO's two hosts, RTC (media tasks) and cloud recording: HTTP 200 with a ``Code``, always.

Source: ZEGO docs, DescribeMediaTask; DescribeRecordStatus; DescribeTasks; Return codes, 2026-11.
"""

import json
from collections.abc import Callable, Collection, Mapping
from functools import partial
from itertools import count
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from bot.sandbox.clouds import zego_gateway
from bot.sandbox.clouds.exchange import Answer, Call
from bot.sandbox.clouds.stage import Render, Scene, Site, encode
from bot.sandbox.clouds.window import Window
from bot.sandbox.clouds.zego_gateway import SKEWED, Query
from bot.sandbox.clouds.zego_replies import (
    render_huawei,
    render_listed,
    render_record,
    render_tencent,
)
from bot.sandbox.scenario import ProviderName, WeatherKind, Word, ZegoKeys

_TEXTS: dict[int, str] = {
    2: "input parameter error",
    4: "CDN type mismatch",
    6: "request too frequent",
    1000: "request failed",
    100000001: "appid invalid",
    100000002: "timestamp empty",
    100000003: "timestamp invalid",
    100000004: "signature expired",
    100000005: "signature error",
    100000006: "action empty",
    100000007: "action not support",
    100000008: "signature nonce empty",
    100000009: "signature empty",
    100000011: "app config not found",
    100000013: "signature version empty",
    100000014: "signature version not support",
    100000016: "app has no production environment",
    300000003: "request rate exceeded",
    300000004: "param error",
    300001000: "task not exist",
}
"""The codes are documented; the wording is ours."""

_Action = Callable[[Query, Mapping[str, Any]], Answer]
_THREE_DAYS_MS = 3 * 24 * 3600 * 1000
_MAX_PAGE = 50


class _Product:
    """One host: the gateway, and the actions behind it."""

    too_fast: ClassVar[int]
    bad_parameter: ClassVar[int]
    limit: ClassVar[int]
    """Requests a second and action, as documented."""
    method: ClassVar[str]

    def __init__(self, keys: ZegoKeys, site: Site, actions: Mapping[str, _Action]) -> None:
        self._keys = keys
        self._stage = site.stage
        self._clock = site.clock
        self._actions = actions
        self._windows = {name: Window(self.limit, 1) for name in self._actions if site.limits}
        self._numbers = count(7_000_000_000_000_000_001)

    @property
    def actions(self) -> Collection[str]:
        """What can be asked here."""
        return self._actions.keys()

    async def answer(self, call: Call) -> Answer:
        """Pass the gateway, then the action."""
        query = dict(parse_qsl(call.query, keep_blank_values=True))
        action = query.get("Action", "")
        if code := self._refuse_at_gateway(call, action, query):
            return self._refuse(action, code)
        try:
            body = json.loads(call.body or b"{}")
        except ValueError:
            body = None
        if not isinstance(body, dict):
            return self._refuse(action, self.bad_parameter)
        return self._actions[action](query, body)

    def refusal(self, kind: WeatherKind) -> Answer:
        """Refuse as too fast, or as signed at another time."""
        return self._refuse("", self.too_fast if kind is WeatherKind.RATE_LIMITED else SKEWED)

    def _refuse_at_gateway(self, call: Call, action: str, query: Query) -> int:
        if not action:
            return 100000006
        if action not in self._actions or call.method != self.method:
            return 100000007
        code = zego_gateway.refuse(query, self._keys, call.at)
        window = self._windows.get(action)
        if not code and window and not window.admits(self._clock.monotonic()):
            return self.too_fast
        return code

    def _refuse(self, action: str, code: int, task_id: str = "", text: str = "") -> Answer:
        message = text or _TEXTS.get(code, "error")
        document = {"Code": code, "Message": message, "RequestId": str(next(self._numbers))}
        return Answer(encode(document), action, (task_id,), verdict=str(code))

    def _tell(self, action: str, scene: Scene, render: Render, wrap: bytes = b"%b") -> Answer:
        step, task = scene.step, scene.task
        if step.body is not None:
            text = step.body.encode()
            return Answer(text, action, (task.id,), status=step.http_status, weather=task.weather)
        if step.say is Word.REFUSED:
            return self._refuse(action, int(step.code or 1000), task.id, step.message)
        body = self._wrap(wrap % scene.rendered(render))
        return Answer(body, action, (task.id,), weather=task.weather)

    def _wrap(self, data: bytes) -> bytes:
        envelope = b'{"Code":0,"Message":"success","RequestId":"%d","Data":%b}'
        return envelope % (next(self._numbers), data)


class ZegoRtc(_Product):
    """``rtc-api``: what became of a merge, a transcoding or thumbnails at a CDN vendor."""

    too_fast = 6
    bad_parameter = 2
    limit = 20
    method = "GET"

    _VENDORS: ClassVar[Mapping[str, ProviderName]] = {"Tencent": "tencent", "Huawei": "huawei"}

    def __init__(self, keys: ZegoKeys, site: Site) -> None:
        super().__init__(keys, site, {"DescribeMediaTask": self._describe_media_task})
        self._renders: dict[ProviderName, tuple[Render, bytes]] = {
            "tencent": (partial(render_tencent, media_url=site.media_url), b'{"Tencent":%b}'),
            "huawei": (render_huawei, b'{"Huawei":%b}'),
        }

    def _describe_media_task(self, query: Query, _body: Mapping[str, Any]) -> Answer:
        action, task_id = query["Action"], query.get("TaskId", "")
        provider = self._VENDORS.get(query.get("Vendor", ""))
        if provider is None or not task_id:
            return self._refuse(action, self.bad_parameter, task_id)
        scene = self._stage.scene(provider, task_id)
        if scene is None:
            return self._not_found(action, provider, task_id)
        return self._tell(action, scene, *self._renders[provider])

    def _not_found(self, action: str, provider: ProviderName, task_id: str) -> Answer:
        if provider == "tencent":
            # What an unknown id gives is not documented; 1000 is what an unknown FileId gives.
            is_huawei = self._stage.scene("huawei", task_id) is not None
            return self._refuse(action, 4 if is_huawei else 1000, task_id)
        data = encode({"Huawei": {"TaskId": task_id, "Status": "NO_TASK"}})
        return Answer(self._wrap(data), action, (task_id,), verdict="NO_TASK")


class ZegoRecord(_Product):
    """``cloudrecord-api``: recordings started within three days."""

    too_fast = 300000003
    bad_parameter = 300000004
    limit = 10
    method = "POST"

    def __init__(self, keys: ZegoKeys, site: Site) -> None:
        actions = {
            "DescribeRecordStatus": self._describe_record_status,
            "DescribeTasks": self._describe_tasks,
        }
        super().__init__(keys, site, actions)
        self._render: Render = partial(render_record, media_url=site.media_url)

    def _describe_record_status(self, query: Query, body: Mapping[str, Any]) -> Answer:
        action, task_id = query["Action"], body.get("TaskId")
        if not isinstance(task_id, str) or not task_id:
            return self._refuse(action, self.bad_parameter)
        scene = self._stage.scene("record", task_id)
        if scene is None or self._is_forgotten(scene):
            return self._refuse(action, 300001000, task_id)
        return self._tell(action, scene, self._render)

    def _is_forgotten(self, scene: Scene) -> bool:
        age = self._clock.now() - scene.created_at
        return age.total_seconds() * 1000 > _THREE_DAYS_MS

    def _describe_tasks(self, query: Query, body: Mapping[str, Any]) -> Answer:
        action = query["Action"]
        page, size = body.get("PageOffset", 1), body.get("PageSize", _MAX_PAGE)
        if not self._is_listable(body) or not 1 <= size <= _MAX_PAGE or page < 1:
            return self._refuse(action, self.bad_parameter)
        rows = [row for row in map(render_listed, self._stage.scenes("record")) if _fits(row, body)]
        shown = rows[(page - 1) * size : page * size]
        data = {"TaskidList": shown, "TotalCount": len(rows)}
        ids = tuple(str(row["TaskId"]) for row in shown)
        return Answer(self._wrap(encode(data)), action, ids)

    def _is_listable(self, body: Mapping[str, Any]) -> bool:
        names = ("StartTime", "EndTime", "PageOffset", "PageSize")
        if not all(isinstance(body.get(name, 1), int) for name in names):
            return False
        begin, end = body.get("StartTime", 0), body.get("EndTime", 0)
        oldest = self._clock.now().timestamp() * 1000 - _THREE_DAYS_MS
        in_time = oldest - 60_000 <= begin <= end <= begin + _THREE_DAYS_MS
        return in_time and body.get("Status") in {2, 3}


def _fits(row: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    in_room = body.get("RoomId") in {None, "", row["RoomId"]}
    in_time: bool = body["StartTime"] <= row["RecordBeginTimestamp"] <= body["EndTime"]
    return in_room and in_time and row["Status"] == body["Status"]
