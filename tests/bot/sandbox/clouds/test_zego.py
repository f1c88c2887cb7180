"""ZEGO's hosts: the gateway's codes, every status, the lists and the limits."""

import json
from typing import Any

import pytest

from bot.sandbox.clouds import Scenario, Task, WeatherKind
from bot.sandbox.clouds.stage import Site, Stage
from bot.sandbox.clouds.zego import ZegoRecord, ZegoRtc
from bot.sandbox.scenario import File, Step, Word, ZegoKeys
from tests.bot.sandbox.clouds.calls import NOW, call, zego_query
from tests.fakes.clock import FakeClock

MEDIA = "http://media.test"
RECORD_ID = "X3CgNeE4I1qAAABN"
DAY_MS = 24 * 3600 * 1000
NOW_MS = int(NOW.timestamp() * 1000)


class Desk:
    """Both hosts on one stage."""

    def __init__(self, scenario: Scenario, *, limits: bool = True) -> None:
        self.keys = scenario.keys.zego
        self.clock = FakeClock()
        self.stage = Stage(scenario, self.clock)
        site = Site(self.stage, self.clock, limits, MEDIA)
        self.rtc = ZegoRtc(self.keys, site)
        self.record = ZegoRecord(self.keys, site)

    async def media(self, vendor: str, task_id: str, **changed: str | None) -> Any:
        fields = {"Vendor": vendor, "TaskId": task_id, **changed}
        target = zego_query(self.keys, "DescribeMediaTask", **fields)
        return json.loads((await self.rtc.answer(call("GET", target))).body)

    async def post(self, action: str, body: Any) -> Any:
        target = zego_query(self.keys, action)
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = await self.record.answer(call("POST", target, body=text))
        return json.loads(answer.body)


@pytest.fixture
def desk(scenario: Scenario) -> Desk:
    return Desk(scenario)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"Action": ""}, 100000006),
        ({"Action": "DescribeTasks"}, 100000007),
        ({"AppId": "12e4"}, 100000001),
        ({"AppId": None}, 100000001),
        ({"AppId": "99"}, 100000011),
        ({"SignatureNonce": ""}, 100000008),
        ({"Timestamp": None}, 100000002),
        ({"Timestamp": "now"}, 100000003),
        ({"Timestamp": str(int(NOW.timestamp()) - 601)}, 100000004),
        ({"Timestamp": str(int(NOW.timestamp()) + 601)}, 100000004),
        ({"Timestamp": str(int(NOW.timestamp()) - 600)}, 0),
        ({"SignatureVersion": None}, 100000013),
        ({"SignatureVersion": "1.0"}, 100000014),
        ({"Signature": ""}, 100000009),
        ({"secret": "wrong"}, 100000005),
        ({"Signature": "0" * 32}, 100000005),
        ({"Vendor": "tencent"}, 2),
        ({"TaskId": ""}, 2),
    ],
)
async def test_the_gateway_names_what_is_wrong(
    desk: Desk, changed: dict[str, str | None], code: int
) -> None:
    reply = await desk.media("Huawei", "289665200", **changed)

    assert reply["Code"] == code
    assert reply["RequestId"].isdigit()


@pytest.mark.parametrize(
    ("is_test", "code"), [(None, 100000016), ("false", 100000016), ("True", 0)]
)
async def test_a_test_project_needs_is_test(
    scenario: Scenario, is_test: str | None, code: int
) -> None:
    zego = ZegoKeys(app_id=1, server_secret="s", test_only=True)
    keys = scenario.keys.model_copy(update={"zego": zego})
    desk = Desk(scenario.model_copy(update={"keys": keys}))

    reply = await desk.media("Huawei", "289665200", IsTest=is_test)

    assert reply["Code"] == code


async def test_a_method_the_action_does_not_take_is_unsupported(desk: Desk) -> None:
    target = zego_query(desk.keys, "DescribeMediaTask")

    answer = await desk.rtc.answer(call("POST", target))

    assert answer.verdict == "100000007"


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        (Step(say=Word.QUEUED), {"Status": "WAITING"}),
        (Step(say=Word.RUNNING), {"Status": "PROCESSING"}),
        (Step(say=Word.EMPTY), {"Status": "FINISH", "ReplayUrl": "", "ThumbnailsUrl": []}),
        (
            Step(say=Word.SUCCEEDED, files=(File(name="a.mp4"),)),
            {"Status": "FINISH", "ReplayUrl": f"{MEDIA}/videos/a.mp4"},
        ),
        (
            Step(say=Word.SUCCEEDED, pictures=1),
            {"ThumbnailsUrl": [f"{MEDIA}/pictures/t/sampleSnapshot_10_0.jpg"]},
        ),
        (Step(say=Word.FAILED, message="why"), {"Status": "FAIL", "Message": "why"}),
        (Step(say=Word.UNKNOWN, word="ODD"), {"Status": "ODD"}),
        (Step(say=Word.RUNNING, raw={"Status": None, "New": 1}), {"Status": None, "New": 1}),
    ],
)
async def test_a_tencent_task_is_told_in_the_vendors_words(
    desk: Desk, step: Step, fields: dict[str, Any]
) -> None:
    desk.stage.put(Task(provider="tencent", id="t", event="transcode", steps=(step,)))

    reply = await desk.media("Tencent", "t")

    data = reply["Data"]["Tencent"]
    assert {name: data[name] for name in fields} == fields
    assert (reply["Code"], data["TaskId"], data["Event"]) == (0, "t", "transcode")


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        (Step(say=Word.QUEUED), {"Status": "WAITING", "EndTime": ""}),
        (Step(say=Word.RUNNING), {"Status": "PROCESSING"}),
        (
            Step(say=Word.SUCCEEDED, pictures=2),
            {
                "Status": "SUCCEEDED",
                "CreateTime": "20261120100000",
                "EndTime": "20261120100000",
                "FileName": ["record/thumbnails/1/0.jpg", "record/thumbnails/1/10.jpg"],
            },
        ),
        (Step(say=Word.EMPTY), {"Status": "SUCCEEDED", "FileName": []}),
        (Step(say=Word.FAILED), {"Status": "FAILED"}),
        (Step(say=Word.CANCELED), {"Status": "CANCELED"}),
        (Step(say=Word.NOT_FOUND, word="NO_TASK"), {"Status": "NO_TASK"}),
    ],
)
async def test_a_huawei_task_is_told_in_the_vendors_words(
    desk: Desk, step: Step, fields: dict[str, Any]
) -> None:
    desk.stage.put(Task(provider="huawei", id="1", steps=(step,)))

    data = (await desk.media("Huawei", "1"))["Data"]["Huawei"]

    assert {name: data[name] for name in fields} == fields


@pytest.mark.parametrize(
    ("vendor", "task_id", "code", "data"),
    [
        ("Huawei", "404", 0, {"Huawei": {"TaskId": "404", "Status": "NO_TASK"}}),
        ("Tencent", "404", 1000, None),
        ("Tencent", "289665200", 4, None),
    ],
)
async def test_an_unknown_media_task_is_told_as_the_vendor_does(
    desk: Desk, vendor: str, task_id: str, code: int, data: Any
) -> None:
    reply = await desk.media(vendor, task_id)

    assert (reply["Code"], reply.get("Data")) == (code, data)


FILE = File(name="a.mp4", seconds=1.5, user="u", stream="s")


@pytest.mark.parametrize(
    ("step", "status", "files"),
    [
        (Step(say=Word.QUEUED), 1, []),
        (Step(say=Word.RUNNING, files=(FILE,)), 2, [1]),
        (Step(say=Word.PAUSED, files=(FILE,)), 5, [1]),
        (Step(say=Word.UPLOADING, files=(FILE,)), 3, [2]),
        (Step(say=Word.SUCCEEDED, files=(FILE,)), 3, [3]),
        (Step(say=Word.FAILED, files=(FILE,)), 3, [5]),
        (Step(say=Word.EMPTY), 3, []),
        (Step(say=Word.ABORTED, files=(FILE.model_copy(update={"kept": "backup"}),)), 4, [4]),
        (Step(say=Word.UNKNOWN, word="9"), 9, []),
        (Step(say=Word.UNKNOWN, word="odd"), "odd", []),
    ],
)
async def test_a_recording_is_told_with_the_state_of_every_file(
    desk: Desk, step: Step, status: int | str, files: list[int]
) -> None:
    desk.stage.put(Task(provider="record", id="ABCDEFGHIJKLMNOP", room="r", steps=(step,)))

    data = (await desk.post("DescribeRecordStatus", {"TaskId": "ABCDEFGHIJKLMNOP"}))["Data"]

    assert data["Status"] == status
    assert [file["Status"] for file in data.get("RecordFiles", [])] == files
    assert ("RecordFiles" in data) is bool(files)


async def test_a_recorded_file_has_every_documented_field(desk: Desk) -> None:
    reply = await desk.post("DescribeRecordStatus", {"TaskId": RECORD_ID})

    file = reply["Data"]["RecordFiles"][0]
    assert file["FileId"].startswith(f"{RECORD_ID}_lesson-42_ms-rivera_camera_VA_")
    assert file["FileUrl"] == f"{MEDIA}/videos/{file['FileId']}"
    assert (file["Duration"], file["FileSize"], file["MediaTrackType"]) == (3598200, 432643544, 3)
    assert (file["ResolutionWidth"], file["ResolutionHeight"]) == (1920, 1080)
    assert reply["Data"]["RecordEndTimestamp"] == NOW_MS - 1_800_000


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"TaskId": "ABCDEFGHIJKLMNOP"}, 300001000),
        ({"TaskId": 5}, 300000004),
        ({}, 300000004),
        ([], 300000004),
        (b"{", 300000004),
    ],
)
async def test_a_recording_nobody_knows_is_refused(desk: Desk, body: Any, code: int) -> None:
    assert (await desk.post("DescribeRecordStatus", body))["Code"] == code


async def test_a_recording_is_forgotten_after_three_days(desk: Desk) -> None:
    step = Step(at=-3 * 24 * 3600 - 1, say=Word.SUCCEEDED, files=(FILE,))
    desk.stage.put(Task(provider="record", id="ABCDEFGHIJKLMNOP", steps=(step,)))

    reply = await desk.post("DescribeRecordStatus", {"TaskId": "ABCDEFGHIJKLMNOP"})

    assert reply["Code"] == 300001000


LIST = {"Status": 3, "StartTime": NOW_MS - DAY_MS, "EndTime": NOW_MS}


@pytest.mark.parametrize(
    ("changed", "ids", "total"),
    [
        ({"RoomId": "lesson-42"}, [RECORD_ID], 1),
        ({"Status": 2}, ["NightShiftAAAAA1", "LiveLessonAAAAA1"], 2),
        ({"PageSize": 1, "PageOffset": 2}, ["YRHu6-E4IyvEAAAD"], 4),
        ({"StartTime": NOW_MS - 1}, [], 0),
    ],
)
async def test_recordings_are_listed_by_page_room_and_time(
    desk: Desk, changed: dict[str, Any], ids: list[str], total: int
) -> None:
    data = (await desk.post("DescribeTasks", {**LIST, **changed}))["Data"]

    assert [row["TaskId"] for row in data["TaskidList"]] == ids
    assert data["TotalCount"] == total


@pytest.mark.parametrize(
    "changed",
    [
        {"Status": 4},
        {"PageSize": 51},
        {"PageSize": "5"},
        {"PageOffset": 0},
        {"StartTime": NOW_MS - 4 * DAY_MS},
        {"EndTime": NOW_MS + 4 * DAY_MS},
    ],
)
async def test_a_list_the_vendor_cannot_make_is_refused(
    desk: Desk, changed: dict[str, Any]
) -> None:
    assert (await desk.post("DescribeTasks", {**LIST, **changed}))["Code"] == 300000004


async def test_the_twenty_first_media_question_of_a_second_is_too_frequent(desk: Desk) -> None:
    codes = [(await desk.media("Huawei", "289665200"))["Code"] for _ in range(21)]

    assert codes == [0] * 20 + [6]


async def test_the_eleventh_recording_question_of_a_second_is_too_frequent(desk: Desk) -> None:
    asked = [await desk.post("DescribeRecordStatus", {"TaskId": RECORD_ID}) for _ in range(11)]
    listed = await desk.post("DescribeTasks", LIST)
    await desk.clock.advance(1)
    again = await desk.post("DescribeRecordStatus", {"TaskId": RECORD_ID})

    assert [reply["Code"] for reply in asked] == [0] * 10 + [300000003]
    assert (listed["Code"], again["Code"]) == (0, 0)


async def test_without_limits_nothing_is_too_frequent(scenario: Scenario) -> None:
    desk = Desk(scenario, limits=False)

    codes = {(await desk.media("Huawei", "289665200"))["Code"] for _ in range(50)}

    assert codes == {0}


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        (WeatherKind.RATE_LIMITED, ("6", "300000003")),
        (WeatherKind.SKEWED, ("100000004", "100000004")),
    ],
)
def test_bad_weather_has_the_vendors_codes(
    desk: Desk, kind: WeatherKind, codes: tuple[str, str]
) -> None:
    verdicts = (desk.rtc.refusal(kind).verdict, desk.record.refusal(kind).verdict)

    assert verdicts == codes


async def test_a_story_may_refuse_with_any_code(desk: Desk) -> None:
    step = Step(say=Word.REFUSED, code="3", message="permission not enabled")
    desk.stage.put(Task(provider="tencent", id="t", steps=(step,)))

    reply = await desk.media("Tencent", "t")

    assert (reply["Code"], reply["Message"]) == (3, "permission not enabled")


async def test_a_story_may_say_the_whole_reply(desk: Desk) -> None:
    step = Step(say=Word.RUNNING, body='{"Code":0,"Data":null}', http_status=418)
    desk.stage.put(Task(provider="tencent", id="t", steps=(step,)))
    target = zego_query(desk.keys, "DescribeMediaTask", Vendor="Tencent", TaskId="t")

    answer = await desk.rtc.answer(call("GET", target))

    assert (answer.body, answer.status) == (b'{"Code":0,"Data":null}', 418)
