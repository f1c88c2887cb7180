"""What somebody pressed or chose from a menu, and the ways to answer them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cachetools import TTLCache
from slack_sdk.web.async_client import AsyncWebClient

from bot.asker import Asker, read_asker
from bot.replies import EitherReply, ModalReply, NoReply, Reply, ResponseUrlReply
from bot.respond import Responder
from bot.views.words import Words
from providers.clock import Clock

Body = Mapping[str, Any]

_DOUBLE_WITHIN_S = 1.0
_PRESSES_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Press:
    """One interaction, as Slack delivered it."""

    body: Body
    client: AsyncWebClient
    responder: Responder
    words_of: Callable[[Asker], Awaitable[Words]]
    """Gives somebody's language."""

    @property
    def asker(self) -> Asker:
        """Who pressed, and where."""
        return read_asker(self.body)

    @property
    def action_id(self) -> str:
        """Which button it was; empty where it was none."""
        return str(self._action.get("action_id") or "")

    @property
    def value(self) -> str:
        """What the button brought back; empty where nothing."""
        return str(self._action.get("value") or "")

    @property
    def block_id(self) -> str:
        """Give the name of the row it stands in."""
        return str(self._action.get("block_id") or "")

    @property
    def chosen_user(self) -> str:
        """Give who was chosen from a menu of people; empty where nobody was."""
        return str(self._action.get("selected_user") or "")

    @property
    def chosen_option(self) -> str:
        """Give the value chosen from a menu; empty where none was."""
        return str((self._action.get("selected_option") or {}).get("value") or "")

    @property
    def is_public(self) -> bool:
        """Whether the button's message is read by everybody in its conversation."""
        place = self._container
        return place.get("type") == "message" and not place.get("is_ephemeral", False)

    @property
    def place(self) -> str:
        """Which message or view it stands on."""
        view_id = (self.body.get("view") or {}).get("id")
        return str(view_id or f"{self.asker.channel_id}:{self._message_ts}")

    @property
    def thread_ts(self) -> str | None:
        """The thread it stands in; None outside of any, and on the message a thread is below."""
        ts = self._container.get("thread_ts") or self._message.get("thread_ts")
        return str(ts) if ts and ts != self._message_ts else None

    @property
    def trigger_id(self) -> str:
        """What a modal can be opened by, for three seconds."""
        return str(self.body.get("trigger_id") or "")

    async def words(self) -> Words:
        """Give the language of the person who pressed."""
        return await self.words_of(self.asker)

    def by_url(self) -> Reply:
        """Answer through the address that came with it; nowhere where none did."""
        url = self.body.get("response_url")
        return ResponseUrlReply(self.responder, str(url), self.thread_ts) if url else NoReply()

    def in_modal(self) -> ModalReply:
        """Answer in a modal of its own, on top of the one it stands in, if it does."""
        return ModalReply(
            self.client,
            trigger_id=self.trigger_id,
            is_pushed=self._stands_in_modal,
            words=self.words,
        )

    def in_place(self) -> Reply:
        """Answer where it stands: by its message's address, or in its modal."""
        if self._stands_in_modal:
            return ModalReply(self.client, view_id=str(self.body["view"].get("id")))
        return self.beside()

    def beside(self) -> Reply:
        """Answer next to where it stands; in a modal where no address works (any more)."""
        if self.body.get("response_url"):
            return EitherReply(self.by_url(), self.in_modal())
        return self.in_modal()

    def in_modal_at_once(self) -> Reply:
        """Answer in a modal; by the message's address only where Slack opens none in time."""
        return EitherReply(self.in_modal(), self.by_url())

    @property
    def stands_in_home(self) -> bool:
        """Whether the button stands in the bot's Home."""
        return (self.body.get("view") or {}).get("type") == "home"

    @property
    def _action(self) -> Mapping[str, Any]:
        actions = self.body.get("actions") or [{}]
        first: Mapping[str, Any] = actions[0]
        return first

    @property
    def _container(self) -> Mapping[str, Any]:
        return self.body.get("container") or {}

    @property
    def _message(self) -> Mapping[str, Any]:
        return self.body.get("message") or {}

    @property
    def _message_ts(self) -> object:
        return self._container.get("message_ts") or self.body.get("message_ts")

    @property
    def _stands_in_modal(self) -> bool:
        return (self.body.get("view") or {}).get("type") == "modal"


class Presses:
    """Tells a double click from two clicks."""

    def __init__(self, clock: Clock) -> None:
        self._latest: TTLCache[tuple[str, ...], bool] = TTLCache(
            _PRESSES_KEPT, _DOUBLE_WITHIN_S, clock.monotonic
        )

    def is_again(self, press: Press) -> bool:
        """Whether this person pressed the same button a moment ago; notes that they did now."""
        asker = press.asker
        key = (asker.team_id, asker.user_id, press.place, press.action_id, press.value)
        is_again = key in self._latest
        self._latest[key] = True
        return is_again
