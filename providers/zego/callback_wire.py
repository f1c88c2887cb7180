"""The callbacks of ZEGO's two products, in ZEGO's names, with the slips its pages make.

A body may be JSON, URL-encoded JSON or a form, and an object may be the JSON text of one. What is
of another shape than documented says nothing: a hint is not worth a refusal.
"""

from typing import Annotated, Any
from urllib.parse import parse_qsl, unquote_plus

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field

from providers.callbacks import read_document, read_nested, read_words
from providers.errors import MalformedCallbackError
from providers.reading import read_amount, read_number, read_text
from providers.zego.wire import FILE_ID_NAMES

_MAX_ENCODED = 128 * 1024
"""Bytes; decoding is slow, and a hundred links encoded take less."""
_MAX_FIELDS = 100
"""Of a form; the longest callback has ten."""


def read_body(body: bytes) -> dict[str, Any]:
    """Read JSON as it is, URL-decoded once, or a form's fields.

    Raises:
        MalformedCallbackError: it is none of them.
    """
    document = read_document(body) or _read_encoded(body)
    if not document:
        raise MalformedCallbackError("the callback is neither JSON nor a form")
    return document


def _read_encoded(body: bytes) -> dict[str, Any]:
    if len(body) > _MAX_ENCODED:
        return {}
    try:
        text = body.decode()
        fields = parse_qsl(text, max_num_fields=_MAX_FIELDS)
    except ValueError:
        return {}
    return read_document(unquote_plus(text).encode()) or dict(fields)


def _read_objects(value: object) -> list[dict[str, Any]]:
    """Read a list of objects, or the JSON text of one; what is no object is left out."""
    items = read_nested(f'{{"list":{value}}}').get("list") if isinstance(value, str) else value
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


Text = Annotated[str | None, BeforeValidator(read_text)]
Words = Annotated[str | None, BeforeValidator(read_words)]
Number = Annotated[int | None, BeforeValidator(read_number)]
Amount = Annotated[float | None, BeforeValidator(read_amount)]
Nested = Annotated[dict[str, Any], BeforeValidator(read_nested)]
Objects = Annotated[list[dict[str, Any]], BeforeValidator(_read_objects)]


class _Said(BaseModel):
    model_config = ConfigDict(
        defer_build=True,
        frozen=True,
        extra="ignore",
        populate_by_name=True,
        hide_input_in_errors=True,
    )


class Proof(_Said):
    """What every callback carries; none of it depends on the rest of the body."""

    app_id: Text = Field(default=None, validation_alias=AliasChoices("appid", "app_id"))
    nonce: Text = None
    signature: Text = Field(default=None, repr=False)
    timestamp: Text = None
    """Unix seconds; the very text is signed."""
    event: Words = None
    """Of a media callback."""
    event_type: Words = None
    """Of a cloud recording's callback."""


class MediaCallback(_Said):
    """A merge, an on-demand transcode, thumbnails, or a file recorded by a CDN."""

    task_id: Text = None
    vendor: Text = None
    """``tencent`` or ``hw``, on thumbnails."""
    file_id: Words = Field(
        default=None, validation_alias=AliasChoices(*FILE_ID_NAMES, "field_id", "FileID")
    )
    """Told by Tencent Cloud only; the thumbnails' page spells it ``field_id``."""
    code: Words = None
    message: Words = None
    replay_url: Text = None
    status: Words = None
    """``SUCCESS`` or ``FAILED``, on transcodes; other words than the query's."""
    extra_params: Nested = {}
    stream_alias: Words = None
    begin_time: Text = None
    """Unix seconds, as is *end_time*; on recorded files."""
    end_time: Text = None


class TranscodeResult(_Said):
    """A member of ``extra_params.media.transcode``."""

    code: Words = None
    message: Words = None


class TranscodeMedia(_Said):
    """``extra_params.media`` of a transcode."""

    transcode: Annotated[list[TranscodeResult], BeforeValidator(_read_objects)] = []


class CdnFile(_Said):
    """``extra_params`` of a file recorded by a CDN; each vendor fills other fields."""

    task_id: Text = Field(default=None, alias="TaskId")
    file_id: Words = Field(default=None, alias="FileID")
    persistent_id: Text = Field(default=None, alias="PersistentId")
    obs_object: Words = Field(default=None, alias="ObsObject")
    file_size: Number = Field(default=None, alias="FileSize")
    """Bytes."""
    duration: Amount = Field(default=None, alias="Duration")
    """Seconds."""


class RecordDetail(_Said):
    """``detail`` of a cloud recording's callback; each ``event_type`` fills other fields."""

    file_info: Objects = []
    """The files of ``RecordFiles``, in snake case."""
    quit_reason: Words = None
    image_type: Text = None
    stream_id: Words = None


class RecordCallback(_Said):
    """A cloud recording's status callback, version 2."""

    task_id: Text = None
    message: Words = None
    detail: Annotated[RecordDetail, BeforeValidator(read_nested)] = RecordDetail()
