"""The adapter over real HTTP: what goes on the wire, and what becomes of each answer."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from providers.base import BatchProvider, ListQuery, TaskLister
from providers.errors import (
    AuthError,
    ClockSkewError,
    InvalidRequestError,
    MalformedResponseError,
    ProviderError,
    RateLimitError,
    TaskNotFoundError,
    UnavailableError,
    UnreachableError,
)
from providers.huawei_mpc.signing import KeyPair, Signable, authorization
from providers.models import TaskState, TaskStatus
from tests.providers.huawei_mpc.cloud import TRANSCODINGS, Answer
from tests.providers.huawei_mpc.conftest import KEYS, Setup
from tests.providers.huawei_mpc.vectors import fixture_body, ref

SIGNED = ("Content-Type", "Host", "X-Project-Id", "X-Sdk-Date", "X-Security-Token")


def _rows(*ids: object, status: str = "WAITING") -> Answer:
    return Answer({"task_array": [{"task_id": task_id, "status": status} for task_id in ids]})


def _window(**more: Any) -> ListQuery:
    until = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    return ListQuery(since=until - timedelta(hours=2), until=until, **more)


def test_it_answers_batches_and_lists(setup: Setup) -> None:
    provider = setup.provider()

    assert isinstance(provider, BatchProvider)
    assert isinstance(provider, TaskLister)
    assert (provider.name, provider.batch_size) == ("mpc", 10)


async def test_one_task_is_asked_for_and_told(setup: Setup) -> None:
    body = fixture_body("huawei_transcodings_one")
    setup.cloud.says(TRANSCODINGS, Answer(body, headers={"X-Request-Id": "r-1"}))

    told = await setup.provider().fetch_task(ref("22123973"))

    assert (told.ref, told.state) == (ref("22123973"), TaskState.SUCCEEDED)
    assert (told.request_id, told.queried_at) == ("r-1", setup.clock.now())


async def test_what_is_signed_is_what_arrives(setup: Setup) -> None:
    setup.cloud.says(TRANSCODINGS, _rows(7))

    await setup.provider(**KEYS, security_token="temporary").fetch_task(ref("7"))

    (asked,) = setup.cloud.asked
    path, _, query = asked.target.partition("?")
    headers = {name: asked.headers[name] for name in SIGNED}
    keys = KeyPair(SecretStr(KEYS["ak"]), SecretStr(KEYS["sk"]))
    assert asked.headers["Authorization"] == authorization(
        Signable("GET", path, query, headers, asked.body), keys
    )
    assert (
        f"SignedHeaders={';'.join(name.lower() for name in SIGNED)},"
        in (asked.headers["Authorization"])
    )
    assert headers == {
        "Content-Type": "application/json",
        "Host": setup.cloud.url.removeprefix("http://"),
        "X-Project-Id": "0123456789abcdef",
        "X-Sdk-Date": "20261120T100000Z",
        "X-Security-Token": "temporary",
    }
    assert (asked.method, asked.body) == ("GET", b"")
    assert asked.headers["x-language"] == "en-us"


async def test_every_attempt_is_signed_anew(setup: Setup) -> None:
    setup.cloud.says(TRANSCODINGS, _rows(7))
    provider = setup.provider()

    await provider.fetch_task(ref("7"))
    await setup.clock.advance(1)
    await provider.fetch_task(ref("7"))

    first, second = (asked.headers["Authorization"] for asked in setup.cloud.asked)
    assert first != second


async def test_an_address_may_have_a_path_of_its_own(setup: Setup) -> None:
    setup.cloud.says(TRANSCODINGS, _rows(7))

    await setup.provider(**KEYS, url=f"{setup.cloud.url}/huawei/").fetch_task(ref("7"))

    assert setup.cloud.asked[0].target == f"/huawei{TRANSCODINGS}?task_id=7"


async def test_ten_ids_travel_in_one_request_sorted_as_text(setup: Setup) -> None:
    setup.cloud.says(TRANSCODINGS, _rows(*range(1, 11)))
    refs = [ref(str(number)) for number in range(10, 0, -1)]

    told = await setup.provider().fetch_tasks(refs)

    assert list(told) == refs
    assert all(isinstance(status, TaskStatus) for status in told.values())
    assert [asked.target for asked in setup.cloud.asked] == [
        f"{TRANSCODINGS}?task_id=1&task_id=10&"
        + "&".join(f"task_id={number}" for number in range(2, 10))
    ]


async def test_an_id_goes_out_percent_encoded(setup: Setup) -> None:
    setup.cloud.says(TRANSCODINGS, _rows("a b+c/d*e:f&g=ü"))

    told = await setup.provider().fetch_task(ref("a b+c/d*e:f&g=ü"))

    assert told.state is TaskState.QUEUED
    assert setup.cloud.asked[0].target == (
        f"{TRANSCODINGS}?task_id=a%20b%2Bc%2Fd%2Ae%3Af%26g%3D%C3%BC"
    )


async def test_missing_rows_and_no_task_rows_are_not_found(setup: Setup) -> None:
    rows = [{"task_id": 1, "status": "WAITING"}, {"task_id": 2, "status": "NO_TASK"}]
    setup.cloud.says(TRANSCODINGS, Answer({"task_array": rows}, headers={"X-Request-Id": "r"}))

    told = await setup.provider().fetch_tasks([ref("1"), ref("2"), ref("3")])

    assert isinstance(told[ref("1")], TaskStatus)
    for task_id in ("2", "3"):
        missing = told[ref(task_id)]
        assert isinstance(missing, TaskNotFoundError)
        assert missing.request_id == "r"


async def test_a_single_missing_task_is_raised(setup: Setup) -> None:
    setup.cloud.says(TRANSCODINGS, Answer({"task_array": [], "total": 0, "is_truncated": 0}))

    with pytest.raises(TaskNotFoundError):
        await setup.provider().fetch_task(ref("1"))


async def test_rows_nobody_asked_for_are_ignored(setup: Setup) -> None:
    setup.cloud.says(TRANSCODINGS, _rows(1, 2, 3))

    told = await setup.provider().fetch_tasks([ref("2")])

    assert list(told) == [ref("2")]


async def test_a_long_id_is_compared_digit_by_digit(setup: Setup) -> None:
    setup.cloud.says(TRANSCODINGS, _rows(9007199254740993))

    told = await setup.provider().fetch_tasks([ref("9007199254740993"), ref("9007199254740992")])

    assert isinstance(told[ref("9007199254740993")], TaskStatus)
    assert isinstance(told[ref("9007199254740992")], TaskNotFoundError)


async def test_eleven_ids_are_refused_and_none_ask_nothing(setup: Setup) -> None:
    provider = setup.provider()

    with pytest.raises(InvalidRequestError, match="10 ids"):
        await provider.fetch_tasks([ref(str(number)) for number in range(11)])

    assert await provider.fetch_tasks([]) == {}
    assert setup.cloud.asked == []


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(fixture_body("huawei_bad_request"), 400), InvalidRequestError),
        (Answer(fixture_body("huawei_bad_signature"), 401), AuthError),
        (Answer({"error_code": "APIGW.0308", "error_msg": "x"}, 429), RateLimitError),
        (Answer({"error_code": "APIGW.0308"}, 200), RateLimitError),
        (Answer({"error": {"code": 503, "message": "x"}}, 503), UnavailableError),
        (Answer({}, 500), MalformedResponseError),
        (Answer({}, 200), MalformedResponseError),
        (Answer([], 200), MalformedResponseError),
        (Answer({"task_array": [{}]}, 200), MalformedResponseError),
        (Answer({"task_array": [{"task_id": 1, "output": 1}]}, 200), MalformedResponseError),
    ],
)
async def test_a_refusal_is_named_by_what_to_do_next(
    setup: Setup, answer: Answer, kind: type[ProviderError]
) -> None:
    setup.cloud.says(TRANSCODINGS, answer)

    with pytest.raises(ProviderError) as refused:
        await setup.provider().fetch_task(ref("1"))

    assert type(refused.value) is kind
    assert len(setup.cloud.asked) == 1


async def test_a_refusal_keeps_the_gateways_request_id_and_wait(setup: Setup) -> None:
    document = {"error_code": "APIGW.0308", "request_id": "gateway-1"}
    setup.cloud.says(TRANSCODINGS, Answer(document, 429, {"Retry-After": "9"}))

    with pytest.raises(RateLimitError) as refused:
        await setup.provider().fetch_task(ref("1"))

    assert (refused.value.request_id, refused.value.retry_after) == ("gateway-1", 9.0)


async def test_a_refused_time_names_the_distance_to_huaweis_clock(setup: Setup) -> None:
    headers = {"Date": "Fri, 20 Nov 2026 09:30:00 GMT"}
    setup.cloud.says(TRANSCODINGS, Answer({"error_code": "APIGW.0303"}, 401, headers))

    with pytest.raises(ClockSkewError) as refused:
        await setup.provider().fetch_task(ref("1"))

    assert "1800 s ahead" in refused.value.hint


async def test_a_cloud_that_is_gone_is_unreachable(setup: Setup) -> None:
    provider = setup.provider(**KEYS, url="http://127.0.0.1:9")

    with pytest.raises(UnreachableError):
        await provider.fetch_task(ref("1"))


async def test_a_list_is_asked_for_by_window_page_and_state(setup: Setup) -> None:
    setup.cloud.says(
        TRANSCODINGS,
        Answer({**_rows(3, 1, "2").document, "is_truncated": 1, "total": 57}),
    )

    page = await setup.provider().list_tasks(_window(state=TaskState.QUEUED, page=3, page_size=20))

    assert [task.task_id for task in page.tasks] == ["3", "1", "2"]
    assert {(task.provider, task.account) for task in page.tasks} == {("mpc", "transcode")}
    assert (page.total, page.has_more) == (57, True)
    assert setup.cloud.asked[0].target == (
        f"{TRANSCODINGS}?end_time=20261120100000&page=2&size=20"
        "&start_time=20261120080000&status=WAITING"
    )


async def test_the_last_page_is_the_one_that_is_not_truncated(setup: Setup) -> None:
    document = {**_rows(56, 57).document, "is_truncated": 0, "total": 57}
    setup.cloud.says(TRANSCODINGS, Answer(document))

    page = await setup.provider().list_tasks(_window(page=3, page_size=20))

    assert (page.total, page.has_more) == (57, False)


async def test_a_list_of_every_state_names_none(setup: Setup) -> None:
    setup.cloud.says(TRANSCODINGS, Answer({"task_array": [], "is_truncated": 0, "total": 0}))

    page = await setup.provider().list_tasks(_window())

    assert (page.tasks, page.total, page.has_more) == ((), 0, False)
    assert setup.cloud.asked[0].target == (
        f"{TRANSCODINGS}?end_time=20261120100000&page=0&size=50&start_time=20261120080000"
    )


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"state": TaskState.PARTIAL}, "queued, running, succeeded, failed, canceled, review"),
        ({"state": TaskState.UNKNOWN}, "not unknown"),
        ({"room": "r"}, "no rooms"),
        ({"page": 0}, "from 1"),
        ({"page_size": 0}, "1 to 100"),
        ({"page_size": 101}, "1 to 100"),
    ],
)
async def test_a_list_mpc_cannot_make_is_refused_before_it_is_asked(
    setup: Setup, wish: dict[str, Any], words: str
) -> None:
    with pytest.raises(InvalidRequestError, match=words):
        await setup.provider().list_tasks(_window(**wish))

    assert setup.cloud.asked == []


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 429, 500])
async def test_no_secret_is_in_an_error_even_where_the_vendor_echoes_it(
    setup: Setup, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    echo = f"Access={KEYS['ak']}, key {KEYS['sk']}"
    setup.cloud.says(TRANSCODINGS, Answer({"error_code": "X.1", "error_msg": echo}, status))

    with pytest.raises(ProviderError) as refused:
        await setup.provider().fetch_task(ref("1"))

    shown = f"{refused.value!r} {refused.value} {vars(refused.value)} {caplog.text}"
    signature = setup.cloud.asked[0].headers["Authorization"].rpartition("=")[2]
    assert not [secret for secret in (*KEYS.values(), signature) if secret in shown]


async def test_a_result_says_nothing_of_the_keys(setup: Setup) -> None:
    setup.cloud.says(TRANSCODINGS, _rows(1))

    told = await setup.provider().fetch_task(ref("1"))

    shown = told.model_dump_json() + repr(told) + json.dumps(told.raw)
    assert not [secret for secret in KEYS.values() if secret in shown]
