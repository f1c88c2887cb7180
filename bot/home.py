"""App Home, drawn for one person and published to them."""

import logging
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.asker import Asker
from bot.questions import Questions
from bot.slack_link import SlackRefusedError, SlackUnreachableError, ask_slack
from bot.views.home import HomeModel, render_home

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Home:
    """Publishes what a person asked for lately, how the vendors are, and their defaults."""

    questions: Questions

    async def publish(self, asker: Asker, client: AsyncWebClient) -> None:
        """Draw it anew; where Slack does not take it, what was published before stays."""
        questions, audience = self.questions, self.questions.audience
        _, person = await audience.preferences_of(asker)
        model = HomeModel(
            lookups=await questions.recents.of(asker),
            health=questions.health(),
            person=person,
            accounts=questions.accounts,
            examples=questions.examples,
        )
        options = await audience.options(asker, public=False)
        view = render_home(model, now=questions.clock.now(), options=options)
        try:
            await ask_slack(client.views_publish(user_id=asker.user_id, view=view))
        except (SlackRefusedError, SlackUnreachableError) as error:
            log.warning("home_not_published reason=%s", error)
