"""The modals people fill in: the settings, and the lookup form of the global shortcut."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.asker import Asker
from bot.commands import Target, UsageError, read_targets, split_words
from bot.home import Home
from bot.models import Preferences, Scope
from bot.policy import Action
from bot.questions import Questions
from bot.replies import Answer
from bot.slack_link import SlackRefusedError, SlackUnreachableError, ask_slack
from bot.store.errors import StoreError
from bot.views.layout import View
from bot.views.lookup_form import LookupChoice, read_lookup_form, render_lookup_form
from bot.views.notes import render_note
from bot.views.settings_form import read_settings, render_settings
from bot.views.sharing import render_denied
from bot.views.words import Words, words_for

log = logging.getLogger(__name__)

_MOOT = frozenset({"hash_conflict", "not_found"})
"""Slack's words for a form that was drawn anew, or closed, in the meantime."""
_ACTIONS: Mapping[Scope, Action] = {
    Scope.CHANNEL: "settings.channel",
    Scope.PERSON: "settings.person",
}


@dataclass(frozen=True, slots=True)
class Forms:
    """Opens the forms, reads them, and does what they say."""

    questions: Questions
    home: Home

    async def open_settings(
        self, asker: Asker, client: AsyncWebClient, trigger_id: str
    ) -> Answer | None:
        """Open what this channel and this person chose; an answer only where that failed."""
        guard, audience = self.questions.guard, self.questions.audience
        denied = await guard.judge("settings.channel", asker)
        if denied and await guard.judge("settings.person", asker):
            return await self.questions.deny(denied, asker)
        channel, person = await audience.preferences_of(asker)
        options = await audience.options(asker, public=False)
        told = {"channel": asker.channel_id, "language": options.words.language}
        view = render_settings(
            None if asker.is_direct or asker.channel_id is None else channel,
            person,
            denied is None,
            options,
            metadata=json.dumps(told),
        )
        return await _open(client, trigger_id, view, options.words)

    async def save_settings(
        self, asker: Asker, view: Mapping[str, Any], client: AsyncWebClient
    ) -> Answer:
        """Save what the policy lets this person change, and say what was saved and what not."""
        words = language_of(view)
        channel, person = read_settings(view["state"]["values"])
        channel_id = _metadata(view).get("channel")
        here = replace(asker, channel_id=channel_id)
        said = [await self._save(here, Scope.PERSON, asker.user_id, person, words)]
        if channel is not None and channel_id:
            said.append(await self._save(here, Scope.CHANNEL, channel_id, channel, words))
        await self.home.publish(asker, client)
        blocks = [block for view in said for block in view.blocks]
        return Answer(View(blocks, " ".join(view.text for view in said)), words=words)

    async def open_lookup(
        self, asker: Asker, client: AsyncWebClient, trigger_id: str
    ) -> Answer | None:
        """Open the lookup form; an answer only where that failed."""
        options = await self.questions.audience.options(asker, public=False)
        view = render_lookup_form(self.questions.accounts, options=options)
        view["private_metadata"] = json.dumps(_told(options.words, None, None))
        return await _open(client, trigger_id, view, options.words)

    async def redraw_lookup(self, view: Mapping[str, Any], client: AsyncWebClient) -> None:
        """Draw the form anew while somebody fills it in, where there is something new to say.

        What shows is kept in the form itself, or Slack would be asked at every letter.
        """
        words, choice = language_of(view), read_lookup_form(view["state"]["values"])
        remark = self._remark_on(choice, words)
        told = _told(words, choice.provider, remark)
        if told == _metadata(view):
            return
        options = replace(self.questions.audience.base, words=words)
        accounts = self.questions.accounts
        drawn = render_lookup_form(accounts, choice=choice, remark=remark, options=options)
        drawn["private_metadata"] = json.dumps(told)
        asked = client.views_update(view_id=view["id"], hash=view.get("hash"), view=drawn)
        try:
            await ask_slack(asked)
        except (SlackRefusedError, SlackUnreachableError) as error:
            if str(error) not in _MOOT:
                log.warning("form_not_redrawn reason=%s", error)

    def read_targets(self, choice: LookupChoice) -> Sequence[Target]:
        """Read what stands in the form; nothing where there is no id.

        Raises:
            UsageError: it is no question.
        """
        ids = split_words(choice.ids)
        provider = choice.provider or ""
        named = f"{provider}@{choice.account}" if provider and choice.account else provider
        words = [*([named] if named else []), *ids]
        return read_targets(words, self.questions.accounts) if ids else ()

    def _remark_on(self, choice: LookupChoice, words: Words) -> str | None:
        try:
            self.read_targets(choice)
        except UsageError as error:
            return explain(error, words)
        return None

    async def _save(
        self, asker: Asker, scope: Scope, subject_id: str, preferences: Preferences, words: Words
    ) -> View:
        """Save one part, if the policy lets this person."""
        questions = self.questions
        if denied := await questions.guard.refuse(_ACTIONS[scope], asker):
            options = replace(questions.audience.base, words=words)
            return render_denied(denied.rule, denied.ask, options)
        now = questions.clock.now()
        try:
            await questions.store.save_preferences(
                asker.team_id, scope, subject_id, preferences, by=asker.user_id, at=now
            )
        except StoreError as error:
            log.warning("settings_not_saved reason=%s", error)
            return render_note(words, "not_saved")
        return render_note(words, f"saved_{scope}")


def _told(words: Words, provider: str | None, remark: str | None) -> dict[str, Any]:
    """Note with the lookup form what it shows."""
    return {"language": words.language, "provider": provider, "remark": remark}


def explain(error: UsageError, words: Words) -> str:
    """Say in somebody's language what is wrong, without any markup."""
    return words(error.key, **error.values).replace("`", "")


def language_of(view: Mapping[str, Any]) -> Words:
    """Tell in which language a form was opened; it comes back with it."""
    return words_for(_metadata(view).get("language"))


def _metadata(view: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(view.get("private_metadata") or "{}")
    return told


async def _open(
    client: AsyncWebClient, trigger_id: str, view: dict[str, Any], words: Words
) -> Answer | None:
    try:
        await ask_slack(client.views_open(trigger_id=trigger_id, view=view))
    except (SlackRefusedError, SlackUnreachableError) as error:
        log.warning("form_not_opened reason=%s", error)
        return Answer(render_note(words, "form_not_opened"), words=words)
    return None
