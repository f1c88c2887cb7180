"""Links that vendors hand out: whether they sign their reader in, and until when."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from providers.models import Output, TaskRef
from providers.zego.mapping import to_huawei_status, to_tencent_status
from providers.zego.record_mapping import to_record_status
from tests.providers.tencent_tiw.replies import read_file

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PLAIN = "https://cdn.example/a.mp4"
SIGNED = f"{PLAIN}?t={int(NOON.timestamp()):x}&us=1&sign=abc"


def merged(link: str) -> Output:
    raw = {"Status": "FINISH", "ReplayUrl": link}
    ref = TaskRef("tencent", "main", "1")
    return to_tencent_status(ref, raw, request_id=None, queried_at=NOW).outputs[0]


def snapshot(link: str) -> Output:
    raw = {"Status": "SUCCEEDED", "FileName": [link]}
    ref = TaskRef("huawei", "main", "1")
    return to_huawei_status(ref, raw, request_id=None, queried_at=NOW, obs=None).outputs[0]


def recorded(link: str) -> Output:
    raw = {"Status": 3, "RecordFiles": [{"Status": 3, "FileUrl": link}]}
    ref = TaskRef("record", "main", "1")
    return to_record_status(ref, raw, request_id=None, queried_at=NOW).outputs[0]


def generated(link: str) -> Output:
    return read_file(VideoUrl=link)


ADAPTERS = (merged, snapshot, recorded, generated)


@pytest.mark.parametrize("read", ADAPTERS)
def test_a_link_the_vendor_has_signed_is_known_for_it(read: Callable[[str], Output]) -> None:
    output = read(SIGNED)

    assert (output.url, output.signed, output.expires_at) == (SIGNED, True, NOON)


@pytest.mark.parametrize("read", ADAPTERS)
def test_a_plain_link_is_for_everybody_and_for_ever(read: Callable[[str], Output]) -> None:
    output = read(PLAIN)

    assert (output.url, output.signed, output.expires_at) == (PLAIN, False, None)
