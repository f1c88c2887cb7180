"""The JSON of every ZEGO reply, and of DescribeMediaTask, in ZEGO's names.

Reading is tolerant of the vendor's slips (numbers for text, ``""`` for absent, ``task_id`` for
``TaskId``) and strict about shapes: an object where the documents have none is an error.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_pascal

from providers.reading import read_compact_time, read_number, read_text


def read_list(value: object) -> list[Any]:
    """Take ``""``, null and ``{}`` for an empty list, and a lone thing for a list of one."""
    if isinstance(value, list):
        return value
    return [value] if value else []


def _read_texts(value: object) -> tuple[str, ...]:
    items = read_list(value)
    return tuple(text for item in items if (text := read_text(item)) is not None)


Text = Annotated[str | None, BeforeValidator(read_text)]
Number = Annotated[int | None, BeforeValidator(read_number)]
CompactTime = Annotated[datetime | None, BeforeValidator(read_compact_time)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_read_texts)]

TASK_ID_NAMES = ("TaskId", "TaskID", "task_id")
FILE_ID_NAMES = ("FileId", "fileId", "file_id")


class Wire(BaseModel):
    """A JSON object of ZEGO's; fields it adds later are ignored, errors never quote its values."""

    model_config = ConfigDict(
        defer_build=True,
        frozen=True,
        extra="ignore",
        alias_generator=to_pascal,
        populate_by_name=True,
        hide_input_in_errors=True,
    )


class Envelope(Wire):
    """What every reply has in common."""

    code: Text = None
    """As text; None: this is no reply of ZEGO's."""
    message: Text = None
    request_id: Text = None


class TencentTask(Wire):
    """``Data.Tencent`` of DescribeMediaTask."""

    task_id: Text = Field(default=None, validation_alias=AliasChoices(*TASK_ID_NAMES))
    event: Text = None
    status: Text = None
    file_id: Text = Field(default=None, validation_alias=AliasChoices(*FILE_ID_NAMES))
    replay_url: Text = None
    """At most 1024 bytes."""
    request_id: Text = None
    """Tencent Cloud's own, for its support."""
    message: Text = None
    """Why the task failed."""
    thumbnails_url: Texts = ()


class HuaweiTask(Wire):
    """``Data.Huawei`` of DescribeMediaTask; thumbnail tasks only."""

    task_id: Text = Field(default=None, validation_alias=AliasChoices(*TASK_ID_NAMES))
    status: Text = None
    create_time: CompactTime = None
    end_time: CompactTime = None
    file_name: Texts = ()
    """Object keys without a bucket."""


def find_data(document: Mapping[str, Any]) -> dict[str, Any]:
    """Find the object ``Data``; {} where it is absent, null, empty or no object."""
    found = document.get("Data")
    return found if isinstance(found, dict) else {}


def find_task(document: Mapping[str, Any], vendor: str) -> dict[str, Any]:
    """Find the object of *vendor* (``Tencent``, ``Huawei``); {} where there is none.

    The Chinese page's sample closes ``Data`` too early, so it is looked for beside it as well.
    """
    found = find_data(document).get(vendor) or document.get(vendor)
    return found if isinstance(found, dict) else {}


def id_names(answered: str | None, asked: str) -> tuple[str, ...]:
    """Name the fields that only repeat the id asked for; () where another id was answered."""
    return TASK_ID_NAMES if answered == asked else ()
