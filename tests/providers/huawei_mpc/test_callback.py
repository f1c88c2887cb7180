"""What a believed SMN message says: of a transcoding, of a subscription, or nothing of ours."""

import json
from typing import Any

import pytest

from providers.callbacks import CallbackNews
from providers.errors import MalformedCallbackError, UnsupportedCallbackError
from providers.huawei_mpc.callback import EVENTS
from providers.models import Kind, TaskRef, TaskState
from tests.providers.huawei_mpc.smn_signer import (
    NOW,
    SUBSCRIBE_URL,
    TOPIC,
    notification,
    parse,
    receive,
    subscription,
    transcoded,
)


def only_news(body: dict[str, Any]) -> CallbackNews:
    (news,) = receive(body).news
    return news


@pytest.mark.parametrize(
    ("status", "state", "complete"),
    [
        ("SUCCEED", TaskState.SUCCEEDED, False),
        ("SUCCEEDED", TaskState.SUCCEEDED, False),
        ("TRANSCODING", TaskState.RUNNING, True),
        ("FAILED", TaskState.FAILED, False),
        ("PAUSED", TaskState.UNKNOWN, False),
    ],
)
def test_a_transcoding_is_told_and_confirmed(
    status: str, state: TaskState, *, complete: bool
) -> None:
    received = receive(transcoded(status))

    (news,) = received.news
    assert (received.confirmed, received.event) == (True, "TranscodeComplete")
    assert news.ref == TaskRef("mpc", "transcode", "22123973")
    assert (news.kind, news.queryable, news.complete) == (Kind.TRANSCODE, True, complete)
    assert news.status is not None
    assert (news.status.state, news.status.vendor_status) == (state, status)
    assert news.status.queried_at == NOW


def test_a_failure_with_its_code_is_complete() -> None:
    failed = transcoded("FAILED", error_code="MPC.10053", description="no input")

    news = only_news(failed)

    assert news.complete
    assert news.cause is not None
    assert (news.cause.code, news.cause.message) == ("MPC.10053", "no input")


def test_a_success_that_hides_a_failure_is_partial() -> None:
    entry = {"error": {"error_code": "MPC.10057"}}
    detail = {"multitask_info": [entry, {}]}

    status = only_news(transcoded(transcode_detail=detail)).status

    assert status is not None
    assert status.state is TaskState.PARTIAL


@pytest.mark.parametrize("name", ["input", "intput"])
def test_the_input_is_read_under_both_spellings(name: str) -> None:
    source = {"bucket": "b", "location": "cn-north-4", "object": "a.mp4"}

    status = only_news(transcoded("SUCCEED", **{name: source})).status

    assert status is not None
    assert status.raw["input"] == source
    assert "intput" not in status.details


@pytest.mark.parametrize("task_id", [22123973, "22123973"], ids=repr)
def test_a_task_id_may_be_a_number(task_id: object) -> None:
    assert only_news(transcoded(task_id=task_id)).ref.task_id == "22123973"


@pytest.mark.parametrize("task_id", [None, "", "a b"], ids=repr)
def test_a_transcoding_without_a_usable_id_is_refused(task_id: object) -> None:
    with pytest.raises(MalformedCallbackError):
        receive(transcoded(task_id=task_id))


def test_a_signed_message_of_another_shape_is_worth_a_question() -> None:
    news = only_news(transcoded(output="a text", transcode_detail=[1]))

    assert (news.status, news.queryable, news.complete) == (None, True, False)


OTHERS: dict[str, dict[str, Any] | str] = {
    "ThumbnailComplete": {"thumbnail_info": {"task_id": "22123973", "status": "SUCCEED"}},
    "RemuxComplete": {"remux_info": {"task_id": "22123973"}},
    "TranscodeComplete": {"transcode_info": "nothing"},
}


@pytest.mark.parametrize(("event", "info"), OTHERS.items())
def test_what_is_about_no_transcoding_says_nothing(event: str, info: dict[str, Any]) -> None:
    received = receive(notification({"event_type": event, **info}))

    assert (received.event, received.documented, received.news) == (event, True, ())


def test_an_event_to_come_is_kept() -> None:
    received = receive(notification({"event_type": "TranscodePaused"}))

    assert (received.event, received.documented) == ("TranscodePaused", False)


@pytest.mark.parametrize("message", ["My test message", "[]", "{}", '{"event_type": ""}'])
def test_a_message_that_is_not_mpcs_is_accepted_and_says_nothing(message: str) -> None:
    received = receive(notification(message))

    assert (received.event, received.documented) == ("Notification", True)
    assert (received.news, received.confirmation) == ((), None)


@pytest.mark.parametrize("kind", ["SubscriptionConfirmation", "HttpSubscriptionUserConfirm"])
def test_a_subscription_of_our_topic_may_be_confirmed(kind: str) -> None:
    received = receive(subscription(kind))

    assert received.event == "SubscriptionConfirmation"
    assert received.confirmation is not None
    assert (received.confirmation.url, received.confirmation.topic) == (SUBSCRIBE_URL, TOPIC)
    assert "FAKETOKEN" not in repr(received)


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("https://console.huaweicloud.com/smn/subscription/confirm?token=x", []),
        ("https://console.example.invalid/smn/confirm?token=x", ["console.example.invalid"]),
        ("http://127.0.0.1:8080/confirm?token=x", ["127.0.0.1"]),
    ],
)
def test_a_subscription_may_be_confirmed_at_huaweis_console_and_at_named_hosts(
    url: str, hosts: list[str]
) -> None:
    received = receive({**subscription(), "subscribe_url": url}, smn_hosts=hosts)

    assert received.confirmation is not None
    assert received.confirmation.url == url


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://evil.example/confirm?token=FAKETOKEN", "evil.example"),
        ("https://EVIL_<!channel>.example/x", "evil???channel?.example"),
        ("http://console.huaweicloud.com/confirm", "console.huaweicloud.com"),
        ("https://console.huaweicloud.com:8443/confirm", "console.huaweicloud.com"),
        ("http://169.254.169.254/latest/meta-data", "169.254.169.254"),
        ("https://me@smn.cn-north-4.myhuaweicloud.com/", "nowhere"),
        ("/confirm", "nowhere"),
        ("", "nowhere"),
    ],
)
def test_a_subscription_is_confirmed_nowhere_else(url: str, host: str) -> None:
    with pytest.raises(UnsupportedCallbackError) as refusal:
        receive({**subscription(), "subscribe_url": url})

    assert f"is confirmed at {host}, which is not" in str(refusal.value)
    assert "FAKETOKEN" not in str(refusal.value)


@pytest.mark.parametrize("kind", ["UnsubscribeConfirmation", "HttpSubscriptionUserUnsubscribe"])
def test_a_cancelled_subscription_is_not_renewed(kind: str) -> None:
    received = receive(subscription(kind))

    assert received.event == "UnsubscribeConfirmation"
    assert (received.confirmation, received.news) == (None, ())


def test_the_same_message_stamped_anew_is_a_replay_and_another_is_not() -> None:
    first, again = receive(transcoded()), receive({**transcoded(), "timestamp": NOW.isoformat()})
    other = receive({**transcoded(), "message_id": "another"})

    assert first.replay_key == again.replay_key != other.replay_key


@pytest.mark.parametrize("body", [b"", b"[]", b"a=b", b'{"a":' * 100_000])
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedCallbackError):
        parse(body)


def test_a_message_nested_too_deep_says_nothing() -> None:
    received = receive(notification('{"event_type": "X", "a":' + "[" * 5_000))

    assert (received.event, received.news) == ("Notification", ())


def test_every_documented_event_is_listed() -> None:
    assert json.loads(json.dumps(sorted(EVENTS))) == sorted(
        [
            *("AnimatedGraphicsComplete", "EditingComplete", "Notification", "ParseComplete"),
            *("RemuxComplete", "SubscriptionConfirmation", "ThumbnailComplete"),
            *("TranscodeComplete", "TranscodeStart", "UnsubscribeConfirmation"),
        ]
    )
