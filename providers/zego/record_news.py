"""What a cloud recording's callback says; ZEGO's query stays the judge of every recording.

ZEGO docs, Cloud Recording, Recording status callback, read 2026-11. The page warns that events and
values will be added, so an unlisted one is a hint like the others.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from providers.callbacks import CallbackNews, name_event, read_task_id
from providers.models import Kind, TaskRef
from providers.zego.callback_wire import RecordCallback, RecordDetail
from providers.zego.quit_reasons import ORDINARY, explain_quit

_UPLOADED = "3"
_IMAGES: Mapping[str | None, str] = {
    "1": "the background image",
    "2": "the watermark image",
    "3": "the default background image of the streams",
    "4": "the background image of a stream",
}


def read_record_news(account: str, event: str, document: Mapping[str, Any]) -> CallbackNews:
    """Read a callback whose ``event_type`` is *event*.

    Raises:
        MalformedCallbackError: it names no task.
    """
    said = RecordCallback.model_validate(document)
    ref = TaskRef("record", account, read_task_id(said.task_id))
    note = said.message or f"event_type {name_event(event)}"
    news = CallbackNews(ref=ref, kind=Kind.RECORDING, note=note)
    told = EVENTS.get(event)
    return told(news, said.detail) if told else news


_Tells = Callable[[CallbackNews, RecordDetail], CallbackNews]


def _tell(note: str) -> _Tells:
    return lambda news, _: replace(news, note=note)


def _tell_upload(news: CallbackNews, detail: RecordDetail) -> CallbackNews:
    count = len(detail.file_info)
    if not count:
        return replace(news, files=0, note="nothing was recorded")
    uploaded = sum(str(file.get("status")) == _UPLOADED for file in detail.file_info)
    noun = "file" if count == 1 else "files"
    note = f"the upload has ended: {uploaded} of {count} {noun} uploaded"
    return replace(news, files=count, note=note)


def _tell_abnormal_end(news: CallbackNews, detail: RecordDetail) -> CallbackNews:
    reason = detail.quit_reason
    if reason is None:
        return replace(news, note="it ended abnormally, and ZEGO gives no reason")
    if reason in ORDINARY:
        return replace(news, ended_ordinarily=True, note=ORDINARY[reason])
    note = f"it ended abnormally, with quit reason {reason}"
    return replace(news, ended_ordinarily=False, cause=explain_quit(reason), note=note)


def _tell_image(news: CallbackNews, detail: RecordDetail) -> CallbackNews:
    image = _IMAGES.get(detail.image_type, "an image")
    return replace(news, note=f"{image} could not be downloaded")


def _tell_missing_stream(news: CallbackNews, detail: RecordDetail) -> CallbackNews:
    return replace(news, note=f"the stream {detail.stream_id or 'to record'} does not exist")


EVENTS: Mapping[str, _Tells] = {
    "1": _tell_upload,
    "2": _tell_abnormal_end,
    "3": _tell_image,
    "4": _tell("nobody publishes in the room"),
    "5": _tell("it ended"),
    "6": _tell_missing_stream,
    "7": _tell("it stopped, and its files are being uploaded"),
    "102": _tell("its live playlist is ready"),
    "201": _tell("it is paused"),
    "202": _tell("it goes on after a pause"),
}
"""Every documented ``event_type``."""
