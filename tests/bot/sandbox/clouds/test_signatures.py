"""The stand-ins' own signature checks, against vectors nobody here computed."""

from typing import Any
from urllib.parse import quote

import pytest

from bot.sandbox.clouds import huawei_signature, obs, tencent_signature, zego_gateway
from bot.sandbox.clouds.exchange import Call
from tests.bot.sandbox.clouds.calls import call, vectors


def named(case: Any) -> str:
    return str(case["name"])


@pytest.mark.parametrize("case", vectors("zego_request"), ids=named)
def test_zego_vectors_are_reproduced(case: Any) -> None:
    given = case["input"]
    query = {
        "AppId": str(given["app_id"]),
        "SignatureNonce": given["signature_nonce"],
        "Timestamp": str(given["timestamp"]),
    }

    signature = zego_gateway.sign(query, given["server_secret"])

    assert signature == case["expected"]["signature"]


def huawei_call(case: Any) -> Call:
    given, expected = case["input"], case["expected"]
    body = bytes.fromhex(given["body_hex"])
    return call(given["method"], expected["request_uri"], expected["sent_headers"], body)


@pytest.mark.parametrize("case", vectors("huawei_sdk_hmac"), ids=named)
def test_huawei_vectors_are_reproduced(case: Any) -> None:
    received, expected = huawei_call(case), case["expected"]
    signed = expected["signed_headers"].split(";")

    signature = huawei_signature.sign(received, signed, case["input"]["sk"])

    assert huawei_signature.canonical_request(received, signed) == expected["canonical_request"]
    assert signature == expected["signature"]


def tencent_call(case: Any) -> Call:
    given = case["input"]
    headers = {
        "Content-Type": given["content_type"],
        "Host": given["host"],
        "X-TC-Action": given.get("action", ""),
        "X-TC-Timestamp": str(given["timestamp"]),
    }
    if given.get("unsigned_payload"):
        headers["X-TC-Content-SHA256"] = "UNSIGNED-PAYLOAD"
    target = f"{given['uri']}?{given['query']}"
    return call(given["method"], target, headers, bytes.fromhex(given["payload_utf8_hex"]))


@pytest.mark.parametrize("case", vectors("tencent_tc3"), ids=named)
def test_tencent_vectors_are_reproduced(case: Any) -> None:
    received, given, expected = tencent_call(case), case["input"], case["expected"]
    signed = given.get("signed_headers", "content-type;host").split(";")

    signature = tencent_signature.sign(received, signed, given["secret_key"], given["service"])

    canonical = tencent_signature.canonical_request(received, signed)
    assert canonical == expected["canonical_request"]
    assert signature == expected["signature"]


@pytest.mark.parametrize("case", vectors("huawei_obs_link"), ids=named)
def test_obs_vectors_are_reproduced(case: Any) -> None:
    given = case["input"]
    path = f"/{given['bucket']}/{quote(given['object'], safe='/~')}"
    expires = str(given["now"] + given["expires_in"])

    signature = obs.sign("GET", expires, path, given["sk"])

    assert signature == case["expected"]["signature"]
    assert path in case["expected"]["string_to_sign"]


@pytest.mark.parametrize("signed", [["host"], ["x-sdk-date"], ["host", "x-absent", "x-sdk-date"]])
def test_a_huawei_signature_without_host_and_date_is_none(signed: list[str]) -> None:
    received = huawei_call(vectors("huawei_sdk_hmac")[0])

    assert huawei_signature.sign(received, signed, "secret") is None


@pytest.mark.parametrize("signed", [["host"], ["content-type"], ["content-type", "host", "absent"]])
def test_a_tencent_signature_without_host_and_content_type_is_none(signed: list[str]) -> None:
    received = tencent_call(vectors("tencent_tc3")[0])

    assert tencent_signature.sign(received, signed, "secret", "tiw") is None
