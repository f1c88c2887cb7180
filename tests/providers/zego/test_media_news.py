"""What a callback about a media task says, and whose task it is taken for."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from providers.errors import MalformedCallbackError
from providers.models import Kind, Output, OutputType, Reason, TaskRef, TaskState
from tests.providers.zego.callbacks import NOW, TENCENT_ID, only_news, receive, signed

LINK = "http://example.com/a.mp4"


def merge(**fields: Any) -> dict[str, Any]:
    about = {"event": "compose", "task_id": "289665200", "replay_url": LINK, "code": "0"}
    return signed({**about, "message": "", **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {"file_id": "5285890813218549789"},
        {"fileId": "5285890813218549789"},
        {"field_id": "5285890813218549789"},
        {"task_id": TENCENT_ID},
        {"code": "60000"},
        {"vendor": "tencent"},
    ],
    ids=str,
)
def test_a_merge_at_tencent_is_a_hint_to_ask_a_little_later(fields: dict[str, Any]) -> None:
    news = only_news(merge(**fields))

    assert (news.ref.provider, news.queryable, news.certain) == ("tencent", True, True)
    assert (news.kind, news.status, news.ask_in) == (Kind.MERGE, None, timedelta(seconds=5))


@pytest.mark.parametrize("fields", [{}, {"code": ""}, {"file_id": ""}, {"vendor": "hw"}], ids=str)
def test_a_merge_at_huawei_is_told_because_nobody_can_be_asked(fields: dict[str, Any]) -> None:
    news = only_news(merge(**fields))

    assert news.ref == TaskRef("huawei", "main", "289665200")
    assert (news.queryable, news.complete) == (False, False)
    assert news.status is not None
    assert (news.status.state, news.status.ref) == (TaskState.SUCCEEDED, news.ref)
    assert news.status.outputs == (Output(type=OutputType.VIDEO, url=LINK, format="mp4"),)


@pytest.mark.parametrize("link", ["", None, "ftp://example.com/a.mp4", "javascript:alert(1)"])
def test_a_merge_at_huawei_that_shows_nothing_is_empty(link: object) -> None:
    status = only_news(merge(replay_url=link)).status

    assert status is not None
    assert (status.state, status.outputs) == (TaskState.EMPTY, ())


def test_a_merge_that_failed_at_huawei_is_told_with_its_code() -> None:
    news = only_news(merge(vendor="hw", code="60000", replay_url=""))

    assert news.status is not None
    assert (news.status.state, news.status.error) == (TaskState.FAILED, news.cause)
    assert news.cause is not None
    assert news.cause.code == "60000"


@pytest.mark.parametrize(
    ("code", "message", "told"),
    [
        ("40000", "x", "The merge was given a wrong parameter."),
        ("60000", "x", "A source file of the merge is damaged."),
        ("70000", "x", "The merge service had an internal error."),
        ("12345", "in ZEGO's words", "in ZEGO's words"),
        ("12345", "", "The merge failed."),
    ],
)
def test_a_merge_that_failed_is_explained(code: str, message: str, told: str) -> None:
    news = only_news(merge(code=code, message=message))

    assert news.cause is not None
    assert (news.cause.message, news.cause.reason) == (told, Reason.TASK_FAILED)
    assert news.note == f"the merge failed, with code {code}"


def transcode(params: object, status: str = "SUCCESS") -> dict[str, Any]:
    about = {"event": "procedure", "task_id": "1500030200-procedurev2-1", "status": status}
    return signed({**about, "fileId": "3270835010897125368", "extra_params": params})


RESULTS = {"media": {"transcode": [{"code": "0"}, {"code": "7", "message": "no such codec"}]}}


@pytest.mark.parametrize("params", [RESULTS, json.dumps(RESULTS)], ids=["object", "text"])
def test_a_transcode_of_which_a_part_failed_says_so(params: object) -> None:
    news = only_news(transcode(params))

    assert news.note == "the transcode ended with SUCCESS; 1 of 2 outputs failed"
    assert news.cause is not None
    assert (news.cause.code, news.cause.message) == ("7", "no such codec")


@pytest.mark.parametrize(
    "params", ["", None, "extra_params", {"media": []}, {"media": {"transcode": "x"}}], ids=repr
)
def test_a_transcode_is_always_tencents(params: object) -> None:
    news = only_news(transcode(params, status="FAILED"))

    assert (news.ref.provider, news.queryable, news.certain) == ("tencent", True, True)
    assert (news.cause, news.note) == (None, "the transcode ended with FAILED")


def thumbnails(**fields: Any) -> dict[str, Any]:
    about = {"event": "snapshot", "task_id": "1253642700910365374"}
    return signed({**about, "snapshot_pic_list": "[]", **fields})


@pytest.mark.parametrize(
    ("fields", "owners"),
    [
        ({"vendor": "tencent"}, ["tencent"]),
        ({"vendor": "hw"}, ["huawei"]),
        ({"vendor": "Huawei", "field_id": "f"}, ["huawei"]),
        ({"field_id": "f"}, ["tencent"]),
        ({"vendor": "ws"}, ["tencent", "huawei"]),
        ({}, ["tencent", "huawei"]),
    ],
    ids=str,
)
def test_thumbnails_are_whose_they_say_or_either_vendors(
    fields: dict[str, Any], owners: list[str]
) -> None:
    news = receive(thumbnails(**fields)).news

    assert [one.ref.provider for one in news] == owners
    assert {one.certain for one in news} == {len(owners) == 1}
    assert {(one.kind, one.queryable, one.status) for one in news} == {
        (Kind.THUMBNAILS, True, None)
    }


def recorded(extra: object, **fields: Any) -> dict[str, Any]:
    about = {"event": "record", "stream_alias": "aaaa", "replay_url": LINK}
    times = {"begin_time": "1481597358", "end_time": "1481597418"}
    return signed({**about, **times, "extra_params": extra, **fields})


def test_a_file_recorded_by_tencents_cdn_is_told() -> None:
    extra = json.dumps({"TaskId": "t1", "FileID": "f1", "Duration": 60.5})

    news = only_news(recorded(extra))

    assert (news.ref, news.queryable) == (TaskRef("record", "main", "t1"), False)
    status = news.status
    assert status is not None
    assert (status.state, status.kind, status.queried_at) == (
        TaskState.SUCCEEDED,
        Kind.RECORDING,
        NOW,
    )
    assert status.started_at == datetime.fromtimestamp(1481597358, UTC)
    assert status.outputs == (
        Output(
            type=OutputType.VIDEO,
            url=LINK,
            file_id="f1",
            format="mp4",
            duration_s=60.5,
            stream_id="aaaa",
        ),
    )


def test_a_file_recorded_by_huaweis_cdn_has_an_id_made_of_what_it_is() -> None:
    extra = {"ObsObject": "live/a b.mp4", "FileSize": 99, "Duration": "1.5"}

    news, other = only_news(recorded(extra)), only_news(recorded({**extra, "ObsObject": "c"}))

    assert news.ref.task_id.startswith("cdn-")
    assert news.ref == only_news(recorded(extra)).ref != other.ref
    assert news.status is not None
    (output,) = news.status.outputs
    assert (output.object, output.size_bytes, output.duration_s) == ("live/a b.mp4", 99, 1.5)


def test_a_file_recorded_by_another_cdn_keeps_its_id() -> None:
    assert only_news(recorded({"PersistentId": "p1"})).ref.task_id == "p1"


def test_a_recorded_file_without_a_link_is_told_by_its_object() -> None:
    news = only_news(recorded({"ObsObject": "live/a.mp4", "Duration": "NaN"}, replay_url=""))

    assert news.status is not None
    assert news.status.outputs == (
        Output(type=OutputType.VIDEO, object="live/a.mp4", stream_id="aaaa"),
    )


def test_a_callback_about_no_recorded_file_is_refused() -> None:
    nothing = dict.fromkeys(("stream_alias", "replay_url", "begin_time", "end_time"), "")

    with pytest.raises(MalformedCallbackError):
        receive(recorded("", **nothing))


@pytest.mark.parametrize("event", ["compose", "procedure", "snapshot"])
def test_a_task_without_an_id_is_refused(event: str) -> None:
    with pytest.raises(MalformedCallbackError):
        receive(signed({"event": event}))


def test_an_event_to_come_is_a_hint_where_it_names_a_task() -> None:
    received = receive(signed({"event": "remix\n<!channel>", "task_id": "289665200"}))

    assert (received.event, received.documented) == ("remix <!channel>", False)
    assert [str(news.ref) for news in received.news] == [
        "tencent@main:289665200",
        "huawei@main:289665200",
    ]


def test_an_event_to_come_without_a_task_is_accepted_and_says_nothing() -> None:
    received = receive(signed({"event": "stream_create"}))

    assert (received.news, received.documented) == ((), False)
