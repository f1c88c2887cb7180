"""Huawei's MPC and IAM beyond what the SDK can be made to send: tokens, expiry, odd routes."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.clouds import Scenario, Task, Weather, WeatherKind, huawei_signature
from bot.sandbox.clouds.exchange import Answer
from bot.sandbox.clouds.iam import Iam, Tokens
from bot.sandbox.clouds.mpc import Mpc
from bot.sandbox.clouds.stage import Site, Stage
from bot.sandbox.scenario import Step, Word
from tests.bot.sandbox.clouds.calls import NOW, call
from tests.fakes.clock import FakeClock

DONE = "22123973"


class Desk:
    """MPC and IAM of one project."""

    def __init__(self, scenario: Scenario, *, limits: bool = True) -> None:
        self.keys = scenario.keys.huawei
        self.clock = FakeClock()
        self.stage = Stage(scenario, self.clock)
        self.tokens = Tokens()
        site = Site(self.stage, self.clock, limits, "http://media.test")
        self.mpc = Mpc(self.keys, site, self.tokens)
        self.iam = Iam(self.keys, self.tokens)

    async def log_in(self, path: str = "/v3/auth/tokens?nocatalog=true", **changed: Any) -> Answer:
        user = {
            "name": changed.get("user", self.keys.iam_user),
            "password": changed.get("password", self.keys.iam_password),
            "domain": {"name": changed.get("domain", self.keys.iam_domain)},
        }
        scope = changed.get("scope", {"name": self.keys.region})
        identity = {"methods": ["password"], "password": {"user": user}}
        body = json.dumps({"auth": {"identity": identity, "scope": {"project": scope}}}).encode()
        return await self.iam.answer(call("POST", path, {}, body, self.clock.now()))

    async def ask(self, query: str, **headers: str) -> Answer:
        token = (await self.log_in()).headers["X-Subject-Token"]
        sent = {"X-Auth-Token": token, **{k.replace("_", "-"): v for k, v in headers.items()}}
        path = f"/v1/{self.keys.project_id}/transcodings?{query}"
        return await self.mpc.answer(call("GET", path, sent, b"", self.clock.now()))

    def signed(self, target: str, date: str, **changed: str) -> dict[str, str]:
        headers = {"Host": "mpc.test", "X-Sdk-Date": date, **changed}
        names = ["host", "x-sdk-date"]
        signature = huawei_signature.sign(call("GET", target, headers), names, self.keys.sk)
        said = f"Access={self.keys.ak}, SignedHeaders={';'.join(names)}, Signature={signature}"
        return {**headers, "Authorization": f"SDK-HMAC-SHA256 {said}"}


@pytest.fixture
def desk(scenario: Scenario) -> Desk:
    return Desk(scenario)


def read(answer: Answer) -> Any:
    return json.loads(answer.body)


async def test_a_token_opens_the_door_for_a_day(desk: Desk) -> None:
    token = (await desk.log_in()).headers["X-Subject-Token"]
    fresh = await desk.ask(f"task_id={DONE}", X_Auth_Token=token)
    desk.clock.jump(timedelta(hours=24))

    stale = await desk.ask(f"task_id={DONE}", X_Auth_Token=token)

    assert (fresh.status, read(fresh)["total"]) == (200, 1)
    assert (stale.status, stale.verdict) == (401, "APIGW.0307")


async def test_a_token_may_die_early(desk: Desk) -> None:
    token = (await desk.log_in()).headers["X-Subject-Token"]
    desk.tokens.expire_all(NOW)

    answer = await desk.ask(f"task_id={DONE}", X_Auth_Token=token)

    assert answer.verdict == "APIGW.0307"


async def test_a_token_nobody_handed_out_is_refused(desk: Desk) -> None:
    answer = await desk.ask(f"task_id={DONE}", X_Auth_Token="made-up")

    assert (answer.status, answer.verdict) == (401, "APIGW.0301")


async def test_a_login_tells_when_its_token_expires(desk: Desk) -> None:
    answer = await desk.log_in()

    token = read(answer)["token"]
    assert answer.status == 201
    assert token["expires_at"] == "2026-11-21T10:00:00.000000Z"
    assert token["project"] == {"id": desk.keys.project_id, "name": desk.keys.region}
    assert "catalog" not in token


async def test_a_login_by_project_id_may_ask_for_the_catalog(desk: Desk) -> None:
    answer = await desk.log_in("/v3/auth/tokens", scope={"id": desk.keys.project_id})

    assert read(answer)["token"]["catalog"] == []


@pytest.mark.parametrize(
    "changed",
    [{"password": "no"}, {"user": "no"}, {"domain": "no"}, {"scope": {"name": "mars"}}],
)
async def test_a_wrong_login_is_unauthorized(desk: Desk, changed: dict[str, Any]) -> None:
    answer = await desk.log_in(**changed)

    assert (answer.status, read(answer)["error"]["title"]) == (401, "Unauthorized")


@pytest.mark.parametrize("body", [b"{", b"{}", b"[]"])
async def test_a_login_that_is_no_login_is_a_bad_request(desk: Desk, body: bytes) -> None:
    answer = await desk.iam.answer(call("POST", "/v3/auth/tokens", body=body))

    assert answer.status == 400


async def test_iam_has_no_other_route(desk: Desk) -> None:
    answer = await desk.iam.answer(call("GET", "/v3/users"))

    assert (answer.status, read(answer)["error"]["code"]) == (404, 404)


async def test_projects_are_listed_for_whoever_signs(desk: Desk) -> None:
    target = "/v3/projects?name=elsewhere"

    signed = await desk.iam.answer(call("GET", target, desk.signed(target, "20261120T100000Z")))
    unsigned = await desk.iam.answer(call("GET", target))

    assert read(signed)["projects"] == []
    assert (unsigned.status, unsigned.verdict) == (401, "401")


@pytest.mark.parametrize(
    ("date", "verdict"),
    [
        ("20261120T101500Z", "ok"),
        ("20261120T094500Z", "ok"),
        ("20261120T101501Z", "APIGW.0303"),
        ("20261120T094459Z", "APIGW.0303"),
        ("yesterday", "APIGW.0303"),
    ],
)
async def test_a_signature_is_good_for_a_quarter_of_an_hour(
    desk: Desk, date: str, verdict: str
) -> None:
    target = f"/v1/{desk.keys.project_id}/transcodings?task_id={DONE}"

    answer = await desk.mpc.answer(call("GET", target, desk.signed(target, date)))

    assert answer.verdict == verdict


async def test_a_changed_query_breaks_the_signature(desk: Desk) -> None:
    target = f"/v1/{desk.keys.project_id}/transcodings?task_id="
    headers = desk.signed(target + "1", "20261120T100000Z")

    answer = await desk.mpc.answer(call("GET", target + "2", headers))

    assert "verify aksk signature fail" in read(answer)["error_msg"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/v1/{}/transcodings"), ("GET", "/v1/{}/thumbnails"), ("GET", "/v2/{}")],
)
async def test_an_api_that_is_not_there_says_so(desk: Desk, method: str, path: str) -> None:
    answer = await desk.mpc.answer(call(method, path.format(desk.keys.project_id)))

    assert (answer.status, answer.verdict) == (404, "APIGW.0101")
    assert read(answer)["request_id"] == answer.headers["X-Request-Id"]


async def test_a_project_that_is_not_the_paths_is_refused(desk: Desk) -> None:
    answer = await desk.ask(f"task_id={DONE}", X_Project_Id="f" * 32)

    assert (answer.status, answer.verdict) == (403, "MPC.10208")


async def test_an_empty_id_is_a_bad_parameter(desk: Desk) -> None:
    answer = await desk.ask("task_id=")

    assert (answer.status, read(answer)["error_code"]) == (400, "MPC.10202")


async def test_the_hundred_and_first_request_of_a_minute_is_throttled(desk: Desk) -> None:
    verdicts = [(await desk.ask(f"task_id={DONE}")).verdict for _ in range(101)]
    await desk.clock.advance(60)
    again = await desk.ask(f"task_id={DONE}")

    assert verdicts == ["ok"] * 100 + ["APIGW.0308"]
    assert again.verdict == "ok"


async def test_without_limits_nothing_is_throttled(scenario: Scenario) -> None:
    desk = Desk(scenario, limits=False)

    assert {(await desk.ask(f"task_id={DONE}")).verdict for _ in range(150)} == {"ok"}


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        (Step(say=Word.QUEUED), {"status": "WAITING"}),
        (Step(say=Word.RUNNING, progress=0.37), {"status": "TRANSCODING", "progress": 37}),
        (Step(say=Word.REVIEW), {"status": "NEED_TO_BE_AUDIT"}),
        (Step(say=Word.EMPTY), {"status": "SUCCEEDED", "end_time": 20261120100000}),
        (Step(say=Word.CANCELED), {"status": "CANCELED"}),
        (Step(say=Word.NOT_FOUND, word="NO_TASK"), {"status": "NO_TASK"}),
        (
            Step(say=Word.FAILED, code="MPC.10053", message="gone"),
            {"status": "FAILED", "error_code": "MPC.10053", "description": "gone"},
        ),
        (
            Step(say=Word.SUCCEEDED, pictures=2),
            {"pic_info": [{"pic_name": "0.jpg"}, {"pic_name": "10.jpg"}]},
        ),
    ],
)
async def test_a_row_is_told_in_the_vendors_words(
    desk: Desk, step: Step, fields: dict[str, Any]
) -> None:
    desk.stage.put(Task(provider="mpc", id="7", steps=(step,)))

    (row,) = read(await desk.ask("task_id=7"))["task_array"]

    assert {name: row[name] for name in fields} == fields
    assert (row["task_id"], row["create_time"]) == (7, 20261120100000)


async def test_an_id_that_is_no_number_stays_text(desk: Desk) -> None:
    desk.stage.put(Task(provider="mpc", id="abc", steps=(Step(say=Word.QUEUED),)))

    (row,) = read(await desk.ask("task_id=abc&task_id=abc"))["task_array"]

    assert row["task_id"] == "abc"


async def test_an_unknown_id_has_no_row(desk: Desk) -> None:
    answer = await desk.ask(f"task_id=1&task_id={DONE}")

    assert [row["task_id"] for row in read(answer)["task_array"]] == [22123973]


@pytest.mark.parametrize(
    ("step", "status", "verdict"),
    [
        (Step(say=Word.REFUSED, code="MPC.10050", http_status=500), 500, "MPC.10050"),
        (Step(say=Word.REFUSED), 400, "MPC.10202"),
        (Step(say=Word.RUNNING, body="<html>", http_status=502), 502, "ok"),
    ],
)
async def test_a_story_may_refuse_or_say_the_whole_reply(
    desk: Desk, step: Step, status: int, verdict: str
) -> None:
    desk.stage.put(Task(provider="mpc", id="7", steps=(step,)))

    answer = await desk.ask(f"task_id={DONE}&task_id=7")

    assert (answer.status, answer.verdict) == (status, verdict)


async def test_the_weather_of_one_id_spoils_the_batch(desk: Desk) -> None:
    weather = Weather(kind=WeatherKind.HANG)
    steps = (Step(say=Word.RUNNING),)
    desk.stage.put(Task(provider="mpc", id="7", weather=weather, steps=steps))

    batch = await desk.ask(f"task_id={DONE}&task_id=7")
    alone = await desk.ask(f"task_id={DONE}")

    assert (batch.weather, alone.weather) == (weather, None)


@pytest.mark.parametrize(
    ("kind", "status"), [(WeatherKind.RATE_LIMITED, 429), (WeatherKind.SKEWED, 401)]
)
def test_iam_refuses_in_bad_weather(desk: Desk, kind: WeatherKind, status: int) -> None:
    assert desk.iam.refusal(kind).status == status
