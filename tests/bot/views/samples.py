"""Tasks as their adapters would tell them, one for each story a card must tell."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.views.options import Options
from providers.models import (
    Kind,
    Output,
    OutputStatus,
    OutputType,
    Reason,
    TaskError,
    TaskState,
    TaskStatus,
)

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
DEFAULTS = Options(default_accounts={"record": "main", "tencent": "main", "huawei": "main"})
PUBLIC = Options(public=True, default_accounts=DEFAULTS.default_accounts)


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def task(**fields: Any) -> TaskStatus:
    given = {
        "provider": "record",
        "account": "main",
        "task_id": "X3CgNeE4I1qAAABN",
        "kind": Kind.RECORDING,
        "state": TaskState.SUCCEEDED,
        "queried_at": NOW,
    }
    return TaskStatus(**{**given, **fields})


def video(**fields: Any) -> Output:
    given = {"type": OutputType.VIDEO, "url": "https://cdn.example/a.mp4", "format": "mp4"}
    return Output(**{**given, **fields})


def failure(**fields: Any) -> TaskError:
    given = {"message": "the input cannot be read", "reason": Reason.TASK_FAILED}
    return TaskError(**{**given, **fields})


SIGNED = video(
    url="https://bucket.obs.example/a.mp4?Signature=abc",
    name="a.mp4",
    signed=True,
    expires_at=NOW + timedelta(hours=1),
)

STORIES: dict[str, TaskStatus] = {
    "recording_done": task(
        vendor_status="3",
        room="lesson-7",
        started_at=ago(minutes=20),
        finished_at=ago(minutes=17, seconds=24),
        outputs=(
            video(
                file_id="X3Cg_VA_20200927154419775.mp4",
                size_bytes=432_643_544,
                duration_s=33.874,
                width=1920,
                height=1080,
                status=OutputStatus.UPLOADED,
                stream_id="my_out",
                user_id="teacher",
            ),
            Output(
                type=OutputType.AUDIO,
                url="http://cdn.example/a.aac",
                format="aac",
                duration_s=3720,
                stream_id="desk",
                user_id="desk",
            ),
        ),
    ),
    "recording_partial": task(
        state=TaskState.PARTIAL,
        vendor_status="3",
        outputs=(
            video(status=OutputStatus.UPLOADED),
            video(url=None, file_id="b.mp4", status=OutputStatus.BACKUP),
            video(url=None, file_id="c.mp4", status=OutputStatus.LOST),
        ),
        error=failure(message="1 of 3 files is lost, 1 is in backup storage", hint="Ask ZEGO."),
        request_id="abcd123",
    ),
    "recording_empty": task(state=TaskState.EMPTY, vendor_status="3", request_id="abcd123"),
    "merge_running": task(
        provider="tencent",
        kind=Kind.MERGE,
        state=TaskState.RUNNING,
        account="staging",
        progress=0.29,
        created_at=ago(minutes=2, seconds=36),
    ),
    "transcode_running": task(
        provider="mpc",
        account="transcode",
        task_id="22123973",
        kind=Kind.TRANSCODE,
        state=TaskState.RUNNING,
        created_at=ago(hours=1, minutes=2),
    ),
    "transcode_failed": task(
        provider="mpc",
        account="transcode",
        task_id="22123974",
        kind=Kind.TRANSCODE,
        state=TaskState.FAILED,
        vendor_status="FAILED",
        created_at=ago(minutes=5),
        finished_at=ago(minutes=4, seconds=27),
        error=failure(
            code="MPC.10212", message="The input is <broken> & short.", hint="Check the input."
        ),
        request_id="r-1",
        vendor_request_id="v-1",
    ),
    "thumbnails_done": task(
        provider="huawei",
        task_id="289665200",
        kind=Kind.THUMBNAILS,
        thumbnails=tuple(f"https://cdn.example/shots/{second}.jpg" for second in range(0, 120, 10)),
    ),
    "thumbnails_in_a_bucket": task(
        provider="huawei",
        task_id="289665201",
        kind=Kind.THUMBNAILS,
        outputs=tuple(
            Output(type=OutputType.IMAGE, object=f"record/{second}.jpg", format="jpg")
            for second in range(14)
        ),
    ),
    "video_generation_signed": task(
        provider="tiw", account="whiteboard", kind=Kind.VIDEO_GENERATION, outputs=(SIGNED,)
    ),
    "not_found": task(
        state=TaskState.NOT_FOUND,
        kind=None,
        error=failure(
            code="300001000", message="ZEGO does not know this task.", reason=Reason.NOT_FOUND
        ),
    ),
    "unknown_word": task(
        state=TaskState.UNKNOWN, vendor_status="REHEATING", undocumented=("Status=REHEATING",)
    ),
    "no_answer": task(
        state=None,
        kind=None,
        error=failure(
            message="the vendor did not answer in time",
            reason=Reason.UNREACHABLE,
            hint="Try again in a minute; the task itself goes on.",
        ),
    ),
}
