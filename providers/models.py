"""The words every vendor is translated into.

The field names and enum values of this module are the public JSON contract of
``mediatask query --json``: more may be added, none removed or renamed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, PlainSerializer


def format_instant(instant: datetime) -> str:
    """Write an aware instant as ISO 8601 in UTC with ``Z``, milliseconds only where it has any."""
    utc = instant.astimezone(UTC).replace(tzinfo=None)
    millisecond = timedelta(milliseconds=1) // timedelta.resolution
    precision = "milliseconds" if utc.microsecond >= millisecond else "seconds"
    return utc.isoformat(timespec=precision) + "Z"


Instant = Annotated[datetime, PlainSerializer(format_instant, return_type=str, when_used="json")]


class TaskState(StrEnum):
    """Where a task stands, in our words; docs/providers.md says which vendor word becomes which."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    REVIEW = "review"
    """Waits for a person at the vendor."""
    SUCCEEDED = "succeeded"
    PARTIAL = "partial"
    """Finished, and part of it failed or was lost."""
    EMPTY = "empty"
    """Finished, and produced nothing."""
    FAILED = "failed"
    CANCELED = "canceled"
    NOT_FOUND = "not_found"
    UNKNOWN = "unknown"
    """A word the vendor never documented; it is shown verbatim and never counts as an end."""

    @property
    def is_terminal(self) -> bool:
        """Whether the vendor has finished with the task; ``not_found`` is no end of a task."""
        return self in _TERMINAL


_TERMINAL = frozenset(
    {
        TaskState.SUCCEEDED,
        TaskState.PARTIAL,
        TaskState.EMPTY,
        TaskState.FAILED,
        TaskState.CANCELED,
    }
)


class Kind(StrEnum):
    """What sort of work a task is."""

    MERGE = "merge"
    TRANSCODE = "transcode"
    THUMBNAILS = "thumbnails"
    RECORDING = "recording"
    VIDEO_GENERATION = "video_generation"


class OutputType(StrEnum):
    """What sort of thing came out."""

    VIDEO = "video"
    AUDIO = "audio"
    IMAGE = "image"
    PLAYLIST = "playlist"
    PACKAGE = "package"
    OTHER = "other"


class OutputStatus(StrEnum):
    """Where a recorded file is; only ZEGO cloud recording tells."""

    RECORDING = "recording"
    UPLOADING = "uploading"
    UPLOADED = "uploaded"
    BACKUP = "backup"
    """In ZEGO's backup storage, which keeps it three days."""
    LOST = "lost"


class Reason(StrEnum):
    """Why a question was not answered with a good result; a closed set, used as a metric label."""

    TASK_FAILED = "task_failed"
    """The task itself failed; every other reason is about the question."""
    NOT_FOUND = "not_found"
    RATE_LIMITED = "rate_limited"
    AUTH = "auth"
    CLOCK_SKEW = "clock_skew"
    PERMISSION = "permission"
    BAD_REQUEST = "bad_request"
    UNREACHABLE = "unreachable"
    UNAVAILABLE = "unavailable"
    MALFORMED = "malformed"
    CONFIGURATION = "configuration"


@dataclass(frozen=True, slots=True, order=True)
class TaskRef:
    """One task of one account: what is asked for, cached and, later, watched."""

    provider: str
    account: str
    task_id: str

    def __str__(self) -> str:
        """Write it as people may type it anywhere an id is accepted."""
        return f"{self.provider}@{self.account}:{self.task_id}"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, defer_build=True, extra="forbid")


class TaskError(_Frozen):
    """What went wrong, and what a person should do next."""

    code: str | None = None
    """The vendor's code verbatim; None where it gave none."""
    message: str
    reason: Reason
    hint: str | None = None


class Output(_Frozen):
    """One thing a task produced."""

    type: OutputType
    url: str | None = None
    """``http`` or ``https``, as the vendor wrote it."""
    object: str | None = None
    """``bucket/key``, or the bare key where the vendor does not tell the bucket."""
    name: str | None = None
    file_id: str | None = None
    format: str | None = None
    """In lower case: ``mp4``, ``hls``."""
    size_bytes: int | None = None
    duration_s: FiniteFloat | None = None
    width: int | None = None
    height: int | None = None
    status: OutputStatus | None = None
    stream_id: str | None = None
    user_id: str | None = None
    signed: bool = False
    """Whether *url* signs its reader in, so that it must not be posted to a channel."""
    expires_at: Instant | None = None
    """When *url* stops working; None where nobody says."""


class TaskStatus(_Frozen):
    """The truth about one task, or why it could not be told."""

    provider: str
    account: str
    task_id: str
    kind: Kind | None = None
    """None where the vendor does not tell, or tells an undocumented word."""
    state: TaskState | None
    """None when no answer about the task was obtained; then *error* says why.

    A task out of a list that tells only that it ended has neither a state nor an error: it is to
    be asked for.
    """
    vendor_status: str | None = None
    """The vendor's own word or number, verbatim."""
    room: str | None = None
    progress: float | None = Field(default=None, ge=0, le=1)
    media_s: FiniteFloat | None = None
    """How long the media it was given plays, in seconds; None where the vendor does not tell."""
    created_at: Instant | None = None
    started_at: Instant | None = None
    finished_at: Instant | None = None
    outputs: tuple[Output, ...] = ()
    thumbnails: tuple[str, ...] = ()
    """Links only; a thumbnail known by object key alone is an output of type ``image``."""
    error: TaskError | None = None
    request_id: str | None = None
    vendor_request_id: str | None = None
    """The id of the CDN vendor behind the one that was asked, for its support."""
    queried_at: Instant
    undocumented: tuple[str, ...] = ()
    """Words the vendor's documents do not list, as ``Field=word``; counted and logged once."""
    details: dict[str, Any] = {}
    """The vendor's remaining fields under their own names, secrets removed."""
    raw: Mapping[str, Any] = Field(default={}, exclude=True, repr=False)
    """What the vendor said of this task, whole; never part of the public JSON."""

    @property
    def ref(self) -> TaskRef:
        """The task this is about."""
        return TaskRef(self.provider, self.account, self.task_id)
