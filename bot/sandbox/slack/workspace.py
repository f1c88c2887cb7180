"""Everything that is in the workspace now, and the changes to it."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

from bot.sandbox.clock import Clock
from bot.sandbox.slack import seed
from bot.sandbox.slack.changes import Change, Changes
from bot.sandbox.slack.elements import unnamed_elements
from bot.sandbox.slack.entities import Channel, Content, Execution, File, Json, Message, User

_EPHEMERALS_KEPT = 5000


@dataclass(slots=True)
class Workspace:
    """One team, kept in memory; whatever changes is announced."""

    clock: Clock
    changes: Changes = field(default_factory=Changes)
    users: dict[str, User] = field(default_factory=seed.initial_users)
    channels: dict[str, Channel] = field(default_factory=seed.initial_channels)
    scopes: set[str] = field(default_factory=lambda: set(seed.DEFAULT_SCOPES))
    """What the bot token may do; a test takes one away to see ``missing_scope``."""
    events: set[str] = field(default_factory=lambda: set(seed.DEFAULT_EVENTS))
    """The events the app is subscribed to."""
    shortcuts: tuple[Mapping[str, str], ...] = ()
    """What the app offers: ``callback_id``, ``name``, and ``type`` (``message`` or ``global``)."""
    files: dict[str, File] = field(default_factory=dict)
    executions: dict[str, Execution] = field(default_factory=dict)
    _messages: dict[str, dict[str, Message]] = field(default_factory=dict)
    _ephemerals: deque[Message] = field(default_factory=lambda: deque(maxlen=_EPHEMERALS_KEPT))
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _last_micros: int = 0

    def number(self) -> int:
        """Draw a number nobody had before; ids are made of it."""
        return next(self._numbers)

    def next_ts(self) -> str:
        """Draw a message timestamp: unique, rising, and never behind the clock."""
        micros = max(int(self.clock.now().timestamp() * 1_000_000), self._last_micros + 1)
        self._last_micros = micros
        return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"

    def add(self, message: Message) -> Message:
        """Put *message* where its people see it, under the timestamp it already has."""
        if message.ephemeral_for is not None:
            self._ephemerals.append(message)
        else:
            self._messages.setdefault(message.channel, {})[message.ts] = message
            self._open_thread(message)
        self._announce("message", message)
        return message

    def _open_thread(self, reply: Message) -> None:
        parent = self.find(reply.channel, reply.thread_ts) if reply.thread_ts else None
        if parent is not None:
            parent.thread_ts = parent.ts

    def replace(self, message: Message, content: Content) -> Message:
        """Let *message* say something else from now on."""
        message.content = content
        message.edited_ts = self.next_ts()
        self._announce("message_changed", message)
        return message

    def remove(self, message: Message) -> None:
        """Take *message* away; nothing happens where it has gone already."""
        if message in self._ephemerals:
            self._ephemerals.remove(message)
        elif self._messages.get(message.channel, {}).pop(message.ts, None) is None:
            return
        self._announce("message_deleted", message)

    def find(self, channel: str, ts: str | None) -> Message | None:
        """Look up a message that everybody in the channel sees."""
        return self._messages.get(channel, {}).get(ts or "")

    def find_ephemeral(self, channel: str, ts: str, viewer: str) -> Message | None:
        """Look up a message that only *viewer* sees."""
        for message in reversed(self._ephemerals):
            if (message.ts, message.channel, message.ephemeral_for) == (ts, channel, viewer):
                return message
        return None

    def seen(self, channel: str, viewer: str | None = None) -> list[Message]:
        """List a channel's messages, oldest first, with what only *viewer* sees among them."""
        lasting = list(self._messages.get(channel, {}).values())
        private = [
            m for m in self._ephemerals if m.channel == channel and m.ephemeral_for == viewer
        ]
        return sorted(lasting + private, key=lambda message: message.ts) if private else lasting

    def replies(self, parent: Message) -> list[Message]:
        """List the answers in a message's thread, oldest first."""
        return [m for m in self.seen(parent.channel) if m.is_reply and m.thread_ts == parent.ts]

    def direct_channel(self, user: str) -> Channel:
        """Find, or make, the conversation between the bot and *user*."""
        for channel in self.channels.values():
            if channel.is_im and user in channel.members:
                return channel
        members = {user, seed.BOT_USER}
        made = Channel(f"D0{user[2:]}", "", is_private=True, is_im=True, members=members)
        return self.channels.setdefault(made.id, made)

    def channels_of(self, user: str) -> Iterator[Channel]:
        """Go through what *user* sees in the sidebar."""
        for channel in self.channels.values():
            if user in channel.members or not channel.is_private:
                yield channel

    def name_blocks(self, blocks: list[Json]) -> list[Json]:
        """Give every block and element that came without an id one, in place, as Slack does."""
        for block in blocks:
            if not block.get("block_id"):
                block["block_id"] = f"b{self.number():x}"
            for element in unnamed_elements(block):
                element["action_id"] = f"a{self.number():x}"
        return blocks

    def _announce(self, kind: str, message: Message) -> None:
        self.changes.announce(Change(kind, message, message.ephemeral_for))
