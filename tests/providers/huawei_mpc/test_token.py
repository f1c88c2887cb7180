"""Signing in as an IAM user: one token for everybody, renewed in time and when refused."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from providers.errors import (
    AuthError,
    ConfigurationError,
    MalformedResponseError,
    PermissionDeniedError,
    ProviderError,
    RateLimitError,
    UnavailableError,
)
from providers.models import TaskState
from tests.providers.huawei_mpc.cloud import TOKENS, TRANSCODINGS, Answer
from tests.providers.huawei_mpc.conftest import IAM_USER, Setup
from tests.providers.huawei_mpc.vectors import ref

TASKS = Answer({"task_array": [{"task_id": 1, "status": "WAITING"}]})
REFUSED = Answer({"error_code": "APIGW.0307", "error_msg": "The token must be updated"}, 401)
BUSY = Answer({"error": {"code": 503, "message": "x"}}, 503)
WRONG_PASSWORD = Answer(
    {"error": {"code": 401, "message": "The username or password is wrong.", "title": "Unauthor"}},
    401,
)


def _token(name: str, **times: str) -> Answer:
    return Answer({"token": times}, 201, {"X-Subject-Token": name})


def _sent(setup: Setup) -> list[str]:
    return [asked.headers["X-Auth-Token"] for asked in setup.cloud.asked_at(TRANSCODINGS)]


async def _gather(setup: Setup, count: int) -> list[Any]:
    provider = setup.provider(**IAM_USER)
    questions = (provider.fetch_task(ref("1")) for _ in range(count))
    return await asyncio.gather(*questions, return_exceptions=True)


async def test_a_token_is_fetched_as_documented_and_sent_with_the_question(setup: Setup) -> None:
    setup.cloud.says(TOKENS, _token("token-1"))
    setup.cloud.says(TRANSCODINGS, TASKS)

    told = await setup.provider(**IAM_USER).fetch_task(ref("1"))

    assert told.state is TaskState.QUEUED
    wanted, asked = setup.cloud.asked
    assert (wanted.method, wanted.target) == ("POST", f"{TOKENS}?nocatalog=true")
    assert wanted.headers["Content-Type"] == "application/json;charset=utf8"
    assert json.loads(wanted.body) == {
        "auth": {
            "identity": {
                "methods": ["password"],
                "password": {
                    "user": {
                        "name": "watcher",
                        "password": "pass-word-1",
                        "domain": {"name": "acme"},
                    }
                },
            },
            "scope": {"project": {"id": "0123456789abcdef"}},
        }
    }
    assert asked.headers["X-Auth-Token"] == "token-1"
    assert asked.headers["x-language"] == "en-us"
    assert "Authorization" not in asked.headers


async def test_many_questions_at_once_share_one_token(setup: Setup) -> None:
    setup.cloud.says(TOKENS, _token("token-1"))
    setup.cloud.says(TRANSCODINGS, TASKS)

    answers = await _gather(setup, 20)

    assert {answer.state for answer in answers} == {TaskState.QUEUED}
    assert len(setup.cloud.asked_at(TOKENS)) == 1
    assert _sent(setup) == ["token-1"] * 20


@pytest.mark.parametrize(
    ("times", "works_for"),
    [
        ({}, timedelta(hours=24)),
        ({"expires_at": "soon", "issued_at": "now"}, timedelta(hours=24)),
        (
            {"expires_at": "2026-11-20T11:00:00", "issued_at": "2026-11-20T10:00:00"},
            timedelta(hours=24),
        ),
        (
            {
                "expires_at": "2020-01-04T11:05:22.701000Z",
                "issued_at": "2020-01-04T09:05:22.701000Z",
            },
            timedelta(hours=2),
        ),
    ],
)
async def test_a_token_is_renewed_ten_minutes_before_it_ends(
    setup: Setup, times: dict[str, str], works_for: timedelta
) -> None:
    setup.cloud.says(TOKENS, _token("token-1", **times), _token("token-2", **times))
    setup.cloud.says(TRANSCODINGS, TASKS)
    provider = setup.provider(**IAM_USER)
    kept = works_for - timedelta(minutes=10)

    await provider.fetch_task(ref("1"))
    await setup.clock.advance(kept.total_seconds() - 1)
    await provider.fetch_task(ref("1"))
    await setup.clock.advance(1)
    await provider.fetch_task(ref("1"))

    assert _sent(setup) == ["token-1", "token-1", "token-2"]


async def test_a_token_does_not_end_because_the_wall_clock_jumps(setup: Setup) -> None:
    setup.cloud.says(TOKENS, _token("token-1"), _token("token-2"))
    setup.cloud.says(TRANSCODINGS, TASKS)
    provider = setup.provider(**IAM_USER)

    await provider.fetch_task(ref("1"))
    setup.clock.jump(timedelta(days=3))
    await provider.fetch_task(ref("1"))

    assert _sent(setup) == ["token-1", "token-1"]


@pytest.mark.parametrize("refusal", [REFUSED, Answer({"error_code": "MPC.10203"}, 401)])
async def test_a_refused_token_is_replaced_when_the_question_is_asked_again(
    setup: Setup, refusal: Answer
) -> None:
    setup.cloud.says(TOKENS, _token("token-1"), _token("token-2"))
    setup.cloud.says(TRANSCODINGS, refusal, TASKS)
    provider = setup.provider(**IAM_USER)

    with pytest.raises(AuthError) as refused:
        await provider.fetch_task(ref("1"))
    told = await provider.fetch_task(ref("1"))

    assert refused.value.retries == 1
    assert told.state is TaskState.QUEUED
    assert _sent(setup) == ["token-1", "token-2"]


async def test_a_token_refused_without_a_word_is_replaced_too(setup: Setup) -> None:
    setup.cloud.says(TOKENS, _token("token-1"), _token("token-2"))
    setup.cloud.says(TRANSCODINGS, Answer({}, 401), TASKS)
    provider = setup.provider(**IAM_USER)

    with pytest.raises(MalformedResponseError):
        await provider.fetch_task(ref("1"))
    await provider.fetch_task(ref("1"))

    assert _sent(setup) == ["token-1", "token-2"]


async def test_another_refusal_keeps_the_token(setup: Setup) -> None:
    setup.cloud.says(TOKENS, _token("token-1"), _token("token-2"))
    setup.cloud.says(TRANSCODINGS, Answer({"error_code": "MPC.10202"}, 400), TASKS)
    provider = setup.provider(**IAM_USER)

    with pytest.raises(ProviderError):
        await provider.fetch_task(ref("1"))
    await provider.fetch_task(ref("1"))

    assert _sent(setup) == ["token-1", "token-1"]


async def test_a_token_refused_to_many_is_replaced_once(setup: Setup) -> None:
    setup.cloud.says(TOKENS, _token("token-1"), _token("token-2"), _token("token-3"))
    setup.cloud.says(TRANSCODINGS, *[REFUSED] * 5, TASKS)
    provider = setup.provider(**IAM_USER)

    for _ in range(2):
        questions = (provider.fetch_task(ref("1")) for _ in range(5))
        await asyncio.gather(*questions, return_exceptions=True)

    assert _sent(setup) == ["token-1"] * 5 + ["token-2"] * 5


async def test_a_late_refusal_of_an_old_token_keeps_the_new_one(setup: Setup) -> None:
    setup.cloud.says(TOKENS, _token("token-1"), _token("token-2"), _token("token-3"))
    setup.cloud.says(TRANSCODINGS, REFUSED)
    tokens = setup.tokens()

    old = await tokens.fetch()
    tokens.drop(old)
    new = await tokens.fetch()
    tokens.drop(old)

    assert await tokens.fetch() == new


async def test_a_wrong_password_is_sent_once_however_many_ask(setup: Setup) -> None:
    setup.cloud.says(TOKENS, WRONG_PASSWORD)

    answers = await _gather(setup, 10)

    assert {type(answer) for answer in answers} == {AuthError}
    assert len(setup.cloud.asked) == 1


async def test_a_later_question_tries_again_after_a_failure(setup: Setup) -> None:
    setup.cloud.says(TOKENS, BUSY, _token("token-1"))
    setup.cloud.says(TRANSCODINGS, TASKS)
    provider = setup.provider(**IAM_USER)

    with pytest.raises(UnavailableError):
        await provider.fetch_task(ref("1"))
    told = await provider.fetch_task(ref("1"))

    assert told.state is TaskState.QUEUED


async def test_who_gives_up_waiting_does_not_take_the_token_from_the_others(setup: Setup) -> None:
    setup.cloud.says(TOKENS, _token("token-1"))
    setup.cloud.says(TRANSCODINGS, TASKS)
    setup.cloud.answering.clear()
    provider = setup.provider(**IAM_USER)
    first, second = (asyncio.ensure_future(provider.fetch_task(ref("1"))) for _ in range(2))
    await setup.cloud.arrived.wait()

    first.cancel()
    setup.cloud.answering.set()
    told = await second

    assert first.cancelled()
    assert told.state is TaskState.QUEUED


async def test_who_gives_up_waiting_leaves_no_older_refusal_to_the_others(setup: Setup) -> None:
    setup.cloud.says(TOKENS, BUSY, _token("token-1"))
    setup.cloud.says(TRANSCODINGS, TASKS)
    provider = setup.provider(**IAM_USER)
    with pytest.raises(UnavailableError):
        await provider.fetch_task(ref("1"))
    setup.cloud.arrived.clear()
    setup.cloud.answering.clear()
    first, second = (asyncio.ensure_future(provider.fetch_task(ref("1"))) for _ in range(2))
    await setup.cloud.arrived.wait()

    first.cancel()
    setup.cloud.answering.set()
    told = await second

    assert told.state is TaskState.QUEUED


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (WRONG_PASSWORD, AuthError, "401"),
        (Answer({"error": {"code": 400, "message": "x"}}, 400), ConfigurationError, "400"),
        (Answer({"error": {"code": 403, "message": "x"}}, 403), PermissionDeniedError, "403"),
        (Answer({"error": {"code": 404, "message": "x"}}, 404), ConfigurationError, "404"),
        (Answer({"error_code": "APIGW.0308"}, 429), RateLimitError, "APIGW.0308"),
        (Answer({"error": {"code": 500, "message": "x"}}, 500), UnavailableError, "500"),
        (Answer({}, 500), MalformedResponseError, None),
        (Answer({"token": {}}, 201), MalformedResponseError, None),
    ],
)
async def test_a_refusal_of_iam_is_named_by_what_to_do_next(
    setup: Setup, answer: Answer, kind: type[ProviderError], code: str | None
) -> None:
    setup.cloud.says(TOKENS, answer)

    with pytest.raises(ProviderError) as refused:
        await setup.provider(**IAM_USER).fetch_task(ref("1"))

    assert type(refused.value) is kind
    assert refused.value.code == code
    assert not setup.cloud.asked_at(TRANSCODINGS)


async def test_no_password_or_token_is_in_an_error_or_log(
    setup: Setup, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    token = "MIIDkgYJKoZIhvcNAQcCoIIDgzCCA38CAQExDTALBglghkgBZQMEAgEwgg"
    setup.cloud.says(TOKENS, _token(token))
    setup.cloud.says(TRANSCODINGS, Answer({"error_code": "X.1", "error_msg": token}, 401))

    with pytest.raises(AuthError) as refused:
        await setup.provider(**IAM_USER).fetch_task(ref("1"))

    shown = f"{refused.value!r} {refused.value} {vars(refused.value)} {caplog.text}"
    assert token not in shown
    assert IAM_USER["iam_password"] not in shown
