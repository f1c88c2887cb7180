from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.signed_links import is_signed_link, link_expiry

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
EPOCH = int(NOON.timestamp())
SIGNED = {
    "obs and s3 v2": f"Expires={EPOCH}&AccessKeyId=AK&Signature=abc%3D",
    "cloudfront": f"Expires={EPOCH}&Signature=abc&Key-Pair-Id=K",
    "s3 v4": "X-Amz-Date=20261120T110000Z&X-Amz-Expires=3600&X-Amz-Signature=abc",
    "oss v4": "x-oss-date=20261120T110000Z&x-oss-expires=3600&x-oss-signature=abc",
    "gcs v4": "X-Goog-Date=20261120T110000Z&X-Goog-Expires=3600&X-Goog-Signature=abc",
    "cos": f"q-sign-algorithm=sha1&q-sign-time=1000000000%3B{EPOCH}&q-signature=abc",
    "vod": f"t={EPOCH:x}&exper=0&us=1&sign=abc",
    "aliyun": f"auth_key={EPOCH - 1800}-477b3bbc-0-{'a' * 32}",
    "azure": "sv=2023-11-03&se=2026-11-20T12%3A00%3A00Z&sp=r&sig=abc",
    "azure, a day": "se=2026-11-20T12%3A00&sig=abc",
}


@pytest.mark.parametrize("query", SIGNED.values(), ids=SIGNED)
def test_the_expiry_is_read_as_each_service_writes_it(query: str) -> None:
    url = f"https://bucket.example/a%20b.mp4?{query}"

    assert link_expiry(url) == NOON
    assert is_signed_link(url)


@pytest.mark.parametrize(
    "query",
    [
        "Expires=soon&Signature=abc",
        "X-Amz-Date=yesterday&X-Amz-Expires=3600&X-Amz-Signature=abc",
        f"X-Amz-Date=20261120T110000Z&X-Amz-Expires={'9' * 12}&X-Amz-Signature=abc",
        "q-sign-time=now&q-signature=abc",
        "t=12&sign=abc",
        "auth_key=abc",
        "se=soon&sig=abc",
        "sign=abc",
    ],
)
def test_a_signature_without_a_readable_time_still_signs_in(query: str) -> None:
    url = f"https://bucket.example/a.mp4?{query}"

    assert link_expiry(url) is None
    assert is_signed_link(url)


@pytest.mark.parametrize(
    "url",
    [
        None,
        "https://cdn.example/a.mp4",
        f"https://cdn.example/a.mp4?Expires={EPOCH}",
        "https://cdn.example/a.mp4?t=120",
        "https://cdn.example/a.mp4?Signature=",
        "https://cdn.example/sign=1/a.mp4",
    ],
)
def test_a_plain_link_neither_signs_in_nor_expires(url: str | None) -> None:
    assert link_expiry(url) is None
    assert not is_signed_link(url)


def test_a_link_that_is_no_address_has_no_expiry() -> None:
    assert link_expiry("https://[?Signature=abc") is None


@given(query=st.text(alphabet=st.sampled_from("abcst=&;%19XExpiresSignaturedtq-")))
def test_no_query_is_too_strange(query: str) -> None:
    expiry = link_expiry(f"https://cdn.example/a?sign=1&{query}")

    assert expiry is None or expiry.tzinfo
