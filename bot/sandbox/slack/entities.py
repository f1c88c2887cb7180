"""Who and what is in a workspace: users, channels, messages, files."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
"""One JSON object, in Slack's own words."""


@dataclass(frozen=True, slots=True)
class User:
    """A person or a bot."""

    id: str
    name: str
    """The handle, as in ``@alice``."""
    real_name: str
    is_bot: bool = False
    locale: str = "en-US"
    tz: str = "Europe/Berlin"
    tz_offset: int = 3600
    """Seconds east of UTC."""
    email: str = ""
    """Shown to apps that may read addresses."""
    color: str = "4bbe2e"
    """Six hex digits, no ``#``."""
    team_id: str | None = None
    """Another workspace's id for a stranger from Slack Connect; None for our own."""


@dataclass(slots=True)
class Channel:
    """A conversation of any kind."""

    id: str
    name: str
    """Empty for a direct message."""
    is_private: bool = False
    is_im: bool = False
    is_archived: bool = False
    is_ext_shared: bool = False
    members: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Content:
    """What a message says, as Slack has accepted it."""

    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    metadata: Json | None = None


@dataclass(eq=False, slots=True)
class Message:
    """A message where it stands now; an edit changes it in place."""

    ts: str
    """Seconds and microseconds of its birth; its id within the channel."""
    channel: str
    user: str
    content: Content
    is_bot: bool = False
    username: str | None = None
    """The name shown in place of the author's, where the post asked for one."""
    thread_ts: str | None = None
    """The parent's ts for a reply (and for a parent once it has replies); None outside threads."""
    ephemeral_for: str | None = None
    """The one person who sees it; None for everybody."""
    edited_ts: str | None = None
    reply_broadcast: bool = False
    files: list["File"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Read the top-level text."""
        return self.content.text

    @property
    def blocks(self) -> list[Json]:
        """Read the blocks, with the ids Slack gave to those without one."""
        return self.content.blocks

    @property
    def metadata(self) -> Json | None:
        """Read the metadata; None where it was posted without."""
        return self.content.metadata

    @property
    def is_reply(self) -> bool:
        """Tell whether it stands in a thread below another message."""
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass(eq=False, slots=True)
class File:
    """An uploaded file; its content is there once the upload came."""

    id: str
    name: str
    length: int
    """What the upload was announced with, in bytes."""
    title: str = ""
    alt_text: str | None = None
    content: bytes | None = None
    is_complete: bool = False


@dataclass(eq=False, slots=True)
class OpenView:
    """A modal, or somebody's Home, as it stands."""

    id: str
    user: str
    body: Json
    """What the bot sent: type, title, blocks, callback_id and so on."""
    hash: str
    root_id: str
    previous_id: str | None = None
    values: Json = field(default_factory=dict)
    """``state.values``: what the person has entered so far."""


@dataclass(eq=False, slots=True)
class Execution:
    """One run of a workflow step that the bot was asked for."""

    id: str
    callback_id: str
    inputs: Json
    state: str = "running"
    """``running``, ``completed`` or ``failed``."""
    outputs: Json | None = None
    error: str | None = None
