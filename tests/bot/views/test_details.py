import json
from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.slack.blocks import validate_view
from bot.views.details import render_details
from bot.views.layout import View
from bot.views.options import Options
from bot.views.words import CHINESE
from providers.models import TaskState, TaskStatus
from tests.bot.views.reading import elements, prose
from tests.bot.views.samples import NOW, failure, task

RAW = {
    "Status": 3,
    "RecordFiles": [{"FileId": "a.mp4", "FileUrl": "https://b.example/a.mp4?Signature=zzz"}],
    "Empty": {},
    "Secret": "zzz",
}


def details(**fields: Any) -> dict[str, Any]:
    modal = render_details(task(**fields), now=NOW)
    assert validate_view(modal) == []
    return modal


def said(modal: dict[str, Any]) -> str:
    return prose(View(modal["blocks"], ""))


def raw_answer(modal: dict[str, Any]) -> str:
    (block,) = [
        node
        for node in elements(View(modal["blocks"][-1:], ""))
        if node["type"] == "rich_text_preformatted"
    ]
    return "".join(piece["text"] for piece in block["elements"])


def test_every_field_the_vendor_sent_stands_with_its_path() -> None:
    told = said(details(raw=RAW))

    assert "`Status` `3`" in told
    assert "`RecordFiles.0.FileId` `a.mp4`" in told
    assert "`RecordFiles.0.FileUrl` `https://b.example/a.mp4?***`" in told
    assert "`Empty` `{}`" in told
    assert "`Secret` `***`" in told


def test_the_whole_answer_can_be_copied_without_its_secrets() -> None:
    copied = json.loads(raw_answer(details(raw=RAW)))

    assert copied["Status"] == 3
    assert copied["Secret"] == "***"
    assert "zzz" not in str(details(raw=RAW))


def test_the_support_packet_has_what_a_vendor_asks_for() -> None:
    modal = details(
        state=TaskState.FAILED,
        room="lesson-7",
        error=failure(code="MPC.10212", message="The input is short."),
        request_id="r-1",
        vendor_request_id="v-1",
    )

    packet = modal["blocks"][2]["elements"][1]["elements"][0]["text"]

    assert packet.splitlines() == [
        "task=record@main:X3CgNeE4I1qAAABN",
        "request_id=r-1",
        "vendor_request_id=v-1",
        "code=MPC.10212",
        "asked=2026-11-20T10:00:00Z",
        "state=failed",
        "reason=task_failed",
        "message=The input is short.",
        "room=lesson-7",
    ]


def test_a_packet_of_a_question_without_an_answer_says_so() -> None:
    modal = details(state=None)

    assert "state=no answer" in str(modal["blocks"][2])
    assert "The vendor has said nothing about this task." in said(modal)


def test_how_old_the_answer_is_stands_on_top() -> None:
    status = task(queried_at=NOW - timedelta(minutes=3), raw=RAW)

    assert ", 3 min ago." in said(render_details(status, now=NOW))


def huge() -> TaskStatus:
    files = [{"Name": f"{'<&`' * 900}{index}", "Fate": "录制" * 900} for index in range(300)]
    return task(raw={"Files": files})


def test_of_a_huge_answer_the_rest_is_counted_and_both_ends_are_kept() -> None:
    modal = render_details(huge(), now=NOW)

    answer = raw_answer(modal)
    assert validate_view(modal) == []
    assert "more fields stand in the whole answer below" in said(modal)
    assert "*The whole answer*, both ends of" in said(modal)
    assert answer.startswith('{\n "Files"')
    assert answer.endswith("]\n}")
    assert len(answer) <= 24_000


@pytest.mark.parametrize(("letter", "shown"), [("\u202e", "\\u202e"), ("\ud800", "\\ud800")])
def test_what_cannot_be_seen_is_written_out(letter: str, shown: str) -> None:
    assert shown in raw_answer(details(raw={"Name": f"a{letter}b"}))


def test_the_details_speak_the_readers_language() -> None:
    modal = render_details(task(raw=RAW), now=NOW, options=Options(words=CHINESE))

    assert modal["title"]["text"] == "详情"
    assert "厂商返回的各个字段" in said(modal)
