"""Ways an answer reaches people: a response address, a thread, a modal."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.egress import Egress
from bot.models import Priority
from bot.respond import Outcome, Responder
from bot.slack_link import SlackRefusedError, SlackUnreachableError, ask_slack
from bot.views.layout import View, without_images
from bot.views.modals import render_in_modal
from bot.views.notes import render_note
from bot.views.words import ENGLISH, Words

log = logging.getLogger(__name__)

_POOR_CONTENT = frozenset(
    {"invalid_arguments", "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"}
)
_CLOSED = frozenset({"not_found", "view_not_found"})
"""Slack's words for a modal that its reader has closed."""
_POSTED_WITHIN_S = 60.0
"""A busy channel takes one message a second; Slack says how long to wait, and the SDK does."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A view, and whom it is for."""

    view: View
    public: bool = False
    """Whether the whole conversation sees it."""
    words: Words = ENGLISH
    modal: dict[str, Any] | None = None
    """What a modal shows; None: the view, framed."""
    may_replace: bool = True
    """Whether it may take the place of the card it was asked from; what refuses may not."""


class Reply(Protocol):
    """Where an answer goes."""

    async def prepare(self) -> None:
        """Do what cannot wait until the answer is there; never raises."""
        ...

    async def send(self, answer: Answer, *, replace: bool) -> Outcome:
        """Send it, or put it in place of the message the question came from; never raises."""
        ...


@dataclass(frozen=True, slots=True)
class ResponseUrlReply:
    """The address that came with the request; it works where the bot is no member."""

    responder: Responder
    url: str
    thread_ts: str | None = None
    """The thread the request came from; None: the conversation itself."""

    async def prepare(self) -> None:
        """Nothing: the address is good for half an hour."""

    async def send(self, answer: Answer, *, replace: bool) -> Outcome:
        """Answer the person alone, or the conversation."""
        return await self.responder.respond(
            self.url,
            answer.view,
            replace=replace,
            public=answer.public,
            thread_ts=self.thread_ts,
        )


@dataclass(frozen=True, slots=True)
class NoReply:
    """Nowhere: the work shows what it did by itself, and a fault of ours stands in the log."""

    async def prepare(self) -> None:
        """Nothing."""

    async def send(self, answer: Answer, *, replace: bool) -> Outcome:
        """Drop it."""
        del answer, replace
        return Outcome.LOST


@dataclass(frozen=True, slots=True)
class EitherReply:
    """The first way, and another where that one is lost."""

    first: Reply
    other: Reply

    async def prepare(self) -> None:
        """Prepare the first; the other may never be needed."""
        await self.first.prepare()

    async def send(self, answer: Answer, *, replace: bool) -> Outcome:
        """Send it by whichever way works."""
        outcome = await self.first.send(answer, replace=replace)
        if outcome is not Outcome.LOST:
            return outcome
        await self.other.prepare()
        return await self.other.send(answer, replace=replace)


@dataclass(frozen=True, slots=True)
class PostReply:
    """A message of the bot's own, in a conversation it is a member of, or in a thread there."""

    client: AsyncWebClient
    channel_id: str
    thread_ts: str | None
    user_id: str
    egress: Egress | None = None
    """Whose turn it is to post; None: nobody else posts."""

    async def prepare(self) -> None:
        """Nothing: there is time."""

    async def send(self, answer: Answer, *, replace: bool) -> Outcome:
        """Post it, to everybody there or to the person alone; a person's message stays."""
        del replace
        outcome, reason = await self.post(answer)
        if outcome is Outcome.LOST:
            log.error("answer_lost reason=%s", reason)
        return outcome

    async def post(self, answer: Answer) -> tuple[Outcome, str]:
        """Post it; of what is lost, tell Slack's reason."""
        message: dict[str, Any] = {"channel": self.channel_id}
        if self.thread_ts:
            message["thread_ts"] = self.thread_ts

        async def post(view: View) -> None:
            content = message | {"text": view.text, "blocks": view.blocks}
            if answer.public:
                content |= {"unfurl_links": False, "unfurl_media": False}
                await self._call("chat.postMessage", self.client.chat_postMessage, content)
            else:
                content |= {"user": self.user_id}
                await self._call("chat.postEphemeral", self.client.chat_postEphemeral, content)

        return await _send_degrading(post, answer.view)

    async def _call(
        self,
        method: str,
        send: Callable[..., Awaitable[AsyncSlackResponse]],
        content: dict[str, Any],
    ) -> None:
        """Post at this answer's turn."""
        if self.egress is None:
            await ask_slack(send(**content), within_s=_POSTED_WITHIN_S)
            return
        await self.egress.call(
            method,
            self.channel_id,
            Priority.ANSWER,
            lambda: send(**content),
            within_s=_POSTED_WITHIN_S,
        )


async def _english() -> Words:
    return ENGLISH


@dataclass(slots=True)
class ModalReply:
    """A modal before the person: one that is open, or one to be opened by their trigger.

    A trigger is good for three seconds, an answer may take longer, so a modal is opened before
    there is anything to show in it.
    """

    client: AsyncWebClient
    view_id: str | None = None
    trigger_id: str | None = None
    is_pushed: bool = False
    """Whether it is laid on top of the modal the trigger came from."""
    words: Callable[[], Awaitable[Words]] = field(default=_english)
    """Gives the language in which to say that the answer is being looked up."""

    async def prepare(self) -> None:
        """Open the modal, saying that the answer is being looked up."""
        if not self.trigger_id:
            return
        words = await self.words()
        view = render_in_modal(render_note(words, "looking"), words)
        open_view = self.client.views_push if self.is_pushed else self.client.views_open
        try:
            response = await ask_slack(open_view(trigger_id=self.trigger_id, view=view))
        except (SlackRefusedError, SlackUnreachableError) as error:
            log.warning("modal_not_opened reason=%s", error)
        else:
            self.view_id = str((response.get("view") or {}).get("id"))

    async def send(self, answer: Answer, *, replace: bool) -> Outcome:
        """Show it in the modal, always in place of what stood there."""
        del replace
        if self.view_id is None:
            return Outcome.LOST

        async def update(view: View) -> None:
            drawn = answer.modal or render_in_modal(view, answer.words)
            await ask_slack(self.client.views_update(view_id=self.view_id, view=drawn))

        outcome, reason = await _send_degrading(update, answer.view)
        if reason in _CLOSED:
            log.info("modal_closed")
            return Outcome.SENT
        if outcome is Outcome.LOST:
            log.error("answer_lost reason=%s", reason)
        return outcome


async def _send_degrading(
    send: Callable[[View], Awaitable[None]], view: View
) -> tuple[Outcome, str]:
    """Send once; what Slack refuses for its blocks is sent again without pictures."""
    reason = ""
    plain = without_images(view)
    for drawn, outcome in ((view, Outcome.SENT), (plain, Outcome.DEGRADED)):
        try:
            await send(drawn)
        except (SlackRefusedError, SlackUnreachableError) as error:
            reason = str(error)
            if reason not in _POOR_CONTENT:
                break
        else:
            return outcome, ""
    return Outcome.LOST, reason
