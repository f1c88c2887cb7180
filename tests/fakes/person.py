"""Somebody in Slack who asks the bot, reads what it says, and presses its buttons."""

from collections.abc import Awaitable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.acts import Outcome
from bot.sandbox.slack.entities import Json, Message, OpenView
from bot.sandbox.slack.server import LocalSlack

_PASSING = frozenset({"Looking it up…", "正在查询…", "Saving…", "正在保存…"})
"""What a modal says while there is nothing to say yet."""


@dataclass(frozen=True)
class Person:
    """Acts through the local Slack and waits for the answer, for seconds at most."""

    slack: LocalSlack
    user: str = "U0ALICE"
    channel: str = "C0MEDIA"

    async def asks(self, text: str) -> Message:
        """Type ``/mediatask`` and *text*; the answer as only they see it."""
        outcome = await self.slack.command(text, user=self.user, channel=self.channel)
        return await self._answer_to(outcome)

    async def presses(self, label: str, message: Message) -> Message:
        """Press the button of *message* that says *label*; the answer to that."""
        block_id, action_id = _find_button(label, message.blocks)
        outcome = await self.slack.click(
            self.channel, message.ts, action_id, user=self.user, block_id=block_id
        )
        return await self._answer_to(outcome)

    async def mentions(self, text: str, *, thread_ts: str | None = None) -> Message:
        """Write to the bot by name, in the channel or in a thread; its answer to that."""
        before = len(self.sees())
        await self.slack.mention(text, user=self.user, channel=self.channel, thread_ts=thread_ts)
        await self.slack.wait_for(lambda: len(self.sees()) > before + 1)
        return self.sees()[-1]

    async def opens(self, label: str, message: Message) -> OpenView:
        """Press the button of *message* that says *label*; the modal that comes of it."""
        block_id, action_id = _find_button(label, message.blocks)
        click = self.slack.click(
            self.channel, message.ts, action_id, user=self.user, block_id=block_id
        )
        return await self.sees_after(click)

    async def presses_in(self, view: OpenView, label: str) -> OpenView:
        """Press the button of a modal or of Home that says *label*; the modal after that."""
        block_id, action_id = _find_button(label, view.body["blocks"])
        return await self.sees_after(
            self.slack.press_in_view(view.id, action_id, block_id=block_id)
        )

    async def submits(self, view: OpenView, **values: Mapping[str, object]) -> OpenView:
        """Fill a form in, a block's fields each, and submit it; the modal after that."""
        return await self.sees_after(self.slack.submit(view.id, dict(values)))

    async def sees_after(self, act: Awaitable[Outcome]) -> OpenView:
        """Do something; the modal that comes of it, once it says more than that one will."""
        before = self._latest_view()
        outcome = await act
        assert (outcome.error, (outcome.response or {}).get("errors")) == (None, None)
        await self.slack.wait_for(
            lambda: self._latest_view() != before and self._latest_text() not in _PASSING
        )
        view = self.slack.modal(self.user)
        assert view is not None
        return view

    async def opens_home(self) -> OpenView:
        """Open the bot's Home, and read it."""
        await self.slack.open_home(self.user)
        await self.slack.wait_for(lambda: self.slack.home(self.user))
        home = self.slack.home(self.user)
        assert home is not None
        return home

    def _latest_view(self) -> str:
        view = self.slack.modal(self.user)
        return f"{view.id} {view.hash}" if view else ""

    def _latest_text(self) -> str:
        view = self.slack.modal(self.user)
        return prose(view) if view else ""

    def sees(self) -> list[Message]:
        """Everything in front of them, oldest first."""
        return self.slack.messages(self.channel, viewer=self.user)

    async def _answer_to(self, outcome: Outcome) -> Message:
        assert outcome.error is None
        interaction = outcome.interaction
        assert interaction is not None
        await self.slack.wait_for(lambda: interaction.answers)
        return interaction.answers[-1]


def prose(seen: Message | OpenView) -> str:
    """All that is written in a message or a modal, in order."""
    texts = (node.get("text") for node in _walk(_blocks(seen)))
    return "\n".join(text for text in texts if isinstance(text, str))


def labels(seen: Message | OpenView) -> list[str]:
    """What its buttons say."""
    nodes = _walk(_blocks(seen))
    return [node["text"]["text"] for node in nodes if node.get("type") == "button"]


def links(message: Message) -> list[str]:
    """Where its buttons lead."""
    return [node["url"] for node in _walk(message.blocks) if "url" in node]


def pictures(message: Message) -> list[str]:
    """The addresses of the pictures it shows."""
    return [node["image_url"] for node in _walk(message.blocks) if "image_url" in node]


def files(message: Message) -> list[str]:
    """The ids of the uploaded pictures it shows."""
    return [node["slack_file"]["id"] for node in _walk(message.blocks) if "slack_file" in node]


def _blocks(seen: Message | OpenView) -> list[Json]:
    return seen.body["blocks"] if isinstance(seen, OpenView) else seen.blocks


def _find_button(label: str, blocks: list[Json]) -> tuple[str, str]:
    for block in blocks:
        for node in _walk(block):
            if node.get("type") == "button" and node["text"]["text"] == label:
                return block["block_id"], node["action_id"]
    raise AssertionError(f"no button {label!r}")


def _walk(value: Any) -> Iterator[Json]:
    if isinstance(value, list):
        for item in value:
            yield from _walk(item)
    if isinstance(value, dict):
        yield value
        yield from _walk(list(value.values()))
