"""Signature 2.0 against the documented example and requests computed by the documented rule."""

from datetime import UTC, datetime
from typing import Any

import pytest

from providers.zego.signing import sign, signed_parameters, to_query
from tests.providers.zego.samples import NONCE, an_account, load_signing_cases

CASES = load_signing_cases()
AT = datetime.fromtimestamp(1700000000, UTC)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_signature_is_the_documented_one(case: dict[str, Any]) -> None:
    given = case["input"]

    signature = sign(
        given["app_id"],
        given["server_secret"],
        nonce=given["signature_nonce"],
        timestamp=given["timestamp"],
    )

    assert signature == case["expected"]["signature"]


def test_the_action_comes_first_and_a_fraction_of_a_second_does_not_count() -> None:
    parameters = signed_parameters(
        an_account(), "DescribeMediaTask", nonce=NONCE, now=AT.replace(microsecond=999_999)
    )

    assert list(parameters) == [
        "Action",
        "AppId",
        "SignatureNonce",
        "Timestamp",
        "Signature",
        "SignatureVersion",
    ]
    assert parameters["Timestamp"] == "1700000000"
    assert parameters["SignatureVersion"] == "2.0"


@pytest.mark.parametrize(
    ("setting", "sent"),
    [({"is_test": True}, "true"), ({"is_test": False}, "false"), ({}, None)],
    ids=["true", "false", "unset"],
)
def test_is_test_is_sent_only_when_it_is_set(setting: dict[str, Any], sent: str | None) -> None:
    parameters = signed_parameters(an_account(**setting), "A", nonce=NONCE, now=AT)

    assert parameters.get("IsTest") == sent


def test_no_value_can_add_a_parameter_of_its_own() -> None:
    query = to_query({"TaskId": "a&Action=b#c?d/e+f g%文", "Vendor": "A-z_0.9~"})

    assert query == "TaskId=a%26Action%3Db%23c%3Fd%2Fe%2Bf%20g%25%E6%96%87&Vendor=A-z_0.9~"
