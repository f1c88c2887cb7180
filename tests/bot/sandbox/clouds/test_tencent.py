"""Tencent's TIW beyond what the SDK can be made to send."""

import json
from typing import Any

import pytest

from bot.sandbox.clouds import Scenario, Task, Weather, WeatherKind, tencent_signature
from bot.sandbox.clouds.exchange import Answer
from bot.sandbox.clouds.stage import Site, Stage
from bot.sandbox.clouds.tencent import Tiw
from bot.sandbox.scenario import File, Step, Word
from tests.bot.sandbox.clouds.calls import NOW, call
from tests.fakes.clock import FakeClock


class Desk:
    """One TIW without limits."""

    def __init__(self, scenario: Scenario) -> None:
        self.keys = scenario.keys.tencent
        clock = FakeClock()
        self.stage = Stage(scenario, clock)
        self.tiw = Tiw(self.keys, Site(self.stage, clock, limits=False, media_url="http://m"))

    async def ask(
        self, body: bytes, *, method: str = "POST", target: str = "/", **changed: Any
    ) -> Answer:
        headers: dict[str, Any] = {
            "Host": "tiw.test",
            "Content-Type": "application/json",
            "X-TC-Action": "DescribeVideoGenerationTask",
            "X-TC-Version": "2019-09-19",
            "X-TC-Region": self.keys.region,
            "X-TC-Timestamp": str(int(NOW.timestamp())),
            **{name.replace("_", "-"): value for name, value in changed.items()},
        }
        sent = {name: value for name, value in headers.items() if value is not None}
        if "Authorization" not in sent:
            sent["Authorization"] = self.sign(call(method, target, sent, body))
        return await self.tiw.answer(call(method, target, sent, body))

    def sign(self, unsigned: Any) -> str:
        names = ["content-type", "host"]
        signature = tencent_signature.sign(unsigned, names, self.keys.secret_key, "tiw")
        scope = f"{self.keys.secret_id}/2026-11-20/tiw/tc3_request"
        signed = ";".join(names)
        return f"TC3-HMAC-SHA256 Credential={scope}, SignedHeaders={signed}, Signature={signature}"

    async def task(self, task_id: str) -> Any:
        body = json.dumps({"SdkAppId": self.keys.sdk_app_id, "TaskId": task_id}).encode()
        return json.loads((await self.ask(body)).body)["Response"]


@pytest.fixture
def desk(scenario: Scenario) -> Desk:
    return Desk(scenario)


@pytest.mark.parametrize(
    ("body", "changed", "code"),
    [
        (b"{}", {"Authorization": "TC3-HMAC-SHA256"}, "AuthFailure.InvalidAuthorization"),
        (b"{}", {"Authorization": "x", "X_TC_Timestamp": None}, "AuthFailure.InvalidAuthorization"),
        (b"{}", {"X_TC_Timestamp": "1700000000"}, "AuthFailure.SignatureExpire"),
        (b"{}", {"X_TC_Action": None}, "MissingParameter"),
        (b"{}", {"method": "PUT"}, "InvalidRequest"),
        (b"{}", {"target": "/v2"}, "InvalidRequest"),
        (b"{}", {}, "MissingParameter"),
        (b"[]", {}, "InvalidParameter"),
        (b"{", {}, "InvalidParameter"),
        (
            b"",
            {"method": "GET", "target": "/?SdkAppId=x&TaskId=y"},
            "InvalidParameter.BodyParameterTypeUnmatched",
        ),
    ],
)
async def test_a_request_that_is_not_right_is_refused_in_the_vendors_words(
    desk: Desk, body: bytes, changed: dict[str, Any], code: str
) -> None:
    answer = await desk.ask(body, **changed)

    reply = json.loads(answer.body)["Response"]
    assert (reply["Error"]["Code"], answer.status, answer.verdict) == (code, 200, code)
    assert len(reply["RequestId"]) == 36


async def test_a_scope_of_another_day_breaks_the_signature(desk: Desk) -> None:
    headers = {"Host": "t", "Content-Type": "c", "X-TC-Timestamp": str(int(NOW.timestamp()))}
    yesterday = desk.sign(call("POST", "/", headers)).replace("2026-11-20", "2026-11-19")

    answer = await desk.tiw.answer(call("POST", "/", {**headers, "Authorization": yesterday}))

    assert answer.verdict == "AuthFailure.SignatureFailure"


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        (Step(say=Word.QUEUED), {"Status": "QUEUED", "Progress": 0, "VideoInfos": None}),
        (Step(say=Word.RUNNING), {"Status": "PROCESSING"}),
        (Step(say=Word.EMPTY), {"Status": "FINISHED", "VideoInfoList": None, "Progress": 100}),
        (Step(say=Word.UNKNOWN, word="ODD"), {"Status": "ODD"}),
        (Step(say=Word.RUNNING, raw={"RoomId": None}), {"RoomId": None}),
    ],
)
async def test_a_task_is_told_in_the_vendors_words(
    desk: Desk, step: Step, fields: dict[str, Any]
) -> None:
    desk.stage.put(Task(provider="tiw", id="t", steps=(step,)))

    reply = await desk.task("t")

    assert {name: reply[name] for name in fields} == fields


async def test_sound_alone_has_its_own_video_type(desk: Desk) -> None:
    files = (File(name="a.mp4", track="audio"), File(name="b.mp4"))
    desk.stage.put(Task(provider="tiw", id="t", steps=(Step(say=Word.SUCCEEDED, files=files),)))

    reply = await desk.task("t")

    assert [video["VideoType"] for video in reply["VideoInfoList"]] == [4, 2]
    assert reply["TotalTime"] == 12000


@pytest.mark.parametrize(
    ("step", "error"),
    [
        (Step(say=Word.FAILED), {"Code": "FailedOperation.Record", "Message": "Failed to record."}),
        (
            Step(say=Word.FAILED, code="FailedOperation.X", message="m"),
            {"Code": "FailedOperation.X", "Message": "m"},
        ),
        (Step(say=Word.REFUSED), {"Code": "InternalError", "Message": "Internal error."}),
    ],
)
async def test_a_failure_is_an_answer_to_the_query(
    desk: Desk, step: Step, error: dict[str, str]
) -> None:
    desk.stage.put(Task(provider="tiw", id="t", steps=(step,)))

    assert (await desk.task("t"))["Error"] == error


async def test_a_story_may_say_the_whole_reply_in_its_own_weather(desk: Desk) -> None:
    weather = Weather(kind=WeatherKind.SLOW)
    steps = (Step(say=Word.RUNNING, body="{}", http_status=503),)
    desk.stage.put(Task(provider="tiw", id="t", weather=weather, steps=steps))
    body = json.dumps({"SdkAppId": desk.keys.sdk_app_id, "TaskId": "t"}).encode()

    answer = await desk.ask(body)

    assert (answer.body, answer.status, answer.weather) == (b"{}", 503, weather)
