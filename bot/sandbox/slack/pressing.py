"""What people press, choose and submit, in messages, modals and Home."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack import payloads, seed
from bot.sandbox.slack.acts import Actor, Outcome, outcome
from bot.sandbox.slack.elements import (
    act_on,
    entry,
    find_element,
    initial_values,
    is_silent,
    missing_inputs,
    typing_steps,
)
from bot.sandbox.slack.entities import Json, Message, OpenView
from bot.sandbox.slack.envelopes import Ack, Envelope
from bot.sandbox.slack.errors import ApiError, NotPossibleError


@dataclass(slots=True)
class Pressing(Actor):
    """Acts of the mouse."""

    async def click(
        self,
        channel: str,
        ts: str,
        action_id: str,
        *,
        user: str = seed.ME,
        value: Any = None,
        block_id: str | None = None,
    ) -> Outcome:
        """Press a button of a message, or choose *value* in one of its menus.

        Raises:
            NotPossibleError: they see no such message, or there is nothing of that name in it.
        """
        message = self._seen_message(channel, ts, user)
        place = self.channel(channel, user)
        its_block, element = find_element(message.blocks, action_id, block_id)
        interaction = self.backend.interactions.begin("action", user, channel)
        interaction.message = message
        url = self.backend.response_url(interaction)
        payload = payloads.message_action(interaction, self.user(user), place, message, url)
        action = act_on(element, its_block, value, self.backend.workspace.next_ts())
        values = initial_values(message.blocks)
        if action_id in values.get(its_block, {}):
            values[its_block][action_id] |= entry(element, value)
        payload |= {"actions": [action], "state": {"values": values}}
        return outcome(
            await self.deliver(interaction, Envelope("interactive", payload)), interaction
        )

    async def select(
        self, channel: str, ts: str, action_id: str, value: Any, *, user: str = seed.ME
    ) -> Outcome:
        """Choose *value* (of an option, or several) in a menu of a message."""
        return await self.click(channel, ts, action_id, user=user, value=value)

    def _seen_message(self, channel: str, ts: str, user: str) -> Message:
        workspace = self.backend.workspace
        message = workspace.find(channel, ts) or workspace.find_ephemeral(channel, ts, user)
        if message is None:
            raise NotPossibleError(f"{user} sees no message {ts} in {channel}")
        return message

    async def press_in_view(
        self, view_id: str, action_id: str, *, value: Any = None, block_id: str | None = None
    ) -> Outcome:
        """Press, or choose *value*, in an open modal or in Home.

        An input tells the bot only where its block has ``dispatch_action``.
        """
        view = self._open_view(view_id)
        blocks = view.body["blocks"]
        its_block, element = find_element(blocks, action_id, block_id)
        if action_id in view.values.get(its_block, {}):
            view.values[its_block][action_id] |= entry(element, value)
        if is_silent(blocks, its_block):
            return Outcome(0)
        interaction = self.backend.interactions.begin("action", view.user, None)
        interaction.view_id = view.id
        payload = payloads.view_action(interaction, self.user(view.user), view)
        payload["actions"] = [act_on(element, its_block, value, self.backend.workspace.next_ts())]
        return outcome(
            await self.deliver(interaction, Envelope("interactive", payload)), interaction
        )

    async def type_in_view(
        self, view_id: str, action_id: str, text: str, *, enter: bool = False
    ) -> list[Outcome]:
        """Type *text* into an empty field, letter by letter, and press Enter where told to.

        What the bot was told of it comes back: nothing, where the field does not dispatch.
        """
        view = self._open_view(view_id)
        its_block, element = find_element(view.body["blocks"], action_id, None)
        steps = typing_steps(element, text, enter=enter)
        view.values[its_block][action_id] |= entry(element, text)
        if is_silent(view.body["blocks"], its_block):
            return []
        return [await self.press_in_view(view_id, action_id, value=step) for step in steps]

    def _open_view(self, view_id: str) -> OpenView:
        try:
            return self.backend.views.find(view_id)
        except ApiError:
            raise NotPossibleError(f"no view {view_id} is open") from None

    async def submit(self, view_id: str, values: Json) -> Outcome:
        """Fill a modal in and submit it.

        *values* is block id → action id → what is entered: a plain value, an option's value, or
        the field as payloads show it. Slack's own client holds back a form with a required input
        empty; the outcome then says which, and nothing is delivered.
        """
        view = self._open_view(view_id)
        self._fill(view, values)
        missing = missing_inputs(view.body["blocks"], view.values)
        if missing:
            return Outcome(0, response={"response_action": "errors", "errors": missing})
        interaction = self.backend.interactions.begin("view_submission", view.user, None)
        interaction.view_id = view.id
        payload = payloads.view_submission(interaction, self.user(view.user), view)
        ack = await self.deliver(interaction, Envelope("interactive", payload, True))
        return outcome(self._follow(view, ack), interaction)

    def _fill(self, view: OpenView, values: Json) -> None:
        for block_id, row in values.items():
            for action_id, chosen in row.items():
                _, element = find_element(view.body["blocks"], action_id, block_id)
                view.values[block_id][action_id] |= entry(element, chosen)

    def _follow(self, view: OpenView, ack: Ack) -> Ack:
        """Do with the modal what the acknowledgement says; a refused answer is the bot's error."""
        if ack.error is not None:
            return ack
        answer = ack.payload or {}
        try:
            self._respond(view, answer)
        except (ApiError, KeyError) as error:
            code = error.code if isinstance(error, ApiError) else "invalid_response"
            return Ack(ack.seconds, answer, error=code)
        return ack

    def _respond(self, view: OpenView, answer: Json) -> None:
        views = self.backend.views
        match answer.get("response_action"):
            case None:
                views.close_top(view)
            case "clear":
                views.close_all(view.user)
            case "update":
                views.update(view, answer["view"])
            case "push":
                views.push(view.user, answer["view"])
            case "errors" if _fits(view, answer.get("errors")):
                pass
            case _:
                raise ApiError("invalid_response")

    async def close_view(self, view_id: str) -> Outcome:
        """Close a modal; the bot hears of it where the view has ``notify_on_close``.

        Raises:
            NotPossibleError: it is not open, or is a Home.
        """
        view = self._open_view(view_id)
        if view.body["type"] != "modal":
            raise NotPossibleError("nobody can close a Home")
        self.backend.views.close_top(view)
        if not view.body.get("notify_on_close"):
            return Outcome(0)
        interaction = self.backend.interactions.begin("view_closed", view.user, None)
        payload = payloads.view_closed(interaction, self.user(view.user), view, cleared=False)
        return outcome(
            await self.deliver(interaction, Envelope("interactive", payload)), interaction
        )


def _fits(view: OpenView, errors: Any) -> bool:
    """Tell whether *errors* names input blocks of the view, and at least one."""
    inputs = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
    return isinstance(errors, dict) and bool(errors) and set(errors) <= inputs
