"""TIW's callbacks, signed by ``md5_hex(CallbackKey + ExpireTime)``.

The signature covers nothing of what is said, so all of it is a hint. The making of a video has no
page of its own: its callback is set up as that of "offline recording", whose events name the very
tasks that can be asked for. An online recording cannot be, and is told. Events of other families
(whiteboard push, documents, snapshots) are about no task of a provider (Tencent Cloud TIW docs,
Overview of Event Notifications and the pages it lists, read 2026-11).
"""

import hmac
from collections.abc import Mapping
from datetime import datetime
from hashlib import md5
from typing import Any

from pydantic import SecretStr

from providers.callbacks import (
    CallbackNews,
    Received,
    check_content_type,
    make_replay_key,
    name_event,
    read_document,
    read_task_id,
)
from providers.errors import (
    MalformedCallbackError,
    SignatureError,
    StaleCallbackError,
    WrongAccountError,
)
from providers.models import Kind, Reason, TaskError, TaskRef, TaskState, TaskStatus
from providers.reading import read_epoch_s
from providers.tencent_tiw.callback_wire import Callback, EventData
from providers.tencent_tiw.codes import FAILURE_HINT
from providers.tencent_tiw.mapping import to_output

_CONTENT_TYPES = frozenset(
    {"application/json", "text/json", "text/plain", "application/octet-stream"}
)
_SENDING = frozenset({"Timestamp", "ExpireTime", "Sign"})
"""What every sending of the same callback may change."""

_VIDEO_FAMILIES = ("OfflineRecord", "VideoGeneration")
_ONLINE_FAMILY = "OnlineRecord"
_FINISHED = "OnlineRecordFinished"
_EXCEPTION = "EXCEPTION"

EVENTS = frozenset(
    {
        *("OfflineRecordProgressChanged", "OfflineRecordFinished"),
        *("OnlineRecordStarted", "OnlineRecordStopped", _FINISHED),
        *("WhiteboardPushStarted", "WhiteboardPushStopped", "PPT2H5ProgressChanged"),
    }
)
"""The documented events this module was read against; others are taken as they come."""

_ONLINE_STATES: Mapping[str, TaskState] = {
    "OnlineRecordStarted": TaskState.RUNNING,
    "OnlineRecordStopped": TaskState.RUNNING,  # its video is still being made
}


def sign(callback_key: str, expire_time: str) -> str:
    """Make the ``Sign`` a callback has to carry."""
    # MD5 is the vendor's choice; the flag lets it run where policy bans MD5 for security.
    return md5(f"{callback_key}{expire_time}".encode(), usedforsecurity=False).hexdigest()


class TencentTiwCallbackReceiver:
    """Reads what TIW calls back about one account's application."""

    def __init__(self, account: str, sdk_app_id: int, callback_key: SecretStr) -> None:
        self._account = account
        self._app_id = str(sdk_app_id)
        self._key = callback_key

    def parse_callback(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Received:
        """Believe that Tencent sent a callback; never that what it says is so.

        ``sent_at`` is *now*: the time in the body is not signed, and is of another day in the
        vendor's own samples.

        Raises:
            CallbackError: it is not believed.
        """
        check_content_type(headers, _CONTENT_TYPES)
        document = read_document(body)
        if document is None:
            raise MalformedCallbackError("the callback is not a JSON object")
        said = Callback.model_validate(document)
        stale_at = self._check_sign(said, now)
        if said.sdk_app_id != self._app_id:
            raise WrongAccountError("the callback is for another SdkAppId than this account's")
        if said.event_type is None:
            raise MalformedCallbackError("the callback names no event")
        content = {name: value for name, value in document.items() if name not in _SENDING}
        return Received(
            event=name_event(said.event_type),
            documented=said.event_type in EVENTS,
            sent_at=now,
            replay_key=make_replay_key(self._account, content),
            stale_at=stale_at,
            news=read_news(self._account, said.event_type, said.event_data, now=now),
        )

    def _check_sign(self, said: Callback, now: datetime) -> datetime:
        expire_time = said.expire_time or ""
        expected = sign(self._key.get_secret_value(), expire_time)
        if not hmac.compare_digest(expected.encode(), (said.sign or "").encode()):
            raise SignatureError("the callback's Sign is not Tencent's")
        stale_at = read_epoch_s(expire_time)
        if stale_at is None:
            raise MalformedCallbackError("the callback's ExpireTime is no time")
        if now > stale_at:
            raise StaleCallbackError("the callback's ExpireTime is over")
        return stale_at


def read_news(
    account: str, event: str, said: EventData, *, now: datetime
) -> tuple[CallbackNews, ...]:
    """Read what an event says of a task; () for the families that are about none of ours.

    Raises:
        MalformedCallbackError: an event of our families names no task.
    """
    if event.startswith(_VIDEO_FAMILIES):
        return (_video_news(_ref(account, said), event, said),)
    if event.startswith(_ONLINE_FAMILY):
        return (_online_news(_ref(account, said), event, said, now),)
    return ()


def _ref(account: str, said: EventData) -> TaskRef:
    return TaskRef("tiw", account, read_task_id(said.task_id))


def _video_news(ref: TaskRef, event: str, said: EventData) -> CallbackNews:
    cause = _failure(said)
    progress = "" if said.progress is None else f", {said.progress} % done"
    note = "the video could not be made" if cause else f"{name_event(event)}{progress}"
    return CallbackNews(ref=ref, kind=Kind.VIDEO_GENERATION, cause=cause, note=note)


def _online_news(ref: TaskRef, event: str, said: EventData, now: datetime) -> CallbackNews:
    status = TaskStatus(
        provider=ref.provider,
        account=ref.account,
        task_id=ref.task_id,
        kind=Kind.RECORDING,
        state=_finished_state(said) if event == _FINISHED else _ongoing_state(event),
        vendor_status=name_event(event),
        room=said.room_id,
        started_at=said.record_start_time,
        finished_at=said.record_stop_time,
        outputs=tuple(to_output(file) for file in said.video_infos if file.is_file),
        error=_failure(said) or _exception(said),
        queried_at=now,
        details=_details(said),
    )
    return CallbackNews(
        ref=ref,
        queryable=False,
        status=status,
        kind=Kind.RECORDING,
        cause=status.error,
        note=f"an online recording: {name_event(event)}",
    )


def _ongoing_state(event: str) -> TaskState:
    return _ONLINE_STATES.get(event, TaskState.UNKNOWN)


def _finished_state(said: EventData) -> TaskState:
    """Judge an end as a cloud recording's: broken off, it is partial if a file was kept."""
    has_files = any(file.is_file for file in said.video_infos)
    broken = said.finish_reason == _EXCEPTION
    if said.error.code or (broken and not has_files):
        return TaskState.FAILED
    kept = TaskState.PARTIAL if broken else TaskState.SUCCEEDED
    return kept if has_files else TaskState.EMPTY


def _failure(said: EventData) -> TaskError | None:
    if not said.error.code:
        return None
    message = said.error.message or "Tencent gave no message."
    return TaskError(
        code=said.error.code, message=message, reason=Reason.TASK_FAILED, hint=FAILURE_HINT
    )


def _exception(said: EventData) -> TaskError | None:
    if said.finish_reason != _EXCEPTION:
        return None
    return TaskError(
        code=_EXCEPTION,
        message="The recording was broken off.",
        reason=Reason.TASK_FAILED,
        hint="Look at what was recorded, and give Tencent's support the task id.",
    )


def _details(said: EventData) -> dict[str, Any]:
    return {"FinishReason": said.finish_reason} if said.finish_reason else {}
