"""What the stand-ins play: tasks and how they go, weather, keys, and the stories of the demo.

A task is told in our words (`queued`, `running`, `succeeded`, ...), as steps at so many seconds;
each cloud translates them into its vendor's own words and JSON.
"""

import tomllib
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator


class ScenarioError(ValueError):
    """A scenario that cannot be played; its text has one line per problem."""


class Cloud(StrEnum):
    """One server of the stand-ins."""

    RTC = "rtc"
    RECORD = "record"
    MPC = "mpc"
    IAM = "iam"
    TIW = "tiw"
    MEDIA = "media"
    OBS = "obs"


class WeatherKind(StrEnum):
    """What a cloud does to its answers."""

    OK = "ok"
    HANG = "hang"
    """The request is read and nothing comes back."""
    REFUSE = "refuse"
    """The connection is closed without an answer."""
    HTTP_500 = "http_500"
    GARBAGE = "garbage"
    """An HTML page with status 200, as a proxy in between would send."""
    SLOW = "slow"
    DRIP = "drip"
    """The right answer, a byte at a time."""
    RATE_LIMITED = "rate_limited"
    HUGE = "huge"
    """Valid JSON of more than 1 MiB."""
    REDIRECT = "redirect"
    FLAPPING = "flapping"
    """Every second request gets HTTP 503, the first one included."""
    SKEWED = "skewed"
    """The vendor's refusal for a clock that is off, whatever the time of the request."""


class Word(StrEnum):
    """How a task stands, in the words of the story."""

    QUEUED = "queued"
    RUNNING = "running"
    UPLOADING = "uploading"
    PAUSED = "paused"
    REVIEW = "review"
    SUCCEEDED = "succeeded"
    PARTIAL = "partial"
    EMPTY = "empty"
    FAILED = "failed"
    ABORTED = "aborted"
    """Ended abnormally; what was recorded until then is kept."""
    CANCELED = "canceled"
    NOT_FOUND = "not_found"
    UNKNOWN = "unknown"
    """A word the vendor never documented, given as `word`."""
    REFUSED = "refused"
    """The vendor refuses the question itself, with `code` and `message`."""

    @property
    def is_end(self) -> bool:
        """Whether nothing more happens to the task."""
        return self in _ENDS


_ENDS = frozenset(
    {Word.SUCCEEDED, Word.PARTIAL, Word.EMPTY, Word.FAILED, Word.ABORTED, Word.CANCELED}
)
_EVERYWHERE = frozenset(
    {
        Word.QUEUED,
        Word.RUNNING,
        Word.SUCCEEDED,
        Word.EMPTY,
        Word.FAILED,
        Word.NOT_FOUND,
        Word.UNKNOWN,
        Word.REFUSED,
    }
)

ProviderName = Literal["tencent", "huawei", "record", "mpc", "tiw"]

VOCABULARY: dict[ProviderName, frozenset[Word]] = {
    "tencent": _EVERYWHERE,
    "huawei": _EVERYWHERE | {Word.CANCELED},
    "record": _EVERYWHERE | {Word.UPLOADING, Word.PAUSED, Word.PARTIAL, Word.ABORTED},
    "mpc": _EVERYWHERE | {Word.REVIEW, Word.PARTIAL, Word.CANCELED},
    "tiw": _EVERYWHERE,
}
"""Which words each vendor has something to say for."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Weather(_Frozen):
    """What a cloud does to its answers; by default nothing."""

    kind: WeatherKind = WeatherKind.OK
    seconds: float = Field(default=0, ge=0)
    """How long a slow or hanging answer takes, or a dripping byte; 0: the kind's own default."""


class Spell(Weather):
    """Weather over one cloud for a while."""

    cloud: Cloud
    begins: float = 0
    """Seconds after the stand-ins started."""
    ends: float | None = None
    """None: it stays so."""


class File(_Frozen):
    """One thing a task makes."""

    name: str = Field(pattern=r"^[\w.-]+$")
    """As it is served; its extension tells the format."""
    seconds: float = 6
    size: int = 431_204
    width: int = 1280
    height: int = 720
    kept: Literal["recording", "uploading", "uploaded", "backup", "lost"] | None = None
    """Where a recorded file is; None: where the step's word says all files are."""
    stream: str = ""
    user: str = ""
    track: Literal["audio", "video", "both"] = "both"
    template: int = 4
    """The transcoding template that made it."""
    code: str | None = None
    """The vendor's error code where this file, alone, failed."""
    message: str = ""


class Step(_Frozen):
    """How a task stands from a moment on."""

    at: float = 0
    """Seconds on the task's clock; negative lies in the past."""
    say: Word
    word: str | None = None
    """The vendor's status word verbatim, instead of the translation of *say*."""
    progress: float = Field(default=0, ge=0, le=1)
    """Only Huawei MPC tells it."""
    files: tuple[File, ...] = ()
    pictures: int = Field(default=0, ge=0, le=1000)
    code: str | None = None
    message: str = ""
    raw: dict[str, Any] = {}
    """Fields laid over the vendor's object for this task, as they are."""
    body: str | None = None
    """The whole reply, verbatim, instead of everything above."""
    http_status: int = 200
    """Sent with *body*."""


class Task(_Frozen):
    """One task and how it goes."""

    provider: ProviderName
    id: str = Field(min_length=1)
    event: Literal["compose", "transcode", "SnapshotByTimeOffset", "SampleSnapshot"] = "compose"
    """What ZEGO calls the kind of a Tencent task."""
    room: str = "demo-room"
    counts_from: Literal["start", "asked"] = "start"
    """Whether second 0 is when the stand-ins start, or when somebody first asks."""
    weather: Weather = Weather()
    """What the cloud does to answers about this task alone."""
    steps: tuple[Step, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _check_steps(self) -> Self:
        moments = [step.at for step in self.steps]
        if moments != sorted(moments):
            raise ValueError("the steps are not in the order of their seconds")
        for step in self.steps:
            if step.say not in VOCABULARY[self.provider]:
                raise ValueError(f"{self.provider} has no word for {step.say}")
            if step.say is Word.UNKNOWN and step.word is None:
                raise ValueError("say = 'unknown' needs the vendor's word")
        return self


class Story(_Frozen):
    """One thing to try in the demo."""

    title: str
    command: str
    """What to type after the slash command's name."""
    text: str
    """What one will see."""


class ZegoKeys(_Frozen):
    """A project at ZEGO."""

    app_id: int
    server_secret: str = Field(repr=False)
    test_only: bool = False
    """Whether the project has no production environment, so that IsTest is needed."""


class HuaweiKeys(_Frozen):
    """A project at Huawei Cloud."""

    project_id: str
    ak: str
    sk: str = Field(repr=False)
    security_token: str | None = Field(default=None, repr=False)
    """With temporary keys."""
    iam_user: str
    iam_password: str = Field(repr=False)
    iam_domain: str
    region: str
    bucket: str
    """Private: its objects need a signed link."""
    public_bucket: str


class TencentKeys(_Frozen):
    """An account at Tencent Cloud."""

    secret_id: str
    secret_key: str = Field(repr=False)
    security_token: str | None = Field(default=None, repr=False)
    """With temporary keys."""
    sdk_app_id: int
    region: str


class Keys(_Frozen):
    """The fake credentials the clouds accept."""

    zego: ZegoKeys
    huawei: HuaweiKeys
    tencent: TencentKeys


class Scenario(_Frozen):
    """Everything the stand-ins play."""

    keys: Keys
    limits: bool = True
    """Whether the documented rate limits are enforced."""
    wildcard: bool = False
    """Whether an id nobody wrote down is a finished task; for benchmarks."""
    weather: tuple[Spell, ...] = ()
    tasks: tuple[Task, ...] = ()
    stories: tuple[Story, ...] = ()

    @model_validator(mode="after")
    def _check_unique(self) -> Self:
        seen: set[tuple[str, str]] = set()
        for task in self.tasks:
            if (task.provider, task.id) in seen:
                raise ValueError(f"{task.provider} {task.id} is told twice")
            seen.add((task.provider, task.id))
        return self

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read a scenario file; None reads the demo's own.

        Raises:
            ScenarioError: it cannot be read, is no TOML, or does not fit.
        """
        packaged = resources.files("bot.sandbox") / "scenario.toml"
        try:
            document = tomllib.loads((path or packaged).read_text(encoding="utf-8"))
            return cls.model_validate(document)
        except ValidationError as error:
            raise ScenarioError(_describe(path, error)) from None
        except (OSError, ValueError) as error:
            raise ScenarioError(f"{path}: {error}") from error


def _describe(path: Path | None, error: ValidationError) -> str:
    name = path or "scenario.toml"
    return "\n".join(
        f"{name}: {'.'.join(map(str, problem['loc'])) or 'scenario'}: {problem['msg']}"
        for problem in error.errors(include_url=False)
    )
