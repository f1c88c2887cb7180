"""Links to OBS objects; the vectors equal what esdk-obs-python's createSignedUrl makes."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from providers.account import ObsBucket
from providers.obs import make_link

VECTORS = Path(__file__).parents[1] / "data" / "vectors" / "huawei_obs_link.json"
CASES: list[dict[str, Any]] = json.loads(VECTORS.read_text())["cases"]
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
PUBLIC = ObsBucket(bucket="configured", region="ap-southeast-3")
PRIVATE = ObsBucket(
    bucket="configured",
    region="ap-southeast-3",
    ak=SecretStr("AKIDEXAMPLE"),
    sk=SecretStr("sk-example-secret"),
    expires=600,
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_a_temporary_link_equals_the_one_the_vendors_sdk_makes(case: dict[str, Any]) -> None:
    given = case["input"]
    obs = ObsBucket(
        bucket="other",
        region="other",
        ak=SecretStr(given["ak"]),
        sk=SecretStr(given["sk"]),
        expires=given["expires_in"],
    )

    link = make_link(
        given["object"],
        bucket=given["bucket"],
        location=given["region"],
        obs=obs,
        now=datetime.fromtimestamp(given["now"], UTC),
    )

    assert link.url == case["expected"]["signed_url"]
    assert link.signed
    assert link.expires_at == datetime.fromtimestamp(given["now"] + given["expires_in"], UTC)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_a_link_without_keys_is_plain_and_does_not_expire(case: dict[str, Any]) -> None:
    given = case["input"]

    link = make_link(
        given["object"], bucket=given["bucket"], location=given["region"], obs=PUBLIC, now=NOW
    )

    assert link.url == case["expected"]["plain_url"]
    assert not link.signed
    assert link.expires_at is None


def test_a_bucket_and_region_the_vendor_does_not_tell_come_from_the_configuration() -> None:
    link = make_link("a/0.jpg", bucket=None, location=None, obs=PUBLIC, now=NOW)

    assert link.url == "https://configured.obs.ap-southeast-3.myhuaweicloud.com/a/0.jpg"


def test_a_stand_in_is_asked_in_path_style_with_the_same_signature() -> None:
    real = make_link("a b.jpg", bucket="out", location="x", obs=PRIVATE, now=NOW)
    stand_in = PRIVATE.model_copy(update={"url": "http://127.0.0.1:8080/obs/"})

    link = make_link("a b.jpg", bucket="out", location="x", obs=stand_in, now=NOW)

    address, query = link.url.split("?")
    assert address == "http://127.0.0.1:8080/obs/out/a%20b.jpg"
    assert query == real.url.split("?")[1]


def test_no_part_of_a_name_can_leave_its_place_in_the_address() -> None:
    link = make_link("../?x=1#y", bucket="evil.example/#", location="r/@", obs=PUBLIC, now=NOW)

    assert link.url == ("https://evil.example%2F%23.obs.r%2F%40.myhuaweicloud.com/../%3Fx%3D1%23y")


def test_a_fraction_of_a_second_is_cut_from_the_expiry() -> None:
    link = make_link("k", bucket=None, location=None, obs=PRIVATE, now=NOW + timedelta(seconds=0.9))

    assert link.expires_at == NOW + timedelta(seconds=600)


def test_the_repr_of_a_link_shows_no_signature() -> None:
    link = make_link("k", bucket=None, location=None, obs=PRIVATE, now=NOW)

    assert repr(link) == f"ObsLink(signed=True, expires_at={link.expires_at!r})"
