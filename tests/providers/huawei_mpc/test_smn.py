"""The proof that SMN sent a message: the vectors, the manual's text, and everything beside them."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA384

from providers.errors import (
    CertificateError,
    MalformedCallbackError,
    SignatureError,
    StaleCallbackError,
    UnsupportedCallbackError,
    WrongAccountError,
)
from providers.huawei_mpc.smn import read_message, signed_texts
from tests.providers.huawei_mpc.smn_signer import (
    CERT_URL,
    JSON,
    NOW,
    TOPIC,
    elliptic_certificate,
    manual,
    notification,
    parse,
    receive,
    receiver,
    signer,
    transcoded,
)
from tests.providers.huawei_mpc.vectors import load_cases

CASES = load_cases("huawei_smn.json")
SIGNED = [case for case in CASES if "cert_pem" in case["input"]]
CONSOLE = {"smn_hosts": ["console.example.invalid"]}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_signed_text_is_the_documented_one(case: dict[str, Any]) -> None:
    body = {"signing_cert_url": CERT_URL, **case["input"]["body"]}

    texts = signed_texts(read_message({}, body))

    assert texts == (case["expected"]["string_to_sign"].encode(),)


@pytest.mark.parametrize("case", SIGNED, ids=[case["name"] for case in SIGNED])
def test_every_signed_vector_is_believed(case: dict[str, Any]) -> None:
    body, pem = case["input"]["body"], case["input"]["cert_pem"].encode()
    at = datetime.fromisoformat(body["timestamp"])

    unverified = parse(body, at, **CONSOLE)

    assert case["expected"]["valid"] is True
    assert unverified.certificate_url == body["signing_cert_url"]
    received = unverified.verify(pem)
    assert (received.confirmed, received.documented, received.sent_at) == (True, True, at)


CHANGES = {
    "message": "{}",
    "message_id": "another",
    "subject": "another",
    "timestamp": "2024-01-05T07:29:17Z",
    "signature": "Qg9wnb3u",
}


@pytest.mark.parametrize(("field", "value"), CHANGES.items())
def test_a_changed_vector_is_refused(field: str, value: str) -> None:
    given = SIGNED[0]["input"]
    changed = {**given["body"], field: value}

    with pytest.raises(SignatureError):
        parse(changed, datetime.fromisoformat(given["body"]["timestamp"])).verify(
            given["cert_pem"].encode()
        )


@pytest.mark.parametrize("signature", ["", "not base64!", "AAAA", None, 5], ids=repr)
def test_a_message_without_a_good_signature_is_refused(signature: object) -> None:
    with pytest.raises(SignatureError):
        parse({**transcoded(), "signature": signature}).verify(signer().pem)


def test_a_message_signed_with_another_key_is_refused() -> None:
    forged = signer(number=1).sign(transcoded())

    with pytest.raises(SignatureError):
        parse(forged).verify(signer().pem)


def test_the_hash_is_that_of_the_certificate() -> None:
    one = signer(SHA384)

    received = parse(one.sign(transcoded())).verify(one.pem)

    assert received.event == "TranscodeComplete"


@pytest.mark.parametrize("text", ["without", "with"])
def test_an_empty_subject_may_be_signed_or_left_out(text: str) -> None:
    body = notification("{}", subject="")
    signed = manual(body)
    if text == "with":
        signed = signed.replace("timestamp\n", "subject\n\ntimestamp\n")

    received = parse(signer().sign(body, signed)).verify(signer().pem)

    assert received.confirmed


def test_an_absent_subject_is_left_out() -> None:
    body = notification("{}")
    del body["subject"]

    assert receive(body).confirmed


def test_a_subject_that_is_there_is_signed() -> None:
    body = notification("{}")
    without = manual({**body, "subject": ""})

    with pytest.raises(SignatureError):
        parse(signer().sign(body, without)).verify(signer().pem)


@pytest.mark.parametrize("pem", [b"", b"<html>", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_what_is_no_certificate_proves_nothing_yet(pem: bytes) -> None:
    with pytest.raises(CertificateError) as refusal:
        parse(signer().sign(transcoded())).verify(pem)

    assert refusal.value.retryable


def test_a_certificate_for_another_sort_of_key_proves_nothing() -> None:
    with pytest.raises(CertificateError):
        parse(signer().sign(transcoded())).verify(elliptic_certificate())


DAY = timedelta(hours=24)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("offset", [DAY, -DAY], ids=["behind", "ahead"])
def test_a_message_is_fresh_for_a_day_either_side(offset: timedelta) -> None:
    assert receive(transcoded(), NOW + offset).stale_at == NOW + DAY


@pytest.mark.parametrize("offset", [DAY + SECOND, -DAY - SECOND], ids=["behind", "ahead"])
def test_a_message_is_stale_after_a_day_either_side(offset: timedelta) -> None:
    with pytest.raises(StaleCallbackError):
        parse(transcoded(), NOW + offset)


@pytest.mark.parametrize("stamp", ["2026-11-20T10:00:00", "2026-11-20T18:00:00+08:00"])
def test_an_instant_is_read_in_utc_or_its_own_zone(stamp: str) -> None:
    assert receive({**transcoded(), "timestamp": stamp}).sent_at == NOW


@pytest.mark.parametrize("stamp", ["soon", "1700000000", "0001-01-01T00:00:00+14:00"])
def test_a_timestamp_that_is_no_time_is_refused(stamp: str) -> None:
    with pytest.raises(MalformedCallbackError):
        parse({**transcoded(), "timestamp": stamp})


@pytest.mark.parametrize("topic", [f"{TOPIC}2", TOPIC.upper(), "urn:smn"])
def test_a_message_of_another_topic_is_refused(topic: str) -> None:
    with pytest.raises(WrongAccountError):
        parse({**transcoded(), "topic_urn": topic})


@pytest.mark.parametrize(
    "change", [{"type": "Alarm"}, {"type": None}, {"type": 1}, {"signature_version": "v2"}], ids=str
)
def test_a_message_of_another_sort_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedCallbackError):
        parse({**transcoded(), **change})


@pytest.mark.parametrize(
    "field", ["message", "message_id", "timestamp", "topic_urn", "signing_cert_url"]
)
@pytest.mark.parametrize("value", ["", None, 5, {}], ids=repr)
def test_a_message_that_lacks_a_field_is_refused(field: str, value: object) -> None:
    with pytest.raises(MalformedCallbackError, match=field):
        parse({**transcoded(), field: value})


HEADERS = {
    "X-SMN-MESSAGE-TYPE": "Notification",
    "x-smn-message-id": "88c726942175432bac921eafd0036163",
    "X-Smn-Topic-Urn": TOPIC,
}


@pytest.mark.parametrize("headers", [{}, HEADERS], ids=["without", "with"])
def test_the_headers_may_repeat_the_body(headers: dict[str, str]) -> None:
    body = json.dumps(transcoded()).encode()

    unverified = receiver().parse_callback({**JSON, **headers}, body, now=NOW)

    assert unverified.certificate_url == CERT_URL


@pytest.mark.parametrize("name", HEADERS)
def test_headers_that_contradict_the_body_are_refused(name: str) -> None:
    body = json.dumps(transcoded()).encode()

    with pytest.raises(MalformedCallbackError):
        receiver().parse_callback({**JSON, **HEADERS, name: "another"}, body, now=NOW)


GOOD_HOSTS: list[tuple[str, list[str]]] = [
    ("https://smn.ap-southeast-3.myhuaweicloud.com/smn/a.pem", []),
    ("https://SMN.cn-north-4.MyHuaweiCloud.com:443/a.pem", []),
    ("https://certs.example.com/a.pem", ["certs.example.com"]),
    ("https://certs.example.com/a.pem", ["CERTS.example.com:443"]),
    ("https://certs.example.com:8443/a.pem", ["certs.example.com:8443"]),
    ("http://127.0.0.1:8080/a.pem", ["127.0.0.1"]),
    ("http://localhost:8080/a.pem", ["localhost:8080"]),
    ("https://127.0.0.1:8080/a.pem", ["127.0.0.1:8080"]),
]


@pytest.mark.parametrize(("url", "hosts"), GOOD_HOSTS)
def test_a_certificate_may_come_from_smn_and_from_named_hosts(url: str, hosts: list[str]) -> None:
    unverified = parse({**transcoded(), "signing_cert_url": url}, smn_hosts=hosts)

    assert unverified.certificate_url == url


BAD_HOSTS: list[tuple[str, list[str]]] = [
    ("http://smn.cn-north-4.myhuaweicloud.com/a.pem", []),
    ("https://smn.cn-north-4.myhuaweicloud.com:8443/a.pem", []),
    ("https://smn.cn-north-4.myhuaweicloud.com.evil.example/a.pem", []),
    ("https://evil.example/smn.cn-north-4.myhuaweicloud.com", []),
    ("https://evil.example#.smn.cn-north-4.myhuaweicloud.com", []),
    ("https://smn.cn-north-4.myhuaweicloud.com@evil.example/a.pem", []),
    ("https://evil@smn.cn-north-4.myhuaweicloud.com/a.pem", []),
    ("https://evil.example\\@smn.cn-north-4.myhuaweicloud.com/a.pem", []),
    ("https://smn.cn.north.myhuaweicloud.com/a.pem", []),
    ("https://obs.cn-north-4.myhuaweicloud.com/a.pem", []),
    ("https://xsmn.cn-north-4.myhuaweicloud.com/a.pem", []),
    ("https://smn.cn-north-4.myhuaweicloud.com:port/a.pem", []),
    ("https://smn.cn-north-4.myhuaweicloud.com/a b.pem", []),
    ("https://[::1/a.pem", []),
    ("ftp://smn.cn-north-4.myhuaweicloud.com/a.pem", []),
    ("https://console.huaweicloud.com/a.pem", []),
    ("/a.pem", []),
    ("https://127.0.0.1/a.pem", []),
    ("http://certs.example.com/a.pem", ["certs.example.com"]),
    ("https://certs.example.com:8443/a.pem", ["certs.example.com"]),
    ("https://169.254.169.254/a.pem", ["certs.example.com"]),
    ("http://127.0.0.1:8081/a.pem", ["127.0.0.1:8080"]),
]


@pytest.mark.parametrize(("url", "hosts"), BAD_HOSTS)
def test_a_certificate_from_anywhere_else_is_not_even_fetched(url: str, hosts: list[str]) -> None:
    with pytest.raises(SignatureError):
        parse({**transcoded(), "signing_cert_url": url}, smn_hosts=hosts)
