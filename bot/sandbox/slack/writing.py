"""What people type: commands, mentions, messages, and the acts that begin from a menu."""

from dataclasses import dataclass

from bot.sandbox.slack import payloads, posting, response_urls, seed, typing_text
from bot.sandbox.slack.acts import Actor, Outcome, is_bots, outcome
from bot.sandbox.slack.changes import Change
from bot.sandbox.slack.entities import Channel, Content, Execution, Json, Message
from bot.sandbox.slack.envelopes import Ack, Envelope
from bot.sandbox.slack.errors import ApiError, NotPossibleError
from bot.sandbox.slack.interactions import Interaction

MENTION = f"<@{seed.BOT_USER}>"


@dataclass(slots=True)
class Writing(Actor):
    """Acts of the keyboard."""

    async def command(
        self,
        text: str,
        *,
        user: str = seed.ME,
        channel: str = "C0MEDIA",
        command: str = "/mediatask",
        thread_ts: str | None = None,
    ) -> Outcome:
        """Send a slash command; *text* is what stands after it.

        Slack knows no custom commands in threads: with *thread_ts* nothing is delivered.
        """
        person, place = self.user(user), self.channel(channel, user)
        if thread_ts is not None:
            return Outcome(0, error=f"{command} is not supported in threads. Sorry!")
        workspace = self.backend.workspace
        sent = typing_text.as_command(
            text.strip(),
            workspace.users.values(),
            seed.USERGROUPS,
            workspace.channels.values(),
        )
        interaction = self.backend.interactions.begin("command", user, channel, text=sent)
        url = self.backend.response_url(interaction)
        form = payloads.slash_command(interaction, command, place, person, url)
        ack = await self.deliver(interaction, Envelope("slash_commands", form, True))
        ack = await self._show_response(interaction, ack)
        if ack.error is not None:
            interaction.error = ack.error
            words = f'{command} failed with the error "{ack.error}"'
            posting.tell(self.backend, user, channel, words)
        return outcome(ack, interaction)

    async def _show_response(self, interaction: Interaction, ack: Ack) -> Ack:
        if ack.payload is None:
            return ack
        try:
            await response_urls.answer(self.backend, interaction, ack.payload)
        except ApiError:
            return Ack(ack.seconds, error="invalid_command_response")
        return ack

    async def mention(
        self,
        text: str,
        *,
        user: str = seed.ME,
        channel: str = "C0MEDIA",
        thread_ts: str | None = None,
    ) -> Message:
        """Write to the bot by name; what comes back is the person's own message."""
        return await self.say(f"{MENTION} {text}", user=user, channel=channel, thread_ts=thread_ts)

    async def say(
        self,
        text: str,
        *,
        user: str = seed.ME,
        channel: str = "C0MEDIA",
        thread_ts: str | None = None,
    ) -> Message:
        """Write a message; the bot hears of it where it is subscribed and a member."""
        place = self.channel(channel, user)
        workspace = self.backend.workspace
        sent = typing_text.as_message(text, workspace.users.values(), seed.USERGROUPS)
        content = Content(sent, workspace.name_blocks(typing_text.as_blocks(sent)))
        message = Message(workspace.next_ts(), channel, user, content, thread_ts=thread_ts)
        workspace.add(message)
        for kind in self._heard(place, sent):
            event = payloads.message_event(kind, message, place)
            await self._send_event(event, shared=place.is_ext_shared)
        return message

    def _heard(self, place: Channel, text: str) -> list[str]:
        """Name the events the bot gets for a message there."""
        if not is_bots(place):
            return []
        subscribed = self.backend.workspace.events
        kind = payloads.channel_type(place)
        plural = kind if kind == "im" else f"{kind}s"
        mentioned = MENTION in text and kind != "im" and "app_mention" in subscribed
        return ["app_mention"] * mentioned + ["message"] * (f"message.{plural}" in subscribed)

    def invite(self, *, user: str = seed.ME, channel: str = "C0MEDIA") -> Message:
        """Add the bot to a conversation, as ``/invite @MediaTask`` does."""
        place = self.channel(channel, user)
        place.members.add(seed.BOT_USER)
        workspace = self.backend.workspace
        content = Content(f"added {MENTION} to this conversation.")
        return workspace.add(Message(workspace.next_ts(), channel, user, content))

    async def open_home(self, user: str = seed.ME) -> Ack | None:
        """Open the bot's Home; None where the app is not subscribed to that."""
        if "app_home_opened" not in self.backend.workspace.events:
            return None
        channel = self.backend.workspace.direct_channel(self.user(user).id)
        home = self.backend.views.homes.get(user)
        ts = self.backend.workspace.next_ts()
        return await self._send_event(payloads.home_opened(user, channel.id, ts, home))

    async def run_step(self, callback_id: str, inputs: Json) -> Execution:
        """Run a workflow step of the app; its end is awaited with ``wait_for``."""
        workspace = self.backend.workspace
        number = workspace.number()
        execution = Execution(f"Fx{number:09X}", callback_id, inputs)
        workspace.executions[execution.id] = execution
        event = payloads.function_executed(execution, number, workspace.next_ts())
        await self._send_event(event)
        return execution

    async def _send_event(self, event: Json, *, shared: bool = False) -> Ack:
        number = self.backend.workspace.number()
        at = int(self.backend.clock.now().timestamp())
        body = payloads.event_callback(event, number, at, shared=shared)
        ack = await self.backend.dispatch.send_event(Envelope("events_api", body))
        if ack.error is None:
            self.backend.acks.append(("event", ack.seconds))
        self.backend.workspace.changes.announce(Change("ack", ("event", ack)))
        return ack

    async def global_shortcut(self, callback_id: str, *, user: str = seed.ME) -> Outcome:
        """Choose one of the app's shortcuts from the search bar."""
        person = self.user(user)
        interaction = self.backend.interactions.begin("shortcut", user, None)
        ts = self.backend.workspace.next_ts()
        payload = payloads.global_shortcut(interaction, person, callback_id, ts)
        return outcome(
            await self.deliver(interaction, Envelope("interactive", payload)), interaction
        )

    async def message_shortcut(
        self, callback_id: str, channel: str, ts: str, *, user: str = seed.ME
    ) -> Outcome:
        """Choose one of the app's shortcuts from the menu of a message."""
        person, place = self.user(user), self.channel(channel, user)
        message = self.backend.workspace.find(channel, ts)
        if message is None:
            raise NotPossibleError("an ephemeral or missing message has no shortcuts")
        interaction = self.backend.interactions.begin("shortcut", user, channel)
        url = self.backend.response_url(interaction)
        payload = payloads.message_shortcut(interaction, person, place, message, url)
        payload |= {"callback_id": callback_id, "action_ts": self.backend.workspace.next_ts()}
        return outcome(
            await self.deliver(interaction, Envelope("interactive", payload)), interaction
        )
