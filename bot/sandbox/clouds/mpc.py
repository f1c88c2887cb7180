"""Huawei MPC: transcoding tasks, one, ten at a time or a list.

Source: Huawei MPC API reference, Querying Transcoding Tasks; Error Codes, read 2026-11.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import count
from urllib.parse import parse_qs

from bot.sandbox.clouds import huawei_signature
from bot.sandbox.clouds.exchange import Answer, Call
from bot.sandbox.clouds.huawei_signature import SKEWED, Refusal
from bot.sandbox.clouds.iam import Tokens
from bot.sandbox.clouds.mpc_replies import WORDS, render_row
from bot.sandbox.clouds.stage import Render, Scene, Site, encode
from bot.sandbox.clouds.window import Window
from bot.sandbox.scenario import HuaweiKeys, Step, WeatherKind, Word

_ACTION = "GET /v1/{project_id}/transcodings"
_MAX_IDS = 10
_MAX_SIZE = 100
_BAD_PARAMETER = Refusal(400, "MPC.10202", "Invalid request parameter")
_NO_SUCH_API = Refusal(404, "APIGW.0101", "The API does not exist or has not been published.")
_TOO_FAST = Refusal(
    429,
    "APIGW.0308",
    "The throttling threshold has been reached: policy user over ratelimit,limit:100,time:1 minute",
)
_OTHER_TENANT = Refusal(403, "MPC.10208", "The tenant id check failed.")
_OLD_TOKEN = Refusal(401, "APIGW.0307", "The token must be updated.")
_STRANGE_TOKEN = Refusal(
    401, "APIGW.0301", "Incorrect IAM authentication information: decrypt token fail"
)

Query = Mapping[str, Sequence[str]]


class Mpc:
    """``mpc.<region>``."""

    actions: Collection[str] = (_ACTION,)

    def __init__(self, keys: HuaweiKeys, site: Site, tokens: Tokens) -> None:
        self._keys = keys
        self._stage = site.stage
        self._clock = site.clock
        self._tokens = tokens
        self._window = Window(100, 60) if site.limits else None
        self._numbers = count(1)
        self._render: Render = partial(render_row, bucket=keys.bucket, location=keys.region)

    async def answer(self, call: Call) -> Answer:
        """Pass the gateway, then query by ids, or list."""
        query = parse_qs(call.query, keep_blank_values=True)
        ids = tuple(query.get("task_id", ()))
        refusal = self._refuse_at_gateway(call) or _refuse_query(query, ids)
        if refusal:
            return self._refuse(refusal, ids)
        return self._query(ids) if ids else self._list(query)

    def refusal(self, kind: WeatherKind) -> Answer:
        """Refuse as too fast, or as signed at another time."""
        return self._refuse(_TOO_FAST if kind is WeatherKind.RATE_LIMITED else SKEWED, ())

    def _refuse_at_gateway(self, call: Call) -> Refusal | None:
        _, _, rest = call.path.partition("/v1/")
        project_id, _, resource = rest.partition("/")
        if call.method != "GET" or resource != "transcodings":
            return _NO_SUCH_API
        if refusal := self._refuse_caller(call):
            return refusal
        if {project_id, call.headers.get("X-Project-Id", project_id)} != {self._keys.project_id}:
            return _OTHER_TENANT
        if self._window and not self._window.admits(self._clock.monotonic()):
            return _TOO_FAST
        return None

    def _refuse_caller(self, call: Call) -> Refusal | None:
        token = call.headers.get("X-Auth-Token")
        if token is None:
            return huawei_signature.check(call, self._keys)
        if self._tokens.is_good(token, call.at):
            return None
        return _OLD_TOKEN if self._tokens.knows(token) else _STRANGE_TOKEN

    def _query(self, ids: tuple[str, ...]) -> Answer:
        """Answer about the ids that are known; the others are simply missing."""
        found = [self._stage.scene("mpc", task_id) for task_id in dict.fromkeys(ids)]
        scenes = [scene for scene in found if scene]
        for scene in scenes:
            if verbatim := self._tell_verbatim(scene.step, ids):
                return verbatim
        weather = next((s.task.weather for s in scenes if s.task.weather.kind != "ok"), None)
        body = self._wrap(scenes, len(scenes), is_truncated=False)
        return Answer(body, _ACTION, ids, headers=self._headers(), weather=weather)

    def _tell_verbatim(self, step: Step, ids: tuple[str, ...]) -> Answer | None:
        if step.body is not None:
            return Answer(step.body.encode(), _ACTION, ids, status=step.http_status)
        if step.say is Word.REFUSED:
            refusal = Refusal(max(step.http_status, 400), step.code or "MPC.10202", step.message)
            return self._refuse(refusal, ids)
        return None

    def _list(self, query: Query) -> Answer:
        scenes = [scene for scene in self._stage.scenes("mpc") if _fits(scene, query)]
        scenes.sort(key=lambda scene: scene.created_at, reverse=True)
        size = int(query.get("size", ["10"])[0])
        begin = int(query.get("page", ["0"])[0]) * size
        shown = scenes[begin : begin + size]
        body = self._wrap(shown, len(scenes), is_truncated=begin + size < len(scenes))
        ids = tuple(scene.task.id for scene in shown)
        return Answer(body, _ACTION, ids, headers=self._headers())

    def _wrap(self, scenes: Sequence[Scene], total: int, *, is_truncated: bool) -> bytes:
        rows = b",".join(scene.rendered(self._render) for scene in scenes)
        envelope = b'{"task_array":[%b],"is_truncated":%d,"total":%d}'
        return envelope % (rows, is_truncated, total)

    def _headers(self) -> Mapping[str, str]:
        return {"X-Request-Id": f"{next(self._numbers):032x}"}

    def _refuse(self, refusal: Refusal, ids: tuple[str, ...]) -> Answer:
        headers = self._headers()
        document = {"error_code": refusal.code, "error_msg": refusal.text}
        if refusal.code.startswith("APIGW."):
            document["request_id"] = headers["X-Request-Id"]
        body = encode(document)
        return Answer(
            body, _ACTION, ids, verdict=refusal.code, status=refusal.status, headers=headers
        )


def _refuse_query(query: Query, ids: tuple[str, ...]) -> Refusal | None:
    good = (
        len(ids) <= _MAX_IDS,
        all(ids),
        set(query.get("status", ())) <= set(WORDS.values()),
        all(_is_number(text, 0, 10**9) for text in query.get("page", ())),
        all(_is_number(text, 1, _MAX_SIZE) for text in query.get("size", ())),
        all(
            _is_moment(text) for name in ("start_time", "end_time") for text in query.get(name, ())
        ),
    )
    return None if all(good) else _BAD_PARAMETER


def _is_number(text: str, least: int, most: int) -> bool:
    return text.isascii() and text.isdigit() and least <= int(text) <= most


def _is_moment(text: str) -> bool:
    try:
        moment = datetime.strptime(text + "Z", "%Y%m%d%H%M%S%z")
    except ValueError:
        return False
    return moment.strftime("%Y%m%d%H%M%S") == text


def _fits(scene: Scene, query: Query) -> bool:
    created = scene.created_at.strftime("%Y%m%d%H%M%S")
    begin = query.get("start_time", [created])[0]
    end = query.get("end_time", [created])[0]
    status = scene.step.word or WORDS[scene.step.say]
    return begin <= created <= end and status in query.get("status", [status])
