"""TC3-HMAC-SHA256 against the vendor's examples and its official client's output."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from providers.tencent_tiw.signing import (
    KeyPair,
    authorize,
    canonical_request,
    sign,
    string_to_sign,
)

VECTORS = Path(__file__).parents[2] / "data" / "vectors" / "tencent_tc3.json"
CASES: list[dict[str, Any]] = json.loads(VECTORS.read_text("utf-8"))["cases"]

KEYS = KeyPair(SecretStr("AKIDsecretid"), SecretStr("verysecretkey"))
HEADERS = {"Content-Type": "application/json", "Host": "tiw.tencentcloudapi.com"}
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def signed_headers(given: dict[str, Any]) -> dict[str, str]:
    sent = {
        "content-type": given["content_type"],
        "host": given["host"],
        "x-tc-action": given.get("action", ""),
    }
    names = given.get("signed_headers") or "content-type;host"
    return {name: sent[name] for name in names.split(";")}


def signed_bytes(given: dict[str, Any]) -> bytes:
    """The official client can hash a fixed text in place of the body; we never do."""
    if given.get("unsigned_payload"):
        return b"UNSIGNED-PAYLOAD"
    return bytes.fromhex(given["payload_utf8_hex"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_published_request_is_signed_exactly(case: dict[str, Any]) -> None:
    given, expected = case["input"], case["expected"]
    keys = KeyPair(SecretStr(given["secret_id"]), SecretStr(given["secret_key"]))
    headers, body = signed_headers(given), signed_bytes(given)
    service, at = given["service"], datetime.fromtimestamp(given["timestamp"], UTC)

    canonical = canonical_request(headers, body)
    text = string_to_sign(canonical, service=service, at=at)

    assert canonical == expected["canonical_request"]
    assert text == expected["string_to_sign"]
    assert sign(keys, text, service=service, at=at) == expected["signature"]
    assert authorize(keys, headers, body, service=service, at=at) == expected["authorization"]


def test_the_vectors_are_all_there() -> None:
    kinds = {case["kind"] for case in CASES}

    assert kinds == {"official-sdk", "official-sdk-signer", "documented-example"}


@pytest.mark.parametrize(
    "changed",
    [
        {"body": b"{} "},
        {"headers": {**HEADERS, "Host": "tiw.tencentcloudapi.com:8080"}},
        {"headers": {**HEADERS, "Content-Type": "text/plain"}},
        {"headers": {**HEADERS, "X-TC-Action": "Other"}},
        {"service": "cvm"},
        {"at": NOON + timedelta(seconds=1)},
        {"keys": KeyPair(KEYS.secret_id, SecretStr("otherkey"))},
    ],
)
def test_whatever_is_signed_changes_the_signature(changed: dict[str, Any]) -> None:
    usual: dict[str, Any] = {
        "keys": KEYS,
        "headers": HEADERS,
        "body": b"{}",
        "service": "tiw",
        "at": NOON,
    }

    one = authorize(**usual).rpartition("Signature=")[2]
    other = authorize(**(usual | changed)).rpartition("Signature=")[2]

    assert one != other


def test_the_order_and_the_case_of_header_names_do_not_matter() -> None:
    turned = {name.upper(): value for name, value in reversed(HEADERS.items())}

    assert canonical_request(turned, b"{}") == canonical_request(HEADERS, b"{}")


def test_headers_are_ordered_by_name_alone() -> None:
    canonical = canonical_request({"x-tc-action": "A", "x-tc": "B"}, b"")

    assert "\nx-tc:b\nx-tc-action:a\n\nx-tc;x-tc-action\n" in canonical


def test_the_date_is_the_one_in_utc() -> None:
    late = datetime(2026, 11, 20, 23, 30, tzinfo=timezone(timedelta(hours=-3)))

    header = authorize(KEYS, HEADERS, b"{}", service="tiw", at=late)

    assert "/2026-11-21/tiw/tc3_request," in header


def test_the_keys_are_not_in_the_repr() -> None:
    assert "verysecretkey" not in repr(KEYS)
    assert "AKIDsecretid" not in repr(KEYS)
