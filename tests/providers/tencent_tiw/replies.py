"""The documented reply, and a short way to have it read."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from providers import errors
from providers.http import Reply
from providers.models import Output, TaskRef, TaskStatus
from providers.tencent_tiw.mapping import read_reply

_FIXTURES = Path(__file__).parents[2] / "data" / "vectors" / "fixtures.json"
CASES = {case["name"]: case for case in json.loads(_FIXTURES.read_text("utf-8"))["cases"]}

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
REF = TaskRef("tiw", "whiteboard", "ghucnligqtgtvk2624mb")
SAMPLE: dict[str, Any] = CASES["tiw_video_finished"]["body"]["Response"]
FILE: dict[str, Any] = SAMPLE["VideoInfoList"][0]


def read(response: object, *, status: int = 200) -> TaskStatus:
    return read_reply(REF, Reply(status, {}, {"Response": response}), NOON)


def read_file(**changes: object) -> Output:
    (output,) = read({**SAMPLE, "VideoInfoList": [{**FILE, **changes}]}).outputs
    return output


def read_refusal(response: object, *, status: int = 200) -> errors.ProviderError:
    with pytest.raises(errors.ProviderError) as refused:
        read(response, status=status)
    return refused.value
